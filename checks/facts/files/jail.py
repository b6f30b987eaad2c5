"""A process of its own for hostile files: limited in memory, ended when a file takes too long, started anew after.

A crash, a kill or an endless loop costs the one file that caused it, and that is a fact with its reason.
"""

from __future__ import annotations

import contextlib
import os
import resource
import sys
import weakref
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from checks.facts.files.periodwords import NO_WORDS, Spoken, speaking
from checks.facts.files.read import read, too_large, unreadable
from checks.facts.files.reading import MOST_BYTES
from checks.facts.model import FileFacts
from config.pack import PersonalPattern
from config.personal import PersonalFinder
from crawler.capture import Capture

SECONDS = 10.0
MEMORY = 448 << 20
"""Bytes that the process may write to, its libraries' own data included: with code mapped in, it stays under 512 MB."""
_SPACE = 2
_HEAD = 4 << 20
"""Of a body that is told by its type alone, the process is sent this much."""
_START_SECONDS = 60.0


class Jail:
    """Reads files in a subprocess that lives as long as it behaves."""

    def __init__(
        self,
        seconds: float = SECONDS,
        memory: int = MEMORY,
        personal: tuple[PersonalPattern, ...] = (),
        words: Spoken = NO_WORDS,
    ) -> None:
        self._pack = (personal, words)
        self._seconds = seconds
        self._memory = memory
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._finalizer: weakref.finalize[..., Jail] | None = None

    def read(self, capture: Capture, body: bytes) -> FileFacts:
        """Return the facts of one file; a file that the process does not survive is `crashed` or `timeout`."""
        connection = self._connection or self._start()
        try:
            whole = len(body) <= MOST_BYTES
            connection.send((capture, body if whole else body[:_HEAD], len(body)))
            if connection.poll(self._seconds):
                facts: FileFacts = connection.recv()
                return facts
            problem = "timeout"
        except (EOFError, OSError):
            problem = "crashed"
        self.close()
        return unreadable(capture, len(body), problem)

    def close(self) -> None:
        """End the process."""
        if self._finalizer:
            self._finalizer()
        self._process = self._connection = self._finalizer = None

    def _start(self) -> Connection:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._memory, *self._pack), daemon=True)
        process.start()
        theirs.close()
        if not ours.poll(_START_SECONDS) or ours.recv() != "ready":
            raise RuntimeError("the process for file facts did not start")
        self._process, self._connection = process, ours
        self._finalizer = weakref.finalize(self, _end, process, ours)
        return ours


def _end(process: SpawnProcess, connection: Connection) -> None:
    connection.close()
    process.kill()
    process.join(5)
    with contextlib.suppress(ValueError):
        process.close()


def _serve(connection: Connection, memory: int, personal: tuple[PersonalPattern, ...], words: Spoken) -> None:
    """Read what is sent until the other end is gone. Native libraries may print as they die: that is kept quiet."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_AS, (_SPACE * memory, _SPACE * memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with open(os.devnull, "w", encoding="utf-8") as silence:  # noqa: PTH123 - devnull is no path to speak of
        os.dup2(silence.fileno(), sys.stderr.fileno() if sys.stderr else 2)
    finder = PersonalFinder(personal)
    connection.send("ready")
    with contextlib.suppress(EOFError, OSError), speaking(words):
        while True:
            capture, body, length = connection.recv()
            connection.send(read(capture, body, finder) if length == len(body) else too_large(capture, body, length))
