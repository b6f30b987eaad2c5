from __future__ import annotations

import pytest

from checks.marking.country import country_marks
from checks.marks import Counts, Mark, MarkValue
from config.model import Agency
from config.pack import CountryThresholds

THRESHOLDS = CountryThresholds(plus=0.8, minus=0.5, observed=0.7)
SIGNS = {"+": MarkValue.PLUS, "-": MarkValue.MINUS, "0": MarkValue.ZERO}


def bodies(number: int, *roles: str) -> list[Agency]:
    return [
        Agency.model_validate({"id": f"{roles[0]}{n}", "names": {"en": "x"}, "roles": roles}) for n in range(number)
    ]


def marks(signs: str, role: str = "central", indicator: str = "lang_coverage", profile: str = "plain") -> list[Mark]:
    """One mark per sign: `+ - 0`, `.` for none, `x` for not applicable."""
    return [
        Mark(
            f"{role}{n}",
            indicator,
            profile,
            SIGNS.get(sign),
            "not_applicable" if sign == "x" else "reason",
            rules=("R@1",),
        )
        for n, sign in enumerate(signs)
    ]


@pytest.mark.parametrize(
    ("signs", "value", "reason"),
    [
        ("++++++++--", "+", "country_plus"),
        ("+++++++---", "0", "country_mixed"),
        ("+++++-----", "-", "country_minus"),
        ("++++00----", "0", "country_mixed"),
        ("0000000000", "0", "country_mixed"),
        ("+++++++...", "+", "country_plus"),  # 70 % observed
        ("++++++....", None, "country_too_few"),
        ("..........", None, "country_too_few"),
        ("xxxxxxxxxx", None, "not_applicable"),
        ("+++xxxxxxx", "+", "country_plus"),  # the rest does not apply
        ("+++.xxxxxx", "+", "country_plus"),
        ("++..xxxxxx", None, "country_too_few"),
        ("+", "+", "country_plus"),
    ],
)
def test_all_bodies(signs: str, value: str | None, reason: str) -> None:
    (everybody, group) = country_marks(marks(signs), bodies(len(signs), "central"), THRESHOLDS)
    assert (everybody.value, everybody.reason, everybody.agency, everybody.group) == (value, reason, None, None)
    assert (group.value, group.group) == (value, "central")


def test_it_is_shown_as_counts() -> None:
    mark = country_marks(marks("++-0..x"), bodies(7, "central"), THRESHOLDS)[0]
    assert mark.counts == Counts(passed=2, failed=1, unclear=1, not_applicable=1, not_observed=2)
    assert mark.coverage == pytest.approx(4 / 6)
    assert mark.rules == ("R@1",)
    assert mark.interval is None


def test_role_groups_stand_for_themselves() -> None:
    agencies = [*bodies(4, "central"), *bodies(4, "regional", "statistics")]
    found = country_marks([*marks("++++"), *marks("----", "regional")], agencies, THRESHOLDS)
    assert [(mark.group, mark.value) for mark in found] == [
        (None, "-"),
        ("central", "+"),
        ("regional", "-"),
        ("statistics", "-"),
    ]


def test_indicators_and_profiles_are_kept_apart_and_in_order() -> None:
    made = [*marks("+", indicator="b"), *marks("-", indicator="a"), *marks("0", indicator="a", profile="strict")]
    found = country_marks(made, bodies(1, "central"), THRESHOLDS)
    assert [(mark.indicator, mark.profile, mark.value) for mark in found if mark.group is None] == [
        ("a", "plain", "-"), ("a", "strict", "0"), ("b", "plain", "+"),
    ]  # fmt: skip


def test_bodies_that_are_not_in_the_register_do_not_count() -> None:
    assert country_marks(marks("++++", "stranger"), bodies(4, "central"), THRESHOLDS) == []
    assert country_marks([], bodies(4, "central"), THRESHOLDS) == []


def test_pluses_and_minuses_are_never_netted() -> None:
    """Equal differences, different marks: what counts are shares of the observed."""
    few = country_marks(marks("++++++----"), bodies(10, "central"), THRESHOLDS)[0]
    more = country_marks(marks("++00000000"), bodies(10, "central"), THRESHOLDS)[0]
    assert (few.value, more.value) == ("0", "0")
    assert few.counts != more.counts
