"""Secrets come from the environment and are shown nowhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from config.loader import load

Problems = Callable[..., list[str]]

Write = Callable[..., Path]

AGENCIES = """\
agencies:
  - id: one
    names: {en: One}
    sites: [https://one.example.org/]
"""


def test_a_secret_comes_from_the_environment(settings_file: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ODRC_PROXY", "http://user:hush@proxy.example.org:3128")
    loaded = load(settings_file(AGENCIES + "crawl:\n  proxy: ${ODRC_PROXY}\n"))

    assert loaded.settings.crawl.proxy == "http://user:hush@proxy.example.org:3128"
    assert "hush" not in repr(loaded)
    assert loaded.digest == load(settings_file(AGENCIES)).digest


def test_a_missing_variable_is_named(problems: Problems, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ODRC_PROXY", raising=False)
    (line,) = problems(AGENCIES + "crawl:\n  proxy: http://${ODRC_PROXY}/\n")
    assert line.startswith("odrc.yaml:12: crawl.proxy: environment variable ODRC_PROXY is not set; accepted: ")


def test_a_wrong_secret_is_not_shown(problems: Problems, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ODRC_PROXY", "hush-hush")
    (line,) = problems(AGENCIES + "crawl:\n  proxy: ${ODRC_PROXY}\n")
    assert line.startswith("odrc.yaml:12: crawl.proxy: not the address of a proxy; accepted: http://host:port")
    assert "hush" not in line
