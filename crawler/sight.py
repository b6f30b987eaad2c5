"""What a capture brought, as the crawl looks at it: the body, and the page parsed from it, each made when asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from crawler.capture import Capture
from crawler.html import PAGE_BYTES, Page, is_html


class Sight:
    """One capture's body and page. Several questions are put to a page, and parsing costs more than most of them."""

    def __init__(self, capture: Capture, body: Callable[[], bytes]) -> None:
        self.capture, self._body = capture, body

    @cached_property
    def body(self) -> bytes:
        """The decoded body, as much of it as is read. Raises ArchiveError where the archive cannot give it back."""
        return self._body()[:PAGE_BYTES]

    @cached_property
    def page(self) -> Page | None:
        """The page, None for what is none. Whoever takes its text takes scripts and styles out of its tree."""
        return self.anew() if is_html(self.body, self._type) else None

    def anew(self) -> Page:
        """Parse the page once more: scripts and styles are in its tree."""
        return Page(self.body, self._type)

    @property
    def text(self) -> str:
        """The visible text, white space folded."""
        return self.page.text() if self.page else ""

    @property
    def _type(self) -> str | None:
        return self.capture.header("content-type")
