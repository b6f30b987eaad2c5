"""Captures in brief, in the heads of the records that brought them, and the earlier form: a record for each."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.archive import Archive
from crawler.archive.brief import FIELD, LONGEST
from crawler.archive.exchange import Message, Original, records
from crawler.archive.ids import Series, new_id
from crawler.archive.index import VERSION
from crawler.archive.layout import Layout, RedactedError
from crawler.archive.members import Member, member_at, members
from crawler.archive.note import decode_note
from crawler.archive.record import split_http
from crawler.archive.recovery import rebuild, recover
from crawler.archive.remove import redact
from crawler.archive.rows import TYPICAL, Packing, full, short
from crawler.archive.verify import verify
from crawler.capture import Capture, CaptureKey, ExchangeOutcome, How, Purpose, Redirect, Tls
from crawler.recorder import Recorder, RunInfo
from tests.crawler.support import NIGHT, StepClock, capture
from tests.crawler.test_archive import PAGE, answer, visit, warcio_check

OLD = Path(__file__).parent / "data" / "notes-apart"
MOMENT = datetime(2026, 1, 2, 20, 0, 1, 2_003, tzinfo=UTC)
ORIGINAL = Original("urn:uuid:0", "http://good.lab/first", MOMENT, "ab" * 32)
_NAMES = st.sampled_from(
    ["Content-Type", "Content-Length", "content-length", "Transfer-Encoding", "ETag", "X-É", "Set-Cookie"]
)
_VALUES = st.text(st.characters(codec="utf-8"), max_size=12)
_HEADERS = st.lists(st.tuples(_NAMES, _VALUES), max_size=6).map(tuple)
_TEXTS = st.none() | st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


def response(found: Capture, **changes: object) -> Member:
    """Write the answer of a capture and read its record back."""
    body = bytes(changes.pop("body", PAGE))  # type: ignore[call-overload]
    message = Message(found.id, "GET", found.url, (), found.status or 200, found.headers, body, found.ip)
    made = records(msgspec.structs.replace(message, **changes), found.started, found)
    assert made.noted
    return member_at(made.response, 0)


@st.composite
def captures(draw: st.DrawFn) -> Capture:
    """Captures that say anything of their exchange, likely or not."""
    url = draw(st.sampled_from(["http", "https"])) + "://good.lab/a?b=c"
    digests = st.none() | st.sampled_from(["ab" * 32, "cd" * 32])
    return Capture(
        id=new_id(),
        run="nightly",
        night=NIGHT,
        key=draw(st.sampled_from([CaptureKey("GET", url), CaptureKey("POST", "http://good.lab/ask", "ef" * 32)])),
        url=url,
        host="good.lab",
        scopes=("http://good.lab/",),
        purpose=draw(st.sampled_from(Purpose)),
        outcome=draw(st.sampled_from(ExchangeOutcome)),
        started=MOMENT,
        finished=MOMENT + draw(st.timedeltas(timedelta(0), timedelta(hours=1))),
        status=draw(st.integers(200, 599)),
        headers=draw(_HEADERS),
        redirects=draw(st.sampled_from([(), (Redirect("http://good.lab/old", 301, url, "urn:uuid:1"),)])),
        ip=draw(st.sampled_from(["127.0.0.1", "::1", None])),
        tls=draw(st.none() | st.builds(Tls, st.none() | st.booleans(), _TEXTS)),
        digest_received=draw(digests),
        sha256=draw(digests),
        length=draw(st.none() | st.integers(0, 10_000)),
        truncated=draw(st.booleans()),
        how=draw(st.sampled_from(How)),
        found_on=draw(_TEXTS),
        detail=draw(_TEXTS),
        stratum=draw(_TEXTS),
        refers_to=draw(st.sampled_from([None, ORIGINAL.record])),
    )


@settings(max_examples=200, deadline=None)
@given(found=captures(), cut=st.booleans())
def test_whatever_a_capture_says_is_read_back(found: Capture, *, cut: bool) -> None:
    original = ORIGINAL if found.refers_to else None
    item = response(found, original=original, rendered=found.how is How.RENDERED, truncated=cut)
    note = decode_note(item.record)
    assert note is not None
    assert note.capture == found
    assert all(31 < sign < 127 for sign in item.record.fields[FIELD.lower()].encode())


def test_a_usual_answer_is_noted_in_few_bytes() -> None:
    digest = hashlib.sha256(PAGE).hexdigest()
    headers = (("Content-Length", str(len(PAGE))), ("Server", "nginx"), ("Content-Type", "text/html"))
    found = capture(status=200, headers=headers, sha256=digest, digest_received=digest, length=len(PAGE))
    said = msgspec.json.decode(response(found).record.fields[FIELD.lower()])
    assert set(said) <= {"run", "night", "finished", "scopes", "found_on", "stratum"}


def test_the_head_of_a_304_stands_in_the_note() -> None:
    found = capture(status=304, outcome=ExchangeOutcome.NOT_MODIFIED, headers=(("ETag", '"1"'), ("Server", "old")))
    item = response(found, original=ORIGINAL, headers=(("ETag", '"1"'),), body=b"")
    note = decode_note(item.record)
    assert note is not None
    assert (note.head, item.record.block) == ('HTTP/1.1 304 Not Modified\r\nETag: "1"', b"")
    assert note.capture == found


def test_a_long_note_is_a_record_of_its_own(workspace: Path) -> None:
    made = Recorder(RunInfo(workspace, NIGHT, "nightly", "default", "odrc/test"), StepClock())
    shared = visit("http://good.lab/shared")
    shared.scopes = tuple(f"http://good.lab/entities/{number}" for number in range(LONGEST // 20))
    written = made.answer(shared, answer(shared.url), ExchangeOutcome.OK)
    made.close()
    files = Layout(workspace).files()
    kinds = [item.record.type for item in members(Layout(workspace).path(files[0])) if isinstance(item, Member)]
    assert kinds == ["warcinfo", "request", "response", "metadata"]
    rebuild(workspace)
    with Archive(workspace) as archive:
        assert archive.capture(written.id) == written
        assert [found.type for found, _ in archive.exchange(written.id)] == kinds[1:]
    assert verify(workspace).problems == ()


def test_a_note_that_cannot_be_read_is_none() -> None:
    record = response(capture(status=200)).record
    for text in ("{", '{"night": 3}', "[]"):
        assert decode_note(msgspec.structs.replace(record, fields={**record.fields, FIELD.lower(): text})) is None


@pytest.fixture
def old(workspace: Path) -> Path:
    """An archive as it was written before decision 27: a metadata record for each capture, block digests, random ids."""
    shutil.copytree(OLD, workspace / "archive" / "warc")
    assert len(recover(workspace)) == 2
    return workspace


def test_the_earlier_form_is_read_as_ever(old: Path) -> None:
    assert verify(old).problems == ()
    with Archive(old) as archive:
        found = list(archive.captures(until=NIGHT))
        told = {item.url: item for item in found if item.answered}
        assert [item.outcome.value for item in found].count("not_modified") == 1
        assert len(found) == 8
        assert archive.body(told["http://good.lab/z"]) == PAGE
        assert [item.type for item, _ in archive.exchange(told["http://good.lab/z"].id)][-1] == "metadata"
        notes = [note.capture for name in Layout(old).files() for note in _notes(old, name) if note.capture]
        assert sorted(found, key=lambda item: item.id) == sorted(notes, key=lambda item: item.id)


def test_a_body_leaves_the_earlier_form_too(old: Path) -> None:
    at = datetime(2026, 2, 1, tzinfo=UTC)
    with Archive(old) as archive:
        before = list(archive.every())
    digest = hashlib.sha256(PAGE * 20).hexdigest()
    assert len(redact(old, digest, reason="asked", by="tester", at=at).captures) == 1
    with Archive(old) as archive:
        assert list(archive.every()) == before
    found = verify(old)
    assert (found.problems, found.gone) == ((), 2)


def test_an_old_archive_goes_on(old: Path) -> None:
    made = Recorder(RunInfo(old, NIGHT + timedelta(days=1), "next", "default", "odrc/test"), StepClock())
    again = made.answer(
        visit("http://good.lab/big"),
        answer("http://good.lab/big", PAGE * 20, content_type="text/html"),
        ExchangeOutcome.OK,
    )
    made.close()
    assert again.refers_to
    with Archive(old) as archive:
        assert archive.body(again) == PAGE * 20
    for name in Layout(old).files():
        warcio_check(Layout(old).path(name))


def _notes(workspace: Path, name: str) -> list:  # type: ignore[type-arg]
    found = [item.record for item in members(Layout(workspace).path(name)) if isinstance(item, Member)]
    return [note for record in found if (note := decode_note(record))]


def test_the_index_changes_its_version_with_what_captures_are_packed_with() -> None:
    """An index packed with another dictionary cannot be unpacked: raise VERSION, then the digest here."""
    assert (VERSION, hashlib.sha256(TYPICAL.encode()).hexdigest()[:16]) == (5, "9353fba5595de127")


@pytest.mark.parametrize(
    "name",
    [
        "urn:uuid:0d312603-adc6-8a99-9ed7-0000000008e0",
        "urn:uuid:1beb1d99-8c83-48c7-b13d-14c3ad97cab3",
        "urn:uuid:1BEB1D99-8c83-48c7-b13d-14c3ad97cab3",
        "urn:x:1",
    ],
)
def test_ids_come_back_from_the_index_as_they_were(name: str) -> None:
    assert full(short(name)) == name
    packing = Packing()
    assert packing.unpack(packing.pack(capture(id=name))) == capture(id=name)


def test_what_a_browser_showed_can_be_taken_out(workspace: Path) -> None:
    made = Recorder(RunInfo(workspace, NIGHT, "nightly", "default", "odrc/test"), StepClock())
    drawn = visit("http://good.lab/app")
    drawn.how = How.RENDERED
    shown = made.answer(drawn, answer("http://good.lab/app", content_type="text/html"), ExchangeOutcome.OK)
    made.close()
    redact(workspace, str(shown.sha256), reason="asked", by="tester", at=MOMENT)
    path = Layout(workspace).path(Layout(workspace).files()[0])
    assert PAGE not in gzip.decompress(path.read_bytes())
    with Archive(workspace) as archive:
        assert archive.capture(shown.id) == shown
        with pytest.raises(RedactedError):
            archive.body(shown)


def test_ids_are_uuids_that_count_up() -> None:
    series, other = Series(), Series()
    ids = [series.next() for _ in range(3)]
    assert ids == sorted(ids)
    assert [uuid.UUID(name).version for name in ids] == [8, 8, 8]
    assert {uuid.UUID(name).variant for name in ids} == {uuid.RFC_4122}
    assert ids[0][:-12] != other.next()[:-12]
    series.begin()
    assert series.next()[:-12] != ids[0][:-12]


def test_heads_keep_their_order(workspace: Path) -> None:
    made = Recorder(RunInfo(workspace, NIGHT, "nightly", "default", "odrc/test"), StepClock())
    packed = gzip.compress(PAGE)
    item = made.answer(
        visit("http://good.lab/z"),
        answer("http://good.lab/z", packed, transfer_encoding="chunked", content_encoding="gzip", x_last="1"),
        ExchangeOutcome.OK,
    )
    made.close()
    with Archive(workspace) as archive:
        lines = split_http(archive.message(item.id))[0].decode().split("\r\n")
        assert lines[1:] == ["content-encoding: gzip", "x-last: 1", f"Content-Length: {len(packed)}"]
    rebuild(workspace)
    with Archive(workspace) as archive:
        found = archive.capture(item.id)
        assert found == item
        assert found.headers[0] == ("transfer-encoding", "chunked")
