"""Reads a WACZ without an archive behind it, and takes bodies out of one. One pass, one record in memory at a time."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from crawler.archive import cdx
from crawler.archive.codecs import gzipped
from crawler.archive.members import Damage, Member, members
from crawler.archive.note import apart, decode_note
from crawler.archive.record import Record, split_http
from crawler.coding import decode

_WARCS = "archive/"
_DESCRIBED, _DIGEST = "datapackage.json", "datapackage-digest.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Body:
    """A body as it was archived: decoded, with its digest, its declared type, and the head of the answer."""

    record: str
    sha256: str
    body: bytes
    content_type: str | None
    head: str


@dataclass
class Contents:
    """What a WACZ holds: the digest of the body behind each record, captures without a body, and damage."""

    bodies: dict[str, str] = field(default_factory=dict)
    refers: dict[str, str] = field(default_factory=dict)
    noted: set[str] = field(default_factory=set)
    damage: list[str] = field(default_factory=list)

    def sha256(self, capture: str) -> str | None:
        """Return the digest of a capture's body, its own or the one it refers to; None when it is not there."""
        return self.bodies.get(self.refers.get(capture, capture))

    def proves(self, capture: str, sha256: str | None) -> bool:
        """Tell whether a capture is there with a body of that digest; None asks for a capture without a body."""
        return capture in self.noted if sha256 is None else self.sha256(capture) == sha256


def read(file: IO[bytes], contents: Contents) -> Iterator[Body]:
    """Yield the bodies of a WACZ and fill *contents* on the way. Raises BadZipFile for what is no WACZ."""
    with zipfile.ZipFile(file) as packed, TemporaryDirectory() as folder:
        for name in packed.namelist():
            if not name.startswith(_WARCS):
                continue
            path = Path(folder) / "data.warc.gz"
            with packed.open(name) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target)
            for item in members(path):
                if isinstance(item, Damage):
                    contents.damage.append(f"{name} at offset {item.offset}: {item.reason}")
                elif body := _body(item.record, contents):
                    yield body


def _body(record: Record, contents: Contents) -> Body | None:
    note = decode_note(record)
    if note is not None and note.capture is not None:
        contents.noted.add(note.capture.id)
    if record.type == "revisit":
        contents.refers[record.id] = record.fields.get("warc-refers-to", "").strip("<>")
    if record.type not in ("response", "resource"):
        return None
    found = _decoded(record)
    contents.bodies[record.id] = found.sha256
    return found


def _decoded(record: Record) -> Body:
    if record.type == "resource":
        head, body, coding, kind = b"", record.block, None, record.fields.get("content-type")
    else:
        head, body = split_http(record.block)
        fields = _fields(head)
        coding, kind = fields.get("content-encoding"), fields.get("content-type")
    data = decode(body, coding)
    return Body(record.id, hashlib.sha256(data).hexdigest(), data, kind, head.decode("utf-8", "replace"))


def _fields(head: bytes) -> dict[str, str]:
    lines = head.decode("utf-8", "replace").split("\r\n")[1:]
    pairs = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def without(source: Path, target: Path, digests: set[str]) -> None:
    """Write *source* to *target* without the records that hold bodies of *digests*; indexes and description anew."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
        resources = {item["path"]: item for item in json.loads(old.read(_DESCRIBED))["resources"]}
        lines: list[str] = []
        for name in old.namelist():
            if name.startswith(_WARCS):
                _put(new, resources, name, _kept(old, name, digests, lines))
        blocks, index = cdx.compressed(lines, "index.cdx.gz")
        _put(new, resources, "indexes/index.cdx.gz", blocks)
        _put(new, resources, "indexes/index.idx", index)
        for name in old.namelist():
            if not name.startswith((_WARCS, "indexes/", "datapackage")):
                _put(new, resources, name, old.read(name))
        package = {**json.loads(old.read(_DESCRIBED)), "resources": list(resources.values())}
        described = json.dumps(package, ensure_ascii=False, indent=2).encode()
        new.writestr(zipfile.ZipInfo(_DESCRIBED, _EPOCH), described)
        digest = {"path": _DESCRIBED, "hash": f"sha256:{hashlib.sha256(described).hexdigest()}"}
        new.writestr(zipfile.ZipInfo(_DIGEST, _EPOCH), json.dumps(digest))


def _kept(old: zipfile.ZipFile, name: str, digests: set[str], lines: list[str]) -> bytes:
    """Return a WARC without those bodies, and add the index's lines of the rest."""
    kept: list[bytes] = []
    size, warc = 0, name.removeprefix(_WARCS)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "data.warc.gz"
        path.write_bytes(old.read(name))
        data = path.read_bytes()
        for item in members(path):
            if isinstance(item, Damage):
                continue
            raw = data[item.offset : item.offset + item.length]
            if _holds(item, digests):
                note = apart(item.record)
                if note is None:
                    continue
                raw = gzipped(note)
            else:
                line = cdx.line(item.record, warc, size, len(raw))
                lines += [line] if line else []
            kept.append(raw)
            size += len(raw)
    return b"".join(kept)


def _holds(item: Member, digests: set[str]) -> bool:
    return item.record.type in ("response", "resource") and _decoded(item.record).sha256 in digests


def _put(new: zipfile.ZipFile, resources: dict[str, dict[str, object]], name: str, data: bytes) -> None:
    new.writestr(zipfile.ZipInfo(name, _EPOCH), data)
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    resources[name] = {"name": name.rpartition("/")[2], "path": name, "hash": digest, "bytes": len(data)}
