"""Whether an excerpt stands in a body word for word."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from crawler.html import Page, is_html
from reports.freeze.wacz import Body

_GAPS = re.compile(r"\[(?:number|mail|phone)\]|…|\*{3,}")
_TAG = re.compile(r"<[^<>]*>")


def stands_in(excerpt: str, found: Body) -> bool:
    """Tell whether the words of *excerpt* stand in a body in their order; what was redacted there may be anything.

    White space does not count. A page is looked at as source, without its tags, and as it shows; the head counts too.
    """
    pieces = [piece for part in _GAPS.split(excerpt) if (piece := _plain(part))]
    return bool(pieces) and any(_in_order(pieces, text) for text in _texts(found))


def _texts(found: Body) -> Iterator[str]:
    body, content_type = found.body, found.content_type
    yield _plain(found.head)
    if not is_html(body, content_type):
        source = body.decode("utf-8", "replace")
        yield _plain(source)
        yield _plain(html.unescape(_TAG.sub("", source)))
        return
    page = Page(body, content_type)
    yield _plain(page.source)
    yield _plain(html.unescape(_TAG.sub("", page.source)))
    yield _plain(page.text())


def _in_order(pieces: list[str], text: str) -> bool:
    place = 0
    for piece in pieces:
        place = text.find(piece, place)
        if place < 0:
            return False
        place += len(piece)
    return True


def _plain(text: str) -> str:
    return "".join(text.split())
