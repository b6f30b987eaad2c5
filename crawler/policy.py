"""What the crawl is asked to bring, in its own words. The front door sums it up from the enabled rules' needs."""

from __future__ import annotations

import msgspec

from crawler.capture import Purpose

PEEK_BYTES = 65_536
"""So many first bytes are taken of what is not needed whole, or is too large to be."""


class FetchPolicy(msgspec.Struct, frozen=True):
    """Purposes worth fetching, and those whose whole bodies are needed (others may be cut at the first bytes)."""

    purposes: frozenset[Purpose] = frozenset({Purpose.PAGE})
    full_bodies: frozenset[Purpose] = frozenset({Purpose.PAGE})
