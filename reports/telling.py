"""Documents as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable

import typer

from reports.documents import FindingDocument, StatusDocument
from reports.messages import Catalogue
from reports.recheck import Comparison, RecheckDocument
from reports.views.explain import Chain, Link, Step

_SIGNS = {"+": "plus", "-": "minus", "0": "zero", None: "none"}


def tell_findings(documents: Iterable[FindingDocument], words: Catalogue) -> None:
    """Print one line for each finding."""
    for item in documents:
        place = item.subject.url or item.subject.id
        outcome = words.text(f"outcome.{item.outcome}")
        said = words.text(f"reason.{item.reason}")
        typer.echo(f"{item.id[:12]}  {item.rule}@{item.version}  {outcome}  {item.agency or '-'}  {place}  {said}")


def tell_chain(chains: Iterable[Chain], words: Catalogue) -> None:
    """Print each mark and what it rests on, indented by one step a level."""
    for chain in chains:
        mark = chain.mark
        body = mark.agency or words.text("ui.country")
        group = f" ({words.label('group', mark.group)})" if mark.group else ""
        verdict = f"{mark.mark or ''} {words.text(f'mark.{_SIGNS[mark.mark]}')}".strip()
        typer.echo(f"{words.label('indicator', mark.indicator)}: {body}{group}, {chain.night}, {mark.profile}")
        typer.echo(f"{verdict}: {words.text(f'reason.{mark.reason}')}")
        for step in chain.findings:
            _step(step, words)
        if not chain.findings:
            typer.echo("  " + words.text("ui.no_findings"))


def tell_status(document: StatusDocument, words: Catalogue) -> None:
    """Print the newest night, its totals, what was not seen, and the newest runs."""
    state = words.text(f"state.{document.state}") if document.state else words.text("ui.unknown")
    typer.echo(f"{words.text('ui.night')} {document.night or '-'}: {state}")
    parts = ("known", "fetched", "failed", "skipped", "pending")
    typer.echo(", ".join(f"{words.text(f'ui.{name}')} {getattr(document, name)}" for name in parts))
    for item in document.unseen:
        reasons = [f"{words.label('exchange', code)} {count}" for code, count in sorted(item.failed.items())]
        reasons += [f"{words.label('skipped', code)} {count}" for code, count in sorted(item.skipped.items())]
        reasons += [f"{words.text('ui.pending')} {item.pending}"] if item.pending else []
        typer.echo(f"  {item.scope}  {item.fetched}/{item.known}  {', '.join(reasons)}")
    for host, incidents in sorted(document.incidents.items()):
        typer.echo(f"  {host}  {'; '.join(incidents)}")
    typer.echo(
        words.text("ui.runs")
        if document.runs and len({run.night for run in document.runs}) == 1
        else words.text("ui.run")
    )
    for run in document.runs:
        kind, state = words.text(f"kind.{run.kind}"), words.text(f"state.{run.state}")
        typer.echo(f"  {run.night}  {run.run}  {kind}, {state}{f', {run.reason}' if run.reason else ''}")


def tell_comparison(difference: Comparison) -> None:
    """Print how a night judged again differs."""
    typer.echo(f"night {difference.night}, run {difference.recorded_as}")
    if difference.rules:
        typer.echo(f"rules in another version: {', '.join(difference.rules)}")
    typer.echo(f"findings: {difference.identical} identical, {len(difference.new)} new, {len(difference.gone)} gone")
    for change in difference.marks_changed:
        body = change.agency or "country"
        group = f" ({change.group})" if change.group else ""
        said = f"{change.before or 'none'} -> {change.after or 'none'}"
        typer.echo(f"  {body}{group} {change.indicator} {change.profile}: {said}")


def tell_range(told: RecheckDocument) -> None:
    """Print what a range of nights says now beside what was published."""
    what = "on trial" if told.trial else "restated"
    typer.echo(f"{what}: {len(told.nights)} nights from {told.first} to {told.last}; what was published stays")
    for text, number in told.changed.items():
        typer.echo(f"  {text}: {number} marks")
    for item in told.nights:
        if item.new or item.gone or item.marks_changed or item.rules:
            tell_comparison(item)


def _step(step: Step, words: Catalogue) -> None:
    lead = "  * " if step.decides else "  - "
    outcome, said = words.text(f"outcome.{step.outcome}"), words.text(f"reason.{step.reason}")
    typer.echo(f"{lead}{outcome}: {said}  [{step.rule}@{step.version}]  {step.subject.url or step.subject.id}")
    for link in step.evidence:
        _link(link, words.text("ui.evidence"), words)
    for link in step.counter_evidence:
        _link(link, words.text("ui.counter_evidence"), words)


def _link(link: Link, what: str, words: Catalogue) -> None:
    verdict = {True: "ui.verified_yes", False: "ui.verified_no", None: "ui.verified_unknown"}[link.verified]
    if link.excerpt:
        typer.echo(f"      {what}: {link.excerpt}")
    typer.echo(f"      {link.url}  {link.locator}  {link.fetched_at.isoformat()}")
    typer.echo(f"      {words.text('ui.capture')} {link.capture}  SHA-256 {link.sha256 or '-'}")
    if link.file:
        typer.echo(f"      WARC {link.file}")
    problem = f" ({link.problem})" if link.problem else ""
    typer.echo(f"      {words.text('ui.verified')}: {words.text(verdict)}{problem}")
