from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from checks.findings import Finding, Outcome
from checks.rules.lic_04 import has_licence_field
from config.pack import Pack
from tests.checks.facts.metadata import samples
from tests.checks.lab import Lab, Reply
from tests.checks.rules.tables import FAIL, NOT_OBSERVED, PASS
from tests.checks.rules.test_meta_02 import CKAN, CKAN_AT, EGOV_AT, OWN, SITE, TURTLE, reply

RULE = has_licence_field
PASSPORT = f"{SITE}/meta/lakes/v1"


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


def passport(**more: object) -> Reply:
    found = {"apiUri": "lakes", "nameRu": "Озёра", "responsible": {"fullnameRu": "А. Б.", "email": "a@b.kz"}, **more}
    return reply(json.dumps(found).encode(), "application/json")


LISTED = reply(json.dumps(OWN).encode(), "application/json")
TABLE = (
    Sample("DCAT states it", PASS, "licence_field_there", "dcat", {f"{SITE}/c.ttl": reply(samples.dcat(), TURTLE)}),
    Sample("a portal of its own kind", FAIL, "licence_field_lacking", "egovkz", {EGOV_AT: LISTED, PASSPORT: passport()}),
    Sample("only lines of a list", NOT_OBSERVED, "details_not_seen", "egovkz", {EGOV_AT: LISTED}),
    Sample("CKAN has the field, empty", NOT_OBSERVED, "details_not_seen", "ckan",
           {CKAN_AT: reply(json.dumps(CKAN).encode(), "application/json")}),
)  # fmt: skip


def ask(sample: Sample, folder: Path, pack: Pack) -> Finding:
    lab = Lab(folder / "workspace", pack)
    lab.portals = [{"id": "cat", "kind": sample.kind, "url": SITE}]
    lab.crawl(sample.answers)
    (found,) = lab.findings(RULE)
    return found


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_lic_04(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    found = ask(sample, tmp_path, pack)
    assert (found.outcome, found.reason) == (sample.outcome, sample.reason), found.measures
    assert found.evidence or found.outcome is NOT_OBSERVED
    assert all(item.sha256 for item in found.evidence)


def test_the_table_is_complete() -> None:
    assert {item.outcome for item in TABLE} == {PASS, FAIL, NOT_OBSERVED}
