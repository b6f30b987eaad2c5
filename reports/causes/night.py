"""All changes of a night with their causes, by marking the night before again and again, a little newer each time.

Rungs, from last night as recorded to tonight: today's rules and libraries; bodies that began, ended or merged; today's
settings and pack; tonight's date; then the evidence, of which the smallest part is taken that brings tonight's mark
about: coverage, platform, site, or several of them. Where the archive does not hold the night before any more, last
night's findings are marked again as they were found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from checks.assessment import Assessment
from checks.findings import Finding
from checks.night import Judged
from config.model import Agency, Settings
from config.pack import Pack
from reports.causes.bodies import in_force, reorganised
from reports.causes.evidence import shifts
from reports.causes.ladder import Question, Rung, Told, change, changed, steps, told
from reports.causes.parts import Parts
from reports.causes.people import Word, decided
from reports.ledger import Cause, MarkChange, Step

_EDITS = frozenset({Cause.CONFIGURATION, Cause.REORGANISATION})
_DATE = frozenset({Cause.TIME})
Judge = Callable[[Settings, Pack, date, date], Judged | None]
"""Judges the evidence of one night as if on another, with given settings and pack; None: it is not at hand any more."""


@dataclass(frozen=True)
class Asked:
    """What a night was asked: settings and pack with their digests, and the digest of the installed libraries."""

    settings: Settings
    pack: Pack
    digests: tuple[str, str]
    lock: str | None


def causes(
    before: Assessment,
    was_asked: Asked,
    tonight: Judged,
    asked: Asked,
    judge: Judge,
    words: tuple[Word, Word] | None = None,
) -> tuple[MarkChange, ...]:
    """Return the marks that came out otherwise than on the night *before*, each with its causes.

    With *words* (what counted by people's decisions, as known on each night) also those of the marks that count.
    """
    nights = (before.night, tonight.assessment.night)
    start, end = told(before.marks), told(tonight.assessment.marks)
    questions = changed(start, end)
    if not questions and words is None:
        return ()
    between = Between(before, was_asked, tonight, asked, judge)
    ladders = Ladders(between) if questions else None
    found = [change(nights, key, end, ladders.steps(key, start, end)) for key in questions] if ladders else []
    if words is None:
        return tuple(found)
    rungs, evidence = (ladders.rungs, ladders.parts.rungs) if ladders else ([], _no_evidence)
    return (*found, *decided(nights, (start, end), words, rungs, evidence))


def _no_evidence(_question: Question, _end: Told) -> list[Rung]:
    return []


class Ladders:
    """The ladder with everything let in before the evidence, and beside it those without the date, edits, or both.

    What the evidence alone brings about is no doing of the date or of an edit, even where that would have changed the
    mark first.
    """

    def __init__(self, between: Between) -> None:
        self._between = between
        self.rungs, base = between.without_evidence()
        self.parts = between.parts(base, between.tonight)
        self._without: dict[frozenset[Cause], Parts] = {}

    def steps(self, question: Question, start: Told, end: Told) -> tuple[Step, ...]:
        """Return the steps of a change: those of the ladder that leaves out most."""
        found = steps(question, start, end, self.rungs, self.parts.rungs)
        below = {item.cause for item in found[:-1]} & (_EDITS | _DATE)
        if not below or question not in start or question not in end:
            return found
        for without in (_EDITS | _DATE, _DATE, _EDITS):
            if below & without and self._parts(without).said(question) == end[question]:
                return steps(question, start, end, self._rungs(without), self._parts(without).rungs)
        return found

    def _parts(self, without: frozenset[Cause]) -> Parts:
        if without not in self._without:
            between = self._between
            asked = between.was_asked if without >= _EDITS else between.asked
            night = between.before.night if without >= _DATE else between.now
            self._without[without] = between.parts(between.again(asked, night), between.tonight_as(asked, night))
        return self._without[without]

    def _rungs(self, without: frozenset[Cause]) -> list[Rung]:
        kept = [item for item in self.rungs if item.cause not in without | _DATE]
        return kept if without >= _DATE else [*kept, Rung(Cause.TIME, self._parts(without).base)]


@dataclass(frozen=True)
class Between:
    """Last night and tonight, and how last night is judged again."""

    before: Assessment
    was_asked: Asked
    tonight: Judged
    asked: Asked
    judge: Judge

    def without_evidence(self) -> tuple[list[Rung], Judged]:
        """Return the rungs below the evidence, and last night's evidence judged with everything else as tonight."""
        base = self.again(self.asked, self.now)
        return [*self._method(), *self._question(), *self._date(base)], base

    @property
    def now(self) -> date:
        """Tonight."""
        return self.tonight.assessment.night

    def _method(self) -> list[Rung]:
        """Let in today's rules and libraries: the old ones are not at hand, so last night is judged with the new."""
        rules = (self.before.rules, self.tonight.assessment.rules)
        old, new = ({(item.id, item.version) for item in told_by} for told_by in rules)
        names = {name for name, _ in old} & {name for name, _ in new}
        if self.was_asked.lock == self.asked.lock and not any(name in names for name, _ in old ^ new):
            return []
        return [_rung(Cause.RULE, self.again(self.was_asked, self.before.night))]

    def _question(self) -> list[Rung]:
        """Let in edits of settings and pack; those of bodies that were reorganised go first, by themselves."""
        old, new = self.was_asked, self.asked
        if old.digests == new.digests:
            return []
        moved = reorganised(old.settings, new.settings, self.before.night, self.now)
        rungs = []
        if moved.edited:
            mixed = replace(old, settings=moved.into(old.settings, new.settings))
            rungs.append(_rung(Cause.REORGANISATION, self.again(mixed, self.before.night)))
        return [*rungs, _rung(Cause.CONFIGURATION, self.again(new, self.before.night))]

    def _date(self, base: Judged) -> list[Rung]:
        """Let in the date: first the bodies that it began or ended, then all else."""
        settings, last = self.asked.settings, self.before.night
        agencies = in_force(settings, self.now)
        time = _rung(Cause.TIME, base)
        if in_force(settings, last) == agencies:
            return [time]
        today = self.again(self.asked, last)
        marks = told(replace(today.marker, agencies=agencies).marks(_of(today.assessment.findings, agencies)))
        bodies = reorganised(settings, settings, last, self.now).bodies
        own = {key: said for key, said in time.marks.items() if key[0] in bodies}
        return [Rung(Cause.REORGANISATION, {**marks, **own}), time]

    def again(self, asked: Asked, judged_on: date) -> Judged:
        """Judge last night's evidence; without the archive, mark its findings as they were found."""
        judged = self.judge(asked.settings, asked.pack, self.before.night, judged_on)
        return judged or self._as_found(asked, judged_on, self.before)

    def tonight_as(self, asked: Asked, judged_on: date) -> Judged:
        """Judge tonight's evidence as if *asked* something else, or on another night."""
        judged = self.judge(asked.settings, asked.pack, self.now, judged_on)
        return judged or self._as_found(asked, judged_on, self.tonight.assessment)

    def parts(self, base: Judged, tonight: Judged) -> Parts:
        """Return the parts of what changed in the evidence from *base* to *tonight*."""
        known = (base.marker.known, tonight.marker.known)
        return Parts(base, tonight, shifts(base.assessment.findings, tonight.assessment.findings, known))

    def _as_found(self, asked: Asked, judged_on: date, found: Assessment) -> Judged:
        agencies = in_force(asked.settings, judged_on)
        marker = replace(self.tonight.marker, pack=asked.pack, agencies=agencies, night=judged_on)
        served = {rule.id for rule in marker.rules}
        findings = tuple(item for item in _of(found.findings, agencies) if item.rule in served)
        rules = self.tonight.assessment.rules
        return Judged(Assessment(found.night, findings, marker.marks(findings), rules, ()), marker)


def _of(findings: Iterable[Finding], agencies: Iterable[Agency]) -> tuple[Finding, ...]:
    """Return the findings of *agencies*, and those of nobody."""
    ids = {item.id for item in agencies}
    return tuple(item for item in findings if item.agency is None or item.agency in ids)


def _rung(cause: Cause, judged: Judged) -> Rung:
    return Rung(cause, told(judged.assessment.marks))
