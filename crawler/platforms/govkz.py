"""GOV.KZ, the single platform of state bodies' sites: a shell for every path, and JSON behind it.

The shapes are those that third parties describe (config/packs/kz/facts.yaml); there is no published contract, so fields
are looked for and never relied on. Documents, pages and curators answer openly; Accept-Language chooses the language.
News answer 400 to who has no ticket. Tickets are for the site's own browser: they are never fetched, forged or carried
over, and such an answer is `access_control`. What a visitor sees of it is left to rendering, where that is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any
from urllib.parse import quote, urlsplit

from config.urls import absolute
from crawler.capture import Capture, Purpose
from crawler.html import judge
from crawler.platforms.base import Entry, PlatformPage
from crawler.portals.base import Ask, UnreadableError
from crawler.portals.jsonread import read_json
from crawler.portals.values import first, mapping, mappings, query_of, text, with_query
from crawler.varying import Variant

SIZE = 100  # of a page of documents, as the site itself asks
MOST_LISTS = 3  # pages of documents per language: the newest three hundred dates
MOST_DETAILS = 40  # documents per language that are read in full, the newest
_API = "/api/v1/public/content-manager/"
_ENTITIES = "/memleket/entities/"
_NEWEST = "created_date:DESC"
_WRAPPERS = ("content", "items", "data", "results")
_HREF = re.compile(r"(?:href|src)\s*=\s*[\"']([^\"'<>]+)", re.IGNORECASE)
_MARKUP = re.compile(r"<[a-z/!]", re.IGNORECASE)
_SHOWN_AT = {"documents": "documents/details", "news": "press/news/details", "pages": "activities"}
_Where = tuple[str, str, str]  # site, project, language
_DENIED = frozenset({400, 401, 403})
_SERVER_ERROR = 500


class GovKz:
    """The reader of platform `govkz`. A scope is `/memleket/entities/{project}`."""

    version = 1

    def claims(self, url: str) -> bool:
        """Tell whether an address is one of the platform's data."""
        return urlsplit(url).path.startswith(_API)

    def first_requests(self, scope_url: str, variants: tuple[Variant, ...]) -> Iterator[Ask]:
        """Ask for documents, menu and curators in each language, once for the news, and for what visitors see."""
        site, project = _place(scope_url)
        if not project:
            return
        ways = variants or ((),)
        for variant in ways:
            yield Ask(_documents(site, project, 1), Purpose.PAGE, variant=variant)
            menu = with_query(
                f"{site}{_API}pages", **{"projects": f"contains:{project}", "sort-by": "order", "size": 1000}
            )
            yield Ask(menu, Purpose.PAGE, variant=variant)
            yield Ask(with_query(f"{site}{_API}curators", projects=project), Purpose.PAGE, variant=variant, later=True)
        yield Ask(_news(site, project), Purpose.PAGE, variant=ways[0])
        for language in dict.fromkeys(map(_language, ways)):
            yield Ask(_seen_at(site, "/", language), Purpose.PAGE, shared=True)
            for path in ("", "/press/news", "/about/structure"):
                yield Ask(_seen_at(site, f"{_ENTITIES}{project}{path}", language), Purpose.PAGE)

    def next_requests(
        self, scope_url: str, variants: tuple[Variant, ...], capture: Capture, body: bytes
    ) -> Iterator[Ask]:
        """Ask for the next page of documents, the newest documents in full, their files; all languages of open news."""
        site, project = _place(scope_url)
        kind, detail = _kind(capture.key.url)
        if kind == "documents" and detail is None:
            yield from self._behind_list(site, project, capture, body)
        elif kind == "documents":
            yield from _files(site, capture, body)
        elif kind == "news" and capture.answered and variants and capture.key.variant == variants[0]:
            for variant in variants[1:]:
                yield Ask(_news(site, project), Purpose.PAGE, variant=variant)

    def page(self, capture: Capture, body: bytes) -> PlatformPage:
        """Return a list, a menu or a document as a visitor sees it. Raises UnreadableError."""
        data = _data(capture, body)
        kind, detail = _kind(capture.key.url)
        site, language = _origin(capture.key.url), _language(capture.key.variant)
        if detail is not None:
            return _document(site, language, kind, mapping(data))
        project = _project_of(capture.key.url)
        entries = tuple(_entries((site, project, language), kind, _rows(data)))
        where = {"news": "/press/news", "documents": "/documents", "curators": "/about/structure"}.get(kind, "")
        kinds = (kind,) if kind in ("news", "documents") else ()
        return PlatformPage(
            _seen_at(site, f"{_ENTITIES}{project}{where}", language), f"{project} {kind}", entries=entries, kinds=kinds
        )

    def _behind_list(self, site: str, project: str, capture: Capture, body: bytes) -> Iterator[Ask]:
        number = int(first(query_of(capture.key.url).get("page")) or 1)
        try:
            rows = _rows(_data(capture, body))
        except UnreadableError:
            return
        if len(rows) >= SIZE and number < MOST_LISTS:
            yield Ask(_documents(site, project, number + 1), Purpose.PAGE, variant=capture.key.variant)
        for row in rows[:MOST_DETAILS] if number == 1 else []:
            name = text(row.get("id"))
            if name:
                url = f"{site}{_API}documents/{quote(name, safe='')}"
                yield Ask(url, Purpose.PAGE, variant=capture.key.variant, later=True)


