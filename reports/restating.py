"""Judges a range of nights again on the archive: restated with today's rules, or with the rules on trial.

What was published stays as it is: restated nights and nights on trial are series of their own (`reports.ledger.Layer`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import date

from checks import night as judging
from checks.assessment import Assessment
from checks.facts.store import lock_digest
from checks.marking.merged import merged
from checks.registry import all_rules, trial_rules
from config.errors import ConfigError
from config.loader import Loaded
from config.model import Settings
from config.pack import Pack
from crawler.archive.reader import Archive
from crawler.clock import Clock
from crawler.coverage import RunState
from reports.ledger import Layer, Ledger, Run, RunKind, inputs_of

_KINDS = {Layer.RESTATED: RunKind.RESTATE, Layer.SHADOW: RunKind.SHADOW}
_AT_ONCE = 4
"""Nights a worker is ahead of the one that is recorded: more would only fill memory."""


@dataclass(frozen=True)
class Task:
    """One night to be judged again; `rules` are ids (None: all), the others' findings are taken from `recorded`."""

    settings: Settings
    pack: Pack
    night: date
    recorded: Assessment | None
    rules: tuple[str, ...] | None
    trial: bool = False


def judge_again(task: Task) -> Assessment:
    """Return the night judged again. Any executor can run it: one argument, no closure."""
    terms = judging.Terms(trial=task.trial, only=task.rules)
    judged = judging.judge(task.settings, task.pack, task.night, terms, write_history=False)
    if task.rules is None or task.recorded is None:
        return judged.assessment
    return merged(task.recorded, judged.assessment, judged.marker, task.rules)


def nights_between(ledger: Ledger, loaded: Loaded, first: date, last: date) -> tuple[date, ...]:
    """Return the recorded nights from *first* to *last* that the archive holds; ConfigError when there is none."""
    if last < first:
        raise ConfigError(f"--to {last} lies before --from {first}")
    recorded = [night for night in ledger.nights() if first <= night <= last]
    with Archive(loaded.settings.workspace) as archive:
        held = set(archive.series_nights())
    found = tuple(night for night in recorded if night in held)
    if not found:
        what = "the archive holds none of them" if recorded else "no night was recorded"
        raise ConfigError(f"from {first} to {last}: {what}; nothing was judged again")
    return found


def chosen(names: Sequence[str]) -> tuple[str, ...] | None:
    """Return the ids of rules, given one by one or with commas between; None for all of them."""
    found = [part.strip() for name in names for part in name.split(",") if part.strip()]
    known = all_rules()
    for name in found:
        if name not in known:
            raise ConfigError(f"--rules {name}: unknown rule; accepted: {', '.join(known)}")
    return tuple(sorted(set(found))) or None


def on_trial(loaded: Loaded, nights: Sequence[date]) -> tuple[str, ...]:
    """Return the ids of the rules on trial on any of *nights*. Raises ConfigError when there is none."""
    found = {item.id for night in nights for item in trial_rules(loaded.settings, loaded.pack, night)}
    if not found:
        raise ConfigError("no rule is on trial; `rules.shadow` in the settings names them, as LANG-01 or LANG-01@2")
    return tuple(sorted(found))


def again(
    ledger: Ledger,
    loaded: Loaded,
    nights: Sequence[date],
    rules: tuple[str, ...] | None,
    *,
    trial: bool = False,
    pool: Executor | None = None,
) -> Iterator[tuple[Assessment | None, Assessment]]:
    """Yield what was published and what is said now of each of *nights*, oldest first."""
    for start in range(0, len(nights), _AT_ONCE):
        part = nights[start : start + _AT_ONCE]
        published = [ledger.assessment(night) for night in part]
        tasks = [
            Task(loaded.settings, loaded.pack, night, said, rules, trial)
            for night, said in zip(part, published, strict=True)
        ]
        yield from zip(published, (pool.map if pool else map)(judge_again, tasks), strict=True)


def try_out(ledger: Ledger, loaded: Loaded, night: date, clock: Clock) -> Run | None:
    """Judge a night that was just recorded with the rules on trial, and keep that beside it; None when none is."""
    rules = tuple(sorted({item.id for item in trial_rules(loaded.settings, loaded.pack, night)}))
    published = ledger.run_of(night)
    if not rules or published is None:
        return None
    ((_, said),) = again(ledger, loaded, (night,), rules, trial=True)
    return record(ledger, loaded, said, Layer.SHADOW, clock, published.vantage)


def record(ledger: Ledger, loaded: Loaded, said: Assessment, layer: Layer, clock: Clock, vantage: str) -> Run:
    """Record *said* in *layer*; what was published stays. The night stays incomplete if its crawl was."""
    started = clock.now()
    kind = _KINDS[layer]
    run_id = f"{kind}-{said.night.isoformat()}-{started:%Y%m%dT%H%M%S%fZ}"
    ledger.begin_run(run_id, said.night, kind, started, inputs_of(loaded, lock_digest()), vantage=vantage)
    whole = bool(said.coverage) and all(item.state is RunState.COMPLETE for item in said.coverage)
    return ledger.conclude(run_id, said, RunState.COMPLETE if whole else RunState.INCOMPLETE, clock.now())
