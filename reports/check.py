"""`odrc check`: what a publisher can act on about one file, page or catalogue, in the reader's language."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from checks.check import CheckReport, check_target
from config.loader import Loaded, load, load_pack
from reports.console import Format, print_json, reader_language, usage_errors
from reports.documents import CheckDocument, FindingDocument, finding_document
from reports.messages import Catalogue

DEFAULT_CONFIG = Path("odrc.yaml")
_LONGEST = 160


def mount(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command()(usage_errors(check))


def check(
    target: Annotated[str, typer.Argument(help="A file, or the address of a page, file or catalogue.")],
    config: Annotated[Path, typer.Option("-c", "--config", metavar="FILE", help="Settings file.")] = DEFAULT_CONFIG,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TEXT,
    language: Annotated[str | None, typer.Option(metavar="CODE", help="Language of the texts.")] = None,
    pack: Annotated[str, typer.Option(help="Country pack, where there is no settings file.")] = "kz",
) -> None:
    """Read facts from one file, page or catalogue and ask the rules about it. Nothing is stored."""
    words = Catalogue(language or reader_language())
    loaded = _loaded(config)
    report = check_target(target, loaded.pack if loaded else load_pack(pack), loaded.settings if loaded else None)
    document = check_document(report)
    if output is Format.JSON:
        print_json(document)
    else:
        tell_check(document, words)


def check_document(report: CheckReport) -> CheckDocument:
    """Return a report as the document that docs/schemas/check.schema.json describes."""
    return CheckDocument(report.target, report.facts, tuple(finding_document(item) for item in report.findings))


def tell_check(document: CheckDocument, words: Catalogue) -> None:
    """Print facts, then findings with what to do about them."""
    typer.echo(f"{words.text('ui.target')}: {document.target}")
    typer.echo(f"{words.text('ui.facts')}:")
    for name, value in document.facts.items():
        if value or value == 0:
            typer.echo(f"  {name}: {_short(value)}")
    typer.echo(f"{words.text('ui.findings')}:")
    for finding in document.findings:
        _tell_finding(finding, words)
    if not document.findings:
        typer.echo("  " + words.text("ui.check_none"))


def _tell_finding(finding: FindingDocument, words: Catalogue) -> None:
    outcome, said = words.text(f"outcome.{finding.outcome}"), words.text(f"reason.{finding.reason}")
    typer.echo(f"  {outcome}  {finding.rule}@{finding.version}  {said}")
    for item in finding.evidence:
        typer.echo(f"    {item.excerpt or item.url}  ({item.locator})")
    advice = f"advice.{finding.reason}"
    if words.has(advice):
        typer.echo(f"    {words.text('ui.to_do')}: {words.text(advice)}")


def _loaded(config: Path) -> Loaded | None:
    """Load the settings; the default file may be absent, a named one may not."""
    return None if config == DEFAULT_CONFIG and not config.exists() else load(config)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
