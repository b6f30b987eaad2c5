from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.capture import Capture, ExchangeOutcome
from crawler.crawl import ROBOTS_BYTES
from crawler.manners.failures import RefusedError
from crawler.manners.robots import RobotsFile
from tests.crawler.support import capture

CORPORA = Path(os.environ.get("ODRC_CORPORA", Path(__file__).parents[4] / "shared" / "corpora"))
REAL = CORPORA / "sites" / "robots"


def answered(**given: Any) -> Capture:
    return msgspec.structs.replace(capture(url="http://good.lab/robots.txt"), **given)


def allowed(body: bytes | str, path: str, **given: Any) -> bool:
    file = RobotsFile(answered(**given), body.encode() if isinstance(body, str) else body)
    try:
        file.check(f"http://good.lab{path}")
    except RefusedError as error:
        return error.outcome is not ExchangeOutcome.ROBOTS
    return True


@pytest.mark.parametrize(
    ("rules", "path", "may"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: odrc\nDisallow: /x", "/a", True),
        ("User-agent: *\nDisallow:\n\nUser-agent: ODRC\nDisallow: /", "/a", False),
        ("User-agent: odrc\nDisallow: /a\n\nUser-agent: odrc\nDisallow: /b", "/a", False),
        ("User-agent: other\nUser-agent: odrc\nDisallow: /a", "/a/b", False),
        ("User-agent: odrcbot\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", True),
        ("User-agent: *\nDisallow: /*/print/*q", "/kk/print/a?q=1", False),
        ("User-agent: *\nDisallow: /жаңалық", "/%D0%B6%D0%B0%D2%A3%D0%B0%D0%BB%D1%8B%D2%9B", False),
        ("user-agent : *\ndisallow : /a # why", "/a", False),
        ("User-agent: *\rDisallow: /a\r", "/a", False),
        ("Disallow: /", "/a", True),
        ("<!doctype html><html>User-agent: *<br>Disallow: /</html>", "/a", True),
    ],
)
def test_rules(rules: str, path: str, may: bool) -> None:
    assert allowed(rules, path) is may


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_byte_order_marks_and_encodings(coding: str) -> None:
    mark = "" if coding in ("utf-8-sig", "utf-16") else "\ufeff"
    assert not allowed((mark + "User-agent: *\nDisallow: /жаңа").encode(coding), "/%D0%B6%D0%B0%D2%A3%D0%B0")


def test_other_encodings_lose_only_their_own_lines() -> None:
    assert not allowed("User-agent: *\nDisallow: /новости\nDisallow: /a".encode("cp1251"), "/a")


def test_a_file_that_was_cut_forgets_its_last_line() -> None:
    body = b"User-agent: *\nDisallow: /a\nDisallow: /"
    assert not allowed(body, "/b")
    assert allowed(body, "/b", truncated=True)
    assert not allowed(body, "/a", truncated=True)


def test_a_huge_file_is_read() -> None:
    body = (b"User-agent: *\n" + b"Disallow: /*a*a*a*a*a*a*a*a$\n" * 40_000)[:ROBOTS_BYTES]
    assert allowed(body, "/" + "a" * 5000 + "b", truncated=True)


@pytest.mark.parametrize(
    ("outcome", "status", "state"),
    [
        (ExchangeOutcome.HTTP_ERROR, 404, "absent"), (ExchangeOutcome.HTTP_ERROR, 401, "absent"),
        (ExchangeOutcome.HTTP_ERROR, 403, "absent"), (ExchangeOutcome.REDIRECT_LOOP, None, "absent"),
        (ExchangeOutcome.HTTP_ERROR, 500, "robots_unreachable"), (ExchangeOutcome.HTTP_ERROR, 304, "robots_unreachable"),
        (ExchangeOutcome.COOLED_OFF, 429, "cooled_off"), (ExchangeOutcome.COOLED_OFF, 503, "cooled_off"),
        (ExchangeOutcome.TIMEOUT, None, "timeout"), (ExchangeOutcome.DNS, None, "dns"), (ExchangeOutcome.OK, 200, "ok"),
    ],
)  # fmt: skip
def test_what_stands_for_a_file_that_is_not_there(outcome: ExchangeOutcome, status: int | None, state: str) -> None:
    file = RobotsFile(answered(outcome=outcome, status=status), b"")
    assert file.state == state
    if state in ("ok", "absent"):
        file.check("http://good.lab/a")
    else:
        with pytest.raises(RefusedError) as caught:
            file.check("http://good.lab/a")
        assert caught.value.outcome.value == state


@pytest.mark.parametrize(
    ("rules", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 7", 7), ("User-agent: *\nCrawl-delay: 0.5", 0.5),
        ("User-agent: odrc\nCrawl-delay: 2\nUser-agent: *\nCrawl-delay: 9", 2), ("User-agent: *\nCrawl-delay: x", None),
        ("User-agent: *\nRequest-rate: 1/10s", 10), ("User-agent: *\nRequest-rate: 1/10s\nCrawl-delay: 20", 20), ("", None),
    ],
)  # fmt: skip
def test_the_delay_that_is_asked_for(rules: str, delay: float | None) -> None:
    assert RobotsFile(answered(), rules.encode()).delay == delay


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_can_be_read(body: bytes) -> None:
    file = RobotsFile(answered(), b"User-agent: *\nDisallow: /" + body)
    assert file.state == "ok"
    assert file.delay is None or file.delay >= 0


@pytest.mark.skipif(not REAL.is_dir(), reason="no real robots files here: set ODRC_CORPORA to where sites/robots lies")
def test_every_real_file_is_read() -> None:
    files = sorted(REAL.iterdir())
    assert files
    for path in files:
        file = RobotsFile(answered(), path.read_bytes())
        assert file.state == "ok", path.name
        assert file.delay is None or file.delay >= 0, path.name
        allowed(path.read_bytes(), "/")
