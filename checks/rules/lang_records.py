"""What LANG rules ask of a catalogue's texts: in which language they are, whether two are one, what is a name.

No rule of its own.
"""

from __future__ import annotations

from checks.facts.language import UNDETERMINED, LanguageReader
from checks.facts.letters import count_letters
from checks.facts.model import RecordFacts
from config.pack import Pack

LONG = 40
"""Letters from which on a title has a language, and two equal ones are no chance."""
NAMES = 0.6
_READERS: dict[str, tuple[object, LanguageReader]] = {}


def wrong_texts(record: RecordFacts, pack: Pack) -> list[str]:
    """Return `field:code` of the texts that are clearly in another language than they stand under."""
    reader = _reader(pack)
    fields = (("title", record.titles), ("description", record.descriptions))
    return [
        f"{name}:{code}"
        for name, texts in fields
        for code in pack.codes()
        if count_letters(texts.get(code, "")) >= LONG
        and not is_name(texts[code])
        and reader.block(texts[code]) not in (code, UNDETERMINED)
    ]


def are_same(titles: dict[str, str], left: str, right: str) -> bool:
    """Tell whether two languages share one title, but for case and white space."""
    one, other = (" ".join(titles.get(code, "").casefold().split()) for code in (left, right))
    return bool(one) and one == other


def is_name(text: str) -> bool:
    """Tell whether most words begin with a capital or a digit: a proper name or a code."""
    words = text.split()
    return sum(1 for word in words if not word[0].islower()) >= NAMES * len(words)


def _reader(pack: Pack) -> LanguageReader:
    found = _READERS.get(pack.id)
    if found is None or found[0] is not pack.languages:
        found = _READERS[pack.id] = (pack.languages, LanguageReader(pack.languages, pack.extraction.homoglyphs))
    return found[1]
