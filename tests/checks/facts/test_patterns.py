"""No pattern that reads pages goes back over a text again and again: work stays near the length of what is read."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

import checks.facts
from checks.facts.noticewords import NoticeWords
from checks.facts.prices import PriceReader
from checks.redact import Redactor
from config.pack import Pack

LENGTH = 4_000
SECONDS = 1.0
"""CPU time for one pattern on one text: hundreds of times what a pattern without backtracking takes."""
PIECES = (
    "a", " ", "1", "-", "©", "a ", "1 ", "2014 ", "2014-", "1.", "\u0430", "cc ", "cc-by-", "creative commons ", "a@",
    "(c) ", "https://", "www.", "<a ", "'", "© 2014 ", "12 қараша ", "жылғы 2014 ", "[{(", "a-b_c ", "\n", "\u200b",
)  # fmt: skip


def patterns(found: dict[str, Any]) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield the patterns among values, and those within their lists, mappings and tuples."""
    for name, value in found.items():
        inner = {} if isinstance(value, re.Pattern) else value
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
            yield name, value
        elif isinstance(inner, dict):
            yield from patterns({f"{name}.{key}": item for key, item in inner.items() if name[:2] != "__"})
        elif isinstance(inner, list | tuple):
            yield from patterns({f"{name}.{number}": item for number, item in enumerate(inner)})


def of_modules() -> dict[str, re.Pattern[str]]:
    every: dict[str, re.Pattern[str]] = {}
    for item in pkgutil.iter_modules(checks.facts.__path__, "checks.facts."):
        module = importlib.import_module(item.name)
        every |= {f"{item.name}.{name}": pattern for name, pattern in patterns(vars(module))}
    return every


MODULES = of_modules()


def assert_bounded(pattern: re.Pattern[str]) -> None:
    for piece in PIECES:
        text = piece * (LENGTH // len(piece))
        for hostile in (text, text + "!", "!" + text):
            begun = time.process_time()
            for _hit in pattern.finditer(hostile):
                pass
            pattern.fullmatch(hostile)
            assert time.process_time() - begun < SECONDS, (pattern.pattern, piece)


@pytest.mark.parametrize("name", MODULES)
def test_patterns_of_modules(name: str) -> None:
    assert_bounded(MODULES[name])


def test_patterns_made_of_the_packs_words(pack: Pack) -> None:
    made = {
        "notices": vars(NoticeWords(pack.extraction)),
        "prices": vars(PriceReader(pack.extraction, Redactor(pack.extraction.personal))),
    }
    found = dict(patterns(made))
    assert len(found) > 50
    for pattern in dict.fromkeys(found.values()):
        assert_bounded(pattern)
