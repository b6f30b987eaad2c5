"""Which nights a period has: from the settings, from options, or from a name that says it (2026Q4, 2026)."""

from __future__ import annotations

import calendar
import re
from datetime import date

from config.errors import ConfigError
from config.loader import Loaded
from config.office import FrozenPeriod
from reports.html.story import main_profile

_QUARTER = re.compile(r"^(\d{4})Q([1-4])$")
_YEAR = re.compile(r"^(\d{4})$")


def period_of(
    loaded: Loaded, name: str, first: date | None = None, last: date | None = None, profile: str | None = None
) -> FrozenPeriod:
    """Return the period of that *name* with its profile. Options go before the settings, and those before the name."""
    known = next((item for item in loaded.settings.periods if item.id == name), None)
    known = known or _by_name(name)
    since = first or (known.first if known else None)
    until = last or (known.last if known else None)
    if since is None or until is None:
        named = ", ".join(item.id for item in loaded.settings.periods) or "none"
        raise ConfigError(
            f"period {name}: its nights are not known; accepted: one of the settings ({named}), a quarter such as"
            " 2026Q4, a year, or --first and --last"
        )
    chosen = profile or (known.profile if known else None) or main_profile(loaded.settings, loaded.pack)
    if loaded.pack.profile(chosen) is None:
        raise ConfigError(f"no profile {chosen!r}; known: {', '.join(item.id for item in loaded.pack.profiles)}")
    if until < since or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}", name):
        raise ConfigError(f"period {name}, {since} to {until}: accepted: a short name, and nights in order")
    return FrozenPeriod(id=name, first=since, last=until, profile=chosen)


def _by_name(name: str) -> FrozenPeriod | None:
    if found := _QUARTER.match(name):
        year, month = int(found[1]), 3 * int(found[2])
        last = date(year, month, calendar.monthrange(year, month)[1])
        return FrozenPeriod(id=name, first=date(year, month - 2, 1), last=last)
    if found := _YEAR.match(name):
        year = int(found[1])
        return FrozenPeriod(id=name, first=date(year, 1, 1), last=date(year, 12, 31))
    return None
