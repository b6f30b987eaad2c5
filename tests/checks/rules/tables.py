"""What a rule's table is made of: a sample is a small site, and what the rule says of one of its subjects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checks.findings import Finding, Outcome
from checks.registry import Rule
from config.pack import Pack
from tests.checks.lab import NIGHT, Lab, Reply, agency, only

PASS, FAIL, UNCLEAR = Outcome.PASS, Outcome.FAIL, Outcome.UNCLEAR
NOT_APPLICABLE, NOT_OBSERVED = Outcome.NOT_APPLICABLE, Outcome.NOT_OBSERVED


@dataclass(frozen=True)
class Sample:
    """A site, and the outcome and reason expected of the subject whose address ends with `of`.

    `earlier` are pages of the night before; `sites` the scopes as an operator writes them.
    """

    name: str
    outcome: Outcome
    reason: str
    pages: Mapping[str, str | Reply]
    of: str = ""
    exhausted: bool = True
    sites: tuple[Any, ...] = ("https://good.kz/",)
    others: tuple[dict[str, Any], ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    responsible: str = "agency"

    def __str__(self) -> str:
        return self.name


def judge(sample: Sample, rule: Rule, folder: Path, pack: Pack) -> Finding:
    """Archive the sample's site, ask the rule, and return the finding about the sample's subject."""
    lab = Lab(folder / "workspace", pack, agencies=[agency("good", *sample.sites), *sample.others])
    lab.rules = {"params": {rule.id: dict(sample.params)}} if sample.params else {}
    lab.crawl(sample.pages, NIGHT, exhausted=sample.exhausted)
    return only([item for item in lab.findings(rule) if item.agency == "good"], sample.of)


def assert_as_expected(sample: Sample, rule: Rule, folder: Path, pack: Pack) -> Finding:
    found = judge(sample, rule, folder, pack)
    said = (found.outcome.value, found.reason, found.responsible.value)
    assert said == (sample.outcome.value, sample.reason, sample.responsible), said
    for item in (*found.evidence, *found.counter_evidence):
        assert item.sha256
        assert len(item.excerpt) <= 300
    assert found.evidence or found.outcome in (NOT_OBSERVED, NOT_APPLICABLE), "an answer about what was seen cites it"
    return found


def assert_complete(table: tuple[Sample, ...], rule: Rule) -> None:
    """A table shows each outcome that the rule's page names, and each name is used once."""
    told = {item.outcome for item in table}
    assert {PASS, FAIL, UNCLEAR, NOT_OBSERVED} <= told
    named = {outcome for outcome in Outcome if f"    {outcome.value}:" in rule.doc}
    assert named <= told, f"{rule.id}: its page names {named - told}, its table shows none"
    names = [item.name for item in table]
    assert len(set(names)) == len(names)
