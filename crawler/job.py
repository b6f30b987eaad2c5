"""What a crawl process is told, and what it says: the ends of the pipe between `crawler.run` and `crawler.shard`."""

from __future__ import annotations

from datetime import date

import msgspec

from crawler.capture import Purpose
from crawler.coverage import RunCoverage
from crawler.hosts import Progress
from crawler.logs import LogFormat
from crawler.policy import FetchPolicy
from crawler.secondlook import is_look
from crawler.varying import Varying


class Job(msgspec.Struct, frozen=True):
    """What a crawl process is asked to do. `settings` is the installation's settings as JSON text.

    `languages` are the pack's codes by spelling, `labels` by what sites call a language;
    `evidence_nights` is the age to which an answer counts as evidence. With `urls` just these are asked: nothing
    is followed, and no variants, platforms, sitemaps or baselines are asked beside them. robots.txt and the control
    probes, which are nobody's who is assessed, are asked as ever.
    """

    settings: str
    zone: str
    night: date
    run: str
    policy: FetchPolicy
    only: frozenset[str] | None = None
    parent: int | None = None
    varying: tuple[Varying, ...] = ()
    evidence_nights: int = 14
    languages: dict[str, str] = {}
    labels: dict[str, str] = {}
    log_format: LogFormat = LogFormat.TEXT
    urls: tuple[str, ...] = ()

    @property
    def dry(self) -> bool:
        """Whether hosts are asked for robots.txt alone."""
        return self.policy.purposes == {Purpose.ROBOTS}

    @property
    def look(self) -> bool:
        """Whether it is outside the nightly series."""
        return is_look(self.run)


class Word(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of what the process says: progress, or how it ended. An empty one is a sign of life."""

    progress: Progress | None = None
    coverage: RunCoverage | None = None
    error: str | None = None
