"""What a platform reader is, and the neutral page that it makes of an answer."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Protocol, runtime_checkable

import msgspec

from crawler.capture import Capture
from crawler.portals.base import Ask
from crawler.varying import Variant


class Entry(msgspec.Struct, frozen=True):
    """An entry of a list: its title, where a reader finds it, the date as stated (ISO 8601), where that stands."""

    title: str
    url: str | None = None
    date: str | None = None
    locator: str = ""


class PlatformPage(msgspec.Struct, frozen=True):
    """What an answer shows to a visitor of the site.

    `url` is the address under which a visitor sees it, `html` its text as markup (without the site's frame),
    `published` its date as stated, `locator` where that stands, `kinds` kinds of dynamic section (news, documents).
    """

    url: str
    title: str
    html: str = ""
    entries: tuple[Entry, ...] = ()
    published: str | None = None
    locator: str = ""
    kinds: tuple[str, ...] = ()


@runtime_checkable
class PlatformReader(Protocol):
    """Knows one shared site software (entry points `odrc.platforms`). Pure: same capture and body, same answer.

    *variants* are the request values by which a host chooses its language (the pack's `varying`), one for each
    language; they are empty where the pack knows none. `version` goes up when `page` answers otherwise.
    """

    version: int

    def claims(self, url: str) -> bool:
        """Tell whether an address gives the software's data: what only `page` can read."""

    def first_requests(self, scope_url: str, variants: tuple[Variant, ...]) -> Iterable[Ask]:
        """Return the requests that find the menu and the pages of a scope. `Ask.shared` ones belong to all scopes."""

    def next_requests(
        self, scope_url: str, variants: tuple[Variant, ...], capture: Capture, body: bytes
    ) -> Iterable[Ask]:
        """Return the requests that this answer leads to. Asked for answers of claimed addresses, failed ones too."""

    def page(self, capture: Capture, body: bytes) -> PlatformPage:
        """Return what an answer of a claimed address shows.

        Raises UnreadableError: `access_control` for one that is kept from visitors without a ticket, `error_body` for
        one that only says what is wrong, another reason for what is no page.
        """


def as_html(page: PlatformPage) -> bytes:
    """Return a neutral page as HTML: what language, length and notices are read from."""
    entries = "".join(f"<li>{escape(item.title)}</li>" for item in page.entries)
    listed = f"<ul>{entries}</ul>" if entries else ""
    head = f'<!doctype html><html><head><meta charset="utf-8"><title>{escape(page.title)}</title></head>'
    return f"{head}<body><main><h1>{escape(page.title)}</h1>{page.html}{listed}</main></body></html>".encode()
