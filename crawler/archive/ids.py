"""Names of records: UUIDs that count up, because what is random in a name cannot be compressed.

Version 8 (RFC 9562 section 5.8): 74 random bits that all names of a process share, then a number of 48 bits.
"""

from __future__ import annotations

import os
from itertools import count

_BYTES = 10


class Series:
    """Names that no other series gives. A process that was forked begins one of its own."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Draw new random bits and count from one."""
        drawn = os.urandom(_BYTES).hex()
        variant = "89ab"[int(drawn[15], 16) % 4]
        self._prefix = f"urn:uuid:{drawn[:8]}-{drawn[8:12]}-8{drawn[12:15]}-{variant}{drawn[16:19]}-"
        self._numbers = count(1)

    def next(self) -> str:
        """Return the next name."""
        return f"{self._prefix}{next(self._numbers):012x}"


_SERIES = Series()
os.register_at_fork(after_in_child=_SERIES.begin)


def new_id() -> str:
    """Return a fresh WARC-Record-ID, without the angle brackets that surround it in the file."""
    return _SERIES.next()
