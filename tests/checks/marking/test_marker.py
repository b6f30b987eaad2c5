from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from checks.findings import Finding, Responsible, SubjectKind, SubjectRef
from checks.marking.night import MOST_EVIDENCE, Known, Marker
from checks.marks import Counts, Mark
from checks.registry import Rule
from config.model import Agency
from config.pack import IndicatorParams, Pack, Profile
from tests.checks.lab import NIGHT
from tests.checks.marking.support import NA, NO, F, P, Past, U, finding, findings

AGENCIES = tuple(
    Agency.model_validate({"id": name, "names": {"en": name}, "roles": roles})
    for name, roles in {"good": ["central"], "other": ["central"], "unseen": ["regional"]}.items()
)


def a_rule(name: str, *indicators: str, version: int = 1) -> Rule:
    return Rule(name, version, indicators, SubjectKind.PAGE, frozenset(), "not_observed", lambda *_: None, "A rule.")


def marker(pack: Pack, *rules: Rule, known: Known | None = None) -> Marker:
    plain = Known(
        {"good": 0.5}, frozenset({"good", "other"}), {f"capture-{n}": NIGHT - timedelta(days=n) for n in range(9)}
    )
    return Marker(pack, rules or (a_rule("LANG-01", "lang_coverage"),), AGENCIES, Past(), known or plain, NIGHT)


def of(marks: tuple[Mark, ...], agency: str | None, profile: str = "assessment_2014", **given: Any) -> Mark:
    wanted = {"agency": agency, "profile": profile, "group": None, **given}
    (found,) = [mark for mark in marks if all(getattr(mark, key) == value for key, value in wanted.items())]
    return found


def test_every_agency_gets_a_mark_in_every_profile(pack: Pack) -> None:
    marks = marker(pack).marks(findings({P: 9, F: 1, NA: 2, NO: 1}))
    assert [(mark.agency, mark.profile) for mark in marks if mark.agency] == [
        (agency.id, profile.id) for profile in pack.profiles for agency in AGENCIES
    ]
    good = of(marks, "good")
    assert (good.value, good.reason, good.interval) == ("+", "share_high", (0.9, 0.9))
    assert good.counts == Counts(9, 1, 0, 2, 1)
    assert (good.coverage, good.evidence_age, good.rules) == (0.5, 8, ("LANG-01@1",))
    assert len(good.evidence) == 10
    unseen = of(marks, "unseen")
    assert (unseen.value, unseen.reason, unseen.coverage, unseen.evidence) == (None, "not_observed", None, ())


def test_profiles_read_the_same_findings_differently(pack: Pack) -> None:
    marks = marker(pack).marks(findings({F: 9}))
    assert of(marks, "good").value == "-"
    unread = of(marks, "good", "order_124_2025")
    assert (unread.value, unread.reason) == ("0", "basis_unverified")


def test_exhaustion_is_each_agencys_own(pack: Pack) -> None:
    found = [*findings({P: 4}), *findings({P: 4}, agency="unseen")]
    marks = marker(pack).marks(found)
    assert of(marks, "good").value == "+"
    assert of(marks, "unseen").reason == "too_few"


def test_one_rule_may_serve_several_indicators_and_several_rules_one(pack: Pack) -> None:
    rules = (a_rule("LANG-01", "lang_coverage", "lang_quality"), a_rule("LANG-02", "lang_quality", version=3))
    found = [*findings({P: 2}), *findings({F: 2}, rule="LANG-02", version=3)]
    marks = marker(pack, *rules).marks(found)
    assert of(marks, "good", indicator="lang_coverage").counts == Counts(2)
    quality = of(marks, "good", indicator="lang_quality")
    assert (quality.counts, quality.rules) == (Counts(2, 2), ("LANG-01@1", "LANG-02@3"))


def test_the_country_comes_from_the_agencies_marks(pack: Pack) -> None:
    found = [item for agency in ("good", "other", "unseen") for item in findings({P: 9}, agency=agency)]
    marks = marker(pack, known=Known({}, frozenset({"good", "other", "unseen"}), {})).marks(found)
    assert (of(marks, None).value, of(marks, None).counts) == ("+", Counts(3))
    assert of(marks, None, group="regional").value == "+"
    partly = marker(pack).marks(found[:9])
    assert of(partly, None).reason == "country_too_few"


