"""Turns what happened to a visit into a capture, and a capture into records and an index row."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from crawler.apart import Apart
from crawler.archive.exchange import Message, Original
from crawler.archive.ids import new_id
from crawler.archive.index import Index
from crawler.archive.layout import Layout
from crawler.archive.reader import Archive
from crawler.archive.writer import MAX_FILE, WarcWriter, redacted
from crawler.capture import Capture, CaptureKey, ExchangeOutcome, How, Redirect, Tls
from crawler.clock import Clock
from crawler.coding import DECODED_LIMIT, decode
from crawler.conditional import Known, merged
from crawler.coverage import RunCoverage
from crawler.frontier import Visit
from crawler.redact import redact_text

_WORTH_A_REVISIT = 2_048  # bytes of another address's body: a revisit record and its note take half a kilobyte
_BATCH = 50  # captures per commit: what a killed run had not committed is read back from its WARC


class Answer(msgspec.Struct, frozen=True):
    """A response as it came over the wire. `body` is content-coded; `detail` says what was odd about receiving it."""

    url: str
    status: int
    sent: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    body: bytes
    ip: str | None = None
    tls: Tls | None = None
    truncated: bool = False
    too_large: bool = False
    detail: str | None = None
    method: str = "GET"
    sent_body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return the first header of that name, in any case, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


class RunInfo(msgspec.Struct, frozen=True):
    """What all captures of a run share."""

    workspace: Path
    night: date
    run: str
    vantage: str
    software: str
    largest: int = MAX_FILE


class Recorder:
    """Writes a run's captures: first the WARC, then the index. *apart* is what tells the run's questions apart."""

    def __init__(self, info: RunInfo, clock: Clock, apart: Apart | None = None) -> None:
        self.info, self._clock, self._apart = info, clock, apart or Apart()
        self._writer = WarcWriter(info.workspace, info.night, info.run, clock, info.software, info.largest)
        self._index = Index(Layout(info.workspace).index)
        self._writer.closed = self._index.seal
        self._waiting = 0
        self._earlier: Archive | None = None

    def hop(self, visit: Visit, answer: Answer, location: str) -> None:
        """Keep a redirect on the visit; it is written together with what it leads to."""
        message = _message(answer)
        visit.messages.append(message)
        visit.hops.append(Redirect(answer.url, answer.status, location, message.record))

    def answer(self, visit: Visit, answer: Answer, outcome: ExchangeOutcome, detail: str | None = None) -> Capture:
        """Record a visit that was answered. A body that the archive holds already is referred to, not kept again."""
        visit.body = decode(answer.body, answer.header("content-encoding"))
        received = hashlib.sha256(answer.body).hexdigest()
        capture = self._capture(
            visit, outcome, detail or answer.detail, answer,
            headers=answer.headers,
            digest_received=received,
            sha256=received if visit.body is answer.body else hashlib.sha256(visit.body).hexdigest(),
            length=len(visit.body),
            truncated=answer.truncated or len(visit.body) >= DECODED_LIMIT,
        )  # fmt: skip
        original = None if visit.spoiled else self._index.original(capture, _WORTH_A_REVISIT)
        return self._answered(visit, answer, capture, original)

    def unchanged(self, visit: Visit, answer: Answer, known: Known) -> Capture:
        """Record a visit to which the server said that what it gave before still holds (304)."""
        capture = self._capture(
            visit, ExchangeOutcome.NOT_MODIFIED, answer.detail, answer,
            headers=merged(known.capture, answer.headers),
            digest_received=known.capture.digest_received,
            sha256=known.capture.sha256,
            length=known.capture.length,
        )  # fmt: skip
        return self._answered(visit, answer, capture, known.original)

    def known(self, key: CaptureKey) -> Known | None:
        """Return the newest whole answer to a question that the archive holds, or None."""
        found = self._index.last_answer(self._apart.text(key), self.info.night)
        return Known(*found) if found else None

    def body(self, capture: Capture) -> bytes:
        """Return the body of a capture whose record an earlier run wrote. Raises ArchiveError."""
        self._earlier = self._earlier or Archive(self.info.workspace)  # kept open: a quiet night reads hundreds
        return self._earlier.body(capture)

    def failure(self, visit: Visit, outcome: ExchangeOutcome, detail: str | None = None) -> Capture:
        """Record a visit that brought no final answer. The hops on the way are written all the same."""
        return self._record(visit, self._capture(visit, outcome, detail))

    def finish(self, coverage: RunCoverage) -> None:
        """Write the run's closing statement."""
        place = self._writer.write_coverage(coverage)
        self._index.add_coverage(coverage, place)

    def close(self) -> None:
        """Close WARC and index."""
        if self._earlier:
            self._earlier.close()
        try:
            self._writer.close()
        finally:
            self._index.close()

    def _capture(
        self, visit: Visit, outcome: ExchangeOutcome, detail: str | None, answer: Answer | None = None, **told: Any
    ) -> Capture:
        """Return the capture of a visit as it may be written down, with what the *answer* tells and what is *told*."""
        now = self._clock.now()
        tried = f"tries: {', '.join(visit.tries)}" if len(visit.tries) > 1 else None
        url = answer.url if answer else visit.url
        met: dict[str, Any] = {"status": answer.status, "ip": answer.ip, "tls": answer.tls} if answer else {}
        return redacted(
            Capture(
                id=new_id(),
                run=self.info.run,
                night=self.info.night,
                key=self._apart.key(visit.key),
                url=url,
                host=urlsplit(url).netloc,
                scopes=visit.scopes,
                purpose=visit.purpose,
                outcome=outcome,
                started=visit.started or now,
                finished=now,
                redirects=tuple(visit.hops),
                how=visit.how,
                found_on=visit.found_on,
                vantage=self.info.vantage,
                detail="; ".join(part for part in (detail, tried) if part) or None,
                stratum=visit.stratum,
                **met,
                **told,
            )
        )

    def _answered(self, visit: Visit, answer: Answer, capture: Capture, original: Original | None) -> Capture:
        if original:
            capture = msgspec.structs.replace(capture, refers_to=original.record)
        digest = None if original else capture.digest_received
        rendered = visit.how is How.RENDERED
        visit.messages.append(_message(answer, original, record=capture.id, sha256=digest, rendered=rendered))
        return self._record(visit, capture)

    def _record(self, visit: Visit, capture: Capture) -> Capture:
        asked = tuple(msgspec.structs.replace(item, url=redact_text(item.url)) for item in visit.asked)
        place = self._writer.write(capture, tuple(visit.messages), asked)
        self._index.add(capture, place)
        self._waiting += 1
        if self._waiting >= _BATCH:
            self._index.commit()
            self._waiting = 0
        visit.capture = capture
        return capture


def _message(answer: Answer, original: Original | None = None, *, record: str | None = None, **told: Any) -> Message:
    return Message(
        record=record or new_id(),
        method=answer.method,
        url=answer.url,
        sent=answer.sent,
        status=answer.status,
        headers=answer.headers,
        body=answer.body,
        ip=answer.ip,
        truncated=answer.truncated,
        sent_body=answer.sent_body,
        original=original,
        **told,
    )
