"""Format readers (entry points `odrc.formats`): one file type each, told from its first bytes."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from checks.facts.model import FileFacts
from config import plugins
from config.errors import ConfigError
from crawler.capture import Capture


@runtime_checkable
class FormatReader(Protocol):
    """Knows one file type. Pure: same bytes, same facts."""

    def sniff(self, head: bytes) -> bool:
        """Tell whether a file that begins with *head* (at most 64 KiB) is of this type."""

    def read(self, capture: Capture, body: bytes) -> FileFacts:
        """Return the facts of a whole file. Raises ValueError when it does not parse."""


def format_readers() -> dict[str, FormatReader]:
    """Return the installed readers by type name. Raises ConfigError for one that is no reader."""
    found: dict[str, FormatReader] = {}
    for name, item in plugins.load("odrc.formats").items():
        reader = plugins.instance(item)
        if not isinstance(reader, FormatReader):
            raise ConfigError(f"plugin {name!r} of odrc.formats is no FormatReader; wanted: read, sniff")
        found[name] = reader
    return found


def read_file(capture: Capture, body: bytes, readers: dict[str, FormatReader]) -> FileFacts:
    """Return the facts of a file from the first reader that knows its bytes; unknown bytes are facts too."""
    declared = capture.header("content-type")
    for name, reader in readers.items():
        if not reader.sniff(body[:65536]):
            continue
        try:
            return reader.read(capture, body)
        except ValueError:
            return FileFacts(
                capture.url, declared, name, parses=False, text_layer=None, encoding=None, length=len(body)
            )
    return FileFacts(capture.url, declared, None, parses=None, text_layer=None, encoding=None, length=len(body))
