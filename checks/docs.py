"""Writes the rules' pages: `python -m checks.docs [--check] [FOLDER]` makes docs/rules from the rules' docstrings."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from checks.registry import Rule, all_rules

HEADINGS = ("What it asks", "Why", "Outcomes", "Traps", "Law")
FOLDER = Path("docs/rules")
_SHIPPED = "checks.rules."
_NOTE = "<!-- Made by `python -m checks.docs` from the rule's docstring: change it there. -->"
_OUTCOME = re.compile(r"^(pass|fail|unclear|not_applicable|not_observed): ")


def shipped_rules() -> tuple[Rule, ...]:
    """Return the rules that come with odrc, in order of their ids; plugins document their own."""
    return tuple(item for item in all_rules().values() if item.function.__module__.startswith(_SHIPPED))


def parts(doc: str) -> dict[str, str]:
    """Return the texts of a rule's page by heading, in order. The first line, its title, is left out."""
    found: dict[str, list[str]] = {}
    heading = ""
    for line in doc.strip().splitlines()[1:]:
        if line.strip() and not line.startswith(" "):
            heading = line.strip()
            found[heading] = []
        elif heading:
            found[heading].append(line.strip())
    return {name: "\n".join(lines).strip() for name, lines in found.items()}


def page(rule: Rule) -> str:
    """Return the page of one rule as Markdown."""
    indicators = ", ".join(f"`{name}`" for name in rule.indicators)
    needs = ", ".join(f"`{need}`" for need in rule.info.needs)
    lines = [
        _NOTE, "", f"# {rule.id}: {rule.title}", "",
        f"Version {rule.version}. Indicators: {indicators or 'none'}. Subject: `{rule.subject.value}`. Needs: {needs}.",
    ]  # fmt: skip
    for heading, text in parts(rule.doc).items():
        lines += ["", f"## {heading}", "", _outcomes(text) if heading == "Outcomes" else text]
    return "\n".join(lines) + "\n"


def overview(rules: tuple[Rule, ...]) -> str:
    """Return the table of all rules as Markdown."""
    lines = [_NOTE, "", "# Rules", "", "| rule | what it asks | indicators | subject |", "|---|---|---|---|"]
    for item in rules:
        indicators = ", ".join(f"`{name}`" for name in item.indicators)
        lines.append(f"| [{item.id}]({item.id}.md) | {item.title} | {indicators} | `{item.subject.value}` |")
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """Return all pages by file name."""
    rules = shipped_rules()
    return {"README.md": overview(rules), **{f"{item.id}.md": page(item) for item in rules}}


def outdated(folder: Path) -> list[str]:
    """Return the names of pages in *folder* that are missing, changed or of no rule any more."""
    wanted = pages()
    there = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def write(folder: Path) -> None:
    """Make the pages of *folder* current; pages of rules that are gone go too."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for path in folder.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check say which are not current. Returns the exit code."""
    named = [item for item in arguments if not item.startswith("-")]
    folder = Path(named[0]) if named else FOLDER
    if "--check" not in arguments:
        write(folder)
        return 0
    stale = outdated(folder)
    if stale:
        sys.stderr.write(f"not current in {folder}: {', '.join(stale)}; run python -m checks.docs\n")
    return 1 if stale else 0


def _outcomes(text: str) -> str:
    """Make a list of the outcomes; lines that go on belong to the item above."""
    lines = [
        f"- **{line.replace(': ', '**: ', 1)}" if _OUTCOME.match(line) else f"  {line}" for line in text.splitlines()
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
