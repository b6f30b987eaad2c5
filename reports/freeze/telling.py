"""What the commands about frozen periods print for people."""

from __future__ import annotations

from collections.abc import Iterable

import typer

from reports.freeze.documents import FrozenDocument, KeyDocument, VerifyDocument
from reports.messages import Catalogue


def tell_verified(document: VerifyDocument, words: Catalogue) -> None:
    """Print what a verification found, what was taken out, and what is wrong."""
    verdict = "verify.fails" if document.problems else "verify.holds"
    typer.echo(f"{document.bundle}: {words.text(verdict)}")
    if document.frozen_at is not None:
        state = words.text(f"frozen.{document.state}")
        typer.echo(f"  {document.period} ({state}), {words.moment(document.frozen_at)} UTC, {document.key}")
    for name in ("marks", "findings", "bodies", "quoted", "measured"):
        typer.echo(f"  {words.text(f'verify.{name}')}: {getattr(document, name)}")
    for reason, count in sorted(document.left_out.items()):
        typer.echo(f"  {words.text('verify.left_out')}: {count} ({words.label('verify', reason)})")
    for item in document.taken_out:
        typer.echo(f"  {words.text('verify.taken_out')}: {item.sha256}, {item.on:%Y-%m-%d}, {item.by}: {item.reason}")
    for problem in document.problems:
        typer.echo(f"  ! {problem}")


def tell_frozen(documents: Iterable[FrozenDocument]) -> None:
    """Print one line a frozen period."""
    for item in documents:
        told = item.manifest
        more = f", {item.supplements} supplements" if item.supplements else ""
        about = f"{told.first} - {told.last}  {told.profile}  {told.frozen_at:%Y-%m-%d}  {told.key}"
        typer.echo(f"{item.name}  {told.state}  {about}  {told.marks} marks, {told.annex} in the annex{more}")


def tell_keys(ring: Iterable[KeyDocument]) -> None:
    """Print one line a key."""
    for item in ring:
        until = f" - {item.retired:%Y-%m-%d}" if item.retired else ""
        typer.echo(f"{item.id}  {item.created:%Y-%m-%d}{until}")
