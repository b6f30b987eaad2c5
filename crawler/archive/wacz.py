"""Bundles captures as a WACZ (Web Archive Collection Zipped 1.1.1), which replay tools open as it is.

The same captures give the same bytes: nothing in the bundle is of the moment it is made at. What captures refer to
(the record that holds their body) comes along; what holds personal identifiers, was redacted, or cannot be read stays
out and is listed in `left-out.jsonl` with the reason.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from config.pack import PersonalPattern
from crawler.archive import cdx, record
from crawler.archive.layout import ArchiveError
from crawler.archive.personal import Flags
from crawler.archive.reader import Archive
from crawler.archive.record import split_http
from crawler.capture import Capture, Purpose
from crawler.html import Page, is_html

WACZ_VERSION = "1.1.1"
_WARC = "data.warc.gz"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP can name


class LeftOut(msgspec.Struct, frozen=True):
    """A capture that is not in the bundle, and why: a pattern's id, `unsearchable`, `gone` or `unknown`."""

    capture: str
    reason: str
    url: str = ""


class Export(msgspec.Struct, frozen=True):
    """What a bundle holds: of the captures that were asked for those that are in it, in the archive's order."""

    path: Path
    bundled: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    sha256: str


def export(
    workspace: Path,
    capture_ids: Iterable[str],
    path: Path,
    *,
    patterns: tuple[PersonalPattern, ...],
    title: str = "Archived captures",
    software: str = "odrc",
) -> Export:
    """Write the captures to *path* and say what is in it. *patterns* are the pack's personal identifiers.

    The file is put in place whole or not at all. Raises ArchiveError for an archive whose index cannot be read.
    """
    draft = path.with_name(path.name + ".new")
    with Archive(workspace) as archive:
        flags = Flags(workspace, patterns)
        try:
            chosen, left_out = _choose(archive, flags, dict.fromkeys(capture_ids))
            with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as packed:
                _Bundle(packed, archive, software).write(chosen, left_out, title)
            draft.replace(path)
        finally:
            flags.close()
            draft.unlink(missing_ok=True)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Export(path, tuple(item.id for item in chosen), tuple(left_out), digest)


def _choose(archive: Archive, flags: Flags, ids: Iterable[str]) -> tuple[list[Capture], list[LeftOut]]:
    """Return the captures that may leave, in the order they were made, and those that may not."""
    chosen: list[Capture] = []
    left_out: list[LeftOut] = []
    for name in ids:
        capture = archive.capture(name)
        if capture is None:
            left_out.append(LeftOut(name, "unknown"))
            continue
        reason = _reason(archive, flags, capture)
        if reason:
            left_out.append(LeftOut(name, reason, capture.url))
        else:
            chosen.append(capture)
    chosen.sort(key=lambda item: (item.night, item.started, item.id))
    return chosen, sorted(left_out, key=lambda item: item.capture)


def _reason(archive: Archive, flags: Flags, capture: Capture) -> str | None:
    """Return why a capture may not leave: what its body or those of its redirects hold."""
    try:
        found = flags.of(capture.sha256, archive.body(capture)) if capture.sha256 else None
        kept_with = archive.holder(capture) if capture.sha256 else capture
        hops = [hop.record for item in (capture, kept_with) for hop in item.redirects if hop.record]
        bodies = (split_http(archive.message(hop))[1] for hop in dict.fromkeys(hops))
        return found or next((what for body in bodies if (what := flags.of(_digest(body), body))), None)
    except ArchiveError:
        return "gone"


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


