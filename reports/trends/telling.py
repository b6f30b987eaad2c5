"""Trends and differences as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import typer

from reports.messages import Catalogue
from reports.trends.documents import DiffDocument, DiffLine, Moved, Side, Stretch, TrendDocument

_SIGNS = {"+": "+", "-": "−", "0": "0", None: "·"}


def tell_diff(told: DiffDocument, words: Catalogue) -> None:
    """Print each mark that changed, with its causes and what forbids comparing."""
    typer.echo(words.text("trend.diff", before=told.before, after=told.after, same=told.same, other=len(told.lines)))
    for item in told.lines:
        body = item.agency or words.text("ui.country")
        group = f" ({words.label('group', item.group)})" if item.group else ""
        typer.echo(f"{body}{group}  {words.label('indicator', item.indicator)}")
        typer.echo(f"  {_side(item.before, words)} → {_side(item.after, words)}{_why(item, words)}")
        _notes(item.moved, words)


def tell_trends(told: Iterable[TrendDocument], words: Catalogue) -> None:
    """Print each mark's course."""
    for item in told:
        group = f" ({words.label('group', item.group)})" if item.group else ""
        typer.echo(f"{words.label('indicator', item.indicator)}{group}, {item.profile}, {item.first} – {item.last}")
        for stretch in item.stretches:
            _stretch(stretch, item, words)
        share = item.compliance
        typer.echo("  " + words.text("trend.met", met=share.met, over=share.over, unobserved=item.unobserved))
        if item.failing_since:
            typer.echo("  " + words.text("trend.failing", since=item.failing_since))
        if item.days_to_fix:
            typer.echo("  " + words.text("trend.fixed", days=", ".join(map(str, item.days_to_fix))))


def _stretch(stretch: Stretch, item: TrendDocument, words: Catalogue) -> None:
    of = f" [{stretch.of}]" if stretch.of != (item.agency or "") else ""
    said = words.text(f"reason.{stretch.reason}")
    counted = f"{stretch.passed}/{stretch.observed}"
    typer.echo(f"  {stretch.first} – {stretch.last}  {_SIGNS[stretch.mark]}  {counted}  {said}{of}")
    if stretch.causes:
        typer.echo(f"    {words.text('trend.causes', causes=_causes(stretch.causes, words))}")
    _notes(stretch.moved, words)


def _side(side: Side, words: Catalogue) -> str:
    if side.reason is None:
        return words.text("ui.none")
    return f"{_SIGNS[side.mark]} {side.passed}/{side.observed} ({words.text(f'reason.{side.reason}')})"


def _why(item: DiffLine, words: Catalogue) -> str:
    return f": {_causes(item.causes, words)}" if item.causes else ""


def _causes(causes: Sequence[str], words: Catalogue) -> str:
    return ", ".join(words.text(f"cause.{cause}") for cause in causes)


def _notes(notes: Iterable[Moved], words: Catalogue) -> None:
    for note in notes:
        what = words.text(f"moved.{note.kind}", before=note.before or "–", after=note.after or "–")
        typer.echo("    " + words.text("trend.not_comparable", why=what))
