"""Site software that tells its pages in a file menu.json: `{"pages": [{"url", "title", "text"}]}`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from typing import Any
from urllib.parse import urljoin

from crawler.capture import Capture, Purpose
from crawler.platforms import Entry, PlatformPage
from crawler.portals import Ask, UnreadableError
from crawler.varying import Variant


class ExampleCms:
    """Reads menu.json of a scope."""

    version = 1

    def claims(self, url: str) -> bool:
        """Tell whether an address is the menu."""
        return url.endswith("/menu.json")

    def first_requests(self, scope_url: str, variants: tuple[Variant, ...]) -> Iterable[Ask]:
        """Return the menu, in every language."""
        for variant in variants or ((),):
            yield Ask(urljoin(scope_url, "menu.json"), Purpose.PAGE, variant=variant)

    def next_requests(
        self, scope_url: str, variants: tuple[Variant, ...], capture: Capture, body: bytes
    ) -> Iterable[Ask]:
        """Return the pages that the menu names."""
        del variants
        for page in _pages(body) if capture.answered else ():
            yield Ask(urljoin(scope_url, page["url"]), Purpose.PAGE)

    def page(self, capture: Capture, body: bytes) -> PlatformPage:
        """Return the menu as a page."""
        if not capture.answered:
            raise UnreadableError("no_answer")
        pages = _pages(body)
        text = "".join(f"<p>{escape(page['text'])}</p>" for page in pages)
        return PlatformPage(capture.url, "Menu", text, tuple(Entry(page["title"], page["url"]) for page in pages))


def _pages(body: bytes) -> list[dict[str, Any]]:
    try:
        found = json.loads(body)["pages"]
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableError("no_menu") from error
    return found if isinstance(found, list) else []
