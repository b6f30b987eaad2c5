"""Catalogue records for the tables of the META rules: a record read from an archived answer, asked one rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from checks.engine import Engine, results
from checks.findings import Outcome, Result
from checks.registry import Rule
from checks.subjects import DatasetSubject
from checks.view import View
from config.model import Portal
from config.pack import Pack
from crawler.archive.history import History
from crawler.capture import Purpose
from crawler.records import Contact, Distribution, Field, Licence, Record, Standard
from tests.checks.lab import Lab, Reply

PORTAL = Portal.model_validate({"id": "cat", "kind": "dcat", "url": "https://data.kz/", "owner": "good"})
ADDRESS = "https://data.kz/catalog"
ALL = {"kk": "Аумақтағы көлдер тізімі мен ауданы", "ru": "Перечень озёр с площадями", "en": "Lakes with their areas"}
FULL = Record(
    id="lakes", portal="cat", capture="", locator="$", standard=Standard.OWN, url="https://data.kz/lakes",
    publisher_id="7", publisher_names={"ru": "Министерство"}, titles={"kk": "Көлдер", "ru": "Озёра", "en": "Lakes"},
    descriptions=ALL, keywords=("вода",), themes=("nature",), contact=Contact(has_name=True, has_mail=True),
    frequency="yearly", issued="2020-01-01", modified="2026-01-01", version="3", licence=Licence(id="cc-by"),
    fields=(Field("n", "text", ALL),), distributions=(Distribution("https://data.kz/l.csv", format="CSV"),),
)  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """What changes in a full record, the answer it was read from, and what the rule says."""

    name: str
    outcome: Outcome
    reason: str
    given: Mapping[str, Any]
    responsible: str = "agency"
    body: bytes = b"{}"
    content_type: str = "application/json"

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Seen(DatasetSubject):
    """A data set with the view that it was read from."""

    view: View | None = None


def ask(sample: Sample, rule: Rule, folder: Path, pack: Pack, *, with_view: bool = True) -> Result:
    """Archive the answer, read the sample's record from it, and ask the rule."""
    lab = Lab(folder / "workspace", pack)
    reply = Reply(sample.body, content_type=sample.content_type, purpose=Purpose.PORTAL)
    capture = lab.crawl({ADDRESS: reply})[0]
    record = msgspec.structs.replace(FULL, capture=capture.id, **sample.given)
    with lab.view() as view:
        subject = Seen(record, PORTAL, None, view if with_view else None)
        context = Engine(lab.settings, History(lab.workspace, view.night))._context(rule, view)
        (found,) = results(rule, subject, context)
    return found


def assert_as_expected(sample: Sample, rule: Rule, folder: Path, pack: Pack) -> Result:
    found = ask(sample, rule, folder, pack)
    said = (found.outcome.value, found.reason, found.responsible.value)
    assert said == (sample.outcome.value, sample.reason, sample.responsible), (said, found.measures)
    if found.outcome in (Outcome.PASS, Outcome.FAIL, Outcome.UNCLEAR):
        assert found.evidence
        assert all(item.sha256 and item.excerpt for item in found.evidence)
    return found


__all__ = ["ADDRESS", "FULL", "PORTAL", "Sample", "Seen", "ask", "assert_as_expected"]
