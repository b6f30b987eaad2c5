"""Each way of summing up, by the general rules of marking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.findings import Outcome, Responsible
from checks.marking.summaries import decide
from checks.marks import Counts
from config.indicators import Sum
from tests.checks.marking.support import NA, NO, F, P, U, finding, findings, question

Table = list[tuple[Mapping[Outcome, int], bool, str | None, str]]

SHARE: Table = [
    # exhausted: exact, and no minimum
    ({P: 10}, True, "+", "share_high"),
    ({P: 1}, True, "+", "share_high"),
    ({P: 9, F: 1}, True, "+", "share_high"),
    ({P: 8, F: 2}, True, "0", "mixed"),
    ({P: 6, F: 4}, True, "0", "mixed"),
    ({P: 5, F: 5}, True, "-", "share_low"),
    ({F: 1}, True, "-", "share_low"),
    # unclear bounds: all failing below, all passing above
    ({P: 9, U: 1}, True, "+", "share_high"),
    ({P: 8, U: 2}, True, "0", "dual"),
    ({F: 6, U: 4}, True, "-", "share_low"),
    ({P: 5, U: 5}, True, "0", "dual"),
    ({U: 5}, True, "0", "dual"),
    # a sample: the whole interval must lie beyond a threshold
    ({P: 2}, False, None, "too_few"),
    ({P: 1, F: 1}, False, None, "too_few"),
    ({P: 10}, False, None, "undecided_sample"),
    ({P: 60}, False, "+", "share_high"),
    ({F: 60}, False, "-", "share_low"),
    ({P: 10, F: 10}, False, None, "undecided_sample"),
    ({P: 70, F: 30}, False, "0", "mixed"),
    ({P: 90, F: 10}, False, None, "undecided_sample"),
    # what was not seen stays outside
    ({P: 10, NO: 50}, True, "+", "share_high"),
    ({P: 1, NA: 50}, True, "+", "share_high"),
    ({NO: 5}, True, None, "unreachable"),
    ({NA: 5}, True, None, "not_applicable"),
    ({NA: 5, NO: 1}, True, None, "unreachable"),
    ({}, True, None, "not_observed"),
]
EXISTS: Table = [
    ({P: 1}, True, "+", "exists"),
    ({P: 1, F: 9, U: 2, NO: 3}, False, "+", "exists"),
    ({U: 1, F: 9}, True, "0", "dual"),
    ({F: 1}, True, "-", "absent"),
    ({F: 2, NA: 3}, True, "-", "absent"),
    ({F: 1, NO: 1}, True, None, "unreachable"),  # it may stand where nobody could look
    ({NO: 2}, True, None, "unreachable"),
    ({NA: 1}, True, None, "not_applicable"),
    ({}, True, None, "not_observed"),
]
WORST: Table = [
    ({P: 3}, False, "+", "worst_pass"),
    ({P: 2}, False, None, "too_few"),
    ({P: 1}, True, "+", "worst_pass"),
    ({P: 100, F: 1}, False, "-", "worst_fail"),
    ({F: 1}, False, "-", "worst_fail"),  # an adverse thing seen needs no sample
    ({P: 100, U: 1}, False, "0", "worst_unclear"),
    ({U: 1}, False, "0", "worst_unclear"),
    ({P: 3, NO: 10}, False, "+", "worst_pass"),
    ({NO: 1}, True, None, "unreachable"),
    ({}, True, None, "not_observed"),
]
EVIDENCE: Table = [
    ({P: 3}, True, None, "evidence_only"),
    ({F: 3}, True, None, "evidence_only"),
    ({NO: 3}, True, None, "unreachable"),
]


@pytest.mark.parametrize(
    ("kind", "found", "exhausted", "value", "reason"),
    [(kind, *row) for kind, table in zip(
        (Sum.SHARE, Sum.EXISTS, Sum.WORST, Sum.EVIDENCE), (SHARE, EXISTS, WORST, EVIDENCE), strict=True
    ) for row in table],
)  # fmt: skip
def test_ways(kind: Sum, found: Mapping[Outcome, int], exhausted: bool, value: str | None, reason: str) -> None:
    decision = decide(kind, question(findings(found), exhausted=exhausted))
    assert (decision.value, decision.reason) == (value, reason)


@pytest.mark.parametrize(("kind", "found"), [(Sum.SHARE, {F: 9}), (Sum.EXISTS, {F: 1}), (Sum.WORST, {F: 1})])
def test_a_minus_on_an_unverified_threshold_is_a_zero(kind: Sum, found: Mapping[Outcome, int]) -> None:
    assert decide(kind, question(findings(found))).value == "-"
    decision = decide(kind, question(findings(found), verified=False))
    assert (decision.value, decision.reason) == ("0", "basis_unverified")
    assert len(decision.deciding) == sum(found.values())


def test_a_plus_on_an_unverified_threshold_stays() -> None:
    assert decide(Sum.SHARE, question(findings({P: 9}), verified=False)).value == "+"


@pytest.mark.parametrize("kind", list(Sum))
def test_what_others_must_mend_is_inherited(kind: Sum) -> None:
    shared = findings({F: 9, P: 2, U: 1}, responsible=Responsible.PLATFORM_OWNER)
    decision = decide(kind, question(shared))
    assert (decision.value, decision.reason, len(decision.deciding)) == (None, "inherited", 12)
    own = (*shared, *findings({P: 3}, measures={"dates": ["2026-11-16", "2026-11-10"], "kinds": ["news"]}))
    assert decide(kind, question(own)).value == (None if kind is Sum.EVIDENCE else "+")


def test_a_portals_mark_speaks_of_what_its_owner_must_mend() -> None:
    found = question(findings({F: 3}, responsible=Responsible.PORTAL_OWNER))
    assert decide(Sum.EXISTS, found).reason == "inherited"
    owner = type(found)(**{**vars(found), "mends": frozenset(Responsible)})
    assert decide(Sum.EXISTS, owner).value == "-"


def test_the_commonest_reason_is_told() -> None:
    mixed = [finding(NO, 1, reason="robots"), finding(NO, 2, reason="timeout"), finding(NO, 3, reason="timeout")]
    assert decide(Sum.SHARE, question(mixed)).reason == "timeout"
    assert decide(Sum.SHARE, question(mixed[:2])).reason == "robots"  # a tie: the first in the alphabet


@pytest.mark.parametrize(
    ("found", "exhausted", "bounds"),
    [({P: 8, U: 2}, True, (0.8, 1.0)), ({P: 1, F: 3}, True, (0.25, 0.25)), ({P: 10}, False, (0.6915, 1.0))],
)
def test_the_interval_is_shown(found: Mapping[Outcome, int], exhausted: bool, bounds: tuple[float, float]) -> None:
    assert decide(Sum.SHARE, question(findings(found), exhausted=exhausted)).interval == pytest.approx(bounds, abs=1e-4)


def test_thresholds_left_out_are_all_and_nothing() -> None:
    assert decide(Sum.SHARE, question(findings({P: 9, F: 1}), plus=None, minus=None)).value == "0"
    assert decide(Sum.SHARE, question(findings({P: 9}), plus=None, minus=None)).value == "+"
    assert decide(Sum.SHARE, question(findings({F: 9}), plus=None, minus=None)).value == "-"


def test_counts() -> None:
    assert question(findings({P: 1, F: 2, U: 3, NA: 4, NO: 5})).counts() == Counts(1, 2, 3, 4, 5)
    assert Counts(1, 2, 3, 4, 5).observed == 6


def test_counts_are_of_what_the_mark_speaks_of() -> None:
    own, platform = findings({P: 2, F: 1}), findings({F: 9, U: 1}, responsible=Responsible.PLATFORM_OWNER)
    asked = question((*own, *platform))
    assert asked.counts() == Counts(2, 1, 0, 0, 0)
    assert type(asked)(**{**vars(asked), "mends": frozenset(Responsible)}).counts() == Counts(2, 10, 1, 0, 0)


_OUTCOMES = st.lists(st.sampled_from(list(Outcome)), max_size=40)
_MARKED = [kind for kind in Sum if kind is not Sum.EVIDENCE]


@given(st.sampled_from(_MARKED), _OUTCOMES, st.booleans())
def test_no_worse(kind: Sum, outcomes: list[Outcome], exhausted: bool) -> None:
    """Removing all that was published leaves nothing seen: no mark, and so never a better one."""
    removed = [finding(NO, 0, reason="no_dated_list")]
    assert decide(kind, question(removed, exhausted=exhausted)).value is None
    assert decide(kind, question([], exhausted=exhausted)).value is None
    assert decide(kind, question(findings(outcomes), exhausted=exhausted)).reason


@given(_OUTCOMES, st.booleans(), st.data())
def test_hiding_what_is_there_never_makes_it_exist(
    outcomes: list[Outcome], exhausted: bool, data: st.DataObject
) -> None:
    kept = data.draw(st.lists(st.sampled_from(outcomes), max_size=len(outcomes))) if outcomes else []
    kept = [item for item in kept if kept.count(item) <= outcomes.count(item)]
    whole = decide(Sum.EXISTS, question(findings(outcomes), exhausted=exhausted)).value
    part = decide(Sum.EXISTS, question(findings(kept), exhausted=exhausted)).value
    if part == "+":
        assert whole == "+"


@given(_OUTCOMES.filter(lambda found: F in found), st.booleans())
def test_only_the_worst_improves_by_removing_a_restriction(outcomes: list[Outcome], exhausted: bool) -> None:
    assert decide(Sum.WORST, question(findings(outcomes), exhausted=exhausted)).value == "-"
    without = decide(Sum.WORST, question(findings([item for item in outcomes if item is not F]), exhausted=exhausted))
    assert without.value != "-"


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.booleans())
def test_a_better_finding_never_worsens_a_share(passed: int, failed: int, unclear: int, exhausted: bool) -> None:
    order = {"-": 0, "0": 1, None: 1, "+": 2}
    before = decide(Sum.SHARE, question(findings({P: passed, F: failed + 1, U: unclear}), exhausted=exhausted))
    after = decide(Sum.SHARE, question(findings({P: passed + 1, F: failed, U: unclear}), exhausted=exhausted))
    assert order[before.value] <= order[after.value]


@given(st.sampled_from(_MARKED), _OUTCOMES, st.booleans(), st.booleans())
def test_zero_and_minus_rest_on_evidence_seen(
    kind: Sum, outcomes: list[Outcome], exhausted: bool, verified: bool
) -> None:
    decision = decide(kind, question(findings(outcomes), exhausted=exhausted, verified=verified))
    if decision.value is not None:
        assert any(item.outcome in (P, F, U) for item in decision.deciding)
    if decision.value == "-":
        assert verified
        assert any(item.outcome is F for item in decision.deciding)


@given(st.sampled_from(list(Sum)), _OUTCOMES, st.randoms())
def test_the_order_of_findings_makes_no_difference(kind: Sum, outcomes: list[Outcome], random: Any) -> None:
    found = list(findings(outcomes))
    shuffled = random.sample(found, len(found))
    first, second = decide(kind, question(found)), decide(kind, question(shuffled))
    assert (first.value, first.reason, first.interval) == (second.value, second.reason, second.interval)
    assert {item.id for item in first.deciding} == {item.id for item in second.deciding}


def test_a_profile_may_accept_the_formats_of_its_time() -> None:
    """A Word file fails by the strict reading and passes where the profile accepts the class that it meets."""
    words = (*findings({F: 3}, measures={"meets": ["rules-2007"]}), *findings({U: 1, P: 1, NO: 2}))
    strict, mild = question(words), question(words, accepts="rules-2007")
    assert (strict.counts(), mild.counts()) == (Counts(1, 3, 1, 0, 2), Counts(4, 0, 1, 0, 2))
    assert decide(Sum.SHARE, strict).value != decide(Sum.SHARE, question(words[:3], accepts="rules-2007")).value == "+"
    assert {item.id for item in mild.of(P)} >= {item.id for item in words[:3]}, (
        "the findings themselves stay as they are"
    )
    assert question(words, accepts="another").counts() == strict.counts()
