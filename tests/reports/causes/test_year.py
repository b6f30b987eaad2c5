from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from planned_year import FRESH, KEY, LANG, OWN, PAGES, SHARED, Country, Site, agency, nights, pack_of, settings_of
from report_country import PACK

from checks.assessment import Assessment
from checks.marks import MarkValue
from reports.analysts.acts import Overridden, Seen
from reports.analysts.items import MarkItem
from reports.analysts.journal import Entry
from reports.analysts.state import state_of
from reports.causes import Asked, causes
from reports.causes.ladder import told
from reports.causes.people import Word, word_of
from reports.ledger import Cause, MarkChange

FIRST = date(2026, 1, 1)
MERGED, EDITED = date(2026, 5, 10), date(2026, 8, 20)
PRIMED = [2] * 3 + [3] * 7
Expected = dict[tuple[str, str], set[Cause]]


def country() -> Country:
    """Return the country on its first night: larch ends in May and hazel takes its place, as was known all along."""
    bodies = (
        *(agency(name) for name in (*SHARED, "fir")),
        agency("larch", valid_to=MERGED - timedelta(days=1), successors=("hazel",)),
        agency("hazel", valid_from=MERGED, predecessors=("larch",)),
    )
    made = Country(settings_of(bodies), pack_of(PACK))
    made.sites = {name: Site([3] * PAGES, news=[FIRST]) for name in (*SHARED, *OWN)}
    return made


def flip(site: Site) -> None:
    """Let a site lose a language on most pages, or get it back."""
    site.languages = [3] * PAGES if site.languages[0] == 1 else [1] * 7 + [3] * 3
    site.revision += 1


class Script:
    """One thing a night, drawn by lot; whatever it does not touch may change by the date alone."""

    def __init__(self, seed: int) -> None:
        self.lot = random.Random(seed)
        self.country = country()
        self.blocked: set[str] = set()
        self.mixed = 0

    def tonight(self, night: date) -> Expected:
        """Do what is planned for *night* and return the causes that its changes must have."""
        if night == MERGED:
            self.country.sites["hazel"] = Site([3] * PAGES, news=[night])
            return {(name, "*"): {Cause.REORGANISATION} for name in ("larch", "hazel")}
        if night == EDITED:
            return self._reorganise(night)
        if self.blocked and self.lot.random() < 0.4:
            return self._unblock()
        plans: list[Callable[[], Expected]] = [
            self._nothing, self._site, self._platform, self._block, self._rule, self._configure, self._grow,
            self._mixed, self._mixed,
        ]  # fmt: skip
        return self.lot.choice(plans)()

    def post(self, night: date) -> set[str]:
        """Let some bodies that can be seen publish news; return them."""
        free = [name for name, site in self.country.sites.items() if not site.unseen]
        posted = {name for name in free if self.lot.random() < 0.12}
        for name in posted:
            self.country.sites[name].news.append(night)
        return posted

    def _seen(self) -> list[str]:
        return sorted(name for name in self.country.sites if name not in self.blocked and name != "larch")

    def _nothing(self) -> Expected:
        return {}

    def _site(self) -> Expected:
        name = self.lot.choice(self._seen())
        flip(self.country.sites[name])
        return {(name, LANG): {Cause.SITE}}

    def _platform(self) -> Expected:
        names = [name for name in SHARED if name in self._seen()]
        footer = not self.country.sites["ash"].footer
        alike = [name for name in names if self.country.sites[name].footer is not footer]
        if len(alike) < 3:
            return {}
        for name in names:
            self.country.sites[name].footer = footer
        return {(name, KEY): {Cause.PLATFORM} for name in alike}

    def _block(self) -> Expected:
        name = self.lot.choice(self._seen())
        self.country.sites[name].unseen = self.lot.choice(["blocked", "timeout", "robots"])
        self.blocked.add(name)
        return {(name, "*"): {Cause.COVERAGE}}

    def _unblock(self) -> Expected:
        name = self.lot.choice(sorted(self.blocked))
        self.blocked.discard(name)
        self.country.sites[name].unseen = None
        return {(name, "*"): {Cause.COVERAGE}}

    def _rule(self) -> Expected:
        self.country.version = 3 - self.country.version
        return {("*", LANG): {Cause.RULE}}

    def _configure(self) -> Expected:
        lower = self.country.pack.profiles[0].indicators[LANG].plus == 0.9
        self.country.pack = pack_of(PACK, 0.25, 0.1) if lower else pack_of(PACK)
        return {("*", LANG): {Cause.CONFIGURATION}}

    def _grow(self) -> Expected:
        """A site goes from three languages to two, or back: what that means hangs on the rule's version."""
        name = self.lot.choice(self._seen())
        site = self.country.sites[name]
        site.languages = [3] * PAGES if site.languages[0] == 2 else [2] * PAGES
        site.revision += 1
        return {(name, LANG): {Cause.SITE}}

    def _mixed(self) -> Expected:
        """A stricter rule and a worse site in the same night: neither alone would have taken the mark down to `-`."""
        ready = [name for name in self._seen() if self.country.sites[name].languages == PRIMED]
        plain = self.country.pack.profiles[0].indicators[LANG].plus == 0.9
        if self.country.version == 1 and ready and plain:
            self.country.version = 2
            self.country.sites[ready[0]].languages = [2] * 3 + [3] * 4 + [1] * 3
            self.mixed += 1
            return {("*", LANG): {Cause.RULE}, (ready[0], LANG): {Cause.RULE, Cause.SITE}}
        name = self.lot.choice(self._seen())
        self.country.sites[name].languages = list(PRIMED)
        return {(name, LANG): {Cause.SITE}}

    def _reorganise(self, night: date) -> Expected:
        """The settings are edited: fir was merged into ash today."""
        bodies = tuple(item.model_dump(mode="json") for item in self.country.settings.agencies)
        ended = {"valid_to": (night - timedelta(days=1)).isoformat(), "successors": ["ash"]}
        self.country.settings = settings_of(
            tuple({**item, **ended} if item["id"] == "fir" else item for item in bodies)
        )
        self.country.sites.pop("fir")
        self.blocked.discard("fir")
        return {("fir", "*"): {Cause.REORGANISATION}}


