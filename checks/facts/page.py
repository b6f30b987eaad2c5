"""The page extractor: one HTML body to `PageFacts`. Pure: same bytes, address, headers and pack give same facts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from urllib.parse import unquote, urlsplit

import msgspec

from checks.facts.dates import DateReader, iso_prefix, may_have_date
from checks.facts.declared import declarations
from checks.facts.guard import guard
from checks.facts.html import Document, Element, parse, text_of
from checks.facts.items import list_items
from checks.facts.language import LanguageReader
from checks.facts.layout import Block, lay_out
from checks.facts.model import DateFact, DateMethod, Declaration, LanguageLink, ListItem, PageFacts, Precision
from checks.facts.notices import NoticeReader
from checks.facts.outside import outside_hosts
from checks.facts.pagedate import PageDateReader
from checks.facts.platform import completed
from checks.facts.prices import PriceReader
from checks.facts.standing import own_dates
from checks.facts.static import StaticReader
from checks.facts.tables import forms_of, tables_of
from checks.facts.versions import VersionReader
from checks.redact import Redactor
from config.pack import Pack, Phrase
from config.personal import PersonalFinder
from crawler.capture import Capture
from crawler.platforms.reading import shown
from crawler.verdicts import VerdictFact, classify, judge_long

VERSION = 9
USED_HEADERS = ("content-type", "cf-mitigated", "content-language")
"""Headers that facts depend on; the second one through the verdict."""
_DATE_META = ("article:published_time", "article:modified_time", "dcterms.modified", "dcterms.date", "last-modified")
_MOST_DATES = 60
_TITLE_LENGTH = 120


class PageExtractor:
    """Reads pages for one pack. Holds compiled patterns and detectors; make one per process."""

    version = VERSION

    def __init__(self, pack: Pack) -> None:
        self.redactor = Redactor(pack.extraction.personal)
        self._finder = PersonalFinder(pack.extraction.personal)
        self._languages = LanguageReader(pack.languages, pack.extraction.homoglyphs)
        self._dates = DateReader(pack.extraction.months)
        self._versions = VersionReader(pack)
        self._notices = NoticeReader(pack.extraction, self.redactor)
        self._prices = PriceReader(pack.extraction, self.redactor)
        labels = _phrases(pack, "updated_labels")
        self._labels = [(phrase.p, phrase.p.lower()) for phrase in labels]
        self._terms = [_Name(phrase) for phrase in _phrases(pack, "terms_pages")]
        self._sections = [_Name(phrase) for phrase in _phrases(pack, "dynamic_sections")]
        self._static = [_Name(phrase) for phrase in _phrases(pack, "static_pages")]
        self._history = [_Name(phrase) for phrase in _phrases(pack, "history_pages")]
        self._age = StaticReader(pack.extraction, self.redactor)
        self._page_dates = PageDateReader(pack.extraction.months, labels)
        guard()  # its model takes a quarter of a second to read: not in the middle of some page

    def extract(self, capture: Capture, body: bytes) -> PageFacts:
        """Return the facts of one page. Raises nothing for any bytes: an empty body is an empty page.

        Data of a platform is read as the page that it shows.
        """
        told = shown(capture, body)
        if told is None:
            return self._facts(capture, body)
        if told.page is None:
            return self._facts(capture, b"", told.verdict)
        return completed(self._facts(told.capture, told.body), told.page, self.redactor)

    def _facts(self, capture: Capture, body: bytes, verdict: VerdictFact | None = None) -> PageFacts:
        document = Document(parse(body, capture.header("content-type")))
        layout = lay_out(document.tree)
        found = layout.blocks
        verdict = verdict or judge_long(capture, sum(len(item.text) for item in found)) or classify(capture, body)
        title = next(map(text_of, document.all("title")), "")
        heading = " ".join(filter(None, map(text_of, document.all("h1")))) or title
        texts = [item.text for item in layout.main]
        self._languages.prepare(item.text for item in found)
        declared = tuple(
            Declaration(item.method, self.redactor.excerpt(item.text)) for item in declarations(document, capture)
        )
        main = self._languages.shares(texts)
        sections = _hits(self._sections, heading, capture.url)
        static = set() if sections else self._static_kinds(heading, capture.url)
        return PageFacts(
            url=self.redactor.url(capture.url),
            verdict=verdict.verdict,
            verdict_reason=verdict.reason,
            title=self.redactor.excerpt(title),
            heading=self.redactor.excerpt(heading),
            declared_language=next((item.text for item in declared if item.method == "html_lang"), None),
            main=main,
            frame=self._languages.shares(item.text for item in found if item.frame),
            main_letters=sum(item.letters for item in main),
            main_digest=hashlib.sha256("\n".join(texts).encode()).hexdigest(),
            main_excerpt=self.redactor.excerpt(_longest(texts)),
            language_links=tuple(
                LanguageLink(item.language, self.redactor.url(item.url), item.method)
                for item in self._versions.links(document, capture.url)
            ),
            dates=self._dated(document.tree, capture.url, found) if static else self._stated(document, found),
            items=tuple(self._item(item) for item in list_items(layout, capture.url, self._dates)),
            section_kinds=tuple(sorted({item.kind for item in sections})),
            notices=self._notices.read(document, found, terms_page=bool(_hits(self._terms, heading, capture.url))),
            footer_excerpt=self.redactor.excerpt(" ".join(item.text for item in found if item.footer)),
            tables=tuple(tables_of(document, self._finder)),
            forms=forms_of(document),
            declarations=declared,
            lookalikes=self._languages.lookalikes(texts),
            prices=self._prices.read(layout.main),
            outside=outside_hosts(document, layout.main, capture.url, self.redactor),
            links=len(document.links),
            static=self._age.read(static, layout.main, capture.url) if static else None,
        )

    def _item(self, item: ListItem) -> ListItem:
        url = self.redactor.url(item.url) if item.url else None
        date = msgspec.structs.replace(item.date, text=self.redactor.excerpt(item.date.text, _TITLE_LENGTH))
        picture = self.redactor.url(item.picture) if item.picture else None
        return ListItem(date, self.redactor.excerpt(item.title, _TITLE_LENGTH), url, picture)

    def _static_kinds(self, heading: str, url: str) -> set[str]:
        """Return the kinds of page of long standing that heading or address name; none for a past one."""
        kinds = {item.kind for item in _hits(self._static, heading, url)}
        return set() if kinds and _hits(self._history, heading, url) else kinds

    def _dated(self, tree: Element, url: str, found: list[Block]) -> tuple[DateFact, ...]:
        """Return what the page may be dated by, in order of trust, every method tried."""
        facts = list(islice(own_dates(self._page_dates.candidates(tree, url, found), found), _MOST_DATES))
        texts = [self.redactor.excerpt(item.text, _TITLE_LENGTH) for item in facts]
        return tuple(msgspec.structs.replace(item, text=text) for item, text in zip(facts, texts, strict=True))

    def _stated(self, document: Document, found: list[Block]) -> tuple[DateFact, ...]:
        return (*self._meta_dates(document), *self._labelled(found))[:_MOST_DATES]

    def _meta_dates(self, document: Document) -> Iterable[DateFact]:
        for element in document.all("meta"):
            name = (element.get("property") or element.get("name") or "").lower()
            value = iso_prefix(element.get("content")) if name in _DATE_META else None
            if value:
                yield DateFact(value, Precision.DAY, DateMethod.META, name, f"css:meta[{name}]")

    def _labelled(self, found: list[Block]) -> Iterable[DateFact]:
        for block in found:
            if block.footer or not may_have_date(block.text):  # a footer's date is the template's
                continue
            lower = block.text.lower()
            label, small = next(((label, small) for label, small in self._labels if small in lower), ("", ""))
            if not label:
                continue
            date = self._dates.first(block.text[lower.index(small) :][:200])
            if date:
                yield DateFact(date.value, date.precision, DateMethod.LABEL, f"{label}: {date.text}", block.path)


def _phrases(pack: Pack, meaning: str) -> list[Phrase]:
    return [phrase for phrases in pack.extraction.phrases(meaning).values() for phrase in phrases]


class _Name:
    """A phrase that names a kind of page. A few letters may follow: words of the pack's languages take endings."""

    def __init__(self, phrase: Phrase) -> None:
        self.kind = phrase.kind or "other"
        self.text = phrase.p.lower()
        self._pattern = re.compile(rf"(?<!\w){re.escape(self.text)}\w{{0,3}}(?!\w)")
        self.slug = phrase.p.lower().replace(" ", "-")

    def names(self, heading: str) -> bool:
        return bool(self._pattern.search(heading))


def _hits(names: list[_Name], heading: str, url: str) -> list[_Name]:
    """Return the names found as words of the heading, or as the last segment of the address."""
    slug, words = _slug(url), " ".join(heading.lower().split())
    return [item for item in names if item.slug == slug or (item.text in words and item.names(words))]


@lru_cache(maxsize=1)
def _slug(url: str) -> str:
    return unquote(urlsplit(url).path).lower().rstrip("/").rpartition("/")[2].replace("_", "-")


def _longest(texts: list[str]) -> str:
    return max(texts, key=len, default="")


class PageNames:
    """Tells what kind of page a heading or an address names, by a pack's phrases."""

    def __init__(self, pack: Pack) -> None:
        self._names = {meaning: [_Name(item) for item in _phrases(pack, meaning)] for meaning in pack.extraction.words}

    def has(self, meaning: str, heading: str, url: str) -> bool:
        """Tell whether heading or address hold a phrase of *meaning*."""
        return bool(_hits(self._names.get(meaning, []), heading, url))
