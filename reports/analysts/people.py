"""Who may do what. People stand in the settings; whoever has left stands in the journal."""

from __future__ import annotations

from datetime import date

from config.errors import ConfigError
from config.model import Settings
from config.office import Person
from reports.analysts.state import State

DECIDES = ("analyst", "lead")
ANYBODY = ("analyst", "reviewer", "lead")
LEADS = ("lead",)


def person(settings: Settings, wanted: str) -> Person:
    """Return the person of that id. Raises ConfigError when the settings know none."""
    found = next((item for item in settings.people if item.id == wanted), None)
    if found is None:
        known = ", ".join(item.id for item in settings.people) or "nobody yet; add them under `people` in the settings"
        raise ConfigError(f"no person {wanted!r}; known: {known}")
    return found


def acting(settings: Settings, state: State, wanted: str, today: date, roles: tuple[str, ...]) -> Person:
    """Return the person who acts. Raises ConfigError when they have left or their role does not allow it."""
    found = person(settings, wanted)
    if found.id in state.left or not found.holds(today):
        raise ConfigError(f"{found.id} does not work here on {today}; accepted: somebody who does")
    if found.role not in roles:
        raise ConfigError(f"{found.id} is {found.role}; accepted: somebody whose role is {' or '.join(roles)}")
    return found
