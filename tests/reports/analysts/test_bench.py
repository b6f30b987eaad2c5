from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from office_desk import Hands
from report_country import NIGHT, PACK, assessment, settings

from checks.marks import Mark, MarkValue
from config.errors import ConfigError
from reports.analysts.acts import Confidentiality, Source, SourceKind
from reports.analysts.bench import Bench
from reports.analysts.changes import What, changes
from reports.analysts.effective import Basis, Change, Effective, all_effective, effective
from reports.analysts.items import item_of
from reports.analysts.todo import Need, tasks

LATER = NIGHT + timedelta(days=30)
SOURCE = Source(SourceKind.LETTER, "Letter no. 1", date(2026, 10, 1), Confidentiality.RESTRICTED)


def counts(office: Bench, mark: Mark, night: date = NIGHT) -> Effective:
    return effective(mark, office.state(), night)


def other(mark: Mark, **changes_: Any) -> Mark:
    return msgspec.structs.replace(mark, **changes_)


def needs(office: Bench, mark: Mark, night: date = NIGHT, person: str | None = None) -> list[Need]:
    found = tasks([counts(office, mark, night)], office.state(), night, office.today, person)
    return [item.need for item in found if item.item.startswith("mark/")]


def test_from_proposed_to_reviewed(office: Bench, mark: Mark) -> None:
    assert (counts(office, mark).basis, counts(office, mark).waits) == (Basis.PROPOSED, True)
    assert needs(office, mark) == [Need.NEW]
    (entry,) = office.adopt([mark], NIGHT, "p1")
    one = counts(office, mark)
    assert (one.basis, one.value, one.reason, one.reviewed, one.waits) == (
        Basis.ADOPTED, MarkValue.MINUS, "share_low", False, False,
    )  # fmt: skip
    assert needs(office, mark, person="p1") == []  # nobody reviews their own
    assert needs(office, mark, person="p2") == [Need.TO_REVIEW]
    with pytest.raises(ConfigError, match="p1 decided this; accepted: a review by a second person"):
        office.review(entry.item, NIGHT, "p1", agrees=True)
    office.review(entry.item, NIGHT, "p3", agrees=True)
    assert counts(office, mark).reviewed
    assert needs(office, mark) == []


def test_the_same_proposal_is_adopted_once(office: Bench, mark: Mark) -> None:
    assert len(office.adopt(assessment().marks[:2], NIGHT, "p1")) == 2
    assert office.adopt([mark], NIGHT, "p2") == ()
    changed = other(mark, evidence=mark.evidence[1:])
    assert len(office.adopt([changed], NIGHT, "p2")) == 1


def test_another_adoption_asks_for_another_review(office: Bench, mark: Mark) -> None:
    (entry,) = office.adopt([mark], NIGHT, "p1")
    office.review(entry.item, NIGHT, "p3", agrees=True)
    office.adopt([other(mark, evidence=())], NIGHT, "p1")
    assert not counts(office, mark).reviewed


def test_a_second_person_may_disagree(office: Bench, mark: Mark) -> None:
    (entry,) = office.adopt([mark], NIGHT, "p1")
    with pytest.raises(ConfigError, match="needs a reason in words"):
        office.review(entry.item, NIGHT, "p3", agrees=False)
    office.review(entry.item, NIGHT, "p3", agrees=False, text="the pages are in Kazakh")
    assert not counts(office, mark).reviewed
    assert needs(office, mark) == [Need.DISPUTED]
    office.review(entry.item, NIGHT, "p2", agrees=True)
    assert needs(office, mark) == []


