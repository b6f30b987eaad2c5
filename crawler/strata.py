"""Strata: the parts of a scope that pages are drawn from, and the lanes in which they wait.

What is required (start pages, menu, section indexes) is a certainty stratum: asked every night before anything else.
The rest is a random sample by section and language. Its order is a number drawn per page from night and scope, the same
for all language versions of a page, so that they are drawn together (coordinated sampling by permanent random numbers);
strata are drawn from in proportion to their size, over the last nights together, so that the sample needs no weights.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from config.urls import path_has_prefix
from crawler.digests import digest

REQUIRED = "required:"
START, MENU, SECTIONS = f"{REQUIRED}start", f"{REQUIRED}menu", f"{REQUIRED}sections"
_CERTAIN = (START, MENU, SECTIONS)
DOCUMENTS = "documents"
RECENT = 14  # nights: as old as evidence may be for most indicators
_OTHER, _TOP = "other", "top"
_MOST = 48
_LONGEST = 40
_DIGITS = re.compile(r"\d+")


@dataclass(eq=False)
class Lane:
    """One stratum of one scope on one host: how many of its addresses are known, drawn and fetched tonight.

    `observed` are those drawn tonight or seen on one of the last nights: they make the sample that marks rest on.
    """

    number: int
    stratum: str
    known: int = 0
    drawn: int = 0
    fetched: int = 0
    waiting: int = 0
    observed: int = 0

    def __post_init__(self) -> None:
        self.certain = is_certain(self.stratum)
        """Whether all of it is to be asked."""


class Lanes:
    """The lanes of one scope. *register* holds those of all scopes by number."""

    def __init__(self, register: dict[int, Lane]) -> None:
        self._register = register
        self._found: dict[tuple[str, str], Lane] = {}

    def __iter__(self) -> Iterator[Lane]:
        return iter(self._found.values())

    def lane(self, site: str, stratum: str) -> Lane:
        """Return the lane of a stratum; strata beyond a number share one."""
        found = self._found.get((site, stratum))
        if found is None and not is_certain(stratum) and len(self._found) >= _MOST:
            stratum = _OTHER
            found = self._found.get((site, stratum))
        if found is None:
            found = self._found[(site, stratum)] = Lane(len(self._register) + 1, stratum)
            self._register[found.number] = found
        return found

    def waiting(self, site: str) -> bool:
        """Tell whether an address of a host waits."""
        return any(lane.waiting for (where, _), lane in self._found.items() if where == site)

    def required(self, site: str) -> Lane | None:
        """Return the certain lane whose turn it is, or None."""
        lanes = (self._found.get((site, name)) for name in _CERTAIN)
        return next((lane for lane in lanes if lane and lane.waiting), None)

    def sample(self, site: str) -> Lane | None:
        """Return the random lane of which the smallest share was drawn, or None."""
        here = (lane for (where, _), lane in self._found.items() if where == site)
        return min((lane for lane in here if lane.waiting and not lane.certain), key=_turn, default=None)


def _turn(lane: Lane) -> tuple[bool, float, float]:
    """Return what lanes are ordered by: those with pages not seen lately, by the share that one more would make."""
    return lane.observed >= lane.known, (lane.observed + 1) / lane.known, (lane.drawn + 1) / lane.known


def is_certain(stratum: str) -> bool:
    """Tell whether all pages of a stratum are to be asked."""
    return stratum.startswith(REQUIRED)


def of_documents(stratum: str) -> bool:
    """Tell whether a stratum holds documents rather than pages."""
    return stratum.split(" ", maxsplit=1)[0] == DOCUMENTS


def stratum_of(neutral: str, language: str | None, root: str, kind: str = "") -> str:
    """Return the random stratum of an address: its section (first path segment below the scope) and language."""
    path, base = urlsplit(neutral).path, urlsplit(root).path
    rest = path[len(base.rstrip("/")) :] if path_has_prefix(path, base) else path
    segments = [segment for segment in rest.split("/") if segment]
    section = _DIGITS.sub("0", segments[0])[:_LONGEST] if len(segments) > 1 else _TOP
    return " ".join(part for part in (kind, section, language) if part)


def rank(night: int, scope: str, identity: str) -> int:
    """Return the random number of a page: the same for all its language versions on one night."""
    return digest(f"{night} {scope} {identity}")


def folders_of(url: str, root: str) -> tuple[str, ...]:
    """Return the folders of an address that may be sections: at most three deep, named rather than numbered."""
    parts = urlsplit(url)
    base = len([part for part in urlsplit(root).path.split("/") if part])
    segments = [part for part in parts.path.split("/") if part]
    found: list[str] = []
    for depth in range(base + 1, min(len(segments), base + 4)):
        if segments[depth - 1].isdigit():
            break
        found.append(urlunsplit((parts.scheme, parts.netloc, "/" + "/".join(segments[:depth]), "", "")))
    return tuple(found)
