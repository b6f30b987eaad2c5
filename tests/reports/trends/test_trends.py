"""Courses and differences: what counts, what does not, and when figures cannot be held against each other."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from click.testing import Result
from report_country import NIGHT, assessment, mark, record, settings
from typer.testing import CliRunner

from checks.marks import Counts, Mark, MarkValue
from config.model import Agency, Duty
from reports import trends
from reports.cli import mount
from reports.ledger import Cause, Layer, Ledger, MarkChange, Step
from reports.trends.course import Line, duties_of, trend_of
from reports.trends.documents import Moved, TrendDocument
from reports.trends.lineage import heir_of, line_of

VALUES = {"+": MarkValue.PLUS, "-": MarkValue.MINUS, "0": MarkValue.ZERO, ".": None}
REASONS = {"+": "share_high", "-": "share_low", "0": "mixed", ".": "too_few"}
BODIES = (
    Agency.model_validate({"id": "old", "names": {"en": "Old"}, "successors": ["new"], "valid_to": "2026-11-25"}),
    Agency.model_validate({"id": "new", "names": {"en": "New"}, "predecessors": ["old"], "valid_from": "2026-11-26"}),
)


def day(number: int) -> date:
    return NIGHT + timedelta(days=number)


def marked(value: str, agency: str = "new", observed: int = 10, rules: tuple[str, ...] = ("LANG-01@1",)) -> Mark:
    passed = observed if value == "+" else 0
    counts = Counts(passed=passed, failed=observed - passed)
    return mark(agency, "lang_coverage", VALUES[value], REASONS[value], counts=counts, rules=rules)


def written(folder: Path, nights: list[list[Mark]]) -> Ledger:
    ledger = Ledger(folder / "ledger.sqlite")
    for number, marks in enumerate(nights):
        record(ledger, assessment(day(number), findings=(), marks=tuple(marks)), number)
    return ledger


def trend(folder: Path, nights: list[list[Mark]], **given: Any) -> TrendDocument:
    with written(folder, nights) as ledger:
        courses = tuple((name, course) for name in ("old", "new") for course in ledger.courses(name))
        return trend_of(Line(courses, ledger.nights(), **given))


def simple(folder: Path, values: str, **given: Any) -> TrendDocument:
    return trend(folder, [[marked(value)] for value in values], **given)


def test_only_nights_with_a_mark_count(tmp_path: Path) -> None:
    told = simple(tmp_path, "+.-+.0")
    assert (told.nights, told.unobserved, told.compliance.met, told.compliance.over) == (6, 2, 2, 4)


def test_only_nights_count_on_which_the_duty_was_in_force(tmp_path: Path) -> None:
    duty = Duty(id="d", indicators=("lang_coverage",), law="L", article="1", verified=True, valid_from=day(2))
    told = simple(tmp_path, "--++", duties=(duty,))
    assert (told.compliance.met, told.compliance.over, told.compliance.duty) == (2, 2, "d")


def test_duties_that_bind_the_body() -> None:
    plain = {"indicators": ("lang_coverage",), "law": "L", "article": "1"}
    central = Duty(id="a", verified=True, roles=("central",), **plain)
    regional = Duty(id="b", verified=True, roles=("regional",), **plain)
    unverified = Duty(id="c", verified=False, **plain)
    assert [item.id for item in duties_of(BODIES[0], (central, regional, unverified), "lang_coverage")] == ["a"]
    assert duties_of(BODIES[0], (central,), "open_licence") == ()


@pytest.mark.parametrize(
    ("values", "since", "fixed"),
    [
        ("+--", 1, ()),
        ("-.-", 0, ()),
        (".-.", 1, ()),
        ("--+", None, (2,)),
        ("-0-", 2, (1,)),
        ("-+-+-", 4, (1, 1)),
        ("++", None, ()),
    ],
)
def test_since_when_it_fails_and_how_long_it_took_to_mend(
    tmp_path: Path, values: str, since: int | None, fixed: tuple[int, ...]
) -> None:
    told = simple(tmp_path, values)
    assert told.failing_since == (None if since is None else day(since))
    assert told.days_to_fix == fixed


def test_a_change_of_method_or_denominator_is_told(tmp_path: Path) -> None:
    nights = [[marked("+")], [marked("-", rules=("LANG-01@2",))], [marked("+", observed=30, rules=("LANG-01@2",))]]
    told = trend(tmp_path, nights)
    assert [item.moved for item in told.stretches] == [
        (),
        (Moved("method", "LANG-01@1", "LANG-01@2"),),
        (Moved("denominator", "10", "30"),),
    ]


def test_a_successor_inherits_no_minus(tmp_path: Path) -> None:
    told = trend(tmp_path, [[marked("-", "old")], [marked("-", "old")], [marked("-")], [marked("-")]])
    assert [(item.of, item.mark, item.nights) for item in told.stretches] == [("old", "-", 2), ("new", "-", 2)]
    assert told.failing_since == day(2)
    assert told.stretches[1].moved == (Moved("lineage", "old", "new"),)


def test_lines_of_bodies() -> None:
    assert line_of("new", BODIES) == ("old", "new")
    circle = tuple(item.model_copy(update={"predecessors": ("old", "new")}) for item in BODIES)
    assert set(line_of("new", circle)) == {"old", "new"}
    assert heir_of("old", BODIES, frozenset({"new"})) == "new"
    assert heir_of("old", BODIES, frozenset()) is None


def difference(before: list[Mark], after: list[Mark], *changes: MarkChange) -> trends.DiffDocument:
    return trends.diff((day(0), day(1)), before, after, changes, BODIES)


def test_equal_marks_are_only_counted() -> None:
    assert (difference([marked("+")], [marked("+")]).same, difference([marked("+")], [marked("+")]).lines) == (1, ())


def test_what_changed_is_told_with_its_cause() -> None:
    steps = (Step(Cause.SITE, "-", "share_low"),)
    change = MarkChange(day(1), day(0), "new", None, "lang_coverage", "assessment_2014", "-", "share_low", steps)
    (line,) = difference([marked("+")], [marked("-")], change).lines
    assert (line.before.mark, line.after.mark, line.causes, line.moved) == ("+", "-", (Cause.SITE,), ())


def test_the_same_value_by_another_method_or_number_is_told_as_not_comparable() -> None:
    (line,) = difference([marked("+")], [marked("+", observed=4, rules=("LANG-01@2",))]).lines
    assert [item.kind for item in line.moved] == ["method", "denominator"]


def test_a_body_that_went_is_held_against_its_successor() -> None:
    (line,) = difference([marked("-", "old")], [marked("+")]).lines
    assert (line.agency, line.before.of, line.after.of, line.moved[0].kind) == ("new", "old", "new", "lineage")


def test_marks_that_came_or_went() -> None:
    (came,) = difference([], [marked("+")]).lines
    (went,) = difference([marked("+", "old")], []).lines
    assert (came.before.reason, came.after.mark, went.before.mark, went.after.reason) == (None, "+", "+", None)


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Result]:
    """An installation whose ledger holds three nights of two bodies of the settings."""
    told = settings(tmp_path / "space").model_dump(mode="json", exclude_defaults=True)
    path = tmp_path / "odrc.yaml"
    path.write_text(yaml.safe_dump({**told, "pack": "kz", "workspace": str(tmp_path / "space")}), encoding="utf-8")
    (tmp_path / "space").mkdir()
    nights = [[marked(value, "finance"), marked("+", "health")] for value in "+-+"]
    written(tmp_path / "space", nights).close()
    app = typer.Typer()
    mount(app)

    def invoke(*words: str) -> Result:
        return CliRunner(env={"LANG": "en_US.UTF-8"}).invoke(app, [*words, "-c", str(path)])

    return invoke


def test_diff_of_the_last_two_nights(run: Callable[..., Result]) -> None:
    told = json.loads(run("diff", "--format", "json").stdout)
    assert (told["before"], told["after"], told["same"]) == (str(day(1)), str(day(2)), 1)
    assert [(item["agency"], item["before"]["mark"], item["after"]["mark"]) for item in told["lines"]] == [
        ("finance", "-", "+")
    ]


def test_diff_in_words(run: Callable[..., Result]) -> None:
    said = run("diff", "--from", str(day(0)), "--language", "en").stdout
    assert "2 marks the same, 0 otherwise" in said


def test_trend_in_words_and_as_a_document(run: Callable[..., Result]) -> None:
    said = run("trend", "finance", "lang_coverage", "--language", "en")
    assert said.exit_code == 0
    assert "criterion met on 2 of 3 nights" in said.stdout
    assert "days until mended: 1" in said.stdout
    (told,) = json.loads(run("trend", "finance", "--format", "json").stdout)
    assert [item["mark"] for item in told["stretches"]] == ["+", "-", "+"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("diff", "--from", "2026-11-25", "--to", "2026-11-24"), "not before"),
        (("diff", "--from", "yesterday"), "not a date"),
        (("trend", "nobody"), "no agency"),
        (("trend", "finance", "open_licence"), "carries no mark"),
    ],
)
def test_what_cannot_be_told_is_said(run: Callable[..., Result], words: tuple[str, ...], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr


def test_published_nights_alone_are_told(tmp_path: Path) -> None:
    with written(tmp_path, [[marked("+")]]) as ledger:
        assert ledger.nights(Layer.RESTATED) == ()
        assert [item.value for item in ledger.courses("new")[0].marks] == ["+"]
