"""What the office decided, as alerts see it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from office_desk import PACK, bench, night
from report_country import NIGHT, mark

from checks.marks import MarkValue
from reports.alerts.core import alerts_of
from reports.alerts.gather import view_of
from reports.alerts.model import Alert, Kind

VALUES = {"+": MarkValue.PLUS, "-": MarkValue.MINUS}


def day(number: int) -> date:
    return NIGHT + timedelta(days=number)


def told(folder: Path, values: str, *, until: int | None, adopt: bool = False) -> tuple[Alert, ...]:
    """Return the alerts of the last night, when somebody overrode (or adopted) the first night's mark."""
    desk = bench(folder)
    marks = [mark("finance", "lang_coverage", VALUES[value], "r") for value in values]
    last = day(len(values) - 1)
    with desk.ledger as ledger:
        for number, one in enumerate(marks):
            night(ledger, day(number), (one,), findings=())
        if adopt:
            desk.adopt(marks[:1], day(0), "p1")
        if until is not None:
            desk.override(marks[0], day(0), MarkValue.PLUS, day(until), "The page says so.", "p1")
        view = view_of(ledger, desk.settings, PACK, list(ledger.nights()), last)
    return alerts_of(view, desk.settings, PACK, last)


@pytest.mark.parametrize(
    ("until", "adopt", "kinds"),
    [
        (None, False, [Kind.MARK_WORSE]),
        (None, True, [Kind.MARK_WORSE]),
        (30, False, []),
        (5, False, [Kind.DUE]),
        (2, False, [Kind.DUE]),
        (1, False, [Kind.MARK_WORSE, Kind.DUE]),
    ],
)
def test_an_override_counts_and_an_adoption_silences_nothing(
    tmp_path: Path, until: int | None, adopt: bool, kinds: list[Kind]
) -> None:
    found = told(tmp_path, "++--", until=until, adopt=adopt)
    assert [item.kind for item in found] == kinds
    days = [item.day for item in found if item.kind is Kind.DUE]
    assert days == ([day(until)] if until in (1, 2, 5) else [])
