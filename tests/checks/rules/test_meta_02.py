from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from checks.findings import Finding, Outcome
from checks.rules.meta_02 import standard_offered
from config.pack import Pack
from crawler.capture import ExchangeOutcome, Purpose
from tests.checks.facts.metadata import samples
from tests.checks.lab import Lab, Reply, failure
from tests.checks.rules.tables import FAIL, NOT_OBSERVED, PASS, UNCLEAR

RULE = standard_offered
SITE = "https://data.kz"
TURTLE = "text/turtle"


@dataclass(frozen=True)
class Sample:
    """A portal of a kind, what its addresses answer, and what the rule says."""

    name: str
    outcome: Outcome
    reason: str
    kind: str
    answers: Mapping[str, Reply]

    def __str__(self) -> str:
        return self.name


def reply(body: bytes, content_type: str) -> Reply:
    return Reply(body, content_type=content_type, purpose=Purpose.PORTAL)


def csw(*parts: bytes) -> Reply:
    inner = b"".join(part.split(b"?>", 1)[1] for part in parts)
    head = f'<csw:GetRecordsResponse xmlns:csw="http://www.opengis.net/cat/csw/2.0.2"><csw:SearchResults \
numberOfRecordsMatched="{len(parts)}" numberOfRecordsReturned="{len(parts)}" nextRecord="0" elementSet="full">'
    return reply(head.encode() + inner + b"</csw:SearchResults></csw:GetRecordsResponse>", "application/xml")


CKAN = {"success": True, "result": {"count": 1, "results": [{"id": "a", "name": "lakes", "title": "Lakes"}]}}
OWN = {"datasets": [{"id": 1, "apiUri": "lakes", "nameRu": "Озёра", "descriptionRu": "Площади"}]}
CSW_AT = f"{SITE}/csw?service=CSW&version=2.0.2&request=GetRecords"
CKAN_AT = f"{SITE}/api/3/action/package_search?rows=100&start=0"
EGOV_AT = f"{SITE}/datasets/getdatasetsre?page=1&count=100"
BROKEN = samples.iso(identifier="b", extra="<gmd:nosuchelement/>")
TABLE = (
    Sample("DCAT-AP", PASS, "standard_valid", "dcat", {f"{SITE}/c.ttl": reply(samples.dcat(), TURTLE)}),
    Sample("plain DCAT", PASS, "standard_valid", "dcat",
           {f"{SITE}/c.ttl": reply(samples.dcat(title="", claim=""), TURTLE)}),
    Sample("ISO 19139", PASS, "standard_valid", "csw", {CSW_AT: csw(samples.iso())}),
    Sample("DCAT-AP without titles", FAIL, "standard_invalid", "dcat",
           {f"{SITE}/c.ttl": reply(samples.dcat(title=""), TURTLE)}),
    Sample("broken ISO 19139", FAIL, "standard_invalid", "csw", {CSW_AT: csw(BROKEN)}),
    Sample("one page of two is broken", UNCLEAR, "standard_partly_valid", "csw",
           {CSW_AT: csw(samples.iso()), f"{CSW_AT}&startPosition=2": csw(BROKEN)}),
    Sample("the interface of CKAN", UNCLEAR, "native_format_only", "ckan",
           {CKAN_AT: reply(json.dumps(CKAN).encode(), "application/json")}),
    Sample("a form of its own", FAIL, "own_format_only", "egovkz",
           {EGOV_AT: reply(json.dumps(OWN).encode(), "application/json")}),
    Sample("HTML instead of a catalogue", NOT_OBSERVED, "no_records", "dcat",
           {f"{SITE}/c.ttl": reply(b"<html><body>Portal</body></html>", "text/html")}),
    Sample("no answer in time", NOT_OBSERVED, "timeout", "dcat",
           {f"{SITE}/c.ttl": failure(ExchangeOutcome.TIMEOUT, purpose=Purpose.PORTAL)}),
)  # fmt: skip


def ask(sample: Sample, folder: Path, pack: Pack) -> Finding:
    lab = Lab(folder / "workspace", pack)
    lab.portals = [{"id": "cat", "kind": sample.kind, "url": f"{SITE}/csw" if sample.kind == "csw" else SITE}]
    lab.crawl(sample.answers)
    (found,) = lab.findings(RULE)
    return found


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_meta_02(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    found = ask(sample, tmp_path, pack)
    assert (found.outcome, found.reason) == (sample.outcome, sample.reason), found.measures
    assert found.responsible == "portal_owner"
    assert found.evidence or found.outcome is NOT_OBSERVED
    assert all(item.sha256 for item in found.evidence)


def test_the_table_is_complete() -> None:
    assert {item.outcome for item in TABLE} == {PASS, FAIL, UNCLEAR, NOT_OBSERVED}


def test_measures_say_how_much_was_looked_at(tmp_path: Path, pack: Pack) -> None:
    sample = next(item for item in TABLE if item.reason == "standard_partly_valid")
    measures = ask(sample, tmp_path, pack).measures
    assert (measures["documents"], measures["documents_valid"], measures["documents_invalid"]) == (2, 1, 1)
    assert measures["standards"] == ["iso19139"]