def expected_of(planned: Expected, change: MarkChange, posted: set[str]) -> list[set[Cause]]:
    """Return the sets of causes that are right for *change*."""
    name = change.agency or ""
    for key in ((name, change.indicator), (name, "*"), ("*", change.indicator)):
        if key in planned:
            return [planned[key]]
    assert change.indicator == FRESH, f"nothing was planned for {change}"
    # A body that publishes on the night on which it grows late, or an old gap drops out of sight, may do either or both.
    return [{Cause.SITE}, {Cause.TIME}, {Cause.SITE, Cause.TIME}] if name in posted else [{Cause.TIME}]


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.full), pytest.param(3, marks=pytest.mark.full)])
def test_stated_causes_of_a_planned_year_are_right(seed: int) -> None:
    script = Script(seed)
    before = script.country.record(FIRST)
    asked = script.country.asked
    wrong: list[tuple[date, MarkChange]] = []
    counted: Counter[Cause] = Counter()
    for night in nights(FIRST, 366)[1:]:
        planned = script.tonight(night)
        posted = script.post(night)
        tonight = script.country.record(night)
        found = causes(before.assessment, asked, tonight, script.country.asked, script.country.judge)
        assert_whole(before.assessment, tonight.assessment, found)
        every = set().union(*planned.values(), {Cause.TIME}, {Cause.SITE} if posted else set())
        for change in found:
            counted.update(change.causes)
            right = [every] if change.agency is None else expected_of(planned, change, posted)
            whole = set(change.causes) <= right[0] if change.agency is None else set(change.causes) in right
            if not whole or not change.causes:
                wrong.append((night, change))
        before, asked = tonight, script.country.asked
    assert wrong == []
    assert script.mixed >= 1
    assert all(counted[cause] >= 3 for cause in (Cause.SITE, Cause.PLATFORM, Cause.COVERAGE, Cause.RULE)), counted
    assert all(counted[cause] >= 3 for cause in (Cause.CONFIGURATION, Cause.TIME, Cause.REORGANISATION)), counted


def assert_whole(before: Assessment, tonight: Assessment, found: tuple[MarkChange, ...]) -> None:
    """Every mark that differs is told, once, and its steps lead from what it was to what it is."""
    start, end = told(before.marks), told(tonight.marks)
    asked = [(item.agency, item.group, item.indicator, item.profile) for item in found]
    assert len(set(asked)) == len(asked)
    assert set(asked) == {key for key in {*start, *end} if start.get(key) != end.get(key)}
    for key, item in zip(asked, found, strict=True):
        assert (item.steps[-1].value, item.steps[-1].reason) == end.get(key, (None, None))


def words(*acts: tuple[str, Overridden]) -> Word:
    """Return what counts by some overrides."""
    entries = [
        Entry(number, datetime(2026, 1, 1, tzinfo=UTC), "asel", item, "override", act, f"{number:064x}")
        for number, (item, act) in enumerate(acts, 1)
    ]
    return word_of(state_of(entries))


