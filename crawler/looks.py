"""Second looks at pages: beside what their host shows for nothing, and in a browser where they are shells."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from crawler import tails
from crawler.baselines import Baselines
from crawler.books import Visit
from crawler.capture import Capture, How, Purpose
from crawler.errands import Errands
from crawler.readings import Reading
from crawler.render.wishes import Wishes
from crawler.verdicts import Verdict, classify

Body = Callable[[], bytes]


class Looks:
    """What a run asks for its own judgement, and what came of it. No scope's account pays for it."""

    def __init__(self, baselines: int = 0, renderings: int = 0) -> None:
        self.errands = Errands()
        self.wishes = Wishes(renderings)
        self._baselines = Baselines(baselines)

    def again(self, capture: Capture, body: Body) -> bool:
        """Take up a capture of an earlier start of the run. Return whether it was a second look."""
        if capture.purpose in (Purpose.BASELINE, Purpose.TAIL):
            self.answered(capture, body)
        elif capture.how is How.RENDERED:
            self.wishes.spend(capture.scopes)
        else:
            return False
        self.errands.note(capture.key, capture.how)
        return True

    def answered(self, capture: Capture, body: Body) -> bool:
        """Take in the answer to a baseline, or the end of a file. Return whether it was one."""
        if capture.purpose is Purpose.TAIL:
            return True
        self.end_of(capture, body)
        if capture.purpose is not Purpose.BASELINE:
            return False
        self._baselines.add(capture, body() if capture.sha256 else b"")
        return True

    def end_of(self, capture: Capture, body: Body) -> None:
        """Ask for the end of a file that was cut, if it says something and was not asked for before."""
        end = tails.wanted(capture, body()) if capture.truncated and capture.sha256 else None
        if end:
            self.errands.put(end)

    def judged(self, capture: Capture, reading: Reading, body: Body) -> Reading:
        """Return the reading with its verdict beside what the host shows for nothing, and ask what is to be asked."""
        self._compare(capture)
        baseline = self._baselines.of(capture)
        if baseline and baseline.lies and reading.verdict and reading.verdict.verdict is Verdict.PAGE:
            reading = msgspec.structs.replace(reading, verdict=classify(capture, body(), baseline))
        self._draw(capture, reading)
        return reading

    def incidents(self) -> Iterator[tuple[str, str, int]]:
        """Yield host, incident and count of the shells that were not drawn."""
        for (site, reason), count in self.wishes.missed.items():
            yield site, f"js_shell:{reason}", count

    def _compare(self, capture: Capture) -> None:
        key = self._baselines.wanted(capture)
        if key:
            self.errands.put(Visit(key.url, key, Purpose.BASELINE, found_on=capture.url, how=capture.how))

    def _draw(self, capture: Capture, reading: Reading) -> None:
        """Have a shell drawn, if it may be. Where it was asked is asked again: redirects are the browser's business."""
        key = capture.key
        if reading.verdict and self.errands.fresh(key, How.RENDERED) and self.wishes.wants(capture, reading.verdict):
            visit = Visit(key.url, key, Purpose.PAGE, capture.scopes, capture.found_on, how=How.RENDERED)
            visit.stratum = capture.stratum
            self.errands.put(visit)
