"""The detector of about a hundred languages: py3langid's model, read without a step of Python for each byte.

py3langid walks its automaton byte by byte, which takes as long as all other work on a page's languages. Its states are
sequences of a few bytes, so those after each byte of a text are worked out for all bytes at once, in as many rounds as
the longest sequence has bytes. The answers are py3langid's own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_FILE, LanguageIdentifier

_MOST_KEPT = 8192


class Guard:
    """Tells the likeliest of the languages of py3langid's model, and how sure that is."""

    def __init__(self) -> None:
        """Read the model, which takes a moment: see `guard`."""
        model = LanguageIdentifier.from_model_file(MODEL_FILE)
        self._moves: NDArray[np.uint32] = np.asarray(model.tk_nextmove)
        self._rows: NDArray[np.int64] = np.array(model.tk_row, dtype=np.int64) << 8
        self._features: NDArray[np.int32] = np.asarray(model.tk_output, dtype=np.int32)
        self._weights, self._prior = _Weights(model.nb_ptc), model.nb_pc
        # A language of two scripts has two classes.
        self._codes: list[str] = list(dict.fromkeys(model.nb_classes))
        self._language = np.array([self._codes.index(code) for code in model.nb_classes])

    def classify(self, texts: Sequence[str]) -> list[tuple[str, float]]:
        """Return for each text the likeliest language and its probability. Deterministic."""
        if not texts:
            return []
        data = [_encoded(text) for text in texts]
        return [self._likeliest(seen, len(item)) for seen, item in zip(self._seen(data), data, strict=True)]

    def _likeliest(self, seen: NDArray[np.int32], length: int) -> tuple[str, float]:
        found, counts = np.unique(seen, return_counts=True)
        scores = np.zeros(len(self._language), dtype=np.float32)  # of nothing known: all are as likely
        if len(found):
            scores += np.log1p(counts.astype(np.float32)) @ self._weights.of(found) + self._prior
        scores /= sqrt(length or 1)  # keeps the probabilities of long and of short texts comparable
        odds = np.exp(scores - scores.max())
        shares = np.bincount(self._language, weights=odds) / odds.sum()
        best = int(shares.argmax())
        return self._codes[best], float(shares[best])

    def _seen(self, data: Sequence[bytes]) -> list[NDArray[np.int32]]:
        """Return the model's features in each of *data*, once for each time that one ends in it."""
        letters = np.frombuffer(b"".join(data), dtype=np.uint8)
        ends = np.cumsum([len(item) for item in data], dtype=np.intp)[:-1]
        before = np.zeros(len(letters) + 1, dtype=np.uint32)
        while True:
            states = self._moves.take(self._rows.take(before[:-1]) + letters)
            after = np.zeros_like(before)
            after[1:] = states
            after[ends] = 0  # each text begins anew
            if (after == before).all():  # no longer sequence is known
                break
            before = after
        found = np.split(self._features.take(states), ends)
        return [features[features >= 0] for features in found]


def _encoded(text: str) -> bytes:
    text = unicodedata.normalize("NFC", text.lower() if text.isupper() else text)
    return text.encode("utf-8", "surrogatepass")


class _Weights:
    """The weights of the model's features, which are kept at half precision and take long to be made floats.

    Texts of a country have most features in common, so the floats of those that were asked for are kept.
    """

    def __init__(self, halves: NDArray[np.float16]) -> None:
        self._halves = halves
        self._floats = np.empty((_MOST_KEPT, halves.shape[1]), dtype=np.float32)
        self._places = np.full(len(halves), -1, dtype=np.int32)
        self._kept = 0

    def of(self, features: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return one row of weights for each of the *features*, each of which is named once."""
        new = features[self._places.take(features) < 0]
        if self._kept + len(new) > _MOST_KEPT:
            self._places[:], self._kept, new = -1, 0, features
        if len(new) > _MOST_KEPT:
            return self._halves.take(features, axis=0).astype(np.float32)
        if len(new):
            self._places[new] = np.arange(self._kept, self._kept + len(new))
            self._floats[self._kept : self._kept + len(new)] = self._halves.take(new, axis=0)
            self._kept += len(new)
        return self._floats.take(self._places.take(features), axis=0)


@cache
def guard() -> Guard:
    """Return the one guard of this process."""
    return Guard()
