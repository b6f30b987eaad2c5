from __future__ import annotations

import gzip
import hashlib
import json
import sqlite3
import string
import warnings
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from crawler.archive import Archive, ArchiveDamageWarning, ArchiveError
from crawler.archive.brief import FIELD
from crawler.archive.exchange import Message
from crawler.archive.ids import new_id
from crawler.archive.index import Index
from crawler.archive.layout import Layout
from crawler.archive.recovery import rebuild, recover
from crawler.archive.rows import short
from crawler.archive.writer import WarcWriter
from crawler.capture import Capture, CaptureKey, ExchangeOutcome, Purpose, Redirect
from crawler.coverage import RunCoverage, RunState, ScopeCoverage
from crawler.frontier import Visit
from crawler.recorder import Answer, Recorder, RunInfo
from tests.crawler.support import NIGHT, StepClock, capture

PAGE = b"<html><p>text</p></html>" * 20


def answer(url: str, body: bytes = PAGE, status: int = 200, **headers: str) -> Answer:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Answer(url, status, (("User-Agent", "odrc"), ("Authorization", "Basic x")), pairs, body, ip="127.0.0.1")


def visit(url: str) -> Visit:
    return Visit(url, CaptureKey("GET", url), Purpose.PAGE, ("http://good.lab/",))


def recorder(workspace: Path, run: str = "nightly") -> Recorder:
    return Recorder(RunInfo(workspace, NIGHT, run, "default", "odrc/test"), StepClock())


@pytest.fixture
def filled(workspace: Path) -> Path:
    """A page, a gzipped page, a redirected page, a failure, a redirect into nothing, and a statement."""
    made = recorder(workspace)
    made.answer(visit("http://good.lab/"), answer("http://good.lab/", content_type="text/html"), ExchangeOutcome.OK)
    packed = answer("http://good.lab/z", gzip.compress(PAGE), content_encoding="gzip", transfer_encoding="chunked")
    made.answer(visit("http://good.lab/z"), packed, ExchangeOutcome.OK)
    moved = visit("http://good.lab/old")
    made.hop(moved, answer("http://good.lab/old", b"", 301, location="/new"), "http://good.lab/new")
    made.answer(moved, answer("http://good.lab/new"), ExchangeOutcome.OK)
    made.failure(visit("http://good.lab/dead"), ExchangeOutcome.TIMEOUT, "took too long")
    lost = visit("http://good.lab/lost")
    made.hop(lost, answer("http://good.lab/lost", b"", 302, location="//else"), "http://else.lab/")
    made.failure(lost, ExchangeOutcome.OUT_OF_SCOPE)
    made.finish(statement())
    made.close()
    return workspace


def statement(run: str = "nightly") -> RunCoverage:
    moment = StepClock().now()
    scope = ScopeCoverage("http://good.lab/", 5, 3, {"timeout": 1, "out_of_scope": 1})
    return RunCoverage(run, NIGHT, "default", RunState.COMPLETE, moment, moment, (scope,))


def warc(workspace: Path) -> Path:
    return next((workspace / "archive" / "warc").rglob("*.warc.gz*"))


