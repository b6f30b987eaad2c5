"""Licences: strings of catalogues to a known licence and its status, and what pages say of their own re-use.

`string_accuracy` asks for every line of the CKAN list (id, title and address together), and for every identifier, title
and address of the okfn and SPDX files alone. Right is the licence's identity (its id or an alias) and, where the corpus
states a status, that status. `page_accuracy` compares the class of a page's notices with labels judged by hand.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from metrics import AreaReport, Tally

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from checks.facts.licences import LicenceReading, read_licence, read_text
from checks.facts.model import Notice, NoticeKind
from checks.facts.page import PageExtractor
from config.licences import OpenStatus
from config.loader import load_pack
from crawler.capture import Capture, CaptureKey, ExchangeOutcome, Purpose
from crawler.records import Licence

LABELS = Path(__file__).resolve().parents[1] / "labels" / "licences.csv"
_STATUS = {"approved": OpenStatus.APPROVED, "rejected": OpenStatus.REJECTED, "not reviewed": OpenStatus.NOT_REVIEWED}
_NOT_STATED = frozenset({"", "None", "notspecified"})
_LOOSE = {"other-closed", "other-nc", "notspecified"}
"""Entries that are no licences: the words say what they are, whatever the list's own column leaves open."""


def measure(corpus: Path) -> AreaReport:
    """Measure the licences corpus."""
    report = AreaReport("licences")
    right = Tally()
    for item, expected, found, ok in (*_ckan(corpus), *_okfn(corpus), *_spdx(corpus)):
        right.add(right=ok)
        report.n += 1
        if not ok:
            report.error("string_accuracy", item, expected, found)
    report.metrics["string_accuracy"] = right.metric()
    report.metrics["page_accuracy"] = _pages(corpus.parent / "pages", report)
    return report


def _told(found: LicenceReading | None) -> str:
    return f"{found.id} {found.status}" if found else "unknown"


def _ckan(corpus: Path) -> Iterator[tuple[str, str, str, bool]]:
    """Yield the lines of the CKAN list; an id of the okfn list is judged by that list, the others by CKAN's flag."""
    judged = {key.lower(): status for key, status in _conformance(corpus).items()}
    with (corpus / "ckan_license_fields.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            stated = [
                None if row[name] in ("None", "") else row[name]
                for name in ("license_id", "license_title", "license_url")
            ]
            found = read_licence(Licence(*stated))
            flagged = judged.get(row["license_id"].lower()) == "approved" or row["isopen"] == "True"
            expected = "not stated" if row["license_id"] in _NOT_STATED else "open" if flagged else "not open"
            told = (
                "not stated"
                if found.status is OpenStatus.NONE
                else "open"
                if found.status is OpenStatus.APPROVED
                else "not open"
            )
            yield f"ckan:{row['license_id']}:{row['license_title']}", expected, told, expected == told


def _entries(corpus: Path, folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((corpus / folder).glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(data, dict) and data.keys() & {"od_conformance", "osiApproved"}:
            yield path.stem, data


def _conformance(corpus: Path) -> dict[str, str]:
    return {data["id"]: data["od_conformance"] for _, data in _entries(corpus, "okfn")}


def _okfn(corpus: Path) -> Iterator[tuple[str, str, str, bool]]:
    entries = list(_entries(corpus, "okfn"))
    shared = Counter(data["url"] for _, data in entries)
    for _, data in entries:
        texts = [data["id"], data["title"], *data.get("legacy_ids", ())]
        texts += [data["url"]] if data["url"] and shared[data["url"]] == 1 else []
        own = read_text(data["id"])
        for text in texts:
            found = read_text(text)
            same = bool(found and own and found.id == own.id)
            status = _STATUS.get(data["od_conformance"])
            judged = status is None or data["id"] in _LOOSE or bool(found and found.status is status)
            yield f"okfn:{data['id']}:{text}", f"{data['id']} {status}", _told(found), same and judged


def _spdx(corpus: Path) -> Iterator[tuple[str, str, str, bool]]:
    for key, data in _entries(corpus, "spdx"):
        own = read_text(key)
        for text in (key, data["name"], data.get("url")):
            if text:
                found = read_text(text)
                yield f"spdx:{key}:{text}", key, _told(found), bool(found and own and found.id == own.id)


def page_class(notices: tuple[Notice, ...]) -> str:
    """Return the class of a page by its notices, the strongest first: as rule LIC-02 reads them."""
    kinds = {item.kind for item in notices}
    order = (NoticeKind.OPEN, NoticeKind.RESTRICTED, NoticeKind.ATTRIBUTION, NoticeKind.BARE)
    return next((kind.value for kind in order if kind in kinds), "none")


def _pages(folder: Path, report: AreaReport) -> Any:
    extractor, right = PageExtractor(load_pack("kz")), Tally()
    if not LABELS.exists():
        return right.metric()
    with LABELS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["label"] and (folder / row["page"]).is_file()]
    for row in rows:
        found = page_class(extractor.extract(_capture(row["page"]), (folder / row["page"]).read_bytes()).notices)
        right.add(right=found == row["label"])
        if found != row["label"]:
            report.error("page_accuracy", row["page"], row["label"], found, why=row["reason"])
    report.n += len(rows)
    return right.metric()


def _capture(name: str) -> Capture:
    url, then = f"https://example.org/{name}", datetime(2026, 11, 23, tzinfo=UTC)
    return Capture(
        "file", "benchmark", date(2026, 11, 23), CaptureKey("GET", url), url, "", (), Purpose.PAGE, ExchangeOutcome.OK,
        then, then, status=200, headers=(("content-type", "text/html"),), sha256="0" * 64,
    )  # fmt: skip
