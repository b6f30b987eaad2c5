"""Facts for many captures: from the cache, else from archived bytes, in batches over any `Executor`."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor
from functools import lru_cache
from itertools import islice
from typing import TypeVar

import msgspec

from checks.facts.files.jail import Jail
from checks.facts.files.periodwords import Spoken
from checks.facts.listing import ListFacts, ListReader
from checks.facts.model import FileFacts, PageFacts
from checks.facts.page import PageExtractor
from checks.facts.store import FactsStore
from checks.formats import format_readers, read_file
from config.pack import Pack
from crawler.archive.layout import ArchiveError, GoneError
from crawler.archive.reader import Archive
from crawler.baselines import Baseline
from crawler.capture import Capture
from crawler.tails import joined
from crawler.verdicts import VerdictFact, classify

BATCH = 20
_PASSING = frozenset({"timeout", "crashed"})
"""Problems that may be the machine's: looked at again rather than kept."""
_T = TypeVar("_T")
_Batch = tuple[str, list[tuple[Capture, bytes]]]
_log = logging.getLogger(__name__)
_HTML = ("text/html", "application/xhtml+xml")


def is_html(capture: Capture) -> bool:
    """Tell whether an answered capture declares HTML, or nothing at all."""
    declared = (capture.header("content-type") or _HTML[0]).split(";")[0].strip().lower()
    return capture.sha256 is not None and declared in _HTML


@lru_cache(maxsize=2)
def _extractor(pack_json: str) -> PageExtractor:
    return PageExtractor(Pack.model_validate_json(pack_json))


def extract_batch(batch: _Batch) -> list[PageFacts]:
    """Return the facts of a batch of (capture, body). Any executor can run it: one argument, no closure."""
    pack_json, items = batch
    extractor = _extractor(pack_json)
    return [extractor.extract(capture, body) for capture, body in items]


class FactsSource:
    """Facts on demand; `fill` reads many pages at once. Files are read in a process of their own, one by one."""

    def __init__(self, archive: Archive, store: FactsStore, pack: Pack, executor: Executor | None = None) -> None:
        self._archive = archive
        self._store = store
        self._pack_json = pack.model_dump_json()
        self._executor = executor
        self._known: dict[str, PageFacts] = {}
        self._files: dict[str, FileFacts] = {}
        self._lists: dict[str, ListFacts] = {}
        self._list_reader = ListReader(pack)
        self._jail = Jail(personal=pack.extraction.personal, words=Spoken.of(pack.extraction))
        self.damaged: dict[str, str] = {}
        self._redacted = archive.redacted()

    def page(self, capture: Capture) -> PageFacts | None:
        """Return the facts of one HTML capture, or None when its archived body cannot be read (see `damaged`)."""
        if capture.id not in self._known and capture.id not in self.damaged:
            self.fill([capture])
        return self._known.get(capture.id)

    def compared(self, capture: Capture, baseline: Baseline) -> VerdictFact | None:
        """Return the verdict on a page beside its host's baseline, or None when its body cannot be read."""
        if self._is_redacted(capture):
            return None
        fact = self._store.get_verdict(capture, baseline.digest)
        if fact is None and capture.id not in self.damaged:
            body = self._body(capture)
            if body is not None:
                fact = classify(capture, body, baseline)
                self._store.put_verdict(capture, baseline.digest, fact)
        return fact

    @property
    def damage(self) -> tuple[str, ...]:
        """What could not be read, each naming file and offset."""
        return tuple(sorted(set(self.damaged.values()) - {""}))

    def file(self, capture: Capture) -> FileFacts | None:
        """Return the facts of one capture read as a file; None when it has no body or that cannot be read."""
        if (
            capture.id in self._files
            or not capture.answered
            or self._is_redacted(capture)
            or capture.id in self.damaged
        ):
            return self._files.get(capture.id)
        facts = self._cut(capture) if capture.truncated else self._store.get_file(capture)
        if facts is None:
            body = self._body(capture)
            if body is None:
                return None
            facts = self._read(capture, body)
        return self._files.setdefault(capture.id, facts)

    def listing(self, capture: Capture) -> ListFacts | None:
        """Return the facts of one feed or sitemap; None when it has no body or that cannot be read."""
        if capture.id not in self._lists and capture.answered and not self._is_redacted(capture):
            facts = self._store.get_list(capture)
            if facts is None and capture.id not in self.damaged and (body := self._body(capture)) is not None:
                facts = self._list_reader.read(capture, body)
                self._store.put_list(capture, facts)
            if facts is not None:
                self._lists[capture.id] = facts
        return self._lists.get(capture.id)

    def _cut(self, capture: Capture) -> FileFacts | None:
        """Return the facts of a file that was cut off, from its beginning and, where it was had, its end."""
        body = self._body(capture)
        if body is None:
            return None
        whole, end = joined(self._archive, capture, body)
        if end:  # other bytes than the beginning alone, so other facts
            told = hashlib.sha256(f"{capture.sha256} {end}".encode()).hexdigest()
            capture = msgspec.structs.replace(capture, sha256=told)
        return self._store.get_file(capture) or self._read(capture, whole)

    def _read(self, capture: Capture, body: bytes) -> FileFacts:
        facts = read_file(capture, body, format_readers(), self._jail.read)
        if facts.problem not in _PASSING:
            self._store.put_files([(capture, facts)])
        return facts

    def fill(self, captures: Iterable[Capture]) -> None:
        """Make sure that the facts of *captures* are at hand, reading bodies only for those not cached."""
        missing: list[Capture] = []
        for capture in captures:
            if capture.id in self._known or self._is_redacted(capture):
                continue
            cached = self._store.get(capture)
            if cached is None:
                missing.append(capture)
            else:
                self._known[capture.id] = cached
        for group in _batches(missing, BATCH * 16):
            self._extract(group)

    def _extract(self, captures: list[Capture]) -> None:
        read = [(capture, body) for capture in captures if (body := self._body(capture)) is not None]
        batches = [(self._pack_json, batch) for batch in _batches(read, BATCH)]
        for batch, found in zip(batches, self._run(batches), strict=True):
            pairs = [(capture, facts) for (capture, _body), facts in zip(batch[1], found, strict=True)]
            self._store.put(pairs)
            self._known.update({capture.id: facts for capture, facts in pairs})

    def _run(self, batches: list[_Batch]) -> Iterator[list[PageFacts]]:
        """Yield the facts of each batch; when a worker dies, the rest is read in this process and the night goes on."""
        done = 0
        if self._executor and len(batches) > 1:
            try:
                for found in self._executor.map(extract_batch, batches):
                    yield found
                    done += 1
            except BrokenExecutor as error:
                _log.warning("a worker process died (%s); reading goes on without workers", error)
                self._executor = None
        yield from map(extract_batch, batches[done:])

    def _is_redacted(self, capture: Capture) -> bool:
        """Tell whether the body must not be known any more: what the cache still has of it does not count."""
        if capture.sha256 not in self._redacted:
            return False
        self.damaged[capture.id] = ""
        return True

    def _body(self, capture: Capture) -> bytes | None:
        """Read a body; a damaged record costs this capture, not the night."""
        try:
            return self._archive.body(capture)
        except GoneError:  # taken out on purpose: nothing is broken
            self.damaged[capture.id] = ""
        except ArchiveError as error:
            self.damaged[capture.id] = str(error)
        return None


def _batches(items: list[_T], size: int) -> Iterator[list[_T]]:
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch
