"""How nights went: those that did not run, those that ended too early, hosts in trouble, hosts that brought far less.

Each is told when it begins: not again as long as it goes on, nor when it was gone for less than the confirming nights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta

from config.model import Settings
from config.urls import host_of
from crawler.coverage import RunCoverage, RunState
from crawler.expectations import Shortfall, shortfalls
from reports.alerts.model import Alert, Kind
from reports.ledger import Run


def missing(nights: Sequence[date], until: date) -> Iterator[Alert]:
    """Yield the nights without a record between *until* and the newest of *nights* before it, both left out."""
    before = [night for night in nights if night < until]
    gone = (until - before[-1]).days - 1 if before else 0
    if gone > 0:
        first, last = before[-1] + timedelta(days=1), until - timedelta(days=1)
        told = f"{first}" if gone == 1 else f"{first} – {last}"
        yield Alert(Kind.NIGHT_MISSING, "", first, details=(told,))


def incomplete(run: Run, earlier: Sequence[Run]) -> Iterator[Alert]:
    """Yield that *run* ended as incomplete when those just before it did not."""
    if run.state is RunState.INCOMPLETE and all(item.state is RunState.COMPLETE for item in earlier):
        yield Alert(Kind.NIGHT_INCOMPLETE, "", run.night, details=(run.reason,) if run.reason else ())


def hosts(settings: Settings, run: Run, earlier: Sequence[Run], confirm: int) -> Iterator[Alert]:
    """Yield one alert for each host in trouble, however many scopes lie on it; *earlier* are runs, newest first.

    A host that had an incident is told as such, with what was seen less there: one cause is one alert.
    """
    short, trouble = _short(settings, run, earlier), _incidents(run)
    lately: set[str] = set()
    for place, item in enumerate(earlier[:confirm] if short or trouble else ()):
        lately |= {*_incidents(item), *_short(settings, item, earlier[place + 1 :])}
    for host in sorted({*short, *trouble} - lately):
        kind = Kind.INCIDENT if host in trouble else Kind.SAW_LESS
        lines = (*trouble.get(host, ()), *(item.text() for item in short.get(host, ())))
        yield Alert(kind, host, run.night, agencies=_owners(settings, host, run.night), details=lines)


def _incidents(run: Run) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for part in run.coverage:
        for host in part.hosts:
            if host.incidents:
                found.setdefault(host.host, {}).update(dict.fromkeys(host.incidents))
    return {host: tuple(lines) for host, lines in found.items()}


def _short(settings: Settings, run: Run, earlier: Sequence[Run]) -> dict[str, list[Shortfall]]:
    """Return what scopes brought far less than usual, by host, with the share that the alerts' settings allow."""
    newest = _newest(run.coverage, lambda _: True)
    whole = [_newest(item.coverage, lambda part: part.state is RunState.COMPLETE) for item in earlier]
    if newest is None:
        return {}
    usual = settings.crawl.usual.model_copy(update={"drop": settings.alerts.drop})
    crawl = settings.crawl.model_copy(update={"usual": usual})
    asked = settings.model_copy(update={"crawl": crawl})
    found: dict[str, list[Shortfall]] = {}
    for item in shortfalls(asked, newest, [part for part in whole if part]):
        found.setdefault(host_of(item.scope), []).append(item)
    return found


def _newest(parts: Iterable[RunCoverage], wanted: Callable[[RunCoverage], bool]) -> RunCoverage | None:
    return max((item for item in parts if wanted(item)), key=lambda item: item.started, default=None)


def _owners(settings: Settings, host: str, night: date) -> tuple[str, ...]:
    return tuple(item.id for item in settings.agencies if any(scope.host == host for scope in item.scopes_on(night)))
