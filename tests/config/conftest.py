from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from config.errors import ConfigError
from config.loader import load

HEAD = """\
pack: kz
workspace: ./workspace
operator:
  name: Someone
  contact: someone@example.org
  about_url: https://example.org/crawl
"""


@pytest.fixture
def settings_file(tmp_path: Path) -> Callable[[str], Path]:
    """Write a settings file; the text after HEAD begins on line 7."""

    def write(text: str, head: str = HEAD) -> Path:
        path = tmp_path / "odrc.yaml"
        path.write_text(head + dedent(text), encoding="utf-8")
        return path

    return write


@pytest.fixture
def problems(settings_file: Callable[..., Path]) -> Callable[..., list[str]]:
    """Load a wrong file and return its problems, without the folder."""

    def lines(text: str, head: str = HEAD) -> list[str]:
        path = settings_file(text, head)
        with pytest.raises(ConfigError) as caught:
            load(path)
        return str(caught.value).replace(f"{path.parent}/", "").splitlines()

    return lines


SMALL_PACK = {
    "pack.yaml": """\
id: xx
names: {en: Nowhere}
zone: Europe/Oslo
languages:
  - {code: no, obligation: required, basis: test, verified: true}
profiles:
  - {id: plain, names: {en: Plain}, basis: test, source: test}
rules: []
""",
    "words.yaml": """\
extraction:
  words: {}
  months: {}
""",
    "agencies.yaml": """\
agencies:
  - id: one
    names: {no: En}
    sites: [https://one.example.org/]
bodies: {statistics: one}
""",
}


@pytest.fixture
def small_pack(tmp_path: Path) -> Path:
    """Return a folder with a small pack of three files."""
    folder = tmp_path / "mypack"
    folder.mkdir()
    for name, text in SMALL_PACK.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
