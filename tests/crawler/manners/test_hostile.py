"""What a hostile server may try, each on loopback with raw bytes; the crawl ends in order, small, and writes it down."""

from __future__ import annotations

import gzip
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]
import msgspec
import pytest
import zstandard

from config.model import Settings
from config.pack import Pack
from crawler.archive import Archive
from crawler.archive.recovery import rebuild
from crawler.capture import Capture, ExchangeOutcome
from crawler.coding import DECODED_LIMIT, decode
from crawler.coverage import RunState
from crawler.job import Job, Word
from crawler.policy import FetchPolicy
from tests.crawler.support import NIGHT
from tests.servers.hostile import Hostile, endless, hostile, reply

Make = Callable[..., Settings]
HTML = "Content-Type: text/html"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
ROOT = Path(__file__).parents[3]


@pytest.fixture
def server() -> Iterator[Hostile]:
    with hostile() as served:
        yield served


def home(*links: str) -> bytes:
    return reply("".join(f'<a href="{link}">x</a>' for link in links).encode("utf-8", "surrogateescape"), HTML)


def bombs() -> dict[str, bytes]:
    zeros = bytes(300_000_000)
    packer = zlib.compressobj(9)
    coded = {
        "gzip": gzip.compress(zeros, 9),
        "deflate": packer.compress(zeros) + packer.flush(),
        "br": brotli.compress(zeros[:100_000_000], quality=5),
        "zstd": zstandard.ZstdCompressor(level=3).compress(zeros),
    }
    coded["gzip, gzip"] = gzip.compress(coded["gzip"])
    coded[", ".join(["gzip"] * 40)] = coded["gzip, gzip"]
    return coded


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_bombs_are_cut(coding: str) -> None:
    plain = bytes(DECODED_LIMIT + 1_000_000)
    coded = {
        "gzip": lambda: gzip.compress(plain, 1), "deflate": lambda: zlib.compress(plain, 1),
        "br": lambda: brotli.compress(plain, quality=1), "zstd": lambda: zstandard.compress(plain, 1),
    }[coding]()  # fmt: skip
    assert len(decode(coded, coding)) == DECODED_LIMIT
    assert decode(coded, ", ".join([coding] * 4)) == coded


def test_zstd_is_read() -> None:
    coded = zstandard.compress(b"text") + zstandard.compress(b" and more")
    assert decode(coded, "zstd") == b"text and more"
    assert decode(b"no frame", "zstd") == b"no frame"


