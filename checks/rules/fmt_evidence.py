"""What the format rules share: classes into outcomes, which files are offered as data, measures and their citation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from checks.context import RuleContext
from checks.facts.files.sniff import agrees
from checks.facts.model import FileFacts
from checks.findings import Measure, Outcome
from checks.formats import DataClass, Judged, met_classes
from checks.subjects import FileSubject
from checks.view import Page
from config.formats import Family, by_media_type, formats, kinds_of
from config.pack import Pack

LEAST_ROWS = 5
LEAST_COLUMNS = 3
_MEANINGS = ("open_data_words", "data_sections")
_BREAKS = str.maketrans("-_/.+", "     ")
OUTCOMES: Mapping[DataClass, Outcome] = {
    DataClass.TIDY: Outcome.PASS,
    DataClass.LAID_OUT: Outcome.UNCLEAR,
    DataClass.PARTLY: Outcome.UNCLEAR,
    DataClass.NO_DATA: Outcome.UNCLEAR,
    DataClass.UNKNOWN: Outcome.UNCLEAR,
    DataClass.UNREADABLE: Outcome.FAIL,
    DataClass.BROKEN: Outcome.FAIL,
    DataClass.UNSEEN: Outcome.NOT_OBSERVED,
}


def data_section(page: Page | None, context: RuleContext) -> bool | None:
    """Tell whether a page is a section of open data, statistics or budget. None: only unverified words say so.

    Its heading and address are asked, not its title: that holds the name of the site too (a bureau of statistics).
    """
    if page is None:
        return False
    return names_data(page.facts.url, context, page.facts.heading)


def names_data(url: str, context: RuleContext, heading: str = "") -> bool | None:
    """Tell whether an address, or a heading, names open data, statistics or budget. None: by unverified words only."""
    text = f"{heading} {unquote(urlsplit(url).path)}".lower()
    looked = (text, text.translate(_BREAKS))
    phrases = [
        item for meaning in _MEANINGS for group in context.pack.extraction.phrases(meaning).values() for item in group
    ]
    found = [item for item in phrases if any(item.p in part or item.p.replace(" ", "") in part for part in looked)]
    return any(item.verified for item in found) or (None if found else False)


def has_table(facts: FileFacts, context: RuleContext) -> bool:
    """Tell whether a file holds a table large enough to be data."""
    rows = int(context.params.get("least_rows", LEAST_ROWS))
    columns = int(context.params.get("least_columns", LEAST_COLUMNS))
    return any(table.rows >= rows and table.columns >= columns for table in facts.tables)


def contradicted(facts: FileFacts, *more: str | None) -> tuple[list[str], list[str]]:
    """Return the declared types that the bytes bear out, and those that they contradict."""
    named = dict.fromkeys(filter(None, (facts.declared_extension, by_media_type(facts.declared_type), *more)))
    right = [item for item in named if agrees(facts.sniffed_type, item)]
    return right, [item for item in named if agrees(facts.sniffed_type, item) is False]


def measures(facts: FileFacts, judged: Judged, pack: Pack) -> dict[str, Measure]:
    """Return what is counted about a file: type, class, the pack's classes it meets, openness, stars, largest table."""
    known = formats().get(judged.type or "")
    largest = max(facts.tables, key=lambda table: table.rows * table.columns, default=None)
    return {
        "type": facts.sniffed_type, "data_class": judged.data_class.value,
        "meets": met_classes(judged, pack.format_classes),
        "open_format": known.open if known else None, "stars": known.stars if known else None,
        "rows": largest.rows if largest else None, "columns": largest.columns if largest else None,
    }  # fmt: skip


def tell(facts: FileFacts) -> str:
    """Return the type and its signs as a line: what an excerpt of a file may hold."""
    return f"{facts.sniffed_type or 'unknown'}: {', '.join(facts.reasons[:3])}"[:200]


def twins(subject: FileSubject) -> list[FileFacts]:
    """Return the files that the same page links to under the same name with another ending."""
    name = stem(subject.capture.url)
    found = (subject.view.file(item) for item in subject.beside if stem(item.url) == name)
    return [item for item in found if item]


def is_kind(facts: FileFacts, *types: str) -> bool:
    """Tell whether a file is of one of the types, or a kind of it."""
    return bool(set(kinds_of(facts.sniffed_type or "")) & set(types))


def called_no_data(judged: Judged, right: list[str]) -> bool:
    """Tell a description of a service or of a format that is called one: nobody offers it as data."""
    named = (formats()[item].family for item in right if item in formats())
    return judged.data_class is DataClass.NO_DATA and Family.SERVICE in named


def stem(url: str) -> str:
    """Return the name of a file without its ending, in lower case."""
    return PurePosixPath(unquote(urlsplit(url).path)).stem.lower()
