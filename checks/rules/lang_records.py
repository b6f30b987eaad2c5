"""What LANG rules ask of a catalogue's texts: in which language they are, whether two are one, what is a name.

No rule of its own.
"""

from __future__ import annotations

from msgspec.structs import replace

from checks.facts.language import UNDETERMINED, LanguageReader
from checks.facts.letters import count_letters
from checks.facts.model import RecordFacts
from config.pack import Pack
from crawler.records import Standard, Texts

LONG = 40
"""Letters from which on a title has a language, and two equal ones are no chance."""
NAMES = 0.6
_ONCE = (Standard.ISO_19139, Standard.ISO_19115_3)
_READERS: dict[str, tuple[object, LanguageReader]] = {}


def by_language(texts: Texts, pack: Pack) -> Texts:
    """Return texts by the pack's code for their language where it has one: `rus` and `kz` are read as meant."""
    found: Texts = {}
    for tag, text in texts.items():
        found.setdefault(pack.language(tag) or tag, text)
    return found


def in_codes(record: RecordFacts, pack: Pack) -> RecordFacts:
    """Return a record with all its texts under the pack's codes: ISO 19115 catalogues write `kaz` and `rus`."""
    fields = tuple(replace(item, labels=by_language(item.labels, pack)) for item in record.fields or ())
    return replace(
        record,
        titles=by_language(record.titles, pack),
        descriptions=by_language(record.descriptions, pack),
        fields=fields if record.fields is not None else None,
    )


def of_whole_record(record: RecordFacts) -> tuple[str, ...]:
    """Return the language that a record states once for all its texts, and no text for itself (ISO 19115)."""
    tags = {*record.titles, *record.descriptions}
    return tuple(tags - {UNDETERMINED}) if len(tags) == 1 and record.standard in _ONCE else ()


def wrong_texts(record: RecordFacts, pack: Pack) -> list[str]:
    """Return `field:code` of the texts that are clearly in another language than they stand under."""
    reader = language_reader(pack)
    fields = (("title", record.titles), ("description", record.descriptions)) if not of_whole_record(record) else ()
    told = ((name, code, text) for name, texts in fields for code, text in by_language(texts, pack).items())
    return [
        f"{name}:{code}"
        for name, code, text in told
        if code in pack.codes()
        and count_letters(text) >= LONG
        and not is_name(text)
        and reader.block(text) not in (code, UNDETERMINED)
    ]


def are_same(titles: Texts, left: str, right: str) -> bool:
    """Tell whether two languages share one title, but for case and white space."""
    one, other = (" ".join(titles.get(code, "").casefold().split()) for code in (left, right))
    return bool(one) and one == other


def is_name(text: str) -> bool:
    """Tell whether most words begin with a capital or a digit: a proper name or a code."""
    words = text.split()
    return sum(1 for word in words if not word[0].islower()) >= NAMES * len(words)


def language_reader(pack: Pack) -> LanguageReader:
    """Return the reader of a pack's languages, made once."""
    found = _READERS.get(pack.id)
    if found is None or found[0] is not pack.languages:
        found = _READERS[pack.id] = (pack.languages, LanguageReader(pack.languages, pack.extraction.homoglyphs))
    return found[1]
