"""A whole night of the crawl's own process, and what archive and books have to say of it together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from config.model import Settings
from crawler.archive import Archive
from crawler.capture import Capture, ExchangeOutcome, Purpose
from crawler.coverage import RunCoverage
from tests.crawler.support import NIGHT

Make = Callable[..., Settings]
Night = Callable[..., RunCoverage]


def captures(settings: Settings, purpose: Purpose | None = Purpose.PAGE) -> list[Capture]:
    with Archive(settings.workspace) as archive:
        found = list(archive.captures(until=NIGHT))
        for item in found:
            if item.sha256:
                archive.body(item)
    return [item for item in found if purpose in (None, item.purpose)]


def by_path(settings: Settings) -> dict[str, Capture]:
    return {item.key.url.partition(".lab")[2].partition("/")[2]: item for item in captures(settings)}


def check_books(settings: Settings, coverage: RunCoverage) -> None:
    """Nothing vanishes and nothing is there twice: books and archive say the same."""
    assert all(scope.balanced() for scope in coverage.scopes)
    found = captures(settings) + captures(settings, Purpose.DOCUMENT)
    keys = [item.key.text() for item in found]
    assert len(keys) == len(set(keys))
    tally = {scope.scope: Counter[str]() for scope in coverage.scopes}
    for item in found:
        for scope in item.scopes:
            tally[scope]["ok" if item.outcome is ExchangeOutcome.OK else item.outcome.value] += 1
    for scope in coverage.scopes:
        assert tally[scope.scope] == Counter({"ok": scope.fetched, **scope.failed})