def _documents(site: str, project: str, page: int) -> str:
    return with_query(f"{site}{_API}documents", **{"projects": project, "page": page, "size": SIZE, "sort-by": _NEWEST})


def _news(site: str, project: str) -> str:
    asked = {"projects": f"eq:{project}", "sort-by": _NEWEST, "page": 1, "size": 20}
    return with_query(f"{site}{_API}news", **asked)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _place(scope_url: str) -> tuple[str, str]:
    """Return the site and the project of a scope; an empty one for an address that is no body's."""
    return _origin(scope_url), urlsplit(scope_url).path.partition(_ENTITIES)[2].strip("/").partition("/")[0]


def _kind(url: str) -> tuple[str, str | None]:
    kind, _, detail = urlsplit(url).path.removeprefix(_API).strip("/").partition("/")
    return kind, detail or None


def _project_of(url: str) -> str:
    return (query_of(url).get("projects") or "").rpartition(":")[2]


def _language(variant: Variant) -> str:
    return next((value for _, value in variant), "")


def _seen_at(site: str, path: str, language: str) -> str:
    return f"{site}{path}?lang={language}" if language else f"{site}{path}"


def _data(capture: Capture, body: bytes) -> Any:
    """Return what an answer holds. Raises UnreadableError, for what is refused with the reason `access_control`."""
    if capture.status in _DENIED:
        raise UnreadableError("access_control")
    if not capture.answered:
        raise UnreadableError("error_body" if (capture.status or 0) >= _SERVER_ERROR else "no_answer")
    data = read_json(body, capture.header("content-type"))
    if isinstance(data, dict) and "notAllowed" in map(str, data.values()):
        raise UnreadableError("access_control")
    return data


def _rows(data: Any) -> list[dict[str, Any]]:
    """Return the objects of a list, whatever it is wrapped in. Raises UnreadableError when there is none."""
    found = (
        data
        if isinstance(data, list)
        else next((data[name] for name in _WRAPPERS if isinstance(mapping(data).get(name), list)), None)
    )
    if found is None:
        raise UnreadableError("error_body" if mapping(data).get("error") else "no_list")
    return list(mappings(found))


def _entries(place: _Where, kind: str, rows: list[dict[str, Any]]) -> Iterator[Entry]:
    for number, row in enumerate(rows):
        title = first(row.get("title"), row.get("name"), row.get("fullname"))
        if title:
            url = _entry_url(place, kind, row)
            yield Entry(title, url, text(row.get("created_date")), f"$[{number}].created_date")


def _owner(row: dict[str, Any]) -> str:
    """Return the project that a document belongs to, or an empty text."""
    owners = mappings(mapping(row.get("gosorgan")).get("items"))
    return next((name for item in owners if (name := text(item.get("project_name")))), "")


def _entry_url(place: _Where, kind: str, row: dict[str, Any]) -> str | None:
    site, project, language = place
    name, project = text(row.get("id")), project or _owner(row)
    if name is None or kind not in _SHOWN_AT or not project:
        return None
    return _seen_at(site, f"{_ENTITIES}{project}/{_SHOWN_AT[kind]}/{quote(name, safe='')}", language)


def _document(site: str, language: str, kind: str, row: dict[str, Any]) -> PlatformPage:
    title, content = text(row.get("title")), _content(row)
    if title is None:
        raise UnreadableError("error_body" if row.get("error") else "no_document")
    url = _entry_url((site, "", language), kind, row) or f"{site}{_API}{kind}/{quote(str(row.get('id')), safe='')}"
    html = content if _MARKUP.search(content) else f"<p>{escape(content)}</p>"
    return PlatformPage(url, title, html, published=text(row.get("created_date")), locator="$.created_date")


def _content(row: dict[str, Any]) -> str:
    return next((value for name in ("content", "body") if isinstance(value := row.get(name), str)), "")


def _files(site: str, capture: Capture, body: bytes) -> Iterator[Ask]:
    """Ask for the files that a document links to on the same site."""
    try:
        row = mapping(_data(capture, body))
    except UnreadableError:
        return
    for found in _HREF.findall(_content(row)):
        url = absolute(f"{site}/", found)
        if url and _origin(url) == site and judge(url).purpose is Purpose.DOCUMENT:
            yield Ask(url, Purpose.DOCUMENT, later=True)
