"""Asks every rule about every subject of its kind and makes findings of the answers."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from checks.context import Coverage, HistoryReader, RuleContext
from checks.findings import Finding, Outcome, Responsible, Result, SubjectRef
from checks.registry import Answer, Rule
from checks.subjects import ACROSS, IN_SCOPE, owner_of
from checks.view import ScopeView, View
from config.errors import ConfigError
from config.indicators import Level, indicators
from config.model import Settings
from config.pack import Pack

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Engine:
    """Runs rules on views. Pure: the same view, history and rules give the same findings."""

    settings: Settings
    history: HistoryReader

    def findings(self, rule: Rule, view: View) -> Iterator[Finding]:
        """Yield the findings of one rule on one view."""
        context = self._context(rule, view)
        if rule.subject not in IN_SCOPE and rule.subject not in ACROSS:
            raise ConfigError(f"rule {rule.id} asks for subject kind {rule.subject}, which nothing yields yet")
        for scope in view.scopes if rule.subject in IN_SCOPE else ():
            yield from self._in_scope(rule, view, scope, context)
        if rule.subject in ACROSS:
            # What speaks of a portal is its owner's: it is not repeated for every body that publishes there.
            of_portal = bool(rule.indicators) and all(
                indicators()[name].level is Level.PORTAL for name in rule.indicators
            )
            for subject in ACROSS[rule.subject](view):
                owner = owner_of(subject, of_portal=of_portal)
                for result in results(rule, subject, context):
                    yield finding_of(rule, owner, None, subject.ref, result)

    def _in_scope(self, rule: Rule, view: View, scope: ScopeView, context: RuleContext) -> Iterator[Finding]:
        found = False
        for subject in IN_SCOPE[rule.subject](view, scope):
            for result in results(rule, subject, context):
                found = True
                yield finding_of(rule, scope.agency.id, scope.scope.id, subject.ref, result)
        if not found:
            reason = scope.unseen_reason or rule.none_found
            nothing = Result(Outcome.NOT_OBSERVED, reason, responsible=Responsible.AGENCY)
            yield finding_of(rule, scope.agency.id, scope.scope.id, scope.ref, nothing)

    def _context(self, rule: Rule, view: View) -> RuleContext:
        params = params_of(rule, view.pack, self.settings)
        coverage = Coverage(view.coverage, view.own_network)
        return RuleContext(view.judged_on, params, view.pack, self.history, coverage)


def params_of(rule: Rule, pack: Pack, settings: Settings | None) -> dict[str, Any]:
    """Return a rule's parameters: the pack's, then what the settings depart from."""
    params = {name: value for line in pack.rules if line.id == rule.id for name, value in line.params.items()}
    return params | (settings.rules.params.get(rule.id, {}) if settings else {})


def results(rule: Rule, subject: Any, context: RuleContext) -> Iterable[Result]:
    """Return a rule's answers about one subject as a sequence: none, one or several."""
    try:
        return _answers(rule(subject, context))
    except Exception as error:  # noqa: BLE001 - a broken rule must not cost the night; an error is never a `-`
        _log.exception("rule %s failed on %s", rule.info.id, subject.ref.id)
        return (Result(Outcome.NOT_OBSERVED, "rule_error", {"error": type(error).__name__}),)


def _answers(answer: Answer) -> tuple[Result, ...]:
    found = () if answer is None else (answer,) if isinstance(answer, Result) else tuple(answer)
    if not all(isinstance(item, Result) for item in found):
        raise TypeError("a rule answers with results")
    return found


def finding_of(rule: Rule, agency: str | None, scope: str | None, subject: SubjectRef, result: Result) -> Finding:
    """Return a rule's result about a subject as a finding."""
    return Finding(
        agency, scope, rule.id, rule.version, subject, result.outcome, result.reason, result.responsible,
        result.measures, result.evidence, result.counter_evidence,
    )  # fmt: skip
