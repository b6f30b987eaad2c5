"""Loading of plugins by entry point. One that fails to load is a loud error: nothing is left out in silence."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Any

from config.errors import ConfigError

GROUPS = ("odrc.rules", "odrc.portals", "odrc.platforms", "odrc.packs", "odrc.formats")


def points(group: str) -> dict[str, EntryPoint]:
    """Return the entry points of *group* by name. Raises ConfigError when two distributions claim one name."""
    found: dict[str, EntryPoint] = {}
    for point in entry_points(group=group):
        other = found.get(point.name)
        if other and other.value != point.value:
            raise ConfigError(f"two plugins are named {point.name!r} in {group}: {_origin(other)} and {_origin(point)}")
        found[point.name] = point
    return dict(sorted(found.items()))


def load(group: str) -> dict[str, Any]:
    """Import every plugin of *group*. Raises ConfigError naming the plugin, where it comes from and what failed."""
    return {name: _load(group, point) for name, point in points(group).items()}


def instance(item: Any) -> Any:
    """Return what a plugin stands for: an instance of it when it is a class, else itself."""
    return item() if isinstance(item, type) else item


def _load(group: str, point: EntryPoint) -> Any:
    try:
        return point.load()
    except Exception as error:
        raise ConfigError(
            f"plugin {point.name!r} of {group} ({_origin(point)}) does not load: {type(error).__name__}: {error}"
        ) from error


def _origin(point: EntryPoint) -> str:
    return f"{point.value} from {point.dist.name if point.dist else 'an unknown distribution'}"
