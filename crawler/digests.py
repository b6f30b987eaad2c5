"""A set of 8-byte digests in one flat array: a million addresses take 16 to 32 MB, where strings take 200.

Two addresses in a million share a digest with a chance of 3e-8; the second would be taken for known.
"""

from __future__ import annotations

import hashlib
from array import array

_FIRST_SLOTS = 1 << 10
_FULL = 0.6


def digest(text: str) -> int:
    """Return the digest of a text: a signed 64-bit number that is never 0, fit for SQLite and for `Digests`."""
    raw = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(raw, "big", signed=True) or 1


class Digests:
    """A set of digests by open addressing. Members cannot be taken out again."""

    def __init__(self) -> None:
        self._slots = array("q", bytes(8 * _FIRST_SLOTS))
        self._mask = _FIRST_SLOTS - 1
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, number: int) -> bool:
        return self._slots[self._place(number)] == number

    def add(self, number: int) -> bool:
        """Put a digest in. Return whether it was new."""
        place = self._place(number)
        if self._slots[place] == number:
            return False
        self._slots[place] = number
        self._count += 1
        if self._count > _FULL * len(self._slots):
            self._grow()
        return True

    def _place(self, number: int) -> int:
        slots, mask = self._slots, self._mask
        place = number & mask
        while (found := slots[place]) and found != number:
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        old = self._slots
        self._slots = array("q", bytes(16 * len(old)))
        self._mask = len(self._slots) - 1
        for number in old:
            if number:
                self._slots[self._place(number)] = number
