"""Site software that tells its pages in a file menu.txt, one address a line."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urljoin

from crawler.capture import Capture, Purpose
from crawler.portals import Ask


class ExampleCms:
    """Reads menu.txt of a scope."""

    def first_requests(self, scope_url: str) -> Iterable[Ask]:
        """Return the menu."""
        yield Ask(urljoin(scope_url, "menu.txt"), Purpose.PAGE)

    def next_requests(self, scope_url: str, capture: Capture, body: bytes) -> Iterable[Ask]:
        """Return the pages that the menu names."""
        if capture.url.endswith("/menu.txt"):
            for line in body.decode("utf-8", "replace").split():
                yield Ask(urljoin(scope_url, line), Purpose.PAGE)
