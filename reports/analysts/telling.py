"""What the office's commands print for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

import typer

from config.office import Person
from reports.analysts.documents import ContestDocument, StandingDocument, StatementDocument, TaskDocument
from reports.analysts.items import read_mark_item
from reports.analysts.journal import Entry
from reports.analysts.state import State
from reports.messages import Catalogue

_SIGNS = {"+": "plus", "-": "minus", "0": "zero", None: "none"}
_MOST_SHOWN = 20


def tell_entries(entries: Iterable[Entry]) -> None:
    """Print one line of the journal each."""
    for entry in entries:
        typer.echo(f"{entry.number:>6}  {entry.at:%Y-%m-%d %H:%M}  {entry.by}  {entry.kind}  {entry.item}")


def tell_standing(documents: Iterable[StandingDocument], words: Catalogue) -> None:
    """Print each mark as it counts, then whose word it is and what else was said."""
    for one in documents:
        body = one.agency or words.text("ui.country")
        group = f" ({words.label('group', one.group)})" if one.group else ""
        typer.echo(f"{words.label('indicator', one.indicator)}: {body}{group}, {one.night}, {one.profile}")
        why = one.text or words.label("reason", one.reason or "")
        typer.echo(f"  {_mark(one.mark, words)}: {why} [{words.text(f'basis.{one.basis}')}]")
        for line in _said(one, words):
            typer.echo(f"    {line}")


def _said(one: StandingDocument, words: Catalogue) -> Iterable[str]:
    if one.basis != "proposed":
        said = words.label("reason", one.proposed_reason)
        yield f"{words.text('basis.proposed')}: {_mark(one.proposed, words)} ({said})"
    if one.decision is not None:
        until = f" - {one.decision.expires}" if one.decision.expires else ""
        yield f"{one.decision.by}, {one.decision.night}{until}, #{one.decision.number}"
        yield words.text("ui.reviewed_by", who=one.decision.reviewed_by or "-")
    if one.changed:
        yield words.text(f"need.{one.changed}_changed")
    for found in one.errata:
        said, now = _mark(found.said, words), _mark(found.mark, words)
        yield f"{words.text('basis.erratum')} {found.on}: {found.first} - {found.last}, {said} -> {now}, {found.text}"
    for contest, state in one.contests.items():
        yield f"{words.text('ui.contest')} {contest}: {words.text(f'contest.{state}')}"


def tell_tasks(documents: Sequence[TaskDocument], words: Catalogue) -> None:
    """Print what needs a look, by why, the most pressing first; of long lists the beginning and the number."""
    if not documents:
        typer.echo(words.text("ui.nothing_to_do"))
    for need, group in groupby(documents, key=lambda item: item.need):
        items = list(group)
        typer.echo(f"{words.text(f'need.{need}')}: {len(items)}")
        for item in items[:_MOST_SHOWN]:
            parts = [_named(item.item, words), item.due and str(item.due), item.owner]
            typer.echo("  " + "  ".join(part for part in parts if part))
        if len(items) > _MOST_SHOWN:
            typer.echo(f"  … {len(items) - _MOST_SHOWN}")


def tell_contests(documents: Iterable[ContestDocument], words: Catalogue) -> None:
    """Print each contest: about what, how far it is, and how it ended."""
    for one in documents:
        late = f", {words.text('need.contest_late')}" if one.overdue else ""
        due = "" if one.decided else f" ({one.decide_by if one.acknowledged else one.acknowledge_by}{late})"
        about = f"{one.agency}  {one.indicator}  {one.first} - {one.last}"
        typer.echo(f"{one.id}  {words.text(f'contest.{one.state}')}{due}  {about}")
        typer.echo(f"    {_mark(one.said, words)}: {one.text}")
        if one.decided:
            now = f"{_mark(one.mark, words)}: " if one.state in ("upheld", "corrected") else ""
            typer.echo(f"    {one.decided}  {one.decided_by}  {now}{one.reason}")


def tell_statements(documents: Iterable[StatementDocument], words: Catalogue) -> None:
    """Print each statement with what its authors gave and what the office gives."""
    for one in documents:
        own = "" if one.decision is None else f"  {_mark(one.mark, words)} ({one.decision.by}): {one.reason}"
        typer.echo(f"{one.id}  [{one.authors or ' '}]  {one.text}{own}")


def tell_people(people: Iterable[Person], state: State) -> None:
    """Print who is who, and how many items are theirs."""
    for person in people:
        number = sum(owner == person.id for owner in state.owners.values())
        gone = f"  -> {state.left[person.id]}" if person.id in state.left else ""
        typer.echo(f"{person.id}  {person.name}  {person.role}  {number}{gone}")


def _named(item: str, words: Catalogue) -> str:
    mark = read_mark_item(item)
    if mark is None:
        return item.partition("/")[2]
    body = mark.agency or words.text("ui.country")
    return f"{body}{f' ({mark.group})' if mark.group else ''}  {mark.indicator}  {mark.profile}"


def _mark(value: str | None, words: Catalogue) -> str:
    return f"{value or ''} {words.text(f'mark.{_SIGNS[value]}')}".strip()
