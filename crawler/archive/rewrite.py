"""Writing a WARC file anew: records left out, replaced or packed otherwise. Killed at any moment, nothing is lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

import msgspec

from crawler.archive.codecs import Packer, gzipped
from crawler.archive.index import Index
from crawler.archive.layout import GZIP, ZSTD, ArchiveError, Layout, sync_folder
from crawler.archive.members import Damage, Member, members
from crawler.archive.record import Record, assembled
from crawler.archive.recovery import index_file

_SMALLEST, _LARGEST, _SHARE = 112_640, 1_000_000, 40  # bytes of a dictionary: at most so many, a 40th of the file
_SAMPLED = 8_000_000  # bytes of records that the dictionary is learned from
_EXPANSION = 5  # plain bytes to compressed ones, about
_LEVEL = 19  # packed once and kept for years: seven milliseconds a page are well spent

Change = Callable[[Member], bytes | None]
"""From a record to the bytes of the record (not compressed) that takes its place; None leaves it out."""


class Sizes(msgspec.Struct, frozen=True):
    """Bytes of a file before and after."""

    before: int
    after: int


def rewrite(layout: Layout, index: Index, name: str, change: Change) -> Sizes:
    """Write the file anew as gzip and put it in place of the old one. Raises ArchiveError for a damaged file."""
    target = name.removesuffix(ZSTD) + GZIP if name.endswith(ZSTD) else name
    plain = (data for item in _readable(layout, name) if (data := change(item)) is not None)
    return _replace(layout, index, name, target, map(gzipped, plain), b"")


def pack(layout: Layout, index: Index, name: str) -> Sizes:
    """Put a closed gzip file into cold storage: zstandard with a dictionary learned from the file itself.

    The frames are read back and compared before the old file goes. Raises ArchiveError for a damaged file.
    """
    plain = _EXPANSION * layout.path(name).stat().st_size
    packer = Packer(_samples(layout, name, plain), min(max(plain // _SHARE, _SMALLEST), _LARGEST), _LEVEL)
    frames = (packer.frame(assembled(item.record)) for item in _readable(layout, name))
    return _replace(layout, index, name, name.removesuffix(GZIP) + ZSTD, frames, packer.head, same=True)


def _samples(layout: Layout, name: str, plain: int) -> list[bytes]:
    """Return records to learn from, taken evenly over a file of about *plain* bytes."""
    step = 1 + plain // _SAMPLED
    return [assembled(item.record) for item in islice(_readable(layout, name), 0, None, step)]


def _readable(layout: Layout, name: str) -> Iterable[Member]:
    for item in members(layout.path(name)):
        if isinstance(item, Damage):
            raise ArchiveError(f"{name} at offset {item.offset}: {item.reason}; a damaged file is left as it is")
        yield item


def _replace(
    layout: Layout, index: Index, name: str, target: str, pieces: Iterable[bytes], head: bytes, *, same: bool = False
) -> Sizes:
    old, new = layout.path(name), layout.warc / target
    draft = new.with_name(new.name + ".new")
    try:
        with draft.open("wb") as file:
            file.write(head)
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        if same:
            _compare(old, draft)
        sizes = Sizes(old.stat().st_size, draft.stat().st_size)
        # From here on the index knows nothing of the file: a kill leaves one that the next start reads in.
        index.forget(name)
        index.commit()
        draft.replace(new)
        if new != old:
            old.unlink()
        sync_folder(new.parent)
    finally:
        draft.unlink(missing_ok=True)
    index_file(layout, index, target)
    index.commit()
    return sizes


def _compare(old: Path, new: Path) -> None:
    """Make sure that both files hold the same records. Raises ArchiveError."""
    pairs = zip(_records(old), _records(new), strict=True)
    try:
        if all(left == right for left, right in pairs):
            return
    except ValueError:
        pass
    raise ArchiveError(f"{old.name}: what was packed does not read back the same; the file is left as it is")


def _records(path: Path) -> Iterable[Record | None]:
    return (item.record if isinstance(item, Member) else None for item in members(path))
