"""The fact kinds. A fact is read from one body (or one host, one scope) by a versioned extractor and cached."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from crawler.coverage import Stratum
from crawler.records import Record
from crawler.verdicts import Verdict

RecordFacts = Record
"""One data set description: the record model itself, which the archive's adapters fill."""


class FactKind(StrEnum):
    """What a rule may ask for in `needs`."""

    PAGE = "page_facts"
    LIST = "list_facts"
    FILE = "file_facts"
    RECORD = "record_facts"
    SCOPE = "scope_facts"
    HOST = "host_facts"
    PROBE = "probe_captures"
    HISTORY = "history"
    BODY = "full_bodies"


class DateMethod(StrEnum):
    """How a date was found, most trustworthy first."""

    STRUCTURED = "structured_data"
    TIME = "time_element"
    META = "meta"
    LABEL = "label"
    ITEM = "list_item"
    URL = "url"
    TEXT = "text"
    FEED = "feed"
    SITEMAP = "sitemap"


class Precision(StrEnum):
    """How much of a date was stated."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class DateFact(msgspec.Struct, frozen=True):
    """A date as stated: ISO text of its precision (`2026-11-23`, `2026-11`, `2026`), never invented further."""

    value: str
    precision: Precision
    method: DateMethod
    text: str
    locator: str


class ListItem(msgspec.Struct, frozen=True):
    """A dated entry of a list: the date beside a link, and the address of the picture beside it where there is one."""

    date: DateFact
    title: str
    url: str | None
    picture: str | None = None


class LanguageShare(msgspec.Struct, frozen=True):
    """Letters of one language in a text; `und` for what could not be told."""

    language: str
    letters: int


class LanguageLink(msgspec.Struct, frozen=True):
    """An address that the page offers as its version in a language, and how it says so (hreflang | switch)."""

    language: str
    url: str
    method: str


class NoticeKind(StrEnum):
    """What a legal notice on a page says about re-use."""

    OPEN = "open"
    ATTRIBUTION = "attribution"
    RESTRICTED = "restricted"
    BARE = "bare"


class Notice(msgspec.Struct, frozen=True):
    """A notice on rights: kind, the phrase that decided, whether the pack holds the phrase verified, where."""

    kind: NoticeKind
    phrase: str
    verified: bool
    excerpt: str
    locator: str
    in_footer: bool


class PersonalColumn(msgspec.Struct, frozen=True):
    """A column in which identifiers of persons stand: its name and counts, never a value.

    `number` counts columns from 1; `name` is empty where the table has no line of names, or where the name itself could
    identify somebody. Of its filled `cells`, `alike` numbers have the form of the pack's `pattern`, and for `valid` of
    them the check holds.
    """

    number: int
    name: str
    pattern: str
    cells: int
    alike: int
    valid: int


class TableShape(msgspec.Struct, frozen=True):
    """One table, sheet or list of records as it is laid out: counts only, never a value that stands in it.

    `rows` are data rows below the header; `title_rows` lines above it; `blocks` tables one below or beside the other;
    `merged` cells joined in the data or header; `complete` is False when a limit ended the reading. `periods` are the
    newest days, months or years of date-like columns, newest first, as ISO text of the precision stated.
    """

    rows: int
    columns: int
    header: bool = False
    title_rows: int = 0
    ragged: int = 0
    merged: int = 0
    blocks: int = 1
    empty_columns: int = 0
    hidden: bool = False
    complete: bool = True
    personal: tuple[PersonalColumn, ...] = ()
    periods: tuple[str, ...] = ()


class SignKind(StrEnum):
    """What makes a static page look out of date. Signs of one kind are one sign."""

    FORMER_BODY = "former_body"
    REPEALED_ACT = "repealed_act"
    PAST_PLAN = "past_plan"


class AgeSign(msgspec.Struct, frozen=True):
    """A sign of age on a page: the phrase (or year) found, the day from which on it is out of date, and where."""

    kind: SignKind
    phrase: str
    since: str
    excerpt: str
    locator: str


class StaticPage(msgspec.Struct, frozen=True):
    """A page of long standing: its kinds (structure, contacts, ...), its signs of age, the links in its main text."""

    kinds: tuple[str, ...]
    signs: tuple[AgeSign, ...] = ()
    links: tuple[str, ...] = ()


class Declaration(msgspec.Struct, frozen=True):
    """A language as a page declares it, as written, and where: html_lang, content_language, og_locale, metadata."""

    method: str
    text: str


class PricedProduct(msgspec.Struct, frozen=True):
    """An information product of the pack's list that a page prices or gives free. `kind`: data, or copies of papers."""

    product: str
    kind: str
    verified: bool
    free: bool
    excerpt: str
    locator: str


