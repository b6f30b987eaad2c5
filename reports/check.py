"""`odrc check`: what a publisher can act on about one file, page or catalogue, in the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from checks.check import CheckReport, check_target
from checks.findings import Outcome, Responsible
from config.loader import Loaded, load, load_pack
from reports.console import Format, print_json, reader_language, usage_errors
from reports.documents import CheckDocument, FindingDocument, finding_document
from reports.freeze.redactions import redacted
from reports.messages import Catalogue
from reports.options import DEFAULT_CONFIG, AnyFormat, Config

_LONGEST = 160
_MOST_PLACES = 5
_MOST_SHOWN = 10
_KINDS = {"page": "subject.page", "file": "subject.file", "catalogue": "ui.catalogue"}
_ORDER = (Outcome.FAIL, Outcome.UNCLEAR, Outcome.NOT_OBSERVED, Outcome.NOT_APPLICABLE, Outcome.PASS)
_TO_ACT_ON = (Outcome.FAIL, Outcome.UNCLEAR, Outcome.NOT_OBSERVED)
_CODES = {"empty": "empty_file", "timeout": "file_timeout"}


def mount(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command()(usage_errors(check))


def check(
    target: Annotated[str, typer.Argument(help="A file, or the address of a page, file or catalogue.")],
    config: Config = DEFAULT_CONFIG,
    output: AnyFormat = Format.TEXT,
    language: Annotated[str | None, typer.Option(metavar="CODE", help="Language of the texts.")] = None,
    pack: Annotated[str, typer.Option(help="Country pack, where there is no settings file.")] = "kz",
) -> None:
    """Read facts from one file, page or catalogue and ask the rules about it. Nothing is stored."""
    words = Catalogue(language or reader_language())
    loaded = _loaded(config)
    report = check_target(target, loaded.pack if loaded else load_pack(pack), loaded.settings if loaded else None)
    document = check_document(report, redacted(loaded.settings.workspace) if loaded else ())
    if output is Format.JSON:
        print_json(document)
    else:
        tell_check(document, words)


def check_document(report: CheckReport, gone: Collection[str] = ()) -> CheckDocument:
    """Return a report as the document of docs/schemas/check.schema.json; *gone* as in `finding_document`."""
    return CheckDocument(
        report.target, report.facts, tuple(finding_document(item, gone=gone) for item in report.findings)
    )


def tell_check(document: CheckDocument, words: Catalogue) -> None:
    """Print facts, then findings by outcome with what to do about them."""
    facts = document.facts
    typer.echo(f"{words.text('ui.target')}: {_plain(document.target)}")
    typer.echo(f"{words.text('ui.kind')}: {words.text(_KINDS[facts['kind']])}")
    typer.echo(f"{words.text('ui.facts')}:")
    for name, value in facts.items():
        if words.has(f"fact.{name}") and (told := _told(name, value, words)):
            typer.echo(f"  {words.text(f'fact.{name}')}: {_plain(told)}")
    if facts.get("left_out"):
        typer.echo(f"  {words.text('ui.left_out', count=facts['left_out'])}")
    typer.echo(f"{words.text('ui.findings')}:")
    for outcome in _ORDER:
        _tell_outcome(outcome, [item for item in document.findings if item.outcome is outcome], words)
    if not document.findings:
        typer.echo("  " + words.text("ui.check_none"))


def _tell_outcome(outcome: Outcome, findings: Sequence[FindingDocument], words: Catalogue) -> None:
    """Print the findings of one outcome; those that say the same of many records are told once."""
    alike: dict[tuple[str, int, str, Responsible], list[FindingDocument]] = {}
    for item in findings:
        alike.setdefault((item.rule, item.version, item.reason, item.responsible), []).append(item)
    if alike:
        typer.echo(f"  {words.text(f'outcome.{outcome}')}")
    for same in alike.values():
        first, many = same[0], f" ({words.number(len(same))})" if len(same) > 1 else ""
        typer.echo(f"    {first.rule}@{first.version}  {words.label('reason', first.reason)}{many}")
        if outcome in _TO_ACT_ON:
            _tell_places(same, words)
            _tell_advice(first, words)


def _tell_places(same: Sequence[FindingDocument], words: Catalogue) -> None:
    for finding in same[:_MOST_PLACES]:
        for item in finding.evidence:
            typer.echo(f"      {_plain(_cut(item.excerpt or item.url))}  ({_plain(item.locator)})")
        if not finding.evidence:
            typer.echo(f"      {_plain(finding.subject.url or finding.subject.id)}")
    if len(same) > _MOST_PLACES:
        typer.echo("      " + words.text("ui.more_places", count=len(same) - _MOST_PLACES))


def _tell_advice(finding: FindingDocument, words: Catalogue) -> None:
    # What is to be done about a page may not be what is to be done about a data set.
    keys = (f"advice.{finding.subject.kind}.{finding.reason}", f"advice.{finding.reason}")
    advice = next(filter(words.has, keys), None)
    if advice is None:
        return
    typer.echo(f"      {words.text('ui.to_do')}: {words.text(advice)}")
    if finding.responsible is not Responsible.AGENCY:
        typer.echo(f"      {words.text('ui.responsible')}: {words.text(f'responsible.{finding.responsible}')}")


def _loaded(config: Path) -> Loaded | None:
    """Load the settings; the default file may be absent, a named one may not."""
    return None if config == DEFAULT_CONFIG and not config.exists() else load(config)


def _told(name: str, value: Any, words: Catalogue) -> str:
    """Return a fact in a line; empty for what was not found and need not be told."""
    if value is False and name != "parses":
        return ""
    if isinstance(value, bool):
        return words.text("ui.verified_yes" if value else "ui.verified_no")
    if isinstance(value, int | float):
        return words.number(value)
    if not value:
        return ""
    if name == "problem":
        key = f"reason.{_CODES.get(value, value)}"
        return words.text(key if words.has(key) else "reason.malformed")
    teller = _TELLERS.get(name)
    return teller(value, words) if teller else _cut(_joined(value, words))


def _joined(value: Any, words: Catalogue) -> str:
    if isinstance(value, dict):
        return _counted(value, words)
    return value if isinstance(value, str) else "; ".join(map(str, value))


def _counted(counts: dict[str, int], words: Catalogue) -> str:
    return ", ".join(f"{name} {words.number(count)}" for name, count in counts.items())


def _tables(tables: Sequence[dict[str, Any]], words: Catalogue) -> str:
    shapes = [f"{words.number(item['rows'])} × {words.number(item['columns'])}" for item in tables[:_MOST_SHOWN]]
    return "; ".join([*shapes, *(["…"] if len(tables) > _MOST_SHOWN else [])])


def _members(members: Sequence[dict[str, Any]], words: Catalogue) -> str:
    return _counted(dict(Counter(item["type"] or words.text("ui.unknown") for item in members)), words)


def _main(shares: Sequence[dict[str, Any]], words: Catalogue) -> str:
    return _counted({item["language"]: item["letters"] for item in shares}, words)


def _links(links: Sequence[dict[str, Any]], _words: Catalogue) -> str:
    return ", ".join(dict.fromkeys(item["language"] for item in links))


def _number(items: Sequence[Any], words: Catalogue) -> str:
    return words.number(len(items))


_TELLERS: dict[str, Callable[[Any, Catalogue], str]] = {
    "tables": _tables, "members": _members, "main": _main, "language_links": _links, "items": _number,
    "notices": _number,
}  # fmt: skip


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _plain(text: str) -> str:
    """Return *text* on one line and without what could steer a terminal: it comes from somebody else's document."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
