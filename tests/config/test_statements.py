from __future__ import annotations

from collections import Counter

from config.indicators import indicators
from config.statements import statements


def test_every_statement_of_the_assessment_is_there() -> None:
    found = statements()
    assert len(found) == 207
    assert Counter(item.mark for item in found.values()) == {None: 89, "+": 78, "-": 36, "0": 4}
    assert Counter(item.observable for item in found.values()) == {"no": 105, "partly": 59, "yes": 43}


def test_statements_and_indicators_name_each_other() -> None:
    named = {(item.id, name) for item in statements().values() for name in item.indicators}
    assert {name for _, name in named} <= set(indicators())
    assert {(used, item.id) for item in indicators().values() for used in item.used_by} == named


def test_what_only_a_person_can_judge_is_served_by_no_indicator() -> None:
    assert [item.id for item in statements().values() if item.observable == "no" and item.indicators] == []
