"""The commands that tell how marks went: diff and trend."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from config.errors import ConfigError
from reports.console import Desk, Format, desk, parse_night, print_json, usage_errors
from reports.ledger import Course
from reports.options import COUNTRY, DEFAULT_CONFIG, Agency, AnyFormat, Body, Config, Indicator, Language, OneProfile
from reports.trends.course import Line, duties_of, trend_of
from reports.trends.documents import TrendDocument
from reports.trends.lineage import line_of
from reports.trends.nights import diff as compare
from reports.trends.telling import tell_diff, tell_trends

First = Annotated[str | None, typer.Option("--from", metavar="DATE", help="Earlier night; the one before by default.")]
Last = Annotated[str | None, typer.Option("--to", metavar="DATE", help="Later night; the newest by default.")]


def mount(app: typer.Typer) -> None:
    """Add the commands to *app*."""
    for command in (diff, trend):
        app.command()(usage_errors(command))


def diff(  # noqa: PLR0913 - one parameter an option
    config: Config = DEFAULT_CONFIG,
    first: First = None,
    last: Last = None,
    agency: Agency = None,
    indicator: Indicator = None,
    profile: OneProfile = None,
    output: AnyFormat = Format.TEXT,
    *,
    language: Language = None,
) -> None:
    """Show what is marked otherwise on two nights, why, and where the figures cannot be compared."""
    with desk(config, language) as here:
        body, asked, chosen = here.agency(agency), here.indicator(indicator), here.profile_id(profile) or here.profile
        before, after = _pair(here, first, last)
        sides = [
            [item for item in here.ledger.marks(night, indicator=asked, profile=chosen) if body in (None, item.agency)]
            for night in (before, after)
        ]
        if body is not None:  # what a body was before it was called so stands on the other side
            names = set(line_of(body, here.settings.agencies))
            marks = here.ledger.marks(before, indicator=asked, profile=chosen)
            sides[0] = [item for item in marks if item.agency in names]
        nights = [night for night in here.ledger.nights() if before < night <= after]
        changes = here.ledger.changes(nights[0], after) if nights else ()
        told = compare((before, after), sides[0], sides[1], changes, here.settings.agencies)
        if output is Format.JSON:
            print_json(told)
        else:
            tell_diff(told, here.words)


def trend(  # noqa: PLR0913 - one parameter an option
    agency: Body,
    indicator: Annotated[str | None, typer.Argument(help="Id of an indicator; all by default.")] = None,
    config: Config = DEFAULT_CONFIG,
    first: First = None,
    last: Last = None,
    profile: OneProfile = None,
    output: AnyFormat = Format.TEXT,
    *,
    language: Language = None,
) -> None:
    """Show how a body's marks went: since when, on how many nights, how long to mend, and where the method changed."""
    with desk(config, language) as here:
        body = None if agency == COUNTRY and here.settings.agency(COUNTRY) is None else here.agency(agency)
        asked, chosen = here.indicator(indicator), here.profile_id(profile) or here.profile
        found = [item for item in _trends(here, body, first, last) if item.profile == chosen]
        told = [item for item in found if asked in (None, item.indicator)]
        if not told:
            raise ConfigError(f"{agency} carries no mark{f' for {asked}' if asked else ''} on those nights")
        if output is Format.JSON:
            print_json(told)
        else:
            tell_trends(told, here.words)


def _pair(here: Desk, first: str | None, last: str | None) -> tuple[date, date]:
    after = here.night(last)[0]
    if first is not None:
        before = here.night(first)[0]
        if before >= after:
            raise ConfigError(f"--from {before} is not before {after}; accepted: an earlier night")
        return before, after
    earlier = [night for night in here.ledger.nights() if night < after]
    if not earlier:
        raise ConfigError(f"no night is recorded before {after}; two are needed to compare")
    return earlier[-1], after


def _trends(here: Desk, body: str | None, first: str | None, last: str | None) -> list[TrendDocument]:
    begin = parse_night(first, "--from") if first else None
    end = parse_night(last, "--to") if last else None
    names: tuple[str | None, ...] = line_of(body, here.settings.agencies) if body else (None,)
    nights = here.ledger.nights()
    if not nights:
        raise ConfigError("the ledger holds no finished night yet; `odrc run` records one")
    changes = tuple(item for item in here.ledger.changes(nights[0], nights[-1]) if not item.decided)
    courses: dict[tuple[str, str, str | None], list[tuple[str, Course]]] = {}
    for name in names:
        for course in here.ledger.courses(name, begin, end):
            key = (course.indicator, course.profile, course.group)
            courses.setdefault(key, []).append((name or "", course))
    agency = here.settings.agency(body) if body else None
    return [
        trend_of(
            Line(
                tuple(found),
                nights,
                tuple(item for item in changes if (item.indicator, item.profile, item.group) == key),
                duties_of(agency, here.loaded.pack.duties, key[0]),
            )
        )
        for key, found in sorted(courses.items(), key=str)
        if any(course.marks for _, course in found)
    ]
