"""Writes the vocabulary of formats for readers and programs: `python -m checks.vocabulary [--check] [FOLDER]`.

`docs/formats.md` is for people, `docs/formats.json` for programs; both are made from config/framework/formats.yaml and
the classes of `checks.formats`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from checks.formats import DataClass
from checks.rules.fmt_evidence import OUTCOMES
from config.formats import Family, Format, formats

FOLDER = Path("docs")
_NOTE = "<!-- Made by `python -m checks.vocabulary` from config/framework/formats.yaml: change it there. -->"
_HEAD = ("| id | name | kind of | readable | stars | open | endings |", "|---|---|---|---|---|---|---|")
CLASSES: dict[DataClass, str] = {
    DataClass.TIDY: "a machine-readable format that parses; a table has one line of names and one row per record",
    DataClass.LAID_OUT: "a spreadsheet laid out for print: joined cells, titles, several tables",
    DataClass.PARTLY: "programs read it in part: an old binary workbook, a closed format, tables in HTML",
    DataClass.UNREADABLE: "a document or a picture: to be typed off by hand",
    DataClass.BROKEN: "empty, cut off, or does not parse",
    DataClass.NO_DATA: "describes a service, a format or a site, or is a feed without entries",
    DataClass.UNKNOWN: "of no known type, under a password, or an archive that could not be looked into",
    DataClass.UNSEEN: "not seen: an error page instead of the file, or our own limits",
}


class FormatDocument(msgspec.Struct, frozen=True):
    """A format as it is published."""

    id: str
    name: str
    family: str
    readable: str
    stars: int
    open: bool
    broader: str | None
    media: tuple[str, ...]
    extensions: tuple[str, ...]
    aliases: tuple[str, ...]


def document() -> str:
    """Return the vocabulary as JSON: formats by id, and the classes with the outcome each leads to."""
    listed = [
        FormatDocument(
            key, item.name, item.family.value, item.readable.value, item.stars, item.open, item.broader,
            item.media, item.extensions, item.aliases,
        ) for key, item in formats().items()
    ]  # fmt: skip
    classes = [{"id": key.value, "means": text, "outcome": OUTCOMES[key].value} for key, text in CLASSES.items()]
    return msgspec.json.format(msgspec.json.encode({"formats": listed, "classes": classes})).decode() + "\n"


def page() -> str:
    """Return the vocabulary as Markdown, family by family."""
    lines = [
        _NOTE, "", "# Formats", "",
        "What sniffed types, declared types and marks speak in. *readable*: can a program use what stands in it",
        "(`full`, `partly`, `none`, `inside` for containers). *stars*: the highest level of the five-star scale that",
        "the format allows. *open*: a published specification that anyone may implement. Also as `formats.json`.",
    ]  # fmt: skip
    for family in Family:
        lines += ["", f"## {family.value.capitalize()}", "", *_HEAD]
        lines += [_row(key, item) for key, item in formats().items() if item.family is family]
    lines += ["", "## Classes of files", "", "| class | what it is | counts as |", "|---|---|---|"]
    lines += [f"| `{key.value}` | {text} | {OUTCOMES[key].value} |" for key, text in CLASSES.items()]
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """Return the documents by file name."""
    return {"formats.md": page(), "formats.json": document()}


def outdated(folder: Path) -> list[str]:
    """Return the names of documents in *folder* that are missing or not current."""
    found = {name: folder / name for name in pages()}
    return [name for name, text in pages().items()
            if not found[name].is_file() or found[name].read_text(encoding="utf-8") != text]  # fmt: skip


def main(arguments: list[str]) -> int:
    """Write the documents, or with --check say which are not current. Returns the exit code."""
    named = [item for item in arguments if not item.startswith("-")]
    folder = Path(named[0]) if named else FOLDER
    if "--check" not in arguments:
        for name, text in pages().items():
            (folder / name).write_text(text, encoding="utf-8")
        return 0
    stale = outdated(folder)
    if stale:
        sys.stderr.write(f"not current in {folder}: {', '.join(stale)}; run python -m checks.vocabulary\n")
    return 1 if stale else 0


def _row(key: str, item: Format) -> str:
    kind = f"`{item.broader}`" if item.broader else ""
    endings = ", ".join(f"`{ending}`" for ending in item.extensions)
    said = "yes" if item.open else "no"
    return f"| `{key}` | {item.name} | {kind} | {item.readable.value} | {item.stars} | {said} | {endings} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