def rows(workspace: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return what the index says, with the names of files in place of the numbers that it gives them."""
    with closing(sqlite3.connect(workspace / "archive" / "index.sqlite")) as db:
        files = dict(db.execute("SELECT n, file FROM files"))
        found = {}
        for table in ("captures", "hops", "coverage", "tombstones", "runs"):
            cursor = db.execute(f"SELECT * FROM {table}")
            place = [column[0] for column in cursor.description].index("file")
            found[table] = sorted(((*row[:place], files[row[place]], *row[place + 1 :]) for row in cursor), key=repr)
        return found


def read(workspace: Path) -> list[Capture]:
    with Archive(workspace) as archive:
        return list(archive.captures(until=NIGHT))


def warcio_check(path: Path) -> None:
    checker = Checker(type("Arguments", (), {"inputs": [str(path)], "verbose": False})())
    checker.process_all()
    assert checker.exit_value == 0


def warcio_records(path: Path) -> Iterator[tuple[str, str, bytes]]:
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            uri = record.rec_headers.get_header("WARC-Target-URI")
            yield record.rec_type, uri, record.raw_stream.read()


def test_warcio_reads_and_verifies_what_was_written(filled: Path) -> None:
    warcio_check(warc(filled))
    kinds = [kind for kind, _, _ in warcio_records(warc(filled))]
    pair = ["request", "response"]
    assert kinds == ["warcinfo", *pair, *pair, *pair, *pair, "metadata", *pair, "metadata", "metadata"]
    assert warc(filled).name == "nightly-00001.warc.gz"


def test_bodies_come_back_as_received_and_decoded(filled: Path) -> None:
    received = {uri: body for kind, uri, body in warcio_records(warc(filled)) if kind == "response"}
    assert gzip.decompress(received["http://good.lab/z"]) == PAGE
    with Archive(filled) as archive:
        for item in archive.captures(until=NIGHT):
            if item.sha256:
                assert archive.body(item) == PAGE
                assert item.length == len(PAGE)
                assert archive.capture(item.id) == item


def test_framing_is_made_anew(filled: Path) -> None:
    with Archive(filled) as archive:
        item = next(item for item in archive.captures(until=NIGHT) if item.url.endswith("/z"))
        head = archive.message(item.id).partition(b"\r\n\r\n")[0].lower()
    assert b"transfer-encoding" not in head
    assert b"content-encoding: gzip" in head
    assert f"content-length: {len(gzip.compress(PAGE))}".encode() in head


def test_each_redirect_hop_can_be_shown(filled: Path) -> None:
    with Archive(filled) as archive:
        moved = next(item for item in archive.captures(until=NIGHT) if item.key.url.endswith("/old"))
        assert moved.url == "http://good.lab/new"
        record = moved.redirects[0].record
        assert record
        assert archive.message(record).startswith(b"HTTP/1.1 301 Moved Permanently\r\n")
        lost = next(item for item in archive.captures(until=NIGHT) if item.outcome is ExchangeOutcome.OUT_OF_SCOPE)
        assert lost.redirects[0].location == "http://else.lab/"


def test_a_failure_is_its_own_record(filled: Path) -> None:
    item = next(item for item in read(filled) if item.outcome is ExchangeOutcome.TIMEOUT)
    with warc(filled).open("rb") as file:
        ids = [record.rec_headers.get_header("WARC-Record-ID") for record in ArchiveIterator(file)]
    assert f"<{item.id}>" in ids
    with Archive(filled) as archive, pytest.raises(ArchiveError, match="no body"):
        archive.body(item)


def test_rebuilding_from_the_warcs_gives_the_same_index(filled: Path) -> None:
    before = rows(filled)
    for path in (filled / "archive").glob("index*"):
        path.unlink()
    with pytest.raises(ArchiveError, match="rebuild"):
        Archive(filled)
    assert rebuild(filled) == 5
    assert rows(filled) == before
    assert rebuild(filled) == 5
    assert rows(filled) == before


def test_nights_and_windows(filled: Path) -> None:
    with Archive(filled) as archive:
        assert archive.nights() == (NIGHT,)
        assert len(list(archive.captures(until=NIGHT, since=NIGHT))) == 5
        assert not list(archive.captures(until=date(2026, 1, 1)))
        assert not list(archive.captures(until=date(2026, 2, 1), since=date(2026, 1, 3)))
        assert archive.coverage(NIGHT) == (statement(),)
        assert archive.coverage(date(2025, 1, 1)) == ()


def test_an_empty_workspace_is_an_empty_archive(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        assert archive.nights() == ()
        assert list(archive.captures(until=NIGHT)) == []
        assert archive.capture("urn:uuid:none") is None
        assert archive.coverage(NIGHT) == ()


def test_a_changed_body_is_noticed(filled: Path) -> None:
    item = next(item for item in read(filled) if item.url == "http://good.lab/")
    with (
        Archive(filled) as archive,
        pytest.raises(ArchiveError, match=r"nightly-00001.warc.gz at offset \d+: .*digest"),
    ):
        archive.body(msgspec.structs.replace(item, sha256="0" * 64))


def test_a_damaged_record_is_named_and_the_others_are_kept(filled: Path) -> None:
    item = next(item for item in read(filled) if item.url == "http://good.lab/z")
    with sqlite3.connect(filled / "archive" / "index.sqlite") as db:
        row = db.execute("SELECT body_offset FROM captures WHERE id = ?", (short(item.id),)).fetchone()
    with warc(filled).open("r+b") as file:
        file.seek(row[0] + 20)
        file.write(b"\0" * 40)
    with Archive(filled) as archive, pytest.raises(ArchiveError, match=rf"nightly-00001.warc.gz at offset {row[0]}"):
        archive.body(item)
    with pytest.warns(ArchiveDamageWarning, match=rf"nightly-00001.warc.gz: unreadable at offset {row[0]}"):
        assert rebuild(filled) == 4  # what noted it was in the head of the same record
    with Archive(filled) as archive:
        assert archive.coverage(NIGHT) == (statement(),)


def test_what_a_killed_run_left_is_taken_up(workspace: Path) -> None:
    made = recorder(workspace)
    for number in range(3):
        url = f"http://good.lab/{number}"
        made.answer(visit(url), answer(url), ExchangeOutcome.OK)
    # Killed: nothing is closed, nothing was committed, and the last write was torn.
    made._writer._file.close()  # type: ignore[union-attr]
    made._index._db.close()
    path = warc(workspace)
    assert path.name.endswith(".open")
    with path.open("ab") as file:
        file.write(gzip.compress(b"WARC/1.1\r\n")[:15])
    with pytest.warns(ArchiveDamageWarning, match="cut at offset"):
        assert recover(workspace) == ["2026-01-02/nightly-00001.warc.gz"]
    warcio_check(warc(workspace))
    assert [item.url for item in read(workspace)] == [f"http://good.lab/{number}" for number in range(3)]
    assert recover(workspace) == []


@pytest.mark.parametrize("kept", [0, 7])
def test_a_run_killed_in_its_first_record_leaves_nothing(workspace: Path, kept: int) -> None:
    path = Layout(workspace).opened("2026-01-02/nightly-00001.warc.gz")
    path.parent.mkdir(parents=True)
    path.write_bytes(gzip.compress(b"x")[:kept])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ArchiveDamageWarning)
        recover(workspace)
    assert Layout(workspace).files() == []
    assert read(workspace) == []


def test_a_second_start_writes_a_second_file(filled: Path) -> None:
    again = recorder(filled)
    again.failure(visit("http://good.lab/more"), ExchangeOutcome.DNS)
    again.finish(msgspec.structs.replace(statement(), reason="again"))
    again.close()
    assert Layout(filled).files() == [f"2026-01-02/nightly-0000{number}.warc.gz" for number in (1, 2)]
    with Archive(filled) as archive:
        assert [item.reason for item in archive.coverage(NIGHT)] == ["again"]
    before = rows(filled)
    assert rebuild(filled) == 6
    assert rows(filled) == before


def test_a_full_disk_leaves_whole_records(workspace: Path) -> None:
    class Full:
        def __init__(self, file: object) -> None:
            self.file = file

        def write(self, data: memoryview) -> int:
            self.file.write(data[:30])  # type: ignore[attr-defined]
            raise OSError(28, "No space left on device")

        def __getattr__(self, name: str) -> object:
            return getattr(self.file, name)

    made = recorder(workspace)
    made.failure(visit("http://good.lab/a"), ExchangeOutcome.DNS)
    whole = warc(workspace).stat().st_size
    made._writer._file = Full(made._writer._file)  # type: ignore[assignment]
    with pytest.raises(OSError, match="No space"):
        made.failure(visit("http://good.lab/b"), ExchangeOutcome.DNS)
    made.close()
    assert warc(workspace).stat().st_size == whole
    assert [item.url for item in read(workspace)] == ["http://good.lab/a"]


def test_secrets_reach_no_file(workspace: Path) -> None:
    secret = "s3cr3tvalue"
    made = recorder(workspace)
    item = visit(f"http://good.lab/?apiKey={secret}")
    item.found_on, item.scopes = f"http://good.lab/?token={secret}", (f"http://good.lab/?api_key={secret}",)
    made.hop(item, answer(item.url, b"", 302, location=f"/?password={secret}"), f"http://good.lab/?password={secret}")
    made.answer(item, answer(f"http://good.lab/?password={secret}", set_cookie=f"sid={secret}"), ExchangeOutcome.OK)
    made.failure(visit("http://good.lab/"), ExchangeOutcome.INVALID, f"bad http://u:{secret}@good.lab/")
    made.close()
    for path in workspace.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert secret.encode() not in data
        if path.suffix == ".gz":
            assert secret.encode() not in gzip.decompress(data)
    with Archive(workspace) as archive:
        assert [archive.body(item) for item in archive.captures(until=NIGHT) if item.sha256] == [PAGE]


def test_notes_are_plain_json(filled: Path) -> None:
    notes = [json.loads(body) for kind, _, body in warcio_records(warc(filled)) if kind == "metadata"]
    assert [next(iter(note)) for note in notes] == ["capture", "capture", "coverage"]
    with warc(filled).open("rb") as file:
        heads = [item.rec_headers.get_header(FIELD) for item in ArchiveIterator(file) if item.rec_type == "response"]
    briefs = [json.loads(head) for head in heads if head]
    assert [note["run"] for note in briefs] == ["nightly"] * 3
    assert briefs[1]["sha256"] == hashlib.sha256(PAGE).hexdigest()  # of the decoded body; the record's is of the coded


_HEADER = st.text(string.ascii_letters + string.digits + " ;=/,é№", max_size=40)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    body=st.binary(max_size=3000),
    value=_HEADER,
    detail=st.text(max_size=80),
    status=st.integers(200, 599),
    path=st.text(string.ascii_letters + "/%20-", max_size=30),
)
def test_anything_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, value: str, detail: str, status: int, path: str
) -> None:
    workspace = tmp_path_factory.mktemp("any")
    url = f"http://good.lab/{path}"
    headers = (("X-Any", value.strip()),)
    item = capture(
        id=new_id(),
        url=url,
        status=status,
        headers=headers,
        detail=detail.replace("=", "").replace("@", ""),
        sha256=hashlib.sha256(body).hexdigest(),
        redirects=(Redirect(url, 301, url),),
    )
    writer = WarcWriter(workspace, NIGHT, "nightly", StepClock())
    index = Index(Layout(workspace).index)
    index.add(item, writer.write(item, (Message(item.id, "GET", url, (), status, headers, body),)))
    writer.close()
    index.close()
    warcio_check(warc(workspace))
    with Archive(workspace) as archive:
        assert archive.capture(item.id) == item
        assert archive.body(item) == body
    before = rows(workspace)
    rebuild(workspace)
    assert rows(workspace) == before


def test_what_was_just_written_is_known_before_its_row_is(workspace: Path) -> None:
    """Rows are written many at a time; nothing that is asked of the index may miss those that wait."""
    made = recorder(workspace)
    first = made.answer(visit("http://good.lab/"), answer("http://good.lab/", PAGE * 9, etag='"1"'), ExchangeOutcome.OK)
    with Archive(workspace) as archive:
        assert archive.capture(first.id) is None
    again = made.answer(visit("http://good.lab/b"), answer("http://good.lab/b", PAGE * 9), ExchangeOutcome.OK)
    assert again.refers_to == first.id
    other = made.answer(visit("http://good.lab/c"), answer("http://good.lab/c"), ExchangeOutcome.OK)
    known = made.known(other.key)
    assert known
    assert (known.capture, known.original.record) == (other, other.id)
    made.close()
    before = rows(workspace)
    assert [len(before[table]) for table in ("captures", "runs")] == [3, 1]
    rebuild(workspace)
    assert rows(workspace) == before


def test_a_file_whose_rows_could_not_be_written_is_read_again(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = recorder(workspace)
    made.answer(visit("http://good.lab/"), answer("http://good.lab/"), ExchangeOutcome.OK)
    with monkeypatch.context() as patch:

        def full(*_: object) -> None:
            raise sqlite3.OperationalError("database or disk is full")

        patch.setattr(Index, "_put", full)
        with pytest.raises(sqlite3.OperationalError):
            made._index.commit()
    made.close()  # there is room again
    recover(workspace)
    with Archive(workspace) as archive:
        assert [item.url for item in archive.captures(until=NIGHT)] == ["http://good.lab/"]
