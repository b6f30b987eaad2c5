"""What the archive redacted is quoted nowhere: not in the report, not in documents, not by another judging."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from frozen_country import NIGHT, Country

from checks.assessment import Assessment
from checks.findings import Evidence
from checks.night import assess
from config.errors import ConfigError
from crawler.archive.reader import Archive
from crawler.archive.remove import redact
from reports.documents import finding_document
from reports.freeze.pending import refuse_held
from reports.freeze.redactions import redacted
from reports.html import write_report
from reports.views.explain import explain

THEN = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


def cited(told: Assessment) -> list[Evidence]:
    return [item for one in told.findings for item in (*one.evidence, *one.counter_evidence)]


@pytest.fixture
def secret(here: Country) -> Evidence:
    """Return evidence whose excerpt no other body has."""
    items = [item for item in cited(here.told) if item.sha256 and item.excerpt]
    bodies = {item.excerpt: {one.sha256 for one in items if item.excerpt in one.excerpt} for item in items}
    alone = [item for item in items if len(bodies[item.excerpt]) == 1 and not set("&<>\"'") & set(item.excerpt)]
    return max(alone, key=lambda item: len(item.excerpt))


def report(here: Country, folder: Path) -> str:
    bench = here.bench
    write_report(bench.settings, bench.pack, bench.ledger, NIGHT, folder)
    return "".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*")) if path.is_file())


def test_nothing_quotes_a_redacted_body(here: Country, secret: Evidence, tmp_path: Path) -> None:
    assert secret.sha256
    assert secret.excerpt in report(here, tmp_path / "before")
    redact(here.workspace, secret.sha256, reason="a person asked", by="p4", at=THEN)
    after = report(here, tmp_path / "after")
    assert secret.excerpt not in after
    assert "Excerpts are not published." in after
    gone = redacted(here.workspace)
    documents = [finding_document(item, gone=gone) for item in here.told.findings]
    items = [item for one in documents for item in (*one.evidence, *one.counter_evidence)]
    assert {item.excerpt for item in items if item.redacted} == {None}
    assert {item.sha256 for item in items if item.redacted} == {secret.sha256}
    mark = next(item for item in here.told.marks if item.agency == "good" and item.indicator == "lang_coverage")
    with Archive(here.workspace) as archive:
        steps = explain("r", mark, here.told, archive, gone=gone).findings
    links = [link for step in steps for link in (*step.evidence, *step.counter_evidence)]
    assert {link.excerpt for link in links if link.sha256 == secret.sha256} == {None}
    assert any(link.redacted for link in links)


def test_cached_facts_of_a_redacted_body_do_not_count(here: Country, secret: Evidence) -> None:
    assert secret.sha256
    redact(here.workspace, secret.sha256, reason="a person asked", by="p4", at=THEN)
    again = assess(here.bench.settings, here.bench.pack, NIGHT, write_history=False)
    assert secret.excerpt not in {item.excerpt for item in cited(again)}
    assert again.damaged == ()


def test_a_frozen_period_that_still_quotes_it_is_not_exported(here: Country, secret: Evidence) -> None:
    here.adopt()
    place = here.freeze()
    refuse_held(here.workspace, place.name)
    assert secret.sha256
    redact(here.workspace, secret.sha256, reason="a person asked", by="p4", at=THEN)
    with pytest.raises(ConfigError, match="holds 1 bodies that were redacted; `odrc frozen redact`"):
        refuse_held(here.workspace, place.name)