def test_answers_without_end_or_sense(installation: Make, crawl: Callable[..., Any], server: Hostile) -> None:
    chunk = b"2000\r\n" + b"x" * 0x2000 + b"\r\n"
    server.pages |= {
        "/": home(*(f"/{name}" for name in (
            "chunks", "drip", "headers", "lines", "continue", "long", "chunkline", "nothing", "noise", "length", "old",
        ))),
        "/chunks": endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", chunk),
        "/drip": endless(HEAD + b"Content-Length: 100000\r\n\r\n", b".", 0.2),
        "/headers": endless(HEAD, b"X-More: " + b"y" * 1000 + b"\r\n"),
        "/lines": endless(HEAD, b"a:b\r\n" * 100),
        "/continue": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
        "/long": endless(HEAD, b"z" * 8192),
        "/chunkline": endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0" * 8192),
        "/nothing": b"\r\n\r\n\r\n",
        "/noise": b"\x16\x03\x01\x00\x00\xff" * 50 + b"\r\n\r\n",
        "/length": HEAD + b"Content-Length: -5\r\n\r\n",
        "/old": endless(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n", b"o" * 8192),
    }  # fmt: skip
    settings = installation({"good": [server.url()]}, timeout=2, retries=0, max_file=1_000_000, concurrency=8)
    coverage, found = crawl(settings)
    outcomes = {name.removeprefix("good/"): item.outcome.value for name, item in found.items()}
    assert coverage.state is RunState.COMPLETE
    assert outcomes.pop("") == "ok"
    assert {name: outcomes[name] for name in ("chunks", "drip", "headers", "lines", "continue", "old")} == {
        "chunks": "too_large", "drip": "timeout", "headers": "invalid", "lines": "invalid", "continue": "invalid",
        "old": "too_large",
    }  # fmt: skip
    assert outcomes.pop("chunkline") == "ok"
    assert found["good/chunkline"].truncated
    assert set(outcomes.values()) <= {"too_large", "timeout", "invalid", "reset"}
    assert found["good/chunks"].length == 1_000_000
    assert "header block over the limit" in (found["good/headers"].detail or "")


def test_addresses_and_headers_with_tricks(installation: Make, crawl: Callable[..., Any], server: Hostile) -> None:
    long = "/" + "l" * 9000
    server.pages |= {
        "/": home("/a%00b", "/c\x00d", "/e\nf", "/g%0d%0aX-Own:%201", long, "/nul", "/cr", "/jump", "/far", "//good.lab:25/", "//good.lab:99999/"),
        "/nul": reply(b"n", HTML, "X-Nul: a\x00b", "X\x00Y: c"),
        "/cr": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Cr: a\rWARC-Type: b\r\nContent-Length: 2\r\n\r\nok",
        "/jump": reply(b"", "Location: /x\x00y\rz", status="302 Found"),
        "/far": reply(b"", f"Location: {long}", status="302 Found"),
    }  # fmt: skip
    settings = installation({"good": [server.url()]}, retries=0)
    coverage, found = crawl(settings)
    assert coverage.state is RunState.COMPLETE
    assert all(ord(sign) > 32 for target in server.seen for sign in target)
    assert not any("l" * 100 in target for target in server.seen)
    assert found["good/nul"].header("x-nul") == "a\x00b"
    assert found["good/far"].outcome.value == "invalid"
    before = _all(settings)
    rebuild(settings.workspace)  # the WARC files alone say the same, record by record
    assert _all(settings) == before


def _all(settings: Settings) -> dict[str, Capture]:
    with Archive(settings.workspace) as archive:
        return {
            item.id: item for item in archive.captures(until=NIGHT) if not item.sha256 or archive.body(item) is not None
        }


def test_addresses_inside_are_refused_in_any_spelling_even_behind_a_proxy(
    installation: Make, crawl: Callable[..., Any], server: Hostile
) -> None:
    places = [
        "127.0.0.1",
        "0x7f.1",
        "2130706433",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
        "127.1",
    ]
    scopes = [f"http://{place}:{server.port}/" for place in places]
    server.pages["http://public.lab/robots.txt"] = reply(b"", f"Location: {scopes[1]}inside", status="302 Found")
    server.pages["http://public.lab/"] = home(*scopes)
    settings = installation(
        {"in": scopes, "out": ["http://public.lab/", "http://public.lab:25/"]},
        allow_private=False, proxy=f"http://127.0.0.1:{server.port}", retries=0, resolve={},
    )  # fmt: skip
    coverage, found = crawl(settings)
    assert coverage.state is RunState.COMPLETE
    assert server.seen == ["http://public.lab/robots.txt"]
    assert {item.outcome for item in found.values()} == {ExchangeOutcome.GUARD}
    direct = installation({"in": scopes}, allow_private=False, retries=0).model_copy(
        update={"workspace": settings.workspace / "direct"}
    )
    coverage, found = crawl(direct)
    assert {item.outcome for item in found.values()} == {ExchangeOutcome.GUARD}


# Not getrusage: there a process begins with the peak of the one that started it (Linux, exec_mmap), here with its own.
MEASURED = """
import re, sys
from pathlib import Path
from crawler import shard
status = shard.main()
print(*re.findall(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text()), file=sys.stderr)
sys.exit(status)
"""


@pytest.mark.full
def test_the_crawl_stays_small_whatever_is_thrown_at_it(installation: Make, server: Hostile, pack: Pack) -> None:
    names = []
    for number, (coding, body) in enumerate(bombs().items()):
        names.append(f"/bomb{number}")
        server.pages[names[-1]] = reply(body, HTML, f"Content-Encoding: {coding}")
    chunk = b"2000\r\n" + b"x" * 0x2000 + b"\r\n"
    server.pages |= {
        "/chunks": endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", chunk),
        "/headers": endless(HEAD, b"X-More: " + b"y" * 1000 + b"\r\n"),
        "/long": endless(HEAD, b"z" * 8192),
        "/links": reply(b"<a href=/?x>" * 1_600_000, HTML),
        "/deep": reply(b"<div>" * 3_500_000, HTML),
    }
    server.pages["/"] = home(*names, *(path for path in server.pages))
    settings = installation({"good": [server.url()]}, timeout=5, concurrency=8)
    job = Job(settings.model_dump_json(), pack.zone, NIGHT, "nightly", FetchPolicy())
    done = subprocess.run(
        [sys.executable, "-c", MEASURED], input=msgspec.json.encode(job), capture_output=True, cwd=ROOT, check=True
    )
    last = msgspec.json.decode(done.stdout.splitlines()[-1], type=Word)
    assert last.coverage
    assert last.coverage.state is RunState.COMPLETE
    assert int(done.stderr.split()[-1]) < 400_000  # KiB
