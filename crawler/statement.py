"""What a run states at its end: what it saw and could not see, per scope and host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.coverage import HostCoverage, RunCoverage, RunState

if TYPE_CHECKING:
    from crawler.crawl import Crawl

# Why a question that still waits was not asked, by what ended the run. Other ends leave it pending.
_REST = {None: "budget", "deadline": "deadline", "window": "deadline"}


def statement(crawl: Crawl) -> RunCoverage:
    """Return the run's closing statement."""
    _note_incidents(crawl)
    info, rest = crawl.recorder.info, _REST.get(crawl.reason)
    sitemaps = crawl.finder.usual.states
    return RunCoverage(
        run=info.run,
        night=info.night,
        vantage=info.vantage,
        state=RunState.INCOMPLETE if crawl.reason else RunState.COMPLETE,
        started=crawl.started,
        finished=crawl.clock.now(),
        scopes=(*crawl.harvest.coverage(rest), *crawl.frontier.coverage(rest)),
        hosts=tuple(
            HostCoverage(
                name, book.requests, book.robots, tuple(sorted(book.incidents)), sitemaps.get(name, "not_asked")
            )
            for name, book in sorted(crawl.hosts.items())
        ),
        out_of_scope=crawl.frontier.outside,
        reason=crawl.reason,
    )


def _note_incidents(crawl: Crawl) -> None:
    """Note with the hosts what those who asked on the crawl's behalf have to tell of them."""
    for site, incident in (*crawl.harvest.incidents(), *crawl.rest.incidents()):
        crawl.host(site).incidents[incident] += 1
    for site, incident, count in (*crawl.looks.incidents(), *crawl.tours.incidents()):
        crawl.host(site).incidents[incident] = count
