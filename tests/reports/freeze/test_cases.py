"""Contests exported as test cases need a real archive, as frozen periods do."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from frozen_country import NIGHT, Country
from jsonschema import Draft202012Validator, FormatChecker

from checks.contested import CAPTURES, CASE, read_case, replay
from checks.findings import Outcome
from checks.marks import Mark, MarkValue
from checks.registry import Rule, all_rules
from config.errors import ConfigError
from crawler.archive.layout import ArchiveError
from reports.analysts.acts import ContestOutcome
from reports.analysts.cases import write_case
from reports.analysts.contests import Objection, acknowledge, decide, open_contest
from reports.analysts.effective import effective

SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "case.schema.json"


def corrected(here: Country, outcome: ContestOutcome = ContestOutcome.CORRECTED) -> str:
    """Return a contest about what LIC-01 said of the footer, decided for the agency."""
    mark: Mark = here.bench.ledger.marks(NIGHT, agency="good", indicator="copyright_notice", profile="assessment_2014")[
        0
    ]
    assert mark.value is MarkValue.ZERO
    name = open_contest(here.bench, effective(mark, here.bench.state(), NIGHT), Objection(NIGHT, NIGHT, "No."), "p1")
    acknowledge(here.bench, name, "p1")
    value = MarkValue.PLUS if outcome is ContestOutcome.CORRECTED else None
    decide(here.bench, name, outcome, "a link is no condition", "p1", value=value)
    return name


def test_a_correction_becomes_a_case_that_bites(here: Country, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = write_case(here.bench, corrected(here), tmp_path / "cases")
    told = json.loads((place / CASE).read_text(encoding="utf-8"))
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")), format_checker=FormatChecker())
    assert list(validator.iter_errors(told)) == []
    case = read_case(place)
    assert (case.contest, case.said, case.mark, case.indicator, case.replayed) == (
        "2026-001", "0", "+", "copyright_notice", True,
    )  # fmt: skip
    assert {(item.rule, item.outcome) for item in case.wrong} == {("LIC-01", Outcome.UNCLEAR)}
    assert all(one.sha256 for item in case.wrong for one in item.captures)
    assert len(replay(case, place / CAPTURES, here.bench.pack)) == len(case.wrong)  # the rule is not mended yet
    rule = all_rules()["LIC-01"]

    def mended(self: Rule, *args: object) -> object:
        return () if self is rule else original(self, *args)

    original = Rule.__call__
    monkeypatch.setattr(Rule, "__call__", mended)
    assert replay(case, place / CAPTURES, here.bench.pack) == ()


def test_a_case_is_written_once_and_of_what_was_wrong(here: Country, tmp_path: Path) -> None:
    rejected = corrected(here, ContestOutcome.REJECTED)
    with pytest.raises(ConfigError, match="is rejected; accepted: one that is upheld or corrected"):
        write_case(here.bench, rejected, tmp_path)
    upheld = corrected(here, ContestOutcome.UPHELD)
    with pytest.raises(ConfigError, match="no finding ffff"):
        write_case(here.bench, upheld, tmp_path, ("f" * 32,))
    one = next(item for item in here.told.findings if item.rule == "LIC-01")
    place = write_case(here.bench, upheld, tmp_path, (one.id,))
    assert [item.finding for item in read_case(place).wrong] == [one.id]
    assert read_case(place).mark is None
    with pytest.raises(ConfigError, match="exists already"):
        write_case(here.bench, upheld, tmp_path)


def test_a_case_whose_captures_do_not_show_the_error_says_so(here: Country, tmp_path: Path) -> None:
    place = write_case(here.bench, corrected(here), tmp_path)
    case = read_case(place)
    other = msgspec.structs.replace(case.wrong[0], rule="LIC-02")
    assert replay(msgspec.structs.replace(case, wrong=(other,)), place / CAPTURES, here.bench.pack) == ()
    with pytest.raises((ArchiveError, FileNotFoundError)):
        replay(case, place / "none.wacz", here.bench.pack)
