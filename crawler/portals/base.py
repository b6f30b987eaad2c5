"""What an adapter is: the requests it wants made, the records it reads, and why it could not read an answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

import msgspec

from config.model import Portal
from crawler.capture import Capture, Purpose
from crawler.records import Record


class Ask(msgspec.Struct, frozen=True):
    """A request that an adapter or platform reader wants made, in plain words; the crawl decides when and whether.

    `variant` holds what is sent beside the address and chooses the content, as (name, value) pairs: `header:accept`,
    `cookie:lang`. `later` puts details behind the lists, so that a short budget still sees every record once. `shared`
    is for platform readers: what belongs to every scope of the software on that host.
    """

    url: str
    purpose: Purpose
    method: str = "GET"
    body: bytes | None = None
    variant: tuple[tuple[str, str], ...] = ()
    later: bool = False
    shared: bool = False


class UnreadableError(ValueError):
    """An answer, or the rest of one, is not what a catalogue of its kind gives. `reason` is a code."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


@runtime_checkable
class PortalAdapter(Protocol):
    """Knows one kind of catalogue software. All methods are pure: same capture and body, same answer."""

    def first_requests(self, portal: Portal) -> Iterable[Ask]:
        """Return the requests that a harvest begins with."""

    def next_requests(self, portal: Portal, capture: Capture, body: bytes) -> Iterable[Ask]:
        """Return the requests that this answer leads to: next pages, record details, distributions.

        Asked for every outcome, a failed one too: an adapter may go on behind a broken page or try another way.
        """

    def records(self, portal: Portal, capture: Capture, body: bytes) -> Iterable[Record]:
        """Return the records that this answer describes.

        What can be read comes first; then ValueError (an UnreadableError with its reason) when the answer, or the
        rest of it, is not what it claims to be.
        """


@runtime_checkable
class Counting(Protocol):
    """An adapter whose software says how many records there are."""

    def total(self, portal: Portal, capture: Capture, body: bytes) -> int | None:
        """Return the number of records that this answer claims, true or not, or None."""


@runtime_checkable
class Refusing(Protocol):
    """An adapter that knows addresses of its software which must never be requested."""

    def refuses(self, portal: Portal, url: str) -> bool:
        """Tell whether the address gives rows of a register."""
