from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from report_country import assessment, finding, mark, record

from checks.marks import Counts, Mark, MarkValue
from reports.ledger import Ledger
from reports.ledger.spans import Key, Place, Span, plan
from reports.ledger.tables import OPEN

FIRST = date(2026, 11, 1)
SECOND, THIRD = FIRST + timedelta(days=1), FIRST + timedelta(days=2)
NIGHTS = st.integers(0, 7).map(lambda number: FIRST + timedelta(days=number))
ITEMS = st.sets(st.integers(1, 4), max_size=4)
STORY = st.lists(st.tuples(NIGHTS, ITEMS), max_size=14)


def put(spans: list[Span], recorded: set[date], night: date, wanted: set[Key]) -> list[Span]:
    """Apply a plan to *spans* as the database would."""
    recorded.add(night)
    place = Place(
        night,
        max((d for d in recorded if d < night), default=None),
        min((d for d in recorded if d > night), default=None),
    )
    touching = [
        item
        for item in spans
        if item.first <= night <= item.last or item.last == place.before or item.first == place.after
    ]
    changes = plan(place, wanted, touching, "run")
    gone = {item.id for item in (*changes.drop, *changes.move)}
    fresh = [Span(item.item, item.first, item.last, item.run, max((s.id or 0 for s in spans), default=0) + place_no)
             for place_no, item in enumerate(changes.insert, 1)]  # fmt: skip
    return [item for item in spans if item.id not in gone] + changes.move + fresh


@given(STORY)
@settings(max_examples=400)
def test_spans_tell_every_night_as_it_was_last_recorded(story: list[tuple[date, set[int]]]) -> None:
    model: dict[date, set[Key]] = {}
    spans: list[Span] = []
    for night, numbers in story:
        model[night] = {(str(number),) for number in numbers}
        spans = put(spans, set(model), night, model[night])
    for night, wanted in model.items():
        assert {item.item for item in spans if item.first <= night <= item.last} == wanted
    nights = sorted(model)
    for span in spans:
        assert span.first in model
        assert span.last in {*nights[:-1], OPEN}, "a span that reaches the newest night is open"
        neighbours = {nights[nights.index(span.last) + 1]} if span.last != OPEN else set()
        assert not [item for item in spans if item.item == span.item and item.first in neighbours], "two spans meet"
    covered = [(item.item, night) for item in spans for night in nights if item.first <= night <= item.last]
    assert len(covered) == len(set(covered)), "two spans of one item overlap"


def marks_of(numbers: set[int]) -> tuple[Mark, ...]:
    """Return one mark whose value, reason and counts follow from *numbers*."""
    value = [MarkValue.PLUS, MarkValue.ZERO, None][len(numbers) % 3]
    counts = Counts(passed=sum(numbers))
    return (mark("finance", "lang_coverage", value, "mixed", counts=counts, evidence=tuple(map(str, sorted(numbers)))),)


@given(STORY)
@example([(FIRST, {1}), (SECOND, {1}), (THIRD, {1}), (FIRST, set()), (THIRD, set())])
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],  # each example has its own place
)
def test_ledger_tells_every_night_as_it_was_last_recorded(
    fresh: Callable[[], str], story: list[tuple[date, set[int]]]
) -> None:
    model: dict[date, set[int]] = {}
    with Ledger(fresh()) as ledger:
        for number, (night, items) in enumerate(story):
            model[night] = items
            told = assessment(night, findings=tuple(finding(item) for item in items), marks=marks_of(items))
            record(ledger, told, number)
        assert ledger.nights() == tuple(sorted(model))
        for night, items in model.items():
            assert {item.id: item for item in ledger.findings(night)} == {
                finding(item).id: finding(item) for item in items
            }
            assert ledger.marks(night) == marks_of(items)
        spans = ledger.marks_history("finance", "lang_coverage", "assessment_2014")
        said = {night: span for night in model for span in spans if span.first <= night <= span.last}
        assert {night: span.value for night, span in said.items()} == {
            night: marks_of(items)[0].value for night, items in model.items()
        }
        for day in range(8):
            night = FIRST + timedelta(days=day)
            assert night in model or ledger.findings(night) == ()
