"""The marks of a night as a table in a terminal: sign, word and colour; plain when piped."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from checks.marks import Mark
from config.model import Settings
from config.pack import Pack
from reports.console import reader_language
from reports.html.lens import GLYPHS, glyph, kind
from reports.html.story import agencies_on, main_profile
from reports.ledger import Ledger
from reports.messages import Catalogue
from reports.views.matrix import Matrix, matrix

_STYLES = {"plus": "green", "minus": "red", "zero": "yellow", "none": "dim"}
_PIPED_WIDTH = 160
_MOST_COLUMNS = 5


def print_matrix(settings: Settings, pack: Pack, ledger: Ledger, night: date) -> None:
    """Print the marks that *ledger* holds of *night*, in the profile that feeds the document."""
    profile = main_profile(settings, pack)
    marks_table(ledger.marks(night, profile=profile), settings, night, profile, Catalogue(reader_language()))


def marks_table(marks: Iterable[Mark], settings: Settings, night: date, profile: str, words: Catalogue) -> None:
    """Print *marks* of one night and profile: agencies by indicators, the country first; the longer side goes down."""
    ids = [item.id for item in agencies_on(settings, night)]
    table = matrix(marks, profile, ids)
    names = {item.id: item.name(words.language, night) for item in settings.agencies}
    bodies = [item for item in (None, *table.agencies) if any(table.mark(item, one) for one in table.ruled)]
    heads = [names.get(item, item) if item else words.text("ui.country") for item in bodies]
    titles = [words.label("indicator", item) for item in table.ruled]
    out = _console()
    if not bodies:
        out.print(words.text("ui.no_findings"))
    elif min(len(titles), len(heads)) > _MOST_COLUMNS:
        _compact(out, table, bodies, heads, words)
    elif len(titles) > len(heads):
        out.print(_table(words.text("ui.indicator"), titles, heads, _cells(table, bodies, words), turned=True))
    else:
        out.print(_table(words.text("ui.agency"), heads, titles, _cells(table, bodies, words), turned=False))


def _compact(out: Console, table: Matrix, bodies: list[str | None], heads: list[str], words: Catalogue) -> None:
    """Print signs alone under numbered columns, then what the numbers and signs stand for."""
    numbers = [str(place) for place in range(1, len(table.ruled) + 1)]
    cells = [[_sign(table.mark(body, indicator)) for indicator in table.ruled] for body in bodies]
    out.print(_table(words.text("ui.agency"), heads, numbers, cells, turned=False))
    for number, indicator in zip(numbers, table.ruled, strict=True):
        out.print(f"{number:>3}  {words.label('indicator', indicator)} ({indicator})", markup=False)
    legend = [f"{sign} {words.text(f'mark.{name}')}" for name, sign in GLYPHS.items()]
    out.print("     " + ", ".join(legend), markup=False)


def _sign(mark: Mark | None) -> Text:
    return Text(glyph(mark), style=_STYLES[kind(mark)]) if mark else Text("")


def word(mark: Mark | None, words: Catalogue) -> Text:
    """Return a mark as sign, word and colour."""
    if mark is None:
        return Text("")
    why = f" ({mark.reason})" if mark.value is None else ""
    return Text(f"{glyph(mark)} {words.text(f'mark.{kind(mark)}')}{why}", style=_STYLES[kind(mark)])


def _cells(table: Matrix, bodies: list[str | None], words: Catalogue) -> list[list[Text]]:
    return [[word(table.mark(body, indicator), words) for indicator in table.ruled] for body in bodies]


def _table(corner: str, rows: list[str], columns: list[str], cells: list[list[Text]], *, turned: bool) -> Table:
    out = Table(corner, *[escape(item) for item in columns], header_style="bold")
    for place, name in enumerate(rows):
        row = [line[place] for line in cells] if turned else cells[place]
        out.add_row(Text(name), *row)
    return out


def _console() -> Console:
    """Return the console for stdout: plain and wide when it is piped."""
    out = Console(file=sys.stdout, highlight=False, soft_wrap=False)
    return out if out.is_terminal else Console(file=sys.stdout, highlight=False, width=_PIPED_WIDTH, no_color=True)
