"""The contracts between engine, view and rules, each proved by a small rule of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from checks.context import RuleContext
from checks.facts.model import FactKind
from checks.findings import Outcome, Result, SubjectKind
from checks.subjects import (
    ACROSS,
    IN_SCOPE,
    AgencySubject,
    CountrySubject,
    DatasetSubject,
    DistributionSubject,
    FileSubject,
    PagePair,
    PortalSubject,
    ServiceSubject,
    TableSubject,
)
from checks.view import Page, ScopeView
from config.errors import ConfigError
from crawler.archive.history import HistoryEntry, write_night
from crawler.capture import ExchangeOutcome, Purpose
from tests.checks.engine import PAGES, a_rule, harvest, seen
from tests.checks.lab import SITE, Lab, Reply, failure, nights_before, only


def test_every_kind_of_subject_is_yielded(portal: Lab, pack: Any) -> None:
    """What each kind hands to a rule, whom a finding belongs to, and what it is called."""
    portal.pack = pack.model_copy(update={"bodies": {"statistics": "good"}})
    harvest(portal)
    types = {
        SubjectKind.PAGE: (Page, 4), SubjectKind.PAGE_PAIR: (PagePair, 3), SubjectKind.SCOPE: (ScopeView, 1),
        SubjectKind.FILE: (FileSubject, 1), SubjectKind.DATASET: (DatasetSubject, 1),
        SubjectKind.DISTRIBUTION: (DistributionSubject, 3), SubjectKind.SERVICE: (ServiceSubject, 1), SubjectKind.AGENCY: (AgencySubject, 1),
        SubjectKind.BODY: (AgencySubject, 1), SubjectKind.TABLE: (TableSubject, 1),
    }  # fmt: skip
    for kind in (*IN_SCOPE, *ACROSS):
        given: list[Any] = []
        found = portal.findings(a_rule(kind, lambda subject, _context, given=given: given.append(subject) or seen()))
        assert given, f"{kind} yields nothing"
        assert {item.subject.kind for item in found if item.outcome is Outcome.PASS} == {kind}
        assert {item.subject.id for item in found if item.outcome is Outcome.PASS} == {item.ref.id for item in given}
        if kind in types:
            wanted, number = types[kind]
            assert all(isinstance(item, wanted) for item in given)
            assert sum(item.agency == "good" and item.outcome is Outcome.PASS for item in found) == number, kind
        if kind not in IN_SCOPE or kind not in ACROSS:
            assert all(bool(item.scope) == (kind in IN_SCOPE) for item in found)


def test_a_kind_that_nothing_yields_is_a_clear_error(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ACROSS, SubjectKind.SERVICE)
    with pytest.raises(ConfigError, match="TEST-01 asks for subject kind service"):
        lab.findings(a_rule(SubjectKind.SERVICE, lambda *_: None))


def test_country_reports_are_scattered_over_sites(portal: Lab) -> None:
    """`reports_scatter`: a rule of the country looks at the pages of all agencies."""

    def scatter(country: CountrySubject, _context: RuleContext) -> Result:
        sites = {item.scope.host: len(item.pages) for item in country.view.scopes}
        return seen(sites=sites)

    harvest(portal)
    found = only(portal.findings(a_rule(SubjectKind.COUNTRY, scatter, FactKind.PAGE)))
    assert (found.agency, found.scope, found.subject.id) == (None, None, "kz")
    assert found.measures == {"sites": {"good.kz": 4, "other.kz": 1}}


def test_country_key_datasets_are_looked_for_in_all_records(portal: Lab) -> None:
    """`key_datasets`: records of all portals and pages of all agencies, by words of the rule's parameters."""

    def key(country: CountrySubject, context: RuleContext) -> Iterable[Result]:
        for name, word in context.params["types"].items():
            titles = [title for _, record in country.view.records() for title in record.titles.values()]
            there = any(word in title.lower() for title in titles)
            yield Result(
                Outcome.PASS if there else Outcome.NOT_OBSERVED, "found" if there else "not_found", {"type": name}
            )

    portal.rules = {"params": {"TEST-01": {"types": {"budget": "budget", "map": "map"}}}}
    harvest(portal)
    found = portal.findings(a_rule(SubjectKind.COUNTRY, key, FactKind.RECORD))
    assert [(item.measures["type"], item.outcome) for item in found] == [
        ("budget", Outcome.PASS),
        ("map", Outcome.NOT_OBSERVED),
    ]
    assert len({item.id for item in found}) == 2


def test_declared_freshness_reads_the_history(portal: Lab) -> None:
    """`freshness_declared`: a data set's declared frequency against the nights on which its bytes changed."""

    def declared(dataset: DatasetSubject, context: RuleContext) -> Result | None:
        files = [item.url for item in dataset.record.distributions]
        if not files:
            return Result(Outcome.NOT_APPLICABLE, "no_distribution")
        entries = context.history.entries(f"GET {files[0]}")
        digests = list(dict.fromkeys(item.sha256 for item in entries))
        return seen(frequency=dataset.record.frequency, versions=len(digests), nights=len(entries))

    for age, body in ((2, "a\n1\n"), (1, "a\n1\n"), (0, "a\n2\n")):
        night = nights_before(age)
        csv = Reply(body, content_type="text/csv", purpose=Purpose.DISTRIBUTION)
        harvest(portal, night, **{"https://data.kz/1.csv": csv})
        portal.assess(night)
    future = nights_before(-1)
    write_night(portal.workspace, future, [HistoryEntry("GET https://data.kz/1.csv", future, "x", "ok", "f" * 64)])
    mine, strangers = portal.findings(a_rule(SubjectKind.DATASET, declared, FactKind.HISTORY))
    assert (mine.agency, mine.subject.id) == ("good", "data:1")
    assert mine.measures == {"frequency": "monthly", "versions": 2, "nights": 3}  # nothing of the night after
    assert (strangers.agency, strangers.reason) == (None, "no_distribution")