@pytest.mark.parametrize(
    ("changes_", "change", "need"),
    [
        ({"evidence": ("f" * 32,)}, Change.EVIDENCE, Need.EVIDENCE_CHANGED),
        ({"rules": ("LANG-01@2",)}, Change.EVIDENCE, Need.EVIDENCE_CHANGED),
        ({"value": MarkValue.PLUS}, Change.VALUE, Need.VALUE_CHANGED),
        ({"value": None, "reason": "blocked"}, Change.VALUE, Need.VALUE_CHANGED),
        ({"evidence_age": 9, "coverage": 0.1}, None, None),
    ],
)
def test_one_is_asked_again_when_the_evidence_changes(
    office: Bench, mark: Mark, changes_: dict[str, Any], change: Change | None, need: Need | None
) -> None:
    (entry,) = office.adopt([mark], NIGHT, "p1")
    office.review(entry.item, NIGHT, "p3", agrees=True)
    one = counts(office, other(mark, **changes_), NIGHT + timedelta(days=1))
    assert (one.value, one.basis, one.changed) == (MarkValue.MINUS, Basis.ADOPTED, change)
    assert needs(office, other(mark, **changes_)) == ([need] if need else [])


def test_an_override_counts_for_its_time(office: Bench, mark: Mark) -> None:
    office.adopt([mark], NIGHT, "p1")
    office.override(mark, NIGHT, MarkValue.ZERO, LATER, "a translation is under way", "p1")
    one = counts(office, mark)
    assert (one.value, one.basis, one.reason, one.text) == (
        MarkValue.ZERO, Basis.OVERRIDE, None, "a translation is under way",
    )  # fmt: skip
    assert one.proposed.value is MarkValue.MINUS
    assert counts(office, mark, LATER).basis is Basis.OVERRIDE
    after = counts(office, mark, LATER + timedelta(days=1))
    assert (after.basis, after.value) == (Basis.ADOPTED, MarkValue.MINUS)
    assert counts(office, mark, NIGHT - timedelta(days=1)).basis is Basis.PROPOSED
    assert Need.OVERRIDE_EXPIRES in needs(office, mark, LATER - timedelta(days=3))
    assert Need.OVERRIDE_EXPIRED in needs(office, mark, LATER + timedelta(days=1))
    assert Need.EVIDENCE_CHANGED in needs(office, other(mark, evidence=()))


def test_an_override_may_be_withdrawn(office: Bench, mark: Mark) -> None:
    office.override(mark, NIGHT, None, LATER, "under dispute", "p1")
    assert counts(office, mark).value is None
    ends = NIGHT + timedelta(days=2)
    office.withdraw(item_of(mark).key, ends, "settled", "p2")
    assert counts(office, mark, ends - timedelta(days=1)).basis is Basis.OVERRIDE
    assert counts(office, mark, ends).basis is Basis.PROPOSED
    assert needs(office, mark, LATER + timedelta(days=9)) == [Need.NEW]  # it did not run out


def test_what_people_said_is_listed_by_the_night_it_counts_from(office: Bench, mark: Mark) -> None:
    office.adopt([mark], NIGHT, "p1")
    office.override(mark, NIGHT + timedelta(days=1), MarkValue.ZERO, LATER, "why", "p2")
    found = changes(office.state(), NIGHT, LATER + timedelta(days=1))
    assert [(item.night, item.what, item.by) for item in found] == [
        (NIGHT, What.ADOPTED, "p1"),
        (NIGHT + timedelta(days=1), What.OVERRIDE_BEGAN, "p2"),
        (LATER + timedelta(days=1), What.OVERRIDE_ENDED, "p2"),
    ]


def test_the_country_follows_what_counts_for_its_agencies(office: Bench) -> None:
    marks = assessment().marks
    health = next(item for item in marks if (item.agency, item.indicator) == ("health", "lang_coverage"))

    def country() -> tuple[MarkValue | None, str, int]:
        found = all_effective(marks, office.state(), NIGHT, settings(), PACK)
        one = next(item for item in found if item.item == "mark///lang_coverage/assessment_2014")
        return one.value, one.proposed.reason, one.proposed.counts.failed

    assert country() == (MarkValue.MINUS, "country_minus", 1)
    office.override(health, NIGHT, MarkValue.MINUS, LATER, "why", "p1")
    assert country() == (MarkValue.MINUS, "country_minus", 2)
    finance = marks[0]
    for one in (finance, health):
        office.override(one, NIGHT, MarkValue.PLUS, LATER, "why", "p1")
    assert country() == (MarkValue.PLUS, "country_plus", 0)
    assert [item.value for item in all_effective(marks, office.state(), NIGHT, settings(), PACK)][-1] is None


