"""Which version of a rule counts on a night, and which one is on trial beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from config.errors import ConfigError
from config.indicators import indicators
from config.model import RulePeriod, Settings
from config.pack import Pack

if TYPE_CHECKING:
    from checks.registry import Rule


class Chosen(NamedTuple):
    """The rules whose findings count, and those that are only tried out; both in order of their ids."""

    counting: tuple[Rule, ...]
    trial: tuple[Rule, ...]


def choose(installed: Mapping[str, Mapping[int, Rule]], settings: Settings, pack: Pack, night: date | None) -> Chosen:
    """Return the rules of *night*: those the pack lists and the settings do not disable.

    A version counts that the night's period pins, else the newest that is not on trial. Raises ConfigError for a rule,
    version or indicator that does not exist, naming those that do.
    """
    choice = settings.rules
    period = choice.pinned(night)
    asked = [line.id for line in pack.rules]
    shadowed = [text.partition("@")[0] for text in choice.shadow]
    for name in (*asked, *choice.disable, *choice.params, *shadowed, *(period.versions if period else ())):
        if name not in installed:
            raise ConfigError(f"unknown rule {name!r}; accepted: {', '.join(installed)}")
    counting, trial = [], []
    for name in sorted(set(asked) - set(choice.disable)):
        versions = installed[name]
        counts = _pinned(period, name, versions)
        tried = _tried(choice.shadow, name, versions)
        if counts is None:
            counts = max(versions.keys() - tried, default=None)
        elif max(versions) > counts:
            tried |= {max(versions)}
        counting += [versions[counts]] if counts is not None else []
        trial += [versions[max(left)]] if (left := tried - {counts}) else []
    for item in (*counting, *trial):
        unknown = [indicator for indicator in item.indicators if indicator not in indicators()]
        if unknown:
            raise ConfigError(f"rule {item.id} names unknown indicators: {', '.join(unknown)}")
    return Chosen(tuple(counting), tuple(trial))


def _pinned(period: RulePeriod | None, name: str, versions: Mapping[int, Rule]) -> int | None:
    """Return the version that the period pins. A period never goes over to another method by itself."""
    wanted = period.versions.get(name) if period else None
    if wanted is not None and period is not None and wanted not in versions:
        raise ConfigError(
            f"rules.periods: {period.id} pins {name}@{wanted}, which is not installed; installed: "
            f"{', '.join(f'{name}@{version}' for version in sorted(versions))}; keep the old version as a plugin beside"
            " the new one, or say in the settings that the period changes its method"
        )
    return wanted


def _tried(shadow: tuple[str, ...], name: str, versions: Mapping[int, Rule]) -> set[int]:
    """Return the versions of a rule that the settings put on trial."""
    found = set()
    for text in shadow:
        rule, _, version = text.partition("@")
        if rule != name:
            continue
        number = int(version) if version else max(versions)
        if number not in versions:
            known = ", ".join(f"{name}@{one}" for one in sorted(versions))
            raise ConfigError(f"rules.shadow: {text} is not installed; accepted: {known}")
        found.add(number)
    return found
