"""The detector of about a hundred languages: py3langid's model, read without a step of Python for each byte.

py3langid walks its automaton byte by byte, which takes as long as all other work on a page's languages. Its states are
sequences of a few bytes, so those after each byte of a text are worked out for all bytes at once, in as many rounds as
the longest sequence has bytes. The answers are py3langid's own.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_FILE, LanguageIdentifier


class Guard:
    """Tells the likeliest of the languages of py3langid's model, and how sure that is."""

    def __init__(self) -> None:
        """Read the model, which takes a moment: see `guard`."""
        model = LanguageIdentifier.from_model_file(MODEL_FILE)
        self._moves: NDArray[np.uint32] = np.asarray(model.tk_nextmove)
        self._rows: NDArray[np.int64] = np.array(model.tk_row, dtype=np.int64) << 8
        self._features: NDArray[np.int32] = np.asarray(model.tk_output, dtype=np.int32)
        self._weights, self._prior = model.nb_ptc, model.nb_pc
        # A language of two scripts has two classes.
        self._codes: list[str] = list(dict.fromkeys(model.nb_classes))
        self._language = np.array([self._codes.index(code) for code in model.nb_classes])

    def classify(self, text: str) -> tuple[str, float]:
        """Return the likeliest language of *text* and its probability. Deterministic."""
        written = unicodedata.normalize("NFC", text.lower() if text.isupper() else text)
        data = written.encode("utf-8", "surrogatepass")
        found, counts = np.unique(self._seen(data), return_counts=True)
        scores = np.zeros(len(self._language), dtype=np.float32)  # of nothing known: all are as likely
        if len(found):
            scores += np.log1p(counts.astype(np.float32)) @ self._weights.take(found, axis=0) + self._prior
        scores /= sqrt(len(data) or 1)  # keeps the probabilities of long and of short texts comparable
        odds = np.exp(scores - scores.max())
        shares = np.bincount(self._language, weights=odds) / odds.sum()
        best = int(shares.argmax())
        return self._codes[best], float(shares[best])

    def _seen(self, data: bytes) -> NDArray[np.int32]:
        """Return the model's features in *data*, once for each time that one ends in it."""
        letters = np.frombuffer(data, dtype=np.uint8)
        before = np.zeros(len(letters), dtype=np.uint32)
        while True:
            after = self._moves.take(self._rows.take(before) + letters)
            if np.array_equal(after[:-1], before[1:]):  # no longer sequence is known
                features = self._features.take(after)
                return features[features >= 0]
            before[1:] = after[:-1]


@cache
def guard() -> Guard:
    """Return the one guard of this process."""
    return Guard()
