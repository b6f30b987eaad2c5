"""Tells addresses apart that are one when their keys are taken out, without keeping a key anywhere.

Two files that differ by a token alone are two questions. Written down, the first that a run asks is `token=REDACTED`,
the next `token=REDACTED-2`: numbers in the order of asking say nothing of the keys. Keys that change every night make
the same numbers every night, so a file keeps its history as long as it keeps its place in that order.
"""

from __future__ import annotations

import msgspec

from crawler.capture import CaptureKey
from crawler.digests import digest
from crawler.redact import MASK, redact_text

_VALUE = f"={MASK}"


class Apart:
    """The numbers of one run. In memory only."""

    def __init__(self) -> None:
        self._numbers: dict[str, dict[int, int]] = {}

    def key(self, key: CaptureKey) -> CaptureKey:
        """Return a question's key as it may be written down. One that was already stays as it is."""
        url = self._told(key.url)
        return key if url == key.url else msgspec.structs.replace(key, url=url)

    def text(self, key: CaptureKey) -> str:
        """Return a question's key as text that may be written down."""
        return self.key(key).text()

    def _told(self, url: str) -> str:
        masked = redact_text(url)
        if masked == url or _VALUE not in masked:
            return masked
        known = self._numbers.setdefault(masked, {})
        number = known.setdefault(digest(url), len(known) + 1)
        return masked if number == 1 else masked.replace(_VALUE, f"{_VALUE}-{number}")
