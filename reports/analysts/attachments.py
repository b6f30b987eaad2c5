"""Files that people bring: stored once under their SHA-256, in the workspace, before any act cites them."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from config.errors import ConfigError
from reports.analysts.acts import Attachment, Stated
from reports.analysts.journal import Entry

FOLDER = "attachments"
MOST_BYTES = 100_000_000


def place(workspace: Path, sha256: str) -> Path:
    """Return where the attachment of that digest lies."""
    return workspace / FOLDER / sha256[:2] / sha256


def keep(workspace: Path, path: Path) -> Attachment:
    """Store the file at *path* and return how acts cite it. Raises ConfigError for an unreadable or too large one."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise ConfigError(f"{path}: {size} bytes; accepted: at most {MOST_BYTES}")
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be attached: {error.strerror}") from None
    found = Attachment(hashlib.sha256(data).hexdigest(), path.name, len(data))
    _store(place(workspace, found.sha256), data)
    return found


def cited(entries: tuple[Entry, ...]) -> dict[str, set[int]]:
    """Return the attachments that acts cite, by digest, and the lines that cite them."""
    found: dict[str, set[int]] = {}
    for entry in entries:
        for source in entry.act.sources if isinstance(entry.act, Stated) else ():
            if source.attachment:
                found.setdefault(source.attachment.sha256, set()).add(entry.number)
    return found


def damaged(workspace: Path, entries: tuple[Entry, ...]) -> tuple[str, ...]:
    """Return the digests of cited attachments that are missing or not what they were."""
    return tuple(sorted(digest for digest in cited(entries) if _digest(place(workspace, digest)) != digest))


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _store(path: Path, data: bytes) -> None:
    """Write *data* whole or not at all: beside its place first, then moved."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
