"""Ed25519 keys (RFC 8032): the private one outside the workspace, the public ones listed for good.

A key's id is the first 16 hex digits of the SHA-256 of its 32 raw bytes. When a key takes another's place, the old one
signs the new one, so that whoever trusts the old one can trust the new one.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from config.errors import ConfigError
from config.loader import Loaded
from reports.freeze.documents import KeyDocument

KEYRING = "keys.json"
_BEGIN, _END = b"-----BEGIN PUBLIC KEY-----", b"-----END PUBLIC KEY-----"
_ENDORSES = b"odrc: this key takes my place: "


def key_id(key: Ed25519PublicKey) -> str:
    """Return the id of a public key."""
    return hashlib.sha256(_raw(key)).hexdigest()[:16]


def sign(key: Ed25519PrivateKey, data: bytes) -> bytes:
    """Return the signature of *data* as it is kept in a file: base64 and a line end."""
    return base64.b64encode(key.sign(data)) + b"\n"


def signed_by(key: Ed25519PublicKey, signature: bytes, data: bytes) -> bool:
    """Tell whether *signature* (as kept in a file) is the key's of *data*."""
    try:
        key.verify(base64.b64decode(signature, validate=False), data)
    except (InvalidSignature, ValueError):
        return False
    return True


def private_key(loaded: Loaded) -> Ed25519PrivateKey:
    """Return the key that the settings name. Raises ConfigError when there is none or it lies in the workspace."""
    signing = loaded.settings.signing
    if signing.key_env is not None:
        text = os.environ.get(signing.key_env, "")
        return _read_private(text.encode(), f"variable {signing.key_env}")
    path = key_path(loaded)
    try:
        return _read_private(path.read_bytes(), str(path))
    except OSError as error:
        raise ConfigError(f"signing key {path}: {error.strerror}; `odrc key new` makes one") from None


def key_path(loaded: Loaded) -> Path:
    """Return where the settings say the private key lies: a place outside the workspace."""
    if loaded.settings.signing.key is None:
        raise ConfigError("no signing key; accepted: signing.key (a file outside the workspace) or signing.key_env")
    path = (loaded.path.parent / loaded.settings.signing.key.expanduser()).resolve()
    if path.is_relative_to(loaded.settings.workspace.resolve()):
        raise ConfigError(f"signing key {path} lies in the workspace; accepted: a place that is not copied with it")
    return path


def write_private(path: Path) -> Ed25519PrivateKey:
    """Make a key and write it to *path*, which only its owner may read. Never writes over a file."""
    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConfigError(f"{path} exists already; `odrc key rotate` puts another key in its place") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return key


def rotate(loaded: Loaded, now: datetime, target: Path | None = None) -> Ed25519PrivateKey:
    """Make a key, let the old one sign it, list it, and put it where the old one was; that one is kept beside it.

    A key that comes from a variable cannot be put in place: *target* says where the new one is written.
    """
    old = private_key(loaded)
    if loaded.settings.signing.key_env is not None and target is None:
        raise ConfigError("the key comes from a variable; accepted: -o FILE for the new one, which then goes there")
    place = target or key_path(loaded)
    beside = place.with_name(f"{place.name}.new") if target is None else place
    left = target is None and beside.exists()  # a process that was killed: go on with its key
    made = _read_private(beside.read_bytes(), str(beside)) if left else write_private(beside)
    if not left:  # a rotation that was cut short may have retired it already
        may_sign(loaded.settings.workspace, old.public_key(), now)
    listed(loaded.settings.workspace, old.public_key(), now)
    listed(loaded.settings.workspace, made.public_key(), now, old)
    if target is None:
        kept = place.with_name(f"{place.name}.{key_id(old.public_key())}")
        kept.unlink(missing_ok=True)
        kept.hardlink_to(place)
        beside.replace(place)
    return made


def public_pem(key: Ed25519PublicKey) -> str:
    """Return a public key as PEM text."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def read_public(path: Path) -> dict[str, Ed25519PublicKey]:
    """Return the public keys of a file by id: PEM blocks, or the list that `odrc key show --format json` prints.

    Of a list, a key counts only when it is the first, or the one before it signed it.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    found = _listed(data) if data.lstrip().startswith(b"[") else _blocks(data)
    if not found:
        raise ConfigError(f"{path}: no public key; accepted: an Ed25519 key as PEM, or the list of `odrc key show`")
    return {key_id(key): key for key in found}


