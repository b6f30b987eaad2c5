"""Platform readers (entry points `odrc.platforms`): site software that many agencies share, read by its own data."""

from __future__ import annotations

from functools import cache, lru_cache

from config import plugins
from config.errors import ConfigError
from crawler.platforms.base import Entry, PlatformPage, PlatformReader

__all__ = ["Entry", "PlatformPage", "PlatformReader", "platform_readers", "reader_of"]


def platform_readers() -> dict[str, PlatformReader]:
    """Return the installed platform readers by name. Raises ConfigError for one that is no reader."""
    found: dict[str, PlatformReader] = {}
    for name, item in plugins.load("odrc.platforms").items():
        reader = plugins.instance(item)
        if not isinstance(reader, PlatformReader):
            named = {*vars(PlatformReader), *PlatformReader.__annotations__}
            words = ", ".join(sorted(word for word in named if not word.startswith("_")))
            raise ConfigError(f"plugin {name!r} of odrc.platforms is no PlatformReader; wanted: {words}")
        found[name] = reader
    return found


@lru_cache(maxsize=65_536)
def reader_of(url: str) -> PlatformReader | None:
    """Return the reader whose software gives data at an address, or None."""
    return next((reader for reader in _readers() if reader.claims(url)), None)


@cache
def _readers() -> tuple[PlatformReader, ...]:
    return tuple(platform_readers().values())
