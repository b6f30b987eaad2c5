"""Has pages read in a process of their own: parsing is a quarter of the crawl's work, and hostile to whoever does it.

The crawl goes on meanwhile. Pages come back in the order in which they went. Where the process dies or does not get
done, the page that it was at is given up, a new process is started, and the pages behind it are read there.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable

import msgspec

from crawler.html import PAGE_BYTES
from crawler.readings import read_page
from crawler.readingwork import SIZES, Read, framed
from crawler.sight import Sight

logger = logging.getLogger(__name__)

FIRST = 30  # pages of a run are read by the crawl itself: a small run is done before a process has begun
LARGE = 300_000  # bytes: of a page over which nothing is promised, not even the first is
PATIENCE = 10.0  # seconds for one page
_MOST, _MOST_BYTES = 32, 4 * PAGE_BYTES
_OVERDUE = "not read within"
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Read)


class Reader:
    """The pages that are being read. *told* hears what came of each, in order: a reading, or why there is none."""

    def __init__(self, told: Callable[[Sight, Read], None]) -> None:
        self._told = told
        self._pages: deque[Sight] = deque()
        self._bytes = self._seen = 0
        self._line: _Line | None = None
        self._closed = False

    def takes(self, sight: Sight) -> bool:
        """Take a page to be read, or tell that it is not taken: one of the first of a run, unless it is large.

        Needs a running event loop.
        """
        self._seen += 1
        small = self._seen <= FIRST and len(sight.body) <= LARGE
        line = None if self._closed or small else self._open()
        if line is None:
            return False
        self._pages.append(sight)
        self._bytes += len(sight.body)
        line.send(sight)
        return True

    @property
    def busy(self) -> bool:
        """Whether pages are being read."""
        return bool(self._pages)

    @property
    def full(self) -> bool:
        """Whether so much is being read that no more should be asked for."""
        return len(self._pages) >= _MOST or self._bytes >= _MOST_BYTES

    @property
    def left(self) -> tuple[Sight, ...]:
        """The pages that were not read."""
        return tuple(self._pages)

    def close(self) -> None:
        """End the process. What was not read by then is read by the next start of the run."""
        self._closed = True
        if self._line:
            self._line.close()

    def _open(self) -> _Line | None:
        """Return the line to the process, which is started where there is none; None when it cannot be."""
        if self._line is None:
            try:
                self._line = _Line(self._heard, self._lost)
            except OSError as error:
                logger.warning("no reading process can be started (%s): the crawl reads its pages itself", error)
                self._closed = True
        return self._line

    def _heard(self, read: Read) -> None:
        sight = self._pages.popleft()
        self._bytes -= len(sight.body)
        self._told(sight, read)

    def _lost(self, reason: str, *, answered: bool) -> None:
        """Give up the page that the process was at, and have the others read by a new one.

        One that never *answered* does not work here, whatever the page: the crawl then reads by itself.
        """
        self._line = None
        if self._closed:
            return
        if not answered and not reason.startswith(_OVERDUE):
            logger.warning("the reading process does not get going: the crawl reads its pages itself")
            self._closed = True
        if self._pages:
            self._heard(Read(error=reason))
        waiting, self._bytes = list(self._pages), 0
        self._pages.clear()
        for sight in waiting:
            if not self.takes(sight):
                self._told(sight, _here(sight))


def _here(sight: Sight) -> Read:
    """Read a page in this process."""
    try:
        return Read(read_page(sight))
    except Exception as error:  # noqa: BLE001 - as in the reading process
        return Read(error=f"{type(error).__name__}: {error}")


class _Line(asyncio.Protocol):
    """The line to one reading process."""

    def __init__(self, heard: Callable[[Read], None], lost: Callable[..., None]) -> None:
        self._heard, self._lost = heard, lost
        self._transport: asyncio.Transport | None = None
        self._early: list[bytes] = []
        self._received = bytearray()
        self._under_way = 0
        self._answered = False
        self._late: asyncio.TimerHandle | None = None
        self._reason = "the reading process ended"
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = self._started(theirs.fileno())
        self._loop = asyncio.get_running_loop()
        self._opening = self._loop.create_task(self._loop.create_connection(lambda: self, sock=self._socket))

    def _started(self, stream: int) -> subprocess.Popen[bytes]:
        """Start the process, in a session of its own: Ctrl-C is the crawl's to hear. Our stdout is our parent's."""
        command = [sys.executable, "-m", "crawler.readingwork"]
        try:
            return subprocess.Popen(command, stdin=stream, stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
        except OSError:
            self._socket.close()
            raise

    def send(self, sight: Sight) -> None:
        """Send a page."""
        frame = framed(_ENCODER.encode(sight.capture), sight.body)
        if self._transport:
            self._transport.write(frame)
        else:
            self._early.append(frame)
        self._under_way += 1
        if self._under_way == 1:
            self._wait()

    def close(self) -> None:
        """End the process at once: it has nothing to lose."""
        self._opening.cancel()
        self._hush()
        self._process.kill()
        self._process.wait()
        if self._transport:
            self._transport.abort()
        else:
            self._socket.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send what came early."""
        self._transport = transport  # type: ignore[assignment]  # a socket's transport reads and writes
        for frame in self._early:
            self._transport.write(frame)  # type: ignore[union-attr]  # as above
        self._early.clear()

    def data_received(self, data: bytes) -> None:
        """Take in what the process says."""
        self._received += data
        while len(self._received) >= SIZES.size:
            head, _body = SIZES.unpack_from(self._received)
            if len(self._received) < SIZES.size + head:
                return
            read = _DECODER.decode(self._received[SIZES.size : SIZES.size + head])
            del self._received[: SIZES.size + head]
            self._under_way -= 1
            self._answered = True
            self._wait()
            self._heard(read)

    def connection_lost(self, exc: Exception | None) -> None:
        """Say that the process is gone."""
        del exc
        self._hush()
        self._process.kill()
        self._process.wait()
        self._lost(self._reason, answered=self._answered)

    def _wait(self) -> None:
        """Begin to wait for the next answer."""
        self._hush()
        if self._under_way:
            self._late = self._loop.call_later(PATIENCE, self._overdue)

    def _hush(self) -> None:
        if self._late:
            self._late.cancel()
            self._late = None

    def _overdue(self) -> None:
        self._reason = f"{_OVERDUE} {PATIENCE:g} seconds"
        self._process.kill()
        if self._transport:
            self._transport.abort()  # an answer that comes now would be taken for that of the next page
