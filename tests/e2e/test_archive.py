"""The archive of a night as other people's tools read it: warcio checks every record, pywb replays the pages."""

from __future__ import annotations

import gzip
import http.client
import json
from datetime import date
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.archive.reader import Archive
from crawler.capture import Capture, Purpose
from tests.e2e.conftest import Odrc, watching
from tests.lab import country
from tests.servers import replay

pytestmark = [pytest.mark.full, pytest.mark.xdist_group("archive")]


@pytest.fixture(scope="module")
def night(lab: country.Server, tmp_path_factory: pytest.TempPathFactory) -> Odrc:
    folder = tmp_path_factory.mktemp("archived")
    odrc = watching(folder, country.config(country.NIGHT, lab.port, folder / "workspace", only=("bad",)))
    odrc.run(country.NIGHT)
    return odrc


@pytest.fixture(scope="module")
def warc(night: Odrc) -> Path:
    return max((night.workspace / "archive" / "warc").rglob("*.warc.gz"), key=lambda path: path.stat().st_size)


def pages(night: Odrc) -> list[tuple[Capture, bytes]]:
    with Archive(night.workspace) as archive:
        found = [item for item in archive.captures(until=date.max) if item.purpose is Purpose.PAGE and item.answered]
        return [(item, archive.body(item)) for item in found]


def test_warcio_reads_every_record_and_its_digests(warc: Path) -> None:
    kinds: dict[str, int] = {}
    with warc.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            assert record.rec_headers.protocol == "WARC/1.1"
            kinds[record.rec_type] = kinds.get(record.rec_type, 0) + 1
            record.content_stream().read()
    assert kinds["warcinfo"] == 1
    assert kinds["response"] + kinds.get("revisit", 0) == kinds["request"] > 20, "what came again is not kept twice"
    assert kinds["metadata"] >= 1  # the run's statement, and each failed exchange


def test_each_answer_notes_its_capture(night: Odrc, warc: Path) -> None:
    with warc.open("rb") as file:
        noted = [record.rec_headers.get_header("ODRC-Capture") for record in ArchiveIterator(file)]
    with Archive(night.workspace) as archive:
        answered = [item for item in archive.every() if item.status is not None]
    assert len([note for note in noted if note and json.loads(note)["run"]]) == len(answered) > 20


def test_each_record_is_a_gzip_member_of_its_own(warc: Path) -> None:
    data = warc.read_bytes()
    assert data.count(b"\x1f\x8b\x08") >= gzip.decompress(data).count(b"WARC/1.1\r\nWARC-Type")


@pytest.mark.skipif(replay.pywb_missing() is not None, reason=str(replay.pywb_missing()))
def test_pywb_replays_the_pages_as_they_were(night: Odrc, warc: Path, tmp_path: Path) -> None:
    kept = pages(night)
    with replay.replay(tmp_path, warc, kept[0][0].key.url) as proxy:
        for capture, body in kept[:10]:
            connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=30)
            connection.request("GET", capture.url, headers={"Host": capture.host})
            answer = connection.getresponse()
            assert (answer.status, answer.read()) == (200, body), capture.url
            connection.close()
