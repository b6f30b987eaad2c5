from __future__ import annotations

from datetime import date, timedelta

import pytest

from checks.marking.confirmed import NOTHING_HELD, Held, held_on
from checks.marking.summaries import decide
from config.discoveries import Discovery, DiscoveryKind
from config.indicators import Sum
from tests.checks.lab import NIGHT
from tests.checks.marking.support import KNOWN, NEWS, F, P, Past, finding, findings, question
from tests.checks.marking.test_cadence import WEEKLY, a_list, ago

SWITCH = Discovery(agency="good", kind=DiscoveryKind.LANGUAGE_SWITCH, value="none", by="analyst")


def late(held: Held, *names: str) -> tuple[str | None, str]:
    lists = [a_list(30, name=name) for name in names or ("news",)]
    past = Past(*((name, NIGHT - timedelta(days=1), ago(30)) for name in names or ("news",)))
    said = decide(Sum.CADENCE, question(lists, history=past, held=held, **WEEKLY))
    return said.value.value if said.value else None, said.reason


def test_a_late_list_gives_a_minus_only_once_a_person_named_it() -> None:
    assert late(KNOWN) == ("-", "stale")
    assert late(NOTHING_HELD) == ("0", "discovery_unconfirmed")
    assert late(KNOWN, "events") == ("0", "discovery_unconfirmed")  # another list was named
    assert late(KNOWN, "events", "news") == ("-", "stale")


@pytest.mark.parametrize(
    "line",
    [
        NEWS.model_copy(update={"agency": "other"}),
        NEWS.model_copy(update={"scope": "https://other.kz/"}),
        NEWS.model_copy(update={"kind": DiscoveryKind.TERMS_PAGE}),
    ],
)
def test_lines_of_others_do_not_count(line: Discovery) -> None:
    assert late(Held((line,))) == ("0", "discovery_unconfirmed")


def test_lines_hold_on_their_nights_alone() -> None:
    line = NEWS.model_copy(update={"valid_from": NIGHT, "valid_to": NIGHT + timedelta(days=2)})
    assert held_on(NIGHT, (line,), ()).lines == (line,)
    assert held_on(NIGHT - timedelta(days=1), (line,)) == NOTHING_HELD
    assert held_on(date.max, (), (line,)) == NOTHING_HELD


def absent(number: int, *more: object, held: Held) -> tuple[str | None, str]:
    missing = findings({F: number}, reason="required_language_missing")
    said = decide(Sum.SHARE, question((*missing, *more), held=held))  # type: ignore[arg-type]
    return said.value.value if said.value else None, said.reason


def test_absence_gives_a_minus_only_once_the_switch_was_confirmed() -> None:
    assert absent(9, held=Held((SWITCH,))) == ("-", "share_low")
    assert absent(9, held=NOTHING_HELD) == ("0", "discovery_unconfirmed")


def test_what_was_seen_needs_no_confirmation() -> None:
    wrong = [finding(F, 100 + number, reason="wrong_language") for number in range(9)]
    assert absent(2, *wrong, held=NOTHING_HELD) == ("-", "share_low")
    passed = [finding(P, 200 + number) for number in range(99)]
    assert absent(1, *passed, held=NOTHING_HELD) == ("+", "share_high")  # a `+` rests on nothing of the kind


def test_what_a_record_lacks_was_seen_in_the_record() -> None:
    lacking = findings({F: 7}, reason="required_language_missing", scope=None)
    assert decide(Sum.SHARE, question(lacking, held=NOTHING_HELD)).value == "-"


def test_an_unverified_threshold_goes_first() -> None:
    said = decide(
        Sum.SHARE, question(findings({F: 9}, reason="required_language_missing"), held=NOTHING_HELD, verified=False)
    )
    assert said.reason == "basis_unverified"
