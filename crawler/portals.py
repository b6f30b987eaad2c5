"""Portal adapters (entry points `odrc.portals`): pure pairs that one portal spider runs through the archive."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

import msgspec

from config import plugins
from config.errors import ConfigError
from config.model import Portal
from crawler.capture import Capture, Purpose
from crawler.records import Record


class Ask(msgspec.Struct, frozen=True):
    """A request that an adapter or platform reader wants made, in plain words; the crawl decides when and whether."""

    url: str
    purpose: Purpose
    method: str = "GET"
    body: bytes | None = None
    variant: tuple[tuple[str, str], ...] = ()


@runtime_checkable
class PortalAdapter(Protocol):
    """Knows one kind of catalogue software. Both methods are pure: same capture and body, same answer."""

    def first_requests(self, portal: Portal) -> Iterable[Ask]:
        """Return the requests that a harvest begins with."""

    def next_requests(self, portal: Portal, capture: Capture, body: bytes) -> Iterable[Ask]:
        """Return the requests that this answer leads to: next pages, record details, distributions."""

    def records(self, portal: Portal, capture: Capture, body: bytes) -> Iterable[Record]:
        """Return the records that this answer describes. Raises ValueError when it cannot be what it claims."""


@runtime_checkable
class PlatformReader(Protocol):
    """Knows one shared site software (entry points `odrc.platforms`). Pure, like an adapter."""

    def first_requests(self, scope_url: str) -> Iterable[Ask]:
        """Return the requests that find the menu and the pages of a scope."""

    def next_requests(self, scope_url: str, capture: Capture, body: bytes) -> Iterable[Ask]:
        """Return the requests that this answer leads to."""


def portal_adapters() -> dict[str, PortalAdapter]:
    """Return the installed adapters by kind. Raises ConfigError for one that is no adapter."""
    found: dict[str, PortalAdapter] = {}
    for name, item in plugins.load("odrc.portals").items():
        adapter = plugins.instance(item)
        if not isinstance(adapter, PortalAdapter):
            raise ConfigError(f"plugin {name!r} of odrc.portals is no PortalAdapter; wanted: {_words(PortalAdapter)}")
        found[name] = adapter
    return found


def platform_readers() -> dict[str, PlatformReader]:
    """Return the installed platform readers by name. Raises ConfigError for one that is no reader."""
    found: dict[str, PlatformReader] = {}
    for name, item in plugins.load("odrc.platforms").items():
        reader = plugins.instance(item)
        if not isinstance(reader, PlatformReader):
            raise ConfigError(
                f"plugin {name!r} of odrc.platforms is no PlatformReader; wanted: {_words(PlatformReader)}"
            )
        found[name] = reader
    return found


def _words(protocol: object) -> str:
    return ", ".join(sorted(word for word in vars(protocol) if not word.startswith("_")))
