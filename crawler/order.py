"""Whose turn it is: which question a crawl asks next."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crawler import conditional
from crawler.books import Visit
from crawler.capture import How

if TYPE_CHECKING:
    from crawler.crawl import Crawl


def following(crawl: Crawl) -> Visit | None:
    """Return what waited for a host that is well again, else what is new, else what waited, else what is given up.

    A question to a paused host is given up when nothing else is under way and no host rests that may soon be asked.
    """
    rest = crawl.rest

    def ready(site: str) -> bool:
        # One more than may be under way, so that a host's turn never waits for us.
        most = crawl.settings.concurrency if rest.proved(site) else 0
        return crawl.busy[site] <= most and rest.may_ask(site)

    found = rest.release(ready, proved=True) or _fresh(crawl, ready) or rest.release(ready, proved=False)
    if found or rest.any_resting or crawl.under_way:
        return found
    return rest.give_up() or _fresh(crawl, lambda site: rest.paused(site) is not None)


def prepared(crawl: Crawl, visit: Visit) -> Visit:
    """Return the question with the answer to it that the archive holds, where the host can say that it still stands."""
    if visit.purpose in conditional.PURPOSES and visit.key.method == "GET" and visit.how is How.PLAIN:
        visit.known = crawl.recorder.known(visit.key)
    return visit


def _fresh(crawl: Crawl, ready: Callable[[str], bool]) -> Visit | None:
    """Return the next question that is due: what is left out is booked and passed over."""
    found = crawl.controls.next(ready) or crawl.looks.errands.next(ready)
    while found is None and (drawn := crawl.frontier.next(ready)):
        found = None if crawl.leaving and crawl.leaving.out(crawl, drawn) else drawn
    return found
