"""A guess at a type: the id of the vocabulary, how sure, and the signs it rests on."""

from __future__ import annotations

import msgspec

CERTAIN = 0.99
STRONG = 0.95
LIKELY = 0.85
WEAK = 0.6
FAINT = 0.4


class Guess(msgspec.Struct, frozen=True):
    """Type, confidence (0..1) and reasons, first the deciding one. Type None: nothing could be told."""

    type: str | None
    confidence: float
    reasons: tuple[str, ...]

    def because(self, *reasons: str) -> Guess:
        """Return the same guess with more reasons."""
        return Guess(self.type, self.confidence, (*self.reasons, *reasons))


def guess(type_: str | None, confidence: float, *reasons: str) -> Guess:
    """Return a guess."""
    return Guess(type_, confidence, reasons)
