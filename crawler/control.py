"""Control probes: addresses of nobody who is assessed, which tell our own network's trouble from that of the hosts.

They are asked when a run begins, and again when a host fails, once a minute at most. Each round is a set of captures
like any other, so that the archive alone tells when our network was down.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from crawler.books import Visit
from crawler.capture import Capture, CaptureKey, ExchangeOutcome, Purpose
from crawler.clock import Clock

# Nobody answered. A status is an answer, whatever it says.
SILENT = frozenset(
    {
        ExchangeOutcome.DNS,
        ExchangeOutcome.REFUSED,
        ExchangeOutcome.RESET,
        ExchangeOutcome.ROBOTS_UNREACHABLE,
        ExchangeOutcome.TIMEOUT,
        ExchangeOutcome.TLS,
    }
)
_BETWEEN = timedelta(minutes=1)


class Controls:
    """The control probes of one run."""

    def __init__(self, urls: Iterable[str], clock: Clock) -> None:
        self._urls, self._clock = tuple(urls), clock
        self._waiting: deque[Visit] = deque()
        self._asked: datetime | None = None
        self._doubt = True

    def seen(self, capture: Capture) -> None:
        """Take note of how an exchange ended: a host that does not answer makes us doubt our network."""
        if capture.purpose is not Purpose.CONTROL and capture.outcome in SILENT:
            self._doubt = True

    def next(self, ready: Callable[[str], bool]) -> Visit | None:
        """Return the next probe to a host that *ready* lets through, or None."""
        self._begin_round()
        found = next((visit for visit in self._waiting if ready(visit.site)), None)
        if found:
            self._waiting.remove(found)
        return found

    @property
    def empty(self) -> bool:
        """Whether no probe waits."""
        return not self._waiting and not (self._asked is None and self._urls)

    def _begin_round(self) -> None:
        now = self._clock.now()
        if not self._doubt or self._waiting or (self._asked and now - self._asked < _BETWEEN):
            return
        self._asked, self._doubt = now, False
        self._waiting.extend(Visit(url, CaptureKey("GET", url), Purpose.CONTROL) for url in self._urls)


def network_down(captures: Iterable[Capture]) -> bool:
    """Tell whether at some moment the newest answer of every control probe was none. Without probes: False."""
    probes = sorted((item for item in captures if item.purpose is Purpose.CONTROL), key=lambda item: item.finished)
    keys = {item.key for item in probes}
    silent: dict[CaptureKey, bool] = {}
    for item in probes:
        silent[item.key] = item.outcome in SILENT
        if len(silent) == len(keys) and all(silent.values()):
            return True
    return False