@pytest.mark.parametrize(
    ("indicator", "responsible"),
    [("metadata_standard", Responsible.PORTAL_OWNER), ("mobile_version", Responsible.PLATFORM_OWNER)],
)
def test_portals_and_bodies_get_marks_only_where_something_was_asked(
    pack: Pack, indicator: str, responsible: Responsible
) -> None:
    rule = a_rule("META-01", indicator)
    assert marker(pack, rule).marks([]) == ()
    marks = marker(pack, rule).marks(findings({F: 3}, rule="META-01", responsible=responsible))
    assert {mark.agency for mark in marks} == {"good"}
    assert of(marks, "good").reason != "inherited"
    assert of(marks, "good").value == "-"


def test_a_country_indicator_is_marked_once(pack: Pack) -> None:
    rule = a_rule("KEY-01", "key_datasets")
    marks = marker(pack, rule).marks(findings({P: 19}, rule="KEY-01", agency=None, scope=None))
    country = of(marks, None)
    assert (country.indicator, country.counts, country.group) == ("key_datasets", Counts(19), None)
    assert len(marks) == len(pack.profiles)


def test_what_others_must_mend_is_no_agencys_minus(pack: Pack) -> None:
    marks = marker(pack).marks(findings({F: 9}, responsible=Responsible.PLATFORM_OWNER))
    assert (of(marks, "good").value, of(marks, "good").reason) == (None, "inherited")


def test_evidence_is_bounded_sorted_and_its_age_is_the_oldest(pack: Pack) -> None:
    found: list[Finding] = [finding(P, number) for number in range(250)]
    mark = of(marker(pack).marks(found), "good")
    assert len(mark.evidence) == MOST_EVIDENCE
    assert list(mark.evidence) == sorted(mark.evidence)
    assert mark.evidence_age == 8
    assert mark.counts.passed == 250


def test_the_same_findings_in_another_order_give_the_same_marks(pack: Pack) -> None:
    found = findings({P: 4, F: 3, U: 2, NO: 1})
    assert marker(pack).marks(found) == marker(pack).marks(reversed(found))


def test_a_single_profile_pack(pack: Pack) -> None:
    profile = Profile(
        id="strict", names={"en": "Strict"}, basis="test", source="test", defaults=IndicatorParams(plus=1, minus=0)
    )
    marks = marker(pack.model_copy(update={"profiles": (profile,)})).marks(findings({P: 9, F: 1}))
    assert of(marks, "good", "strict").value == "0"


def about(kind: SubjectKind, name: str) -> Finding:
    return finding(P, subject=SubjectRef(kind, name))


@pytest.mark.parametrize(
    ("found", "sites", "portals", "reason"),
    [
        ([about(SubjectKind.SCOPE, "https://good.kz/")], False, (), "share_high"),
        ([about(SubjectKind.PAGE, "GET https://good.kz/")], False, (), "too_few"),
        ([about(SubjectKind.PAGE, "GET https://good.kz/")], True, (), "share_high"),
        ([about(SubjectKind.DATASET, "data:a")], True, (), "too_few"),
        ([about(SubjectKind.DATASET, "data:a")], False, ("data",), "share_high"),
        ([about(SubjectKind.DATASET, "data:a"), about(SubjectKind.DATASET, "maps:b")], True, ("data",), "too_few"),
        ([about(SubjectKind.DATASET, "data:a"), about(SubjectKind.FILE, "GET f")], True, ("data",), "share_high"),
        ([about(SubjectKind.DATASET, "data:a"), about(SubjectKind.FILE, "GET f")], False, ("data",), "too_few"),
        ([about(SubjectKind.PORTAL, "data"), about(SubjectKind.SCOPE, "https://good.kz/")], False, (), "share_high"),
    ],
)
def test_each_kind_of_subject_is_exhausted_in_its_own_way(
    pack: Pack, found: list[Finding], sites: bool, portals: tuple[str, ...], reason: str
) -> None:
    known = Known({}, frozenset({"good"} if sites else ()), {}, frozenset(portals))
    assert of(marker(pack, known=known).marks(found), "good").reason == reason
