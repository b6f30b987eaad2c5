"""Which languages a catalogue's record declares itself to be in, and in which its texts are. No rule.

Catalogues write codes of ISO 639-1 and 639-2, addresses of registers (EU authority tables, id.loc.gov), `rus; RUS` as
profiles of ISO 19115 do, names, and codes that are none (`kz`, `ru_RU`): all are read as meant, and what is malformed
(RFC 5646, section 2.1) is told as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale

from checks.facts.declared import is_code
from checks.facts.language import UNDETERMINED
from checks.facts.letters import count_letters
from checks.facts.model import RecordFacts
from checks.rules.lang_evidence import aliases
from checks.rules.lang_records import LONG, is_name, language_reader, of_whole_record
from config.pack import Pack
from crawler.signs import labels

_MOST = 10
_LONGEST = 80
_CODE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,4}")
_THREE = 3


@dataclass(frozen=True)
class Declared:
    """What a record declares: `codes` of the pack, whether it names `others` too, and what is no language at all.

    `malformed` are declarations that are no codes or name a language by an alias, as written; `unknown` those among
    them that nobody can read.
    """

    codes: frozenset[str]
    others: bool
    malformed: tuple[str, ...]
    unknown: tuple[str, ...]


def declared(record: RecordFacts, pack: Pack) -> Declared:
    """Return what a record declares: its language field, and the one language that an ISO record calls its own."""
    codes, malformed, unknown, others = set(), [], [], False
    for text in filter(str.strip, dict.fromkeys((*record.languages[:_MOST], *of_whole_record(record)))):
        short = _short(text)
        code = pack.language(short) or labels(pack).get(short.lower())
        well_formed = is_code(short, aliases(pack))
        codes |= {code} if code else set()
        if not code and well_formed and _is_language(short):
            others = True
        elif not well_formed or not code:
            malformed.append(text[:_LONGEST])
            unknown += [] if code else [text[:_LONGEST]]
    return Declared(frozenset(codes), others, tuple(malformed), tuple(unknown))


def detected(record: RecordFacts, pack: Pack) -> frozenset[str]:
    """Return the languages of the pack that titles and descriptions are in, as far as they are long enough to tell."""
    reader = language_reader(pack)
    found = (reader.block(text) for text in _texts(record) if count_letters(text) >= LONG and not is_name(text))
    return frozenset(found) - {UNDETERMINED}


def _texts(record: RecordFacts) -> Iterator[str]:
    yield from record.titles.values()
    yield from record.descriptions.values()


def _short(text: str) -> str:
    """Return the code in a declaration: the end of an address, or what stands before the country."""
    plain = text.partition(";")[0].strip()
    return re.split(r"[/#]", plain.rstrip("/"))[-1] if "://" in plain else plain


@lru_cache(maxsize=1_000)
def _is_language(code: str) -> bool:
    """Tell whether a code stands for a language that CLDR names, or may be one of ISO 639-3."""
    primary = re.split(r"[-_]", code)[0].lower()
    return bool(_CODE.fullmatch(code)) and (len(primary) == _THREE or primary in Locale("en").languages)
