"""The dates that a page of long standing states of itself.

Today's date in a header, rates of a widget and the day of an act that a sentence cites date no page: what stands in a
frame or speaks of other pages is left out, and so is a date within a longer text that no label introduces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checks.facts.layout import Block
from checks.facts.letters import count_letters
from checks.facts.model import DateFact, DateMethod
from checks.facts.pagedate import Candidate

_LETTERS = 25
"""Letters beside a date up to which a text is the date's own (posted on, changed), not a sentence that has one."""
_PLACED = frozenset({DateMethod.TIME, DateMethod.LABEL, DateMethod.TEXT, DateMethod.STRUCTURED})


def own_dates(candidates: Iterable[Candidate], found: list[Block]) -> Iterator[DateFact]:
    """Yield what a page may be dated by, in the order given."""
    frames = [block.path for block in found if block.frame]
    texts = {block.path: block.text for block in found}
    for item in candidates:
        fact = item.fact
        placed = fact.method in _PLACED and fact.locator.startswith("xpath:")
        if item.far or (placed and any(_is_within(fact.locator, frame) for frame in frames)):
            continue
        text = texts.get(fact.locator, "") if fact.method is DateMethod.TEXT else ""
        if count_letters(text) - count_letters(fact.text) <= _LETTERS:
            yield fact


def _is_within(path: str, frame: str) -> bool:
    return path == frame or path.startswith(frame + "/")