class OutsideHost(msgspec.Struct, frozen=True):
    """A host that a page's main text links to, how often, and the first such link."""

    host: str
    links: int
    url: str
    text: str


class PageFacts(msgspec.Struct, frozen=True):
    """One HTML page. Letters are counted in main text; `frame` is what repeats around it (menu, header, footer).

    `section_kinds` are the kinds of dynamic section (news, vacancies) that the heading or the address names.
    `heading` is the text of the page's own headings (h1), or the title where it has none: titles carry the site's name.
    `lookalikes` are words of main text with letters of another script that look the same.
    All texts are redacted. `footer_excerpt` is empty when the page shows no footer. `tables` are tables of data;
    `forms` counts those that ask for a choice or several fields before they show something. `static` is there for pages
    of long standing alone; their `dates` are searched for by every method, those of others by meta elements and labels.
    """

    url: str
    verdict: Verdict
    verdict_reason: str
    title: str
    heading: str
    declared_language: str | None
    main: tuple[LanguageShare, ...]
    frame: tuple[LanguageShare, ...]
    main_letters: int
    main_digest: str
    main_excerpt: str
    language_links: tuple[LanguageLink, ...]
    dates: tuple[DateFact, ...]
    items: tuple[ListItem, ...]
    section_kinds: tuple[str, ...]
    notices: tuple[Notice, ...]
    footer_excerpt: str
    links: int
    tables: tuple[TableShape, ...] = ()
    forms: int = 0
    static: StaticPage | None = None
    declarations: tuple[Declaration, ...] = ()
    lookalikes: int = 0
    prices: tuple[PricedProduct, ...] = ()
    outside: tuple[OutsideHost, ...] = ()


class Dialect(msgspec.Struct, frozen=True):
    """How a delimited file is written; `quote` and `escape` are empty when it uses none."""

    delimiter: str
    quote: str = ""
    escape: str = ""
    line_end: str = "\n"


class Member(msgspec.Struct, frozen=True):
    """A file inside an archive: its sniffed type (None: not looked into) and its size as stated. No name is kept.

    `periods` are the newest periods of its tables; None when they were not read to their end.
    """

    type: str | None
    length: int
    encrypted: bool = False
    periods: tuple[str, ...] | None = None


class FileFacts(msgspec.Struct, frozen=True):
    """One file: declared against sniffed type, whether it parses, and its shape.

    Types are ids of the published vocabulary (`config.formats`); `declared_type` is the Content-Type as sent,
    `declared_extension` what the address claims. `reasons` are the signs that the type rests on, first the deciding
    one. `parses` is None when nothing tried (no reader, encrypted, cut off); `problem` is the reason code for that, or
    for a failure. `text_layer` speaks of PDF, `image_pages` of pages covered by a picture. `geometry` are the kinds of
    geometry found, `extent` west, south, east, north in the units of `reference_system`.
    """

    url: str
    declared_type: str | None
    sniffed_type: str | None
    parses: bool | None
    text_layer: bool | None
    encoding: str | None
    length: int
    declared_extension: str | None = None
    confidence: float = 0.0
    reasons: tuple[str, ...] = ()
    problem: str | None = None
    truncated: bool = False
    encrypted: bool = False
    macros: bool = False
    tables: tuple[TableShape, ...] = ()
    dialect: Dialect | None = None
    pages: int | None = None
    image_pages: int | None = None
    letters: int | None = None
    width: int | None = None
    height: int | None = None
    members: tuple[Member, ...] = ()
    features: int | None = None
    reference_system: str | None = None
    geometry: tuple[str, ...] = ()
    extent: tuple[float, float, float, float] | None = None

    @property
    def periods(self) -> tuple[str, ...]:
        """The newest periods inside its tables and those of its members, newest first."""
        found = {period for table in self.tables for period in table.periods}
        return tuple(sorted(found.union(*(member.periods or () for member in self.members)), reverse=True))


class ScopeFacts(msgspec.Struct, frozen=True):
    """One scope's night as the archive tells it: captures by outcome, exhausted questions, strata of its pages."""

    scope: str
    outcomes: dict[str, int]
    exhausted: dict[str, bool]
    known: int
    skipped: dict[str, int]
    discovered: bool = False
    strata: tuple[Stratum, ...] = ()


class HostFacts(msgspec.Struct, frozen=True):
    """One host's night: outcomes, robots answer, incidents."""

    host: str
    outcomes: dict[str, int]
    robots: str
    incidents: tuple[str, ...]
