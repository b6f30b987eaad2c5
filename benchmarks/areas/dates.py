"""Dates: the publication day of real pages beside htmldate on the same pages, and phrases.

`page_accuracy` counts days equal to the gold's; no day is a wrong answer. htmldate gets the same text and address and
is asked for the original date, its own best setting on this corpus. `phrases` are those under benchmarks/labels (an
empty expectation: no date may be read) and the corpus' own that name a month of the pack's languages; `swaps` counts
day and month exchanged.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from htmldate import find_date
from metrics import AreaReport, Tally

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from checks.facts.dates import DateReader
from checks.facts.html import parse
from checks.facts.layout import blocks
from checks.facts.pagedate import PageDateReader
from config.loader import load_pack
from config.pack import Pack

UNTIL = date(2026, 11, 23)
LABELS = Path(__file__).resolve().parents[1] / "labels" / "dates.csv"
_ABSOLUTE = re.compile(r"datetime\((\d+), (\d+), (\d+)")
_STATED_YEAR = re.compile(r"(?:199|20\d)\d")


def measure(corpus: Path) -> AreaReport:
    """Measure the dates corpus; its pages lie beside it."""
    pack = load_pack("kz")
    report = AreaReport("dates")
    _pages(corpus, pack, report)
    _phrases(corpus, pack, report)
    return report


def _pages(corpus: Path, pack: Pack, report: AreaReport) -> None:
    labels = [phrase for phrases in pack.extraction.phrases("updated_labels").values() for phrase in phrases]
    reader = PageDateReader(pack.extraction.months, labels)
    ours, theirs = Tally(), Tally()
    with (corpus / "gold.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["date"]]
    for row in rows:
        body = (corpus.parent / "pages" / row["page"]).read_bytes()
        tree = parse(body, None)
        found = reader.published(tree, row["url"], blocks(tree), UNTIL)
        value = found.value if found else None
        ours.add(right=value == row["date"])
        theirs.add(right=_htmldate(body, row["url"]) == row["date"])
        if value != row["date"]:
            why = f"{found.method}: {found.text[:60]}" if found else "nothing stated that is trusted"
            report.error("page_accuracy", row["page"], row["date"], value, why=why)
    report.n += len(rows)
    report.metrics |= {"page_accuracy": ours.metric(), "htmldate_accuracy": theirs.metric()}


def _htmldate(body: bytes, url: str) -> str | None:
    try:
        return find_date(body.decode("utf-8", "replace"), original_date=True, url=url, max_date=UNTIL.isoformat())
    except ValueError:
        return None


def _phrases(corpus: Path, pack: Pack, report: AreaReport) -> None:
    reader = DateReader(pack.extraction.months)
    right, swaps = Tally(), Tally()
    for text, expected in [*_own(), *_of_corpus(corpus, pack)]:
        found = reader.first(text)
        value = found.value if found else ""
        right.add(right=value == expected)
        swaps.add(right=bool(value) and value != expected and value == _swapped(expected))
        if value != expected:
            report.error("phrases", text, expected, value)
        report.n += 1
    report.metrics |= {"phrases": right.metric(), "swaps": swaps.count()}


def _own() -> Iterator[tuple[str, str]]:
    with LABELS.open(encoding="utf-8", newline="") as file:
        yield from ((row["text"], row["expected"]) for row in csv.DictReader(file))


def _of_corpus(corpus: Path, pack: Pack) -> Iterator[tuple[str, str]]:
    """Yield the corpus' dates whose month is a form that the pack holds; without a stated year there is no date."""
    forms = {
        form.rstrip(".").lower()
        for months in pack.extraction.months.values()
        for names in months.forms.values()
        for form in names
    }
    rows = json.loads((corpus / "strings.json").read_text(encoding="utf-8"))["absolute"]
    for text, expected in rows:
        hit = _ABSOLUTE.match(expected)
        if hit and forms & {word.lower() for word in re.findall(r"[^\W\d_]+", text)}:
            day = date(*map(int, hit.groups())).isoformat()
            yield text, day if _STATED_YEAR.search(text) else ""


def _swapped(expected: str) -> str:
    year, *rest = expected.split("-")
    return "-".join([year, *reversed(rest)])
