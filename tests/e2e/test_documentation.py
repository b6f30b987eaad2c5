"""The README and the documents name the commands and options that there are, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

import odrc

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
APP: Any = typer.main.get_command(odrc.app)
_SPOKEN = re.compile(r"(?<![\w/-])(?:\.venv/bin/|/opt/odrc/\.venv/bin/)?odrc +([a-z][a-z ]*[a-z])((?: +[^`|\n]*)?)")


def commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every command with its full name, groups too."""
    for name, command in group.commands.items():
        if not command.hidden:
            yield f"{before}{name}", command
            if hasattr(command, "commands"):
                yield from commands(command, f"{before}{name} ")


REAL = dict(commands(APP))


def options(command: Any) -> set[str]:
    return {option for item in command.params for option in (*item.opts, *item.secondary_opts)} | {"--help"}


def spoken(text: str) -> Iterator[tuple[str, str]]:
    """Yield the command and the words behind it, wherever a page shows one as code."""
    code = re.findall(r"`([^`\n]+)`", text) + [line for line in text.splitlines() if line.startswith("    ")]
    for piece in code:
        for words, rest in _SPOKEN.findall(piece):
            name = longest(words.split())
            yield name or words, f"{words.removeprefix(name or '')} {rest}"


def longest(words: list[str]) -> str | None:
    names = [" ".join(words[:size]) for size in range(len(words), 0, -1)]
    return next((name for name in names if name in REAL), None)


def table_names() -> set[str]:
    """The commands of the README's table; `odrc archive prune`, `pack` stands for two."""
    found: set[str] = set()
    rows = re.findall(r"^\| (`odrc .*?) \|", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    for row in rows:
        group = ""
        for piece in re.findall(r"`([^`]+)`", row):
            words = piece.removeprefix("odrc ").split() if piece.startswith("odrc ") else [*group.split(), piece]
            name = longest([word for word in words if word.isalpha() and word.islower()])
            found.add(name or piece)
            group = " ".join((name or "").split()[:-1])
    return found


def test_the_table_of_commands_is_whole_and_names_no_others() -> None:
    told = table_names()
    whole = {name.split()[0] for name in told if " " in name}  # groups whose commands have rows of their own
    missing = {name for name in REAL if " " in name and name.split()[0] in whole} - told
    assert missing == set(), "not in the README"
    assert told - set(REAL) == set(), "no such commands"
    assert {name.split()[0] for name in REAL} - {name.split()[0] for name in told} == set(), "not in the README"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_commands_and_options_that_exist(page: Path) -> None:
    wrong: list[str] = []
    for name, rest in spoken(page.read_text(encoding="utf-8")):
        if name not in REAL:
            wrong.append(f"odrc {name}")
            continue
        asked = re.findall(r"(?<!\S)\[?(--?[a-z][a-z-]*)", rest)
        wrong += [f"odrc {name} {option}" for option in asked if option not in options(REAL[name])]
    assert wrong == []


def test_pages_are_read_at_all() -> None:
    found = {name for page in PAGES for name, _ in spoken(page.read_text(encoding="utf-8"))}
    assert {"run", "pause", "status", "archive verify"} <= found
    assert dict(spoken("`odrc pause HOST --until WHEN`"))["pause"].split() == ["HOST", "--until", "WHEN"]
    assert [name for name, _ in spoken("`odrc dance --high`")] == ["dance"]
