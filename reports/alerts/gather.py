"""Reads what alerts are made of from the ledger, and puts evidence beside marks that changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import msgspec

from checks.findings import Finding, Outcome
from checks.marks import Mark, MarkValue
from config.loader import Loaded
from config.model import Settings
from config.pack import Pack
from reports.alerts.core import View, alerts_of
from reports.alerts.marks import Counted
from reports.alerts.model import Alert, Kind, Shown
from reports.alerts.nights import missing
from reports.analysts.acts import Overridden
from reports.analysts.effective import Basis, all_effective, effective
from reports.analysts.items import item_of
from reports.analysts.journal import Journal
from reports.analysts.state import State, state_of
from reports.analysts.todo import Need, Task, tasks
from reports.freeze.redactions import redacted
from reports.html.story import main_profile
from reports.ledger import Course, Ledger

LOOK_BACK = 60
_SHOWN = 3


def gather(
    ledger: Ledger, loaded: Loaded, wanted: Iterable[date], today: date, overdue: date | None = None
) -> tuple[Alert, ...]:
    """Return the alerts of the *wanted* nights, each once, with evidence.

    *today* should find all nights before it, and *overdue*, which may be today's.
    """
    nights = [night for night in ledger.nights() if night <= max((*wanted, today))]
    settings, pack = loaded.settings, loaded.pack
    view = view_of(ledger, settings, pack, nights[-LOOK_BACK:], today)
    found: dict[str, Alert] = {}
    for night in wanted:
        for item in alerts_of(view, settings, pack, night):
            found.setdefault(item.id, with_evidence(ledger, settings, night, item))
    until = max(today, overdue + timedelta(days=1)) if overdue else today
    for item in missing(nights, until):
        found.setdefault(item.id, item)
    order = list(Kind)
    return tuple(sorted(found.values(), key=lambda item: (order.index(item.kind), item.subject, item.since)))


def view_of(ledger: Ledger, settings: Settings, pack: Pack, nights: list[date], today: date) -> View:
    """Return what the ledger holds of *nights*, in the profile that feeds the document."""
    if not nights:
        return View(())
    profile, state = main_profile(settings, pack), state_of(Journal(ledger).entries())
    bodies = [None, *(item.id for item in settings.agencies)]
    return View(
        nights=nights,
        runs={night: run for night in nights if (run := ledger.run_of(night))},
        courses=[item for body in bodies for item in ledger.courses(body, nights[0]) if item.profile == profile],
        changes=[item for item in ledger.changes(nights[0], nights[-1]) if not item.decided],
        tasks=_tasks(ledger, settings, pack, state, nights[-1], today),
        counted=_counted(state),
    )


def with_evidence(ledger: Ledger, settings: Settings, night: date, alert: Alert) -> Alert:
    """Return *alert* with a few of the findings its mark rests on; excerpts only where they are published."""
    moved = alert.moved
    if moved is None or not alert.agencies:
        return alert
    (agency,) = alert.agencies
    marks = ledger.marks(night, agency=agency, indicator=moved.indicator, profile=moved.profile)
    cited = {name for mark in marks if mark.group == moved.group for name in mark.evidence}
    wanted = Outcome.PASS if alert.kind is Kind.MARK_BETTER else Outcome.FAIL
    found = [item for item in ledger.findings(night, agency=agency, outcome=wanted) if item.id in cited]
    hidden = frozenset(rule.id for rule in ledger.rules(night) if rule.visibility.value != "public")
    excerpts, gone = settings.publish.captures != "none", redacted(settings.workspace)
    shown = [piece for item in found for piece in _shown(item, hidden, gone, excerpts=excerpts)]
    return msgspec.structs.replace(alert, shown=tuple(shown[:_SHOWN]))


def _shown(finding: Finding, hidden: frozenset[str], gone: Collection[str], *, excerpts: bool) -> Iterator[Shown]:
    for item in finding.evidence[:1]:
        excerpt = item.excerpt if excerpts and item.sha256 not in gone else None
        yield Shown(finding.reason, item.url, item.capture, excerpt, finding.rule not in hidden)


def _counted(state: State) -> Counted:
    """Let overrides and errata count. An adoption agrees with a night's proposal; it does not silence later ones."""

    def counted(course: Course, night: date, value: str | None, reason: str) -> tuple[str | None, str]:
        proposed = MarkValue(value) if value is not None else None
        mark = Mark(course.agency, course.indicator, course.profile, proposed, reason, group=course.group)
        key = item_of(mark).key
        if key not in state.decisions and not state.errata:
            return value, reason
        said = effective(mark, state, night)
        if said.basis not in (Basis.OVERRIDE, Basis.ERRATUM):
            return value, reason
        return (said.value.value if said.value else None), said.basis.value

    return counted


def _tasks(ledger: Ledger, settings: Settings, pack: Pack, state: State, night: date, today: date) -> tuple[Task, ...]:
    """Return what the office has to do. Marks are read only where somebody decided about one."""
    marks = ledger.marks(night, profile=main_profile(settings, pack)) if state.decisions else ()
    found = tasks(all_effective(marks, state, night, settings, pack), state, night, today)
    return tuple(replace(item, due=_ended(item, state, night)) for item in found)


def _ended(task: Task, state: State, night: date) -> date | None:
    """Return the day of *task*; of an override that has ended its last day, so that the next end is another alert."""
    lapsed = state.lapsed(task.item, night) if task.need is Need.OVERRIDE_EXPIRED else None
    return lapsed.act.expires if lapsed and isinstance(lapsed.act, Overridden) else task.due
