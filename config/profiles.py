"""Letter profiles of languages: which two and three letters follow each other, and how often. Vendored statistics.

A pack names by id those that its languages are written in, and those of neighbours that must not be taken for them.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import msgspec

FOLDER = Path(__file__).with_name("vendor") / "ngrams"


class LetterProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One orthography of one language: its script and, per sequence, -100 times the logarithm of its share."""

    language: str
    script: str
    grams: dict[str, int]


@cache
def _bytes() -> bytes:
    return (FOLDER / "profiles.json").read_bytes()


@cache
def profiles() -> dict[str, LetterProfile]:
    """Return all profiles by id, such as `xx-Cyrl`."""
    return msgspec.json.decode(_bytes(), type=dict[str, LetterProfile])


@cache
def profiles_digest() -> str:
    """Return the SHA-256 of the profiles: facts depend on them."""
    return hashlib.sha256(_bytes()).hexdigest()