def test_own_marks_of_statements(office: Bench) -> None:
    with pytest.raises(ConfigError, match="needs a source"):
        office.state_mark("SI-048", MarkValue.PLUS, "so it was said", (), "p1")
    with pytest.raises(ConfigError, match="no statement 'SI-1'"):
        office.state_mark("SI-1", MarkValue.PLUS, "so", (SOURCE,), "p1")
    before = [item.item for item in tasks((), office.state(), NIGHT, office.today) if item.need is Need.STATEMENT]
    assert "statement/SI-048" in before
    office.state_mark("SI-048", MarkValue.PLUS, "so it was said", (SOURCE,), "p1")
    found = tasks((), office.state(), NIGHT, office.today, "p3")
    assert [item.item for item in found if item.need is Need.TO_REVIEW] == ["statement/SI-048"]
    assert len([item for item in found if item.need is Need.STATEMENT]) == len(before) - 1
    office.review("statement/SI-048", office.today, "p3", agrees=True)
    decision = office.state().adopted("statement/SI-048", office.today)
    assert decision is not None
    assert decision.agreed_by == "p3"


def test_a_leavers_items_go_to_another(office: Bench, mark: Mark) -> None:
    office.adopt(assessment().marks[:4], NIGHT, "p1")
    office.assign(item_of(mark).key, "p2", "p1")
    items = office.leave("p1", "p2", "p4")
    assert len(items) == 3
    assert set(office.state().owners.values()) == {"p2"}
    with pytest.raises(ConfigError, match="p1 does not work here on 2026-11-24"):
        office.note(item_of(mark).key, "still here", "p1")
    decision = office.state().adopted(item_of(mark).key, NIGHT)
    assert decision is not None
    assert decision.entry.by == "p1"  # what was decided stays theirs
    office.review(item_of(mark).key, NIGHT, "p2", agrees=True)


Act = Callable[[Bench, Mark], object]


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda o, m: o.adopt([m], NIGHT, "p3"), "p3 is reviewer; accepted: somebody whose role is analyst or lead"),
        (lambda o, m: o.adopt([m], NIGHT, "p5"), "p5 does not work here on 2026-11-24"),
        (lambda o, m: o.adopt([m], NIGHT, "p9"), "no person 'p9'; known: p1, p2, p3, p4, p5"),
        (lambda o, m: o.override(m, NIGHT, None, NIGHT, "why", "p1"), "accepted: 2026-11-24 or a later day"),
        (lambda o, m: o.override(m, NIGHT, None, LATER, " ", "p1"), "an override needs a reason in words"),
        (lambda o, m: o.review(item_of(m).key, NIGHT, "p3", agrees=True), "there is nothing to review"),
        (lambda o, m: o.withdraw(item_of(m).key, NIGHT, "why", "p1"), "nothing is decided about"),
        (lambda o, m: o.assign(item_of(m).key, "p5", "p1"), "p5 does not work here"),
        (lambda o, m: o.leave("p1", "p1", "p4"), "p1 cannot hand over to p1"),
        (lambda o, m: o.leave("p1", "p2", "p2"), "p2 is analyst; accepted: somebody whose role is lead"),
        (lambda o, m: o.redact((1,), "why", "p1"), "p1 is analyst"),
        (lambda o, m: o.note("x", "", "p1"), "a note needs a reason in words"),
    ],
)
def test_what_cannot_be_done_is_told_and_leaves_no_trace(office: Bench, mark: Mark, act: Act, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        act(office, mark)
    assert office.journal.head()[0] == 0


def test_days_are_those_of_the_pack(office: Bench) -> None:
    assert isinstance(office.clock, Hands)
    assert office.today == date(2026, 11, 24)
    east = Bench(office.settings, office.pack.model_copy(update={"zone": "Asia/Almaty"}), office.ledger, office.clock)
    office.clock.at = office.clock.at.replace(hour=20)
    assert (office.today, east.today) == (date(2026, 11, 24), date(2026, 11, 25))
