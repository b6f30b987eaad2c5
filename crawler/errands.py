"""What a run asks for its own judgement: baselines, and pages once more in a browser. No scope's account pays for it.

Hosts take turns. Everything here can be worked out again from the archive, so nothing is kept.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable

from crawler.books import Visit
from crawler.capture import CaptureKey, How


class Errands:
    """Questions beside the frontier, each asked once a run. Keys are those of captures, in which no secret stands."""

    def __init__(self) -> None:
        self._queues: OrderedDict[str, deque[Visit]] = OrderedDict()
        self._known: set[tuple[str, How]] = set()

    def put(self, visit: Visit) -> bool:
        """Let a question wait. Return whether it is new."""
        if not self.note(visit.key, visit.how):
            return False
        self._queues.setdefault(visit.site, deque()).append(visit)
        return True

    def note(self, key: CaptureKey, how: How) -> bool:
        """Note a question as asked. Return whether it is new."""
        mark = (key.text(), how)
        new = mark not in self._known
        self._known.add(mark)
        return new

    def fresh(self, key: CaptureKey, how: How) -> bool:
        """Tell whether a question was not asked before."""
        return (key.text(), how) not in self._known

    def next(self, ready: Callable[[str], bool]) -> Visit | None:
        """Return the next question to a host that *ready* lets through, or None."""
        for site in list(self._queues):
            if not ready(site):
                continue
            queue = self._queues[site]
            visit = queue.popleft()
            if queue:
                self._queues.move_to_end(site)
            else:
                del self._queues[site]
            return visit
        return None

    @property
    def empty(self) -> bool:
        """Whether nothing waits."""
        return not self._queues
