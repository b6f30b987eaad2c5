"""An HTML document read as a file: its tables of data."""

from __future__ import annotations

from checks.facts.files.encoding import encoding_of
from checks.facts.files.personal import NOBODY
from checks.facts.files.reading import Reading, UnreadError
from checks.facts.html import Document, parse
from checks.facts.tables import tables_of
from config.personal import PersonalFinder

_MOST_HTML = 8 << 20


def read_html(body: bytes, finder: PersonalFinder = NOBODY) -> Reading:
    """Return the tables of an HTML page. Raises UnreadError for one beyond any page's size."""
    if len(body) > _MOST_HTML:
        raise UnreadError("too_large")
    found = encoding_of(body)
    name = found.name if found else None
    tables = tuple(tables_of(Document(parse(body, f"text/html; charset={name}" if name else None)), finder))
    return Reading(encoding=name, tables=tables)