def test_what_people_decide_is_theirs_and_its_end_is_times() -> None:
    made = country()
    before = made.record(FIRST)
    asked = made.asked
    item = MarkItem(LANG, "assessment_2014", "ash").key
    night = FIRST + timedelta(days=1)
    override = Overridden(seen=Seen("d", MarkValue.PLUS, "share_high", ()), value=MarkValue.MINUS, text="a letter says so",
                          night=night, expires=night + timedelta(days=1))  # fmt: skip
    none, given = words(), words((item, override))
    tonight = made.record(night)
    begun = causes(before.assessment, asked, tonight, asked, made.judge, (none, given))
    assert [(one.agency, one.value, one.reason, one.causes, one.decided) for one in begun] == [
        ("ash", "-", "override", (Cause.ANALYST,), True)
    ]
    flip(made.sites["ash"])
    hidden_night = night + timedelta(days=1)
    hidden = made.record(hidden_night)
    found = causes(tonight.assessment, asked, hidden, asked, made.judge, (given, given))
    assert [one for one in found if one.decided] == [], "the override stands before what the site did"
    assert [one.causes for one in found if one.agency == "ash"] == [(Cause.SITE,)]
    flip(made.sites["ash"])
    over = made.record(hidden_night + timedelta(days=1))
    found = causes(hidden.assessment, asked, over, asked, made.judge, (given, given))
    (ended,) = [one for one in found if one.decided and one.agency == "ash"]
    assert (ended.value, ended.causes[-1]) == ("+", Cause.SITE)
    assert set(ended.causes) <= {Cause.TIME, Cause.SITE}


def test_without_the_archive_findings_are_marked_as_they_were_found() -> None:
    made = country()
    made.sites["ash"].languages = [2] * PAGES
    before, asked = made.record(FIRST), made.asked
    made.version = 2
    night = FIRST + timedelta(days=1)
    tonight = made.record(night)
    found = causes(before.assessment, asked, tonight, made.asked, lambda *_: None)
    assert {(one.agency, one.causes) for one in found if one.agency} == {("ash", (Cause.RULE,))}
    made.pack = pack_of(PACK, 0.95, 0.05)
    third = made.record(night + timedelta(days=1))
    changes = causes(tonight.assessment, asked_then(made), third, made.asked, lambda *_: None)
    assert changes == (), "no mark lies between the thresholds that moved"
    made.sites["fir"].languages = [3] * 7 + [1] * 3
    fourth = made.record(night + timedelta(days=2))
    changes = causes(third.assessment, asked_then(made), fourth, made.asked, lambda *_: None)
    assert {(one.agency, one.causes) for one in changes if one.agency} == {("fir", (Cause.SITE,))}


def asked_then(made: Country) -> Asked:
    """Return what was asked before the thresholds were edited."""
    return Asked(made.settings, pack_of(PACK), ("before", "before"), made.lock)


def test_what_the_site_brings_about_alone_is_no_doing_of_an_edit() -> None:
    made = country()
    made.sites["fir"].languages = [3] * 8 + [1] * 2
    before = made.record(FIRST)
    made.pack = pack_of(PACK, 0.95, 0.85)
    asked = made.asked
    made.sites["fir"].languages = [3] * 10
    tonight = made.record(FIRST + timedelta(days=1))
    found = causes(before.assessment, asked_then(made), tonight, asked, made.judge)
    assert [(one.value, one.causes) for one in found if one.agency == "fir"] == [("+", (Cause.SITE,))]
    made.sites["fir"].languages = [3] * 8 + [1] * 2
    tonight = made.record(FIRST + timedelta(days=1))
    found = causes(before.assessment, asked_then(made), tonight, asked, made.judge)
    assert [(one.value, one.causes) for one in found if one.agency == "fir"] == [("-", (Cause.CONFIGURATION,))]


def test_one_change_of_a_platform_is_one_event_whoever_shows_it() -> None:
    made = country()
    before, asked = made.record(FIRST), made.asked
    for name in SHARED:
        made.sites[name].footer = False
    made.sites["fir"].footer = False
    tonight = made.record(FIRST + timedelta(days=1))
    found = {one.agency: one.steps for one in causes(before.assessment, asked, tonight, asked, made.judge)}
    events = {name: [event for step in found[name] for event in step.events] for name in SHARED}
    assert len({tuple(item) for item in events.values()}) == 1
    assert events["ash"] == ["platform gov.example KEY-01 pass.form -> fail.no_form"]
    assert [step.cause for step in found["fir"]] == [Cause.SITE], "a host of its own is no platform"


def test_the_same_change_on_two_scopes_is_two_sites() -> None:
    made = country()
    before, asked = made.record(FIRST), made.asked
    for name in SHARED[:2]:
        made.sites[name].footer = False
    tonight = made.record(FIRST + timedelta(days=1))
    found = causes(before.assessment, asked, tonight, asked, made.judge)
    assert {one.causes for one in found if one.agency in SHARED} == {(Cause.SITE,)}