def keyring(workspace: Path) -> tuple[KeyDocument, ...]:
    """Return the public keys that signed here, the oldest first."""
    path = workspace / KEYRING
    return msgspec.json.decode(path.read_bytes(), type=tuple[KeyDocument, ...]) if path.exists() else ()


def listed(workspace: Path, key: Ed25519PublicKey, now: datetime, old: Ed25519PrivateKey | None = None) -> None:
    """Put a public key on the list; the *old* one that it takes the place of signs it and is retired."""
    ring = list(keyring(workspace))
    if any(item.id == key_id(key) for item in ring):
        return
    endorsement = base64.b64encode(old.sign(_ENDORSES + _raw(key))).decode() if old else None
    by = key_id(old.public_key()) if old else None
    ring = [msgspec.structs.replace(item, retired=now) if item.id == by else item for item in ring]
    ring.append(KeyDocument(key_id(key), public_pem(key), now, None, by, endorsement))
    _write(workspace / KEYRING, ring)


def public(item: KeyDocument) -> Ed25519PublicKey:
    """Return a listed key itself."""
    return _public(item.public.encode())


def may_sign(workspace: Path, key: Ed25519PublicKey, now: datetime) -> None:
    """List the first key. Raises ConfigError for one that is retired, or that no trusted key of the list signed."""
    ring, name = keyring(workspace), key_id(key)
    item = next((one for one in ring if one.id == name), None)
    if item and item.retired:
        raise ConfigError(f"key {name} was retired at {item.retired.isoformat()}; accepted: the one in its place")
    if ring and name not in {key_id(one) for one in _trusted(ring)}:
        raise ConfigError(f"key {name} is not the first and none on the list signed it; accepted: `odrc key rotate`")
    listed(workspace, key, now)


def retirements(path: Path) -> dict[str, datetime]:
    """Return when keys of a list were retired, by id; of PEM blocks nothing is known."""
    data = path.read_bytes()
    ring = msgspec.json.decode(data, type=tuple[KeyDocument, ...]) if data.lstrip().startswith(b"[") else ()
    return {item.id: item.retired for item in ring if item.retired}


def endorsed(key: KeyDocument, by: Mapping[str, Ed25519PublicKey]) -> bool:
    """Tell whether a listed key is signed by one that is trusted already."""
    older = by.get(key.endorsed_by or "")
    if older is None or key.endorsement is None:
        return False
    return signed_by(older, key.endorsement.encode(), _ENDORSES + _raw(_public(key.public.encode())))


def _listed(data: bytes) -> Iterable[Ed25519PublicKey]:
    try:
        ring = msgspec.json.decode(data, type=tuple[KeyDocument, ...])
    except msgspec.DecodeError as error:
        raise ConfigError(f"not a list of public keys: {error}") from None
    return _trusted(ring)


def _trusted(ring: Iterable[KeyDocument]) -> Collection[Ed25519PublicKey]:
    trusted: dict[str, Ed25519PublicKey] = {}
    for item in ring:
        if not trusted or endorsed(item, trusted):
            trusted[item.id] = _public(item.public.encode())
    return trusted.values()


def _blocks(data: bytes) -> list[Ed25519PublicKey]:
    parts = [part.split(_END)[0] for part in data.split(_BEGIN)[1:] if _END in part]
    return [_public(_BEGIN + part + _END + b"\n") for part in parts]


def _public(pem: bytes) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ConfigError(f"not a public key: {error}") from None
    if not isinstance(key, Ed25519PublicKey):
        raise ConfigError("not an Ed25519 key")
    return key


def _read_private(data: bytes, place: str) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(data, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ConfigError(f"{place}: no private key; accepted: an Ed25519 key as PEM without a password") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigError(f"{place}: accepted: an Ed25519 key; this is another kind")
    return key


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _write(path: Path, ring: list[KeyDocument]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(msgspec.json.format(msgspec.json.encode(ring), indent=2))
    beside.replace(path)
