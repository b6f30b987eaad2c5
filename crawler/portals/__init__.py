"""Portal adapters (entry points `odrc.portals`): pure pairs that one harvest runs through the archive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from config import plugins
from config.errors import ConfigError
from config.model import Portal
from crawler.portals.base import Ask, Counting, PortalAdapter, Refusing, UnreadableError

__all__ = [
    "Ask",
    "Counting",
    "PortalAdapter",
    "Refusing",
    "UnreadableError",
    "portal_adapters",
    "row_guard",
]


def portal_adapters() -> dict[str, PortalAdapter]:
    """Return the installed adapters by kind. Raises ConfigError for one that is no adapter."""
    found: dict[str, PortalAdapter] = {}
    for name, item in plugins.load("odrc.portals").items():
        adapter = plugins.instance(item)
        if not isinstance(adapter, PortalAdapter):
            raise ConfigError(f"plugin {name!r} of odrc.portals is no PortalAdapter; wanted: {_words(PortalAdapter)}")
        found[name] = adapter
    return found


def row_guard(portals: Iterable[Portal], adapters: Mapping[str, PortalAdapter]) -> Callable[[str], bool]:
    """Return what tells addresses that give rows of a register, as the software of these portals knows them."""
    known: list[tuple[Portal, Refusing]] = []
    for portal in portals:
        adapter: object = adapters.get(portal.kind)
        if isinstance(adapter, Refusing):
            known.append((portal, adapter))
    return lambda url: any(adapter.refuses(portal, url) for portal, adapter in known)


def _words(protocol: object) -> str:
    return ", ".join(sorted(word for word in vars(protocol) if not word.startswith("_")))
