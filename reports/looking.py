"""A second look at one agency, indicator or address, held against the newest night. It leaves the series as it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import msgspec
import typer

from checks.assessment import Assessment
from checks.findings import Finding
from checks.registry import Rule, rules_of
from config.errors import ConfigError
from config.indicators import indicators
from config.loader import Loaded
from config.scopes import ScopeMap
from config.urls import normalise_url
from reports.documents import Document
from reports.ledger import Ledger
from reports.recheck import MarkChange, compare

Kind = Literal["agency", "indicator", "url"]


@dataclass(frozen=True)
class Target:
    """What is looked at: whose sites, which addresses (none: whole scopes), and which rules are asked."""

    kind: Kind
    name: str
    agencies: frozenset[str] | None
    urls: tuple[str, ...]
    rules: tuple[Rule, ...]
    rule_ids: frozenset[str] | None


class FindingLine(Document, frozen=True):
    """A finding that came or went, in short."""

    id: str
    rule: str
    subject: str
    outcome: str
    reason: str


class LookDocument(Document, frozen=True):
    """What a look found beside what the series says of its newest night (None: there is none).

    A look at one address brings no mark: marks speak of whole bodies.
    """

    run: str
    night: date
    kind: str
    target: str
    held_against: date | None
    identical: int
    new: tuple[FindingLine, ...]
    gone: tuple[FindingLine, ...]
    marks_changed: tuple[MarkChange, ...]


def target_of(loaded: Loaded, night: date, what: str) -> Target:
    """Return what *what* names. Raises ConfigError when it is no agency, no indicator and no address of a scope."""
    rules = rules_of(loaded, night)
    if loaded.settings.agency(what):
        return Target("agency", what, frozenset({what}), (), rules, None)
    if what in indicators():
        asked = tuple(item for item in rules if what in item.indicators)
        if not asked:
            raise ConfigError(f"--only {what}: no rule in use serves this indicator")
        return Target("indicator", what, None, (), asked, frozenset(item.id for item in asked))
    if "://" in what:
        return _address(loaded, night, what, rules)
    known = ", ".join(item.id for item in loaded.settings.agencies[:8])
    raise ConfigError(f"--only {what}: accepted: an agency ({known}, ...), an indicator, or an address of a scope")


def _address(loaded: Loaded, night: date, what: str, rules: tuple[Rule, ...]) -> Target:
    try:
        url = normalise_url(what)
    except ValueError as error:
        accepted = "an address such as https://www.example.org/path"
        raise ConfigError(f"--only {what}: {error}; accepted: {accepted}") from None
    owners = ScopeMap(loaded.settings, night).of(url)
    if not owners:
        raise ConfigError(f"--only {what}: lies in no scope; accepted: an address below one of the agencies' sites")
    return Target("url", url, frozenset(item.agency.id for item in owners), (url,), rules, None)


def held_against_series(ledger: Ledger, target: Target, now: Assessment, run: str) -> LookDocument:
    """Return what is otherwise than on the newest recorded night, as far as the look was at it."""
    nights = [night for night in ledger.nights() if night <= now.night]
    said = ledger.assessment(nights[-1]) if nights else None
    before = _narrowed(said, target) if said else None
    after = _narrowed(now, target)
    found = compare(before, after)
    known = {item.id: item for item in (*(before.findings if before else ()), *after.findings)}
    return LookDocument(
        run, now.night, target.kind, target.name, nights[-1] if nights else None, found.identical,
        tuple(_line(known[name]) for name in found.new), tuple(_line(known[name]) for name in found.gone),
        found.marks_changed,
    )  # fmt: skip


def _narrowed(told: Assessment, target: Target) -> Assessment:
    """Return the part of an assessment that the look was at."""
    findings = tuple(item for item in told.findings if _concerns(item, target))
    marks = tuple(
        item
        for item in told.marks
        if target.kind != "url"
        and (target.kind != "agency" or item.agency == target.name)
        and (target.kind != "indicator" or item.indicator == target.name)
    )
    return msgspec.structs.replace(told, findings=findings, marks=marks)


def _concerns(finding: Finding, target: Target) -> bool:
    if target.kind == "agency":
        return finding.agency == target.name
    if target.kind == "indicator":
        return finding.rule in (target.rule_ids or ())
    return target.name in {finding.subject.url, *(item.url for item in finding.evidence)}


def _line(finding: Finding) -> FindingLine:
    subject = finding.subject.url or finding.subject.id
    return FindingLine(finding.id, finding.rule_version, subject, finding.outcome.value, finding.reason)


def print_look(told: LookDocument) -> None:
    """Print a look: what is the same, what came and went, and marks that would be otherwise."""
    against = f"night {told.held_against}" if told.held_against else "nothing: no night is recorded"
    typer.echo(f"look {told.run} at {told.target}, held against {against}")
    typer.echo(f"findings: {told.identical} identical, {len(told.new)} new, {len(told.gone)} gone")
    for sign, lines in (("+", told.new), ("-", told.gone)):
        for item in lines:
            typer.echo(f"  {sign} {item.rule} {item.outcome} {item.reason}  {item.subject}")
    for change in told.marks_changed:
        body = f"{change.agency or 'country'}{f' ({change.group})' if change.group else ''}"
        said = f"{change.before or 'none'} -> {change.after or 'none'}"
        typer.echo(f"  {body} {change.indicator} {change.profile}: {said}")
    typer.echo("the recorded nights stay as they are; the next night judges anew")
