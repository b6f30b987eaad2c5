"""What a reader returns, and the errors that say why a file gave nothing."""

from __future__ import annotations

import msgspec

from checks.facts.model import Dialect, Member, TableShape

MOST_BYTES = 64 << 20
"""Larger files are told by their type alone."""


class ReadError(ValueError):
    """A file that does not parse. The message is a reason code: `malformed`, `empty`, `too_deep`, ..."""


class UnreadError(ValueError):
    """A file that could not be judged: `encrypted`, `too_large`, `no_reader`. No failure of the file."""


class Reading(msgspec.Struct, frozen=True):
    """Facts that one reader found, named as in `FileFacts`. `parses` None: looked at, not judged."""

    parses: bool | None = True
    problem: str | None = None
    text_layer: bool | None = None
    encoding: str | None = None
    encrypted: bool = False
    macros: bool = False
    tables: tuple[TableShape, ...] = ()
    dialect: Dialect | None = None
    pages: int | None = None
    image_pages: int | None = None
    letters: int | None = None
    width: int | None = None
    height: int | None = None
    members: tuple[Member, ...] = ()
    features: int | None = None
    reference_system: str | None = None
    geometry: tuple[str, ...] = ()
    extent: tuple[float, float, float, float] | None = None