def test_social_accounts_look_at_probes(portal: Lab) -> None:
    """`social_accounts`: links that are fetched once and not followed."""

    def accounts(subject: AgencySubject, _context: RuleContext) -> Result:
        probes = subject.view.probes(subject.agency)
        if not probes:
            return Result(Outcome.NOT_OBSERVED, "no_probe")
        alive = sum(item.answered for item in probes)
        return Result(Outcome.PASS if alive else Outcome.FAIL, "probed", {"alive": alive})

    harvest(portal)
    found = {item.agency: item for item in portal.findings(a_rule(SubjectKind.AGENCY, accounts, FactKind.PROBE))}
    assert (found["good"].outcome, found["good"].measures) == (Outcome.PASS, {"alive": 1})
    assert found["other"].reason == "no_probe"


def test_a_rule_may_read_whole_bodies(portal: Lab) -> None:
    def bytes_of(item: FileSubject, _context: RuleContext) -> Result:
        return seen(length=len(item.view.body(item.capture)), known=item.facts is not None and item.facts.length)

    harvest(portal)
    found = only(
        [item for item in portal.findings(a_rule(SubjectKind.FILE, bytes_of, FactKind.BODY)) if item.agency == "good"]
    )
    assert found.measures == {"length": 10, "known": 10}


def test_a_portal_belongs_to_its_owner(portal: Lab) -> None:
    def count(item: PortalSubject, _context: RuleContext) -> Result:
        return seen(sets=sum(1 for _ in item.view.records()))

    harvest(portal)
    found = only(portal.findings(a_rule(SubjectKind.PORTAL, count)))
    assert (found.agency, found.subject.id, found.measures) == ("other", "data", {"sets": 2})


def test_what_stands_before_the_fault_is_kept(portal: Lab) -> None:
    more = Reply('{"sets": [{"id": "3", "title": "x"}, 2]}', content_type="application/json", purpose=Purpose.PORTAL)
    harvest(portal, **{"https://data.kz/api?page=2": more})
    found = portal.findings(a_rule(SubjectKind.DATASET, lambda *_: seen()))
    assert sorted(item.subject.id for item in found) == ["data:1", "data:2", "data:3"]


@pytest.mark.parametrize("body", ['{"sets": [{}]}', '{"sets": 1}', "[]", "not json", ""])
def test_a_bad_answer_of_a_portal_costs_itself_only(portal: Lab, body: str) -> None:
    bad = Reply(body, content_type="application/json", purpose=Purpose.PORTAL)
    harvest(portal, **{"https://data.kz/api?page=2": bad})
    found = portal.findings(a_rule(SubjectKind.DATASET, lambda *_: seen()))
    assert [item.subject.id for item in found] == ["data:1", "data:2"]


def raising(_subject: Any, _context: RuleContext) -> Result:
    raise ZeroDivisionError("a slip")


def half(subject: Any, _context: RuleContext) -> Iterable[Result]:
    yield seen()
    raise KeyError("another slip")


@pytest.mark.parametrize(
    ("function", "error"), [(raising, "ZeroDivisionError"), (half, "KeyError"), (lambda *_: "pass", "TypeError"), (lambda *_: 1, "TypeError")]
)  # fmt: skip
@pytest.mark.parametrize("kind", [SubjectKind.PAGE, SubjectKind.AGENCY, SubjectKind.COUNTRY])
def test_a_broken_rule_is_not_observed(lab: Lab, kind: SubjectKind, function: Any, error: str) -> None:
    lab.crawl(PAGES)
    found = lab.findings(a_rule(kind, function))
    assert {(item.outcome, item.reason, item.measures["error"]) for item in found} == {
        (Outcome.NOT_OBSERVED, "rule_error", error)
    }


def test_a_broken_rule_does_not_cost_the_night(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.crawl(PAGES)
    whole = lab.assess()
    broken = a_rule(SubjectKind.PAGE, raising)
    rules = __import__("checks.night", fromlist=["x"]).enabled_rules(lab.settings, lab.pack)
    monkeypatch.setattr("checks.night.enabled_rules", lambda *_, **__: (*rules, broken))
    both = lab.assess()
    assert [item for item in both.findings if item.rule != "TEST-01"] == list(whole.findings)
    errors = [item for item in both.findings if item.rule == "TEST-01"]
    assert len(errors) == 4
    mark = next(item for item in both.marks if item.indicator == "social_accounts" and item.agency == "good")
    assert (mark.value, mark.reason) == (None, "rule_error")


def test_a_scope_without_answers_says_why(lab: Lab) -> None:
    rule = a_rule(SubjectKind.PAGE, lambda *_: None)
    lab.crawl({SITE: failure(ExchangeOutcome.ROBOTS)})
    (blind,) = lab.findings(rule)
    assert (blind.subject.kind, blind.outcome, blind.reason) == (SubjectKind.SCOPE, Outcome.NOT_OBSERVED, "robots")


def test_a_scope_that_holds_nothing_of_the_rules_says_so(lab: Lab) -> None:
    lab.crawl(PAGES)
    (nothing,) = lab.findings(a_rule(SubjectKind.PAGE, lambda *_: None))
    assert (nothing.outcome, nothing.reason) == (Outcome.NOT_OBSERVED, "none_found")


def test_a_scope_that_was_not_crawled_says_so(lab: Lab) -> None:
    lab.workspace.mkdir()
    (nothing,) = lab.findings(a_rule(SubjectKind.PAGE, lambda *_: None))
    assert nothing.reason == "not_observed"
