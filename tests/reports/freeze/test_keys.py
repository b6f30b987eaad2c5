from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from config.errors import ConfigError
from config.loader import Loaded, load
from reports.freeze import keys

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def loaded(folder: Path, signing: str) -> Loaded:
    path = folder / "odrc.yaml"
    path.write_text(
        "pack: kz\nworkspace: space\noperator: {name: T, contact: t@example.org, about_url: https://crawl.example/}\n"
        f"agencies: [{{id: one, names: {{en: One}}, sites: [https://one.example/]}}]\n{signing}\n",
        encoding="utf-8",
    )
    return load(path)


def test_a_key_is_its_owners_alone_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "odrc.pem"
    key = keys.write_private(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(ConfigError, match="exists already"):
        keys.write_private(path)
    found = keys.private_key(loaded(tmp_path, "signing: {key: deep/odrc.pem}"))
    assert keys.key_id(found.public_key()) == keys.key_id(key.public_key())
    signature = keys.sign(found, b"text")
    assert keys.signed_by(key.public_key(), signature, b"text")
    assert not keys.signed_by(key.public_key(), signature, b"test")


def test_a_key_may_come_from_a_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys.write_private(tmp_path / "k.pem")
    settings = loaded(tmp_path, "signing: {key_env: ODRC_TEST_KEY}")
    with pytest.raises(ConfigError, match="variable ODRC_TEST_KEY: no private key"):
        keys.private_key(settings)
    monkeypatch.setenv("ODRC_TEST_KEY", (tmp_path / "k.pem").read_text(encoding="utf-8"))
    old = keys.private_key(settings)
    with pytest.raises(ConfigError, match="accepted: -o FILE for the new one"):
        keys.rotate(settings, NOW)
    made = keys.rotate(settings, NOW, tmp_path / "new.pem")
    ring = keys.keyring(settings.settings.workspace)
    assert [item.id for item in ring] == [keys.key_id(old.public_key()), keys.key_id(made.public_key())]


@pytest.mark.parametrize(
    ("signing", "message"),
    [
        ("", "no signing key; accepted: signing.key"),
        ("signing: {key: space/k.pem}", "lies in the workspace"),
        ("signing: {key: ./space/../space/k.pem}", "lies in the workspace"),
        ("signing: {key: none.pem}", "none.pem: No such file or directory; `odrc key new` makes one"),
        ("signing: {key: odrc.yaml}", "no private key; accepted: an Ed25519 key as PEM"),
        ("signing: {key: other.pem}", "accepted: an Ed25519 key; this is another kind"),
    ],
)
def test_what_is_no_key_is_told(tmp_path: Path, signing: str, message: str) -> None:
    other = X25519PrivateKey.generate()
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "other.pem").write_bytes(pem)
    with pytest.raises(ConfigError) as caught:
        keys.private_key(loaded(tmp_path, signing))
    assert message in str(caught.value)
    assert "PRIVATE KEY" not in str(caught.value)


def test_the_old_key_signs_the_new_one_and_stays_listed(tmp_path: Path) -> None:
    settings = loaded(tmp_path, "signing: {key: odrc.pem}")
    first = keys.write_private(tmp_path / "odrc.pem")
    second = keys.rotate(settings, NOW)
    third = keys.rotate(settings, NOW)
    ids = [keys.key_id(key.public_key()) for key in (first, second, third)]
    ring = keys.keyring(settings.settings.workspace)
    assert [item.id for item in ring] == ids
    assert [item.retired for item in ring] == [NOW, NOW, None]
    assert [item.endorsed_by for item in ring] == [None, *ids[:2]]
    assert keys.key_id(keys.private_key(settings).public_key()) == ids[2]
    assert {path.name for path in tmp_path.glob("odrc.pem*")} == {"odrc.pem", *(f"odrc.pem.{one}" for one in ids[:2])}

    path = settings.settings.workspace / keys.KEYRING
    assert list(keys.read_public(path)) == ids
    foreign = Ed25519PrivateKey.generate().public_key()
    forged = msgspec.structs.replace(ring[2], id=keys.key_id(foreign), public=keys.public_pem(foreign))
    (tmp_path / "forged.json").write_bytes(msgspec.json.encode([*ring[:2], forged]))
    assert list(keys.read_public(tmp_path / "forged.json")) == ids[:2]


def test_a_rotation_that_was_cut_short_goes_on(tmp_path: Path) -> None:
    settings = loaded(tmp_path, "signing: {key: odrc.pem}")
    keys.write_private(tmp_path / "odrc.pem")
    left = keys.write_private(tmp_path / "odrc.pem.new")
    made = keys.rotate(settings, NOW)
    assert keys.key_id(made.public_key()) == keys.key_id(left.public_key())
    assert keys.key_id(keys.private_key(settings).public_key()) == keys.key_id(made.public_key())
    assert not (tmp_path / "odrc.pem.new").exists()


def test_public_keys_are_read_from_pem_blocks(tmp_path: Path) -> None:
    made = [Ed25519PrivateKey.generate().public_key() for _ in range(2)]
    (tmp_path / "two.pem").write_text("".join(keys.public_pem(key) for key in made), encoding="ascii")
    assert list(keys.read_public(tmp_path / "two.pem")) == [keys.key_id(key) for key in made]
    for name, data, message in (
        ("a", b"", "no public key; accepted"),
        ("b", b"-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----", "not a public key"),
        ("c", b"[1]", "not a list of public keys"),
        ("d", X25519PrivateKey.generate().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
         "not an Ed25519 key"),
    ):  # fmt: skip
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ConfigError, match=message):
            keys.read_public(tmp_path / name)
    with pytest.raises(ConfigError, match="cannot be read"):
        keys.read_public(tmp_path / "none")


def test_only_the_first_key_and_those_signed_by_trusted_ones_may_sign(tmp_path: Path) -> None:
    settings = loaded(tmp_path, "signing: {key: odrc.pem}")
    space = settings.settings.workspace
    first = keys.write_private(tmp_path / "odrc.pem")
    keys.may_sign(space, first.public_key(), NOW)
    second = keys.rotate(settings, NOW)
    keys.may_sign(space, second.public_key(), NOW)
    with pytest.raises(ConfigError, match="was retired at 2026-11-24T05:00:00"):
        keys.may_sign(space, first.public_key(), NOW)
    foreign = Ed25519PrivateKey.generate().public_key()
    with pytest.raises(ConfigError, match="is not the first and none on the list signed it"):
        keys.may_sign(space, foreign, NOW)
    keys.listed(space, foreign, NOW)
    with pytest.raises(ConfigError, match="is not the first and none on the list signed it"):
        keys.may_sign(space, foreign, NOW)
    assert keys.retirements(space / keys.KEYRING) == {keys.key_id(first.public_key()): NOW}
    (tmp_path / "one.pem").write_text(keys.public_pem(foreign), encoding="ascii")
    assert keys.retirements(tmp_path / "one.pem") == {}
