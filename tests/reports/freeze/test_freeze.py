from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from frozen_country import NIGHT, PERIOD, SITE, Country, record
from office_desk import Hands
from report_country import INPUTS

from checks.marks import MarkValue
from config.errors import ConfigError
from config.loader import Loaded, load
from reports.analysts.acts import Confidentiality, Froze, Source, SourceKind
from reports.freeze.freeze import alone, frozen, frozen_place
from reports.freeze.period import period_of
from reports.freeze.supplement import findings
from reports.ledger import RunKind


def digests(place: Path) -> dict[str, str]:
    files = sorted(path for path in place.rglob("*") if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_frozen_period_holds_all_that_was_known(here: Country) -> None:
    here.adopt()
    source = Source(SourceKind.INTERVIEW, "An interview", NIGHT, Confidentiality.CONFIDENTIAL)
    here.bench.clock.to(PERIOD.last)  # type: ignore[attr-defined]
    here.bench.state_mark("SI-048", MarkValue.PLUS, "as was said", (source,), "p1")
    here.bench.clock.to(PERIOD.last + timedelta(days=1))  # type: ignore[attr-defined]
    place = here.freeze()
    manifest = frozen(here.workspace)[0][1]
    assert (place.name, manifest.state, manifest.night, manifest.nights) == ("2026Q4", "final", NIGHT, 1)
    marks = [item for item in here.told.marks if item.profile == "assessment_2014"]
    assert (manifest.marks, manifest.findings) == (len(marks), len(here.told.public().findings))
    assert manifest.annex == 0
    newest = here.bench.journal.entries()[-2]  # the last line is that of the freeze
    assert (manifest.journal, manifest.journal_digest) == (newest.number, newest.digest)
    assert {item.id for item in findings(place)} == {item.id for item in here.told.public().findings}
    assert here.told.hidden
    assert "LANG-01@1" in manifest.rules
    statements = [json.loads(line) for line in (place / "statements.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(item["id"], item["mark"], item["sources"][0]["title"]) for item in statements] == [("SI-048", "+", None)]
    marks = [json.loads(line) for line in (place / "marks.jsonl").read_text(encoding="utf-8").splitlines()]
    one = next(
        item for item in marks if item["standing"]["indicator"] == "lang_coverage" and item["standing"]["agency"]
    )
    assert one["standing"]["basis"] == "adopted"
    assert [(item["first"], item["mark"]) for item in one["course"]] == [(NIGHT.isoformat(), one["standing"]["mark"])]
    last = here.bench.journal.entries()[-1].act
    assert isinstance(last, Froze)
    assert last.manifest == hashlib.sha256((place / "manifest.json").read_bytes()).hexdigest()


def test_what_comes_later_never_alters_it(here: Country) -> None:
    here.adopt()
    place = here.freeze()
    before = digests(place)
    other = msgspec.structs.replace(here.told, findings=(), marks=here.told.marks[:2])
    ledger = here.bench.ledger
    ledger.begin_run("run-2", NIGHT, RunKind.RERUN, here.bench.clock.now(), INPUTS)
    ledger.record("run-2", other)
    record(ledger, msgspec.structs.replace(here.told, night=NIGHT + timedelta(days=1)), "run-3")
    mark = ledger.marks(NIGHT + timedelta(days=1))[0]
    here.bench.override(mark, NIGHT, None, NIGHT + timedelta(days=90), "later", "p1")
    with pytest.raises(ConfigError, match="2026Q4 was frozen on 2026-11-22; it is never altered"):
        here.freeze()
    assert digests(place) == before
    assert here.verify(place).problems == ()


def test_only_what_is_adopted_is_frozen_for_good(here: Country) -> None:
    waiting = sum(mark.value is not None for mark in here.bench.ledger.marks(NIGHT, profile="assessment_2014"))
    assert waiting
    with pytest.raises(
        ConfigError, match=rf"{waiting} marks are only proposed; accepted: adopt them .*--annex.*--draft"
    ):
        here.freeze()
    assert frozen(here.workspace) == ()
    drafts = [here.freeze(draft=True).name for _ in range(2)]
    assert drafts == ["2026Q4-draft-001", "2026Q4-draft-002"]
    place = here.freeze(annex=True)
    manifest = dict(frozen(here.workspace))[place]
    assert (manifest.state, manifest.annex) == ("final", waiting)
    assert [item.state for _, item in frozen(here.workspace)] == ["final", "draft", "draft"]
    assert here.verify(frozen_place(here.workspace, drafts[0])).state == "draft"


def test_a_period_that_is_not_over_is_only_drafted(here: Country) -> None:
    assert isinstance(here.bench.clock, Hands)
    here.adopt()
    here.bench.clock.to(PERIOD.last)
    with pytest.raises(ConfigError, match="ends on 2026-11-21, which is not over; accepted: --draft"):
        here.freeze()
    assert here.freeze(draft=True).is_dir()


def test_two_at_once_do_not_meet(here: Country) -> None:
    with alone(here.workspace / "freezes"), pytest.raises(ConfigError, match="another process is freezing"):
        here.freeze(draft=True)


def test_a_decision_on_older_evidence_brings_that_evidence_along(here: Country) -> None:
    here.adopt()
    later = NIGHT + timedelta(days=1)
    gone = next(item for item in here.told.findings if item.rule == "LANG-01")
    kept = tuple(item for item in here.told.findings if item.id != gone.id)
    marks = tuple(
        msgspec.structs.replace(mark, evidence=tuple(one for one in mark.evidence if one != gone.id))
        for mark in here.told.marks
    )
    record(here.bench.ledger, msgspec.structs.replace(here.told, night=later, findings=kept, marks=marks), "run-2")
    place = here.freeze()
    assert gone.id in {item.id for item in findings(place)}
    changed = [
        json.loads(line)["standing"]["changed"]
        for line in (place / "marks.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert "evidence" in changed
    assert here.verify(place).problems == ()


def test_excerpts_and_bodies_are_told_apart(here: Country) -> None:
    place = here.freeze(draft=True)
    said = {item.rule: item for item in findings(place) if item.subject.url == f"{SITE}ru/news"}
    assert [one.quoted for one in said["LIC-01"].evidence] == [True]  # with a telephone number taken out
    assert "[phone]" in (place / "excerpts.jsonl").read_text(encoding="utf-8")
    assert "12 34" not in (place / "excerpts.jsonl").read_text(encoding="utf-8")
    measured = {(item.rule, one.locator) for item in findings(place) for one in item.evidence if not one.quoted}
    assert measured >= {("LANG-02", "css:html[lang]")}  # put together by the rule


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2026Q1", "2026-01-01", "2026-03-31"),
        ("2024Q1", "2024-01-01", "2024-03-31"),
        ("2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_name_may_say_its_nights(tmp_path: Path, name: str, first: str, last: str) -> None:
    found = period_of(_loaded(tmp_path), name)
    assert (found.first.isoformat(), found.last.isoformat(), found.profile) == (first, last, "assessment_2014")


def test_settings_and_options_say_the_nights_of_a_period(tmp_path: Path) -> None:
    loaded = _loaded(tmp_path, "periods: [{id: autumn, first: 2026-09-01, last: 2026-11-30, profile: order_124_2025}]")
    found = period_of(loaded, "autumn", last=NIGHT)
    assert (found.first.isoformat(), found.last, found.profile) == ("2026-09-01", NIGHT, "order_124_2025")
    for name, message in (("winter", "its nights are not known; accepted: one of the settings (autumn)"),):
        with pytest.raises(ConfigError, match=re.escape(message)):
            period_of(loaded, name)
    with pytest.raises(ConfigError, match="no profile 'x'"):
        period_of(loaded, "autumn", profile="x")
    with pytest.raises(ConfigError, match="nights in order"):
        period_of(loaded, "../x", NIGHT, NIGHT)


def _loaded(folder: Path, more: str = "") -> Loaded:
    path = folder / "odrc.yaml"
    path.write_text(
        "pack: kz\nworkspace: space\noperator: {name: T, contact: t@example.org, about_url: https://crawl.example/}\n"
        f"agencies: [{{id: one, names: {{en: One}}, sites: [https://one.example/]}}]\n{more}\n",
        encoding="utf-8",
    )
    return load(path)
