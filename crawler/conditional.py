"""Conditional requests (RFC 9110 section 13): ask for a body only if it is not the one that the archive holds.

Validators go to the very address that gave them, in the variant in which it gave them. Requests carry no Range, so weak
entity tags may be compared (section 13.1.2).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import msgspec

from crawler.archive.exchange import Original
from crawler.capture import Capture, Purpose

FULL_AFTER = timedelta(days=30)
"""A body that was confirmed for so long is asked for whole again: some servers confirm whatever they are asked."""
PURPOSES = frozenset(
    {Purpose.PAGE, Purpose.DOCUMENT, Purpose.DISTRIBUTION, Purpose.PORTAL, Purpose.SITEMAP, Purpose.BASELINE}
)
_TICK = timedelta(seconds=1)
_OF_THE_BODY = frozenset({"content-encoding", "content-length", "content-range", "content-type", "transfer-encoding"})

Headers = tuple[tuple[str, str], ...]


class Known(msgspec.Struct, frozen=True):
    """The newest whole answer to a question, and the record that holds its body."""

    capture: Capture
    original: Original


def conditions(known: Known | None, url: str, now: datetime) -> dict[str, str]:
    """Return the request headers that ask *url* for its body only if that has changed; none when it must be whole."""
    if known is None or known.capture.url != url or now - known.original.date > FULL_AFTER:
        return {}
    tag, modified = known.capture.header("etag"), known.capture.header("last-modified")
    found = {"If-None-Match": tag} if tag and _is_tag(tag) else {}
    if modified and _is_firm(modified, known.capture.header("date")):
        found["If-Modified-Since"] = modified
    return found


def confirms(known: Known, headers: Iterable[tuple[str, str]]) -> bool:
    """Tell whether a 304 speaks of the body that is known: an entity tag of another body does not."""
    mine = known.capture.header("etag")
    tags = [value for name, value in headers if name.lower() == "etag"]
    return not tags or mine is None or any(_opaque(tag) == _opaque(mine) for tag in tags)


def merged(known: Capture, fresh: Headers) -> Headers:
    """Return the known answer's headers as a 304 brings them up to date (RFC 9111 section 3.2).

    What describes the body's coding stays: a 304 has no body of its own to describe.
    """
    told = [(name, value) for name, value in fresh if name.lower() not in _OF_THE_BODY]
    names = {name.lower() for name, _ in told}
    return (*((name, value) for name, value in known.headers if name.lower() not in names), *told)


def unchanged_days(capture: Capture) -> int | None:
    """Return for how many days the body had been as it was when it was answered, by its own Last-Modified."""
    modified, answered = capture.header("last-modified"), capture.header("date")
    when, then = _date(modified) if modified else None, _date(answered) if answered else capture.finished
    return None if when is None or then is None or when > then else (then - when).days


def _is_tag(tag: str) -> bool:
    return tag.removeprefix("W/").startswith('"') and tag.endswith('"') and tag.isascii() and tag.isprintable()


def _opaque(tag: str) -> str:
    return tag.strip().removeprefix("W/")


def _is_firm(modified: str, answered: str | None) -> bool:
    """Tell whether a date can be relied on: a page may change twice in one second (RFC 9110 section 8.8.2.2)."""
    when, then = _date(modified), _date(answered) if answered else None
    return when is not None and (then is None or then - when >= _TICK)


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
