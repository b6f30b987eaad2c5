from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from crawler.safexml import UnreadableError, parse

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE x [<!ENTITY l0 "{"lol" * 100}">{LAUGHS}]>'


@pytest.mark.parametrize(
    "body",
    [
        f"{BOMB}<x>&l9;</x>",
        f'{BOMB}<x a="&l9;"/>',
        f"{BOMB}<x/>",
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]><x/>',
        f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]><x>{"&a;" * 50_000}</x>',
    ],
    ids=["laughs", "laughs_in_attribute", "laughs_unused", "file", "parameter", "quadratic"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_documents_with_entities_are_refused(body: str, encoding: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        parse(body.encode(encoding))
    assert caught.value.reason in ("entities", "not_xml")


def test_an_ordinary_doctype_is_read() -> None:
    assert parse(b'<!DOCTYPE rss PUBLIC "x" "http://127.0.0.1:9/rss.dtd"><rss version="0.91"/>').tag == "rss"


def test_bombs_cost_no_memory() -> None:
    program = (
        "import re, sys\n"
        "from pathlib import Path\n"
        "from crawler.safexml import UnreadableError, parse\n"
        "def peak():\n    return int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])\n"
        "before = peak()\n"
        "try:\n    parse(sys.stdin.buffer.read())\nexcept UnreadableError:\n"
        "    print(peak() - before)\n"
    )
    root = Path(__file__).parents[2]
    for body in (f"{BOMB}<x>&l9;</x>", f'{BOMB}<x a="&l9;"/>', "<x>" * 200_000):
        done = subprocess.run(
            [sys.executable, "-c", program], input=body.encode(), capture_output=True, cwd=root, check=True
        )
        assert int(done.stdout) < 50_000, done.stderr  # KiB