class _Bundle:
    """The parts of one bundle, with their digests."""

    def __init__(self, packed: zipfile.ZipFile, archive: Archive, software: str) -> None:
        self._packed, self._archive, self._software = packed, archive, software
        self._resources: list[dict[str, object]] = []

    def write(self, captures: list[Capture], left_out: list[LeftOut], title: str) -> None:
        """Write all parts, the description last."""
        lines = self._warc(captures)
        blocks, index = cdx.compressed(lines, "index.cdx.gz")
        self._add("indexes/index.cdx.gz", blocks)
        self._add("indexes/index.idx", index)
        self._add("pages/pages.jsonl", "".join(self._pages(captures)).encode())
        if left_out:
            self._add("left-out.jsonl", b"".join(msgspec.json.encode(item) + b"\n" for item in left_out))
        newest = max((item.finished for item in captures), default=datetime.fromtimestamp(0, UTC))
        package = {
            "profile": "data-package",
            "title": title,
            "wacz_version": WACZ_VERSION,
            "software": self._software,
            "created": _moment(newest),
            "resources": self._resources,
        }
        described = json.dumps(package, ensure_ascii=False, indent=2).encode()
        self._put("datapackage.json", described)
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(described).hexdigest()}"}
        self._put("datapackage-digest.json", json.dumps(digest).encode())

    def _warc(self, captures: list[Capture]) -> list[str]:
        """Write the records and return the index's lines."""
        lines: list[str] = []
        hashed, size = hashlib.sha256(), 0
        with self._packed.open(self._entry(f"archive/{_WARC}"), "w", force_zip64=True) as file:
            for found, data in self._records(captures):
                line = cdx.line(found, _WARC, size, len(data)) if found else None
                lines += [line] if line else []
                file.write(data)
                hashed.update(data)
                size += len(data)
        self._list(f"archive/{_WARC}", hashed.hexdigest(), size)
        return lines

    def _records(self, captures: list[Capture]) -> Iterator[tuple[record.Record | None, bytes]]:
        """Yield the records of the captures and of what they refer to, each exchange once."""
        yield None, self._warcinfo(captures)
        holders = (self._archive.holder(item).id if item.refers_to else item.id for item in captures)
        ids = [name for item, holder in zip(captures, holders, strict=True) for name in (holder, item.id)]
        for name in dict.fromkeys(ids):
            yield from self._archive.exchange(name)

    def _warcinfo(self, captures: list[Capture]) -> bytes:
        # Named after what it holds, so that the same captures give the same bytes.
        name = hashlib.sha256("\n".join(item.id for item in captures).encode()).hexdigest()[:32]
        moment = max((item.finished for item in captures), default=datetime.fromtimestamp(0, UTC))
        fields = [
            ("WARC-Type", "warcinfo"),
            ("WARC-Record-ID", f"<urn:uuid:{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:]}>"),
            ("WARC-Date", record.stamp(moment)),
            ("WARC-Filename", _WARC),
            ("Content-Type", "application/warc-fields"),
        ]
        told = {"software": self._software, "format": "WARC File Format 1.1", "description": "bundle of captures"}
        block = record.info_block(told)
        return record.build([*fields, record.block_digest(block)], block)

    def _pages(self, captures: list[Capture]) -> Iterator[str]:
        yield json.dumps({"format": "json-pages-1.0", "id": "pages", "title": "All pages"}) + "\n"
        for item in captures:
            if item.purpose is Purpose.PAGE and item.answered:
                told = {"id": item.id, "url": item.url, "ts": _moment(item.started), "title": self._title(item)}
                yield json.dumps(told, ensure_ascii=False) + "\n"

    def _title(self, capture: Capture) -> str:
        body, content_type = self._archive.body(capture), capture.header("content-type")
        node = Page(body, content_type).tree.css_first("head > title") if is_html(body, content_type) else None
        return " ".join(node.text().split()) if node else capture.url

    def _add(self, name: str, data: bytes) -> None:
        self._put(name, data)
        self._list(name, hashlib.sha256(data).hexdigest(), len(data))

    def _put(self, name: str, data: bytes) -> None:
        self._packed.writestr(self._entry(name), data)

    def _list(self, path: str, digest: str, size: int) -> None:
        name = path.rpartition("/")[2]
        self._resources.append({"name": name, "path": path, "hash": f"sha256:{digest}", "bytes": size})

    def _entry(self, name: str) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name, _EPOCH)
        entry.external_attr = 0o644 << 16
        return entry


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
