"""From a platform's answer to a page as any other: plain code that crawl and checks share."""

from __future__ import annotations

import msgspec

from crawler.capture import Capture
from crawler.platforms import reader_of
from crawler.platforms.base import PlatformPage, as_html
from crawler.portals.base import UnreadableError
from crawler.verdicts import Verdict, VerdictFact

_REASONS = {"access_control": Verdict.ACCESS_CONTROL, "error_body": Verdict.ERROR_BODY}


class Shown(msgspec.Struct, frozen=True):
    """What an answer shows: the capture and body as of an HTML page, or the verdict on what is none."""

    capture: Capture
    body: bytes
    page: PlatformPage | None = None
    verdict: VerdictFact | None = None


def shown(capture: Capture, body: bytes) -> Shown | None:
    """Return what a platform's answer shows, or None when the address is no platform's."""
    reader = reader_of(capture.key.url)
    if reader is None:
        return None
    try:
        page = reader.page(capture, body)
    except UnreadableError as error:
        return Shown(capture, b"", verdict=VerdictFact(_REASONS.get(error.reason, Verdict.NOT_PAGE), error.reason))
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return Shown(msgspec.structs.replace(capture, url=page.url, headers=headers, status=200), as_html(page), page)
