"""Looking after the archive: verify, prune, redact, cold storage, and the commands for it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import random
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from typer.testing import CliRunner

import odrc
from crawler.archive import Archive, ArchiveError
from crawler.archive.codecs import codec_of
from crawler.archive.index import Index
from crawler.archive.layout import GoneError, Layout, RedactedError
from crawler.archive.record import assembled
from crawler.archive.recovery import rebuild, recover
from crawler.archive.remove import prune, redact
from crawler.archive.rewrite import pack, rewrite
from crawler.archive.rows import short
from crawler.archive.verify import verify
from crawler.archive.wacz import export
from crawler.capture import Capture, ExchangeOutcome
from crawler.recorder import Recorder, RunInfo
from crawler.secondlook import look_id
from tests.crawler.support import NIGHT, StepClock
from tests.crawler.test_archive import answer, rows, visit, warcio_check

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORDS = [f"сөз{number}" for number in range(400)]


def page(name: str) -> bytes:
    chance = random.Random(name)
    text = " ".join(chance.choices(WORDS, k=300))
    return (
        f"<html><head><title>{name}</title></head><body><nav>menu {' '.join(WORDS)}</nav>{text}</body></html>".encode()
    )


def night(workspace: Path, number: int, bodies: dict[str, bytes], run: str | None = None) -> dict[str, Capture]:
    """Archive one night on which the site showed these bodies."""
    when = NIGHT + timedelta(days=number)
    made = Recorder(RunInfo(workspace, when, run or f"run-{number}", "default", "odrc/test"), StepClock())
    found = {}
    for name, body in bodies.items():
        url = f"http://good.lab/{name}"
        found[name] = made.answer(visit(url), answer(url, body, content_type="text/html"), ExchangeOutcome.OK)
    made.failure(visit("http://good.lab/dead"), ExchangeOutcome.TIMEOUT)
    made.close()
    return found


@pytest.fixture
def three(workspace: Path) -> list[dict[str, Capture]]:
    """Three nights, far apart: one page that stays, one that changes, one that goes back to what it was."""
    return [
        night(workspace, 0, {"same": page("same"), "new": page("new 0"), "back": page("back")}),
        night(workspace, 40, {"same": page("same"), "new": page("new 1"), "back": page("other")}),
        night(workspace, 80, {"same": page("same"), "new": page("new 2"), "back": page("back")}),
    ]


def readable(workspace: Path) -> set[str]:
    found = set()
    with Archive(workspace) as archive:
        for item in archive.every():
            try:
                if item.sha256 and archive.body(item):
                    found.add(item.id)
            except GoneError:
                continue
    return found


def held(nights: list[dict[str, Capture]]) -> dict[str, str]:
    return {f"{name} {number}": item.id for number, found in enumerate(nights) for name, item in found.items()}


def check_sound(workspace: Path) -> None:
    """The archive verifies, other tools read its gzip files, and the index comes out the same from the files alone."""
    found = verify(workspace)
    assert found.problems == ()
    for path in (workspace / "archive" / "warc").rglob("*.warc.gz"):
        warcio_check(path)
    before = rows(workspace)
    rebuild(workspace)
    assert rows(workspace) == before


def test_an_archive_in_order(workspace: Path, three: list[dict[str, Capture]]) -> None:
    found = verify(workspace)
    assert (found.files, found.captures, found.bodies, found.gone, found.problems) == (3, 12, 9, 0, ())
    check_sound(workspace)


@pytest.mark.parametrize("harm", ["block", "digest", "index_lost", "file_lost", "original_lost", "open"])
def test_what_is_wrong_is_found(workspace: Path, three: list[dict[str, Capture]], harm: str) -> None:
    layout = Layout(workspace)
    name = layout.files()[0]
    if harm == "block":
        data = bytearray(layout.path(name).read_bytes())
        data[len(data) // 2] ^= 0xFF
        layout.path(name).write_bytes(data)
    elif harm == "digest":  # readable, and not what was written
        with closing(Index(layout.index)) as index:
            rewrite(layout, index, name, lambda item: assembled(item.record).replace(b"menu", b"venu"))
    elif harm == "index_lost":
        with closing(sqlite3.connect(layout.index)) as db, db:
            db.execute("DELETE FROM captures WHERE id = ?", (short(three[0]["new"].id),))
    elif harm == "file_lost":
        layout.path(name).unlink()
    elif harm == "original_lost":
        with closing(sqlite3.connect(layout.index)) as db, db:
            db.execute("UPDATE captures SET body_offset = NULL WHERE id = ?", (short(three[0]["same"].id),))
    else:
        layout.path(name).rename(layout.opened(name))
    problems = verify(workspace).problems
    assert problems
    assert all(problem.file and problem.what for problem in problems)
    words = {"block": "broken", "digest": "digest", "index_lost": "rebuild", "file_lost": "the file does not",
             "original_lost": "no body", "open": "still open"}  # fmt: skip
    assert any(words[harm] in problem.what for problem in problems)


def test_pruning_keeps_what_is_needed(workspace: Path, three: list[dict[str, Capture]]) -> None:
    names = held(three)
    cited = {names["new 0"]}
    plan = prune(workspace, cited, at=AT, by="archivist", dry_run=True)
    before = sum(path.stat().st_size for path in (workspace / "archive" / "warc").rglob("*.warc.gz"))
    assert readable(workspace) == set(names.values())
    gone = prune(workspace, cited, at=AT, by="archivist")
    assert gone.captures == plan.captures
    assert set(gone.captures) == {names["new 1"], names["back 1"]}
    after = sum(path.stat().st_size for path in (workspace / "archive" / "warc").rglob("*.warc.gz"))
    assert gone.bytes == before - after > 0
    # `same` and `back` of the first night hold the bodies that the last night refers to.
    assert readable(workspace) == set(names.values()) - set(gone.captures)
    with Archive(workspace) as archive:
        assert len(list(archive.every())) == 12
        lost = archive.capture(names["new 1"])
        assert lost
        with pytest.raises(GoneError, match="pruned on 2026-03-01 by archivist: not needed after 30 nights"):
            archive.body(lost)
    check_sound(workspace)
    line = json.loads((workspace / "archive" / "audit.jsonl").read_text(encoding="utf-8"))
    assert (line["action"], line["by"], line["bodies"]) == ("prune", "archivist", 2)
    assert prune(workspace, cited, at=AT, by="archivist").captures == ()


def test_a_look_is_no_keys_newest(workspace: Path, three: list[dict[str, Capture]]) -> None:
    newest = three[-1]["new"].id
    look = night(workspace, 400, {"new": page("seen by a look")}, run=look_id(NIGHT, "1"))
    gone = prune(workspace, (), at=AT, by="archivist").captures
    assert newest not in gone
    assert newest in readable(workspace)
    assert look["new"].id in readable(workspace), "younger than what may go"


def test_what_is_cited_and_unknown_stops_pruning(workspace: Path, three: list[dict[str, Capture]]) -> None:
    with pytest.raises(ArchiveError, match="does not know: urn:uuid:x"):
        prune(workspace, {"urn:uuid:x"}, at=AT, by="archivist")
    assert readable(workspace) == set(held(three).values())


def test_a_pruned_body_may_come_again(workspace: Path, three: list[dict[str, Capture]]) -> None:
    prune(workspace, (), at=AT, by="archivist")
    again = night(workspace, 90, {"new": page("new 1")})
    assert again["new"].refers_to is None
    assert again["new"].id in readable(workspace)
    assert three[1]["new"].id in readable(workspace)  # the same bytes are there again


def test_a_redacted_body_is_gone_for_good(workspace: Path, three: list[dict[str, Capture]]) -> None:
    same = three[0]["same"]
    assert same.sha256
    gone = redact(workspace, same.sha256, reason="names of patients", by="dpo", at=AT)
    assert gone.captures == (same.id,)
    with Archive(workspace) as archive:
        for found in three:
            with pytest.raises(RedactedError, match="redacted on 2026-03-01 by dpo: names of patients"):
                archive.body(found["same"])
        assert archive.tombstone(same.sha256)
    for path in (workspace / "archive" / "warc").rglob("*.warc.gz"):
        assert b"<title>same" not in gzip.decompress(path.read_bytes())
    assert "names of patients" in (workspace / "archive" / "audit.jsonl").read_text(encoding="utf-8")
    check_sound(workspace)

    again = night(workspace, 81, {"same": page("same")})["same"]  # the site still shows it
    assert again.sha256 == same.sha256
    for path in (workspace / "archive" / "warc").rglob("*.warc.gz"):
        assert b"<title>same" not in gzip.decompress(path.read_bytes())
    with Archive(workspace) as archive, pytest.raises(RedactedError):
        archive.body(again)
    check_sound(workspace)
    made = export(workspace, [again.id], workspace / "x.wacz", patterns=())
    assert [item.reason for item in made.left_out] == ["gone"]


def test_redacting_what_is_not_there(workspace: Path, three: list[dict[str, Capture]]) -> None:
    with pytest.raises(ArchiveError, match="no capture has a body"):
        redact(workspace, "0" * 64, reason="r", by="b", at=AT)
    sha256 = three[0]["new"].sha256
    assert sha256
    redact(workspace, sha256, reason="r", by="b", at=AT)
    with pytest.raises(ArchiveError, match="not in the archive any more"):
        redact(workspace, sha256, reason="r", by="b", at=AT)


def packed(workspace: Path) -> None:
    layout = Layout(workspace)
    with closing(Index(layout.index)) as index:
        for name in layout.files():
            pack(layout, index, name)


def test_cold_storage_is_read_as_before(workspace: Path, three: list[dict[str, Capture]]) -> None:
    with Archive(workspace) as archive:
        before = {item.id: archive.body(item) for item in archive.every() if item.sha256}
        exchanges = {name: [found for found, _ in archive.exchange(name)] for name in before}
    packed(workspace)
    layout = Layout(workspace)
    assert {name.rpartition(".")[2] for name in layout.files()} == {"zst"}
    with Archive(workspace) as archive:
        assert {item.id: archive.body(item) for item in archive.every() if item.sha256} == before
        assert {name: [found for found, _ in archive.exchange(name)] for name in before} == exchanges
    check_sound(workspace)
    made = export(workspace, list(before), workspace / "x.wacz", patterns=())
    assert len(made.bundled) == 9
    with zipfile.ZipFile(made.path) as bundle:
        (workspace / "data.warc.gz").write_bytes(bundle.read("archive/data.warc.gz"))
    warcio_check(workspace / "data.warc.gz")


def test_fastwarc_reads_cold_storage(workspace: Path) -> None:
    night(workspace, 0, {str(number): page(str(number)) for number in range(150)})
    layout = Layout(workspace)
    small = layout.path(layout.files()[0]).stat().st_size
    packed(workspace)
    path = layout.path(layout.files()[0])
    data = path.read_bytes()
    assert codec_of(data).first > 0  # there is a dictionary
    assert len(data) < 0.6 * small
    found = list(ArchiveIterator(io.BytesIO(data), record_types=WarcRecordType.response, verify_digests=True))
    assert len(found) == 150


def test_a_new_night_takes_no_name_of_cold_storage(workspace: Path, three: list[dict[str, Capture]]) -> None:
    packed(workspace)
    night(workspace, 80, {"same": page("x")})
    recover(workspace)
    assert Layout(workspace).files()[-2:] == ["2026-03-23/run-80-00001.warc.zst", "2026-03-23/run-80-00002.warc.gz"]
    assert set(held(three).values()) < readable(workspace)


@pytest.mark.parametrize("moment", ["draft", "renamed"])
def test_packing_that_was_killed(workspace: Path, three: list[dict[str, Capture]], moment: str) -> None:
    layout = Layout(workspace)
    name = layout.files()[0]
    before = layout.path(name).read_bytes()
    with closing(Index(layout.index)) as index:
        pack(layout, index, name)
        index.forget(name.replace(".gz", ".zst"))
    cold = layout.path(name.replace(".gz", ".zst"))
    layout.path(name).write_bytes(before)
    if moment == "draft":
        cold.rename(cold.with_name(cold.name + ".new"))
    assert recover(workspace)
    assert readable(workspace) == set(held(three).values())
    assert len(Layout(workspace).files()) == 3
    check_sound(workspace)


def test_redacting_unpacks(workspace: Path, three: list[dict[str, Capture]]) -> None:
    """The dictionary was learned from the body too: it must not outlive it."""
    packed(workspace)
    sha256 = three[0]["same"].sha256
    assert sha256
    redact(workspace, sha256, reason="r", by="b", at=AT)
    assert Layout(workspace).files()[0].endswith(".warc.gz")
    assert not list((workspace / "archive" / "warc").rglob("*.new"))
    check_sound(workspace)


def test_an_index_of_another_version(workspace: Path, three: list[dict[str, Capture]]) -> None:
    with closing(sqlite3.connect(Layout(workspace).index)) as db, db:
        db.execute("PRAGMA user_version = 1")
    with pytest.raises(ArchiveError, match="another version of odrc; rebuild the index"):
        Archive(workspace)
    recover(workspace)
    assert readable(workspace) == set(held(three).values())


@pytest.fixture
def command(workspace: Path, tmp_path: Path, installation: Callable[..., Any]) -> Callable[..., Any]:
    settings = installation({"good": ["http://good.lab/"]})
    file = tmp_path / "odrc.yaml"
    file.write_text(settings.model_dump_json(exclude_none=True), encoding="utf-8")

    def run(*words: str, code: int = 0, given: str = "") -> Any:
        found = CliRunner().invoke(odrc.app, ["archive", words[0], "-c", str(file), *words[1:]], input=given)
        assert found.exit_code == code, (found.output, found.exception)
        return found

    return run


def test_the_commands(
    workspace: Path, three: list[dict[str, Capture]], command: Callable[..., Any], tmp_path: Path
) -> None:
    names, last = held(three), three[2]["new"]
    assert json.loads(command("verify").stdout)["captures"] == 12
    assert command("cat", last.id).stdout_bytes == page("new 2")
    assert "content-type: text/html" in command("cat", last.id.removeprefix("urn:uuid:"), "--headers").stdout
    assert msgspec.json.decode(command("cat", last.id, "--note").stdout, type=Capture) == last
    cited = tmp_path / "cited.txt"
    cited.write_text(f"{names['new 0']}\n\n", encoding="utf-8")
    assert command("prune", "--keep", str(cited), "--by", "me", "--dry-run").stdout.startswith("2 bodies would go")
    assert command("prune", "--keep", "-", "--by", "me", given=names["new 0"]).stdout.startswith("2 bodies gone")
    wacz = tmp_path / "x.wacz"
    made = command("export", "--wacz", str(wacz), "--night", str(NIGHT)).stdout
    assert "4 captures, 0 left out" in made
    assert hashlib.sha256(wacz.read_bytes()).hexdigest() in made
    assert command("export", "--wacz", str(wacz), "--ids", str(cited)).stdout.startswith(f"{wacz}: 1 captures")
    assert " bytes to " in command("pack", "--before", str(NIGHT + timedelta(days=41))).stdout
    assert command("cat", last.id).stdout_bytes == page("new 2")
    assert last.sha256
    assert "1 bodies redacted" in command("redact", last.sha256, "--reason", "r", "--by", "me").stdout
    assert command("index").stdout == "12 captures\n"
    assert json.loads(command("verify").stdout)["gone"] == 3


def test_commands_say_what_they_accept(
    workspace: Path, three: list[dict[str, Capture]], command: Callable[..., Any], tmp_path: Path
) -> None:
    for words, text in [
        (("cat", "no-such-id"), "no such capture"),
        (("redact", "abc", "--reason", "r", "--by", "b"), "64 lower-case hexadecimal digits"),
        (("export", "--wacz", str(tmp_path / "x.wacz")), "--ids FILE or --night"),
        (("export", "--wacz", str(tmp_path / "none" / "x.wacz"), "--night", str(NIGHT)), "cannot be written"),
        (("prune", "--keep", str(tmp_path / "none"), "--by", "b"), "one capture id a line"),
    ]:
        assert text in str(command(*words, code=1).exception)
    layout = Layout(workspace)
    layout.path(layout.files()[0]).write_bytes(b"not a WARC file")
    assert json.loads(command("verify", code=3).stdout)["problems"]
