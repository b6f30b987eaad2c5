"""The commands on the archive: `odrc archive verify | index | prune | export | cat | redact | pack`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import closing
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from config.errors import ConfigError
from config.loader import Loaded, load
from crawler.archive import remove, rewrite
from crawler.archive.index import Index
from crawler.archive.layout import GZIP, Layout
from crawler.archive.reader import Archive
from crawler.archive.recovery import rebuild, recover
from crawler.archive.verify import verify as go_over
from crawler.archive.wacz import export as bundle
from crawler.capture import Capture
from crawler.clock import SystemClock
from crawler.lock import workspace_lock

INCOMPLETE = 3
archive_app = typer.Typer(name="archive", help="Look after the archive.", no_args_is_help=True)

ConfigOption = Annotated[Path, typer.Option("-c", "--config", help="Settings file.")]
NightOption = Annotated[datetime | None, typer.Option("--night", formats=["%Y-%m-%d"], help="Captures of this night.")]
IdsOption = Annotated[Path | None, typer.Option("--ids", help="File with capture ids, one a line; - reads stdin.")]
ByOption = Annotated[str, typer.Option("--by", help="Who decided it; stands in the audit log.")]
_HEX = frozenset("0123456789abcdef")
_DIGEST = 64


@archive_app.command()
def verify(config: ConfigOption = Path("odrc.yaml")) -> None:
    """Read every record and check every digest; exit code 3 when anything is wrong."""
    found = go_over(load(config).settings.workspace)
    typer.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    if found.problems:
        raise typer.Exit(INCOMPLETE)


@archive_app.command()
def index(config: ConfigOption = Path("odrc.yaml")) -> None:
    """Make the index anew from the WARC files."""
    workspace = load(config).settings.workspace
    with workspace_lock(workspace):
        typer.echo(f"{rebuild(workspace)} captures")


@archive_app.command()
def prune(
    keep: Annotated[Path, typer.Option("--keep", help="File with ids of cited captures, one a line; - reads stdin.")],
    by: ByOption,
    config: ConfigOption = Path("odrc.yaml"),
    nights: Annotated[int, typer.Option(min=1, help="Keep the bodies of this many nights whole.")] = remove.KEPT_NIGHTS,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go; change nothing.")] = False,
) -> None:
    """Take out bodies that no cited capture, no newest answer and no recent night needs. Notes and digests stay."""
    workspace = load(config).settings.workspace
    cited = list(_ids(keep))
    with workspace_lock(workspace):
        recover(workspace)
        gone = remove.prune(workspace, cited, at=SystemClock().now(), by=by, nights=nights, dry_run=dry_run)
    _tell(gone, "would go" if dry_run else "gone")


@archive_app.command()
def redact(
    digest: Annotated[str, typer.Argument(help="SHA-256 of the decoded body, as captures and evidence name it.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; stands in the audit log and in the archive.")],
    by: ByOption,
    config: ConfigOption = Path("odrc.yaml"),
) -> None:
    """Take a body out for good, leave a tombstone, and never keep it again."""
    if len(digest) != _DIGEST or not _HEX.issuperset(digest):
        raise ConfigError(f"{digest}: no digest; accepted: {_DIGEST} lower-case hexadecimal digits")
    workspace = load(config).settings.workspace
    with workspace_lock(workspace):
        recover(workspace)
        gone = remove.redact(workspace, digest, reason=reason, by=by, at=SystemClock().now())
    _tell(gone, "redacted")


@archive_app.command()
def export(
    wacz: Annotated[Path, typer.Option("--wacz", help="The bundle to write.")],
    config: ConfigOption = Path("odrc.yaml"),
    ids: IdsOption = None,
    night: NightOption = None,
) -> None:
    """Bundle captures as WACZ for replay tools; what holds personal identifiers stays out and is listed."""
    loaded = load(config)
    chosen = list(_ids(ids)) if ids else _of_night(loaded, night)
    patterns, software = loaded.pack.extraction.personal, f"odrc {version('odrc')}"
    try:
        made = bundle(loaded.settings.workspace, chosen, wacz, patterns=patterns, software=software)
    except OSError as error:
        raise ConfigError(f"--wacz {wacz}: cannot be written ({error.strerror})") from error
    typer.echo(f"{made.path}: {len(made.bundled)} captures, {len(made.left_out)} left out, sha256 {made.sha256}")
    for item in made.left_out:
        typer.echo(f"left out: {item.capture} {item.reason} {item.url}".rstrip(), err=True)


@archive_app.command()
def cat(
    capture: Annotated[str, typer.Argument(help="Capture id, with or without urn:uuid:.")],
    config: ConfigOption = Path("odrc.yaml"),
    *,
    headers: Annotated[bool, typer.Option("--headers", help="The head of the answer instead of the body.")] = False,
    note: Annotated[bool, typer.Option("--note", help="The capture itself, as JSON.")] = False,
) -> None:
    """Write a capture's body to stdout, or its headers, or what is known of it."""
    with Archive(load(config).settings.workspace) as archive:
        name = capture if capture.startswith("urn:") else f"urn:uuid:{capture}"
        found = archive.capture(name)
        if found is None:
            raise ConfigError(f"{capture}: no such capture in the archive; ids stand in findings and `odrc explain`")
        if note:
            data = msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n"
        else:
            data = _head(found).encode() if headers else archive.body(found)
    sys.stdout.buffer.write(data)


@archive_app.command()
def pack(
    config: ConfigOption = Path("odrc.yaml"),
    before: Annotated[
        datetime | None, typer.Option("--before", formats=["%Y-%m-%d"], help="Files of nights before this one.")
    ] = None,
) -> None:
    """Put closed WARC files into cold storage (.warc.zst). odrc reads them as before; export and cat unpack."""
    workspace = load(config).settings.workspace
    layout = Layout(workspace)
    with workspace_lock(workspace):
        recover(workspace)
        with closing(Index(layout.index)) as opened:
            for name in _packable(layout, before.date() if before else date.max):
                sizes = rewrite.pack(layout, opened, name)
                typer.echo(f"{name}: {sizes.before} bytes to {sizes.after}")


def _packable(layout: Layout, before: date) -> list[str]:
    return [name for name in layout.files() if name.endswith(GZIP) and name.partition("/")[0] < before.isoformat()]


def _ids(path: Path) -> Iterable[str]:
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path}: cannot be read ({error}); accepted: a text file with one capture id a line"
        ) from error
    return dict.fromkeys(line.strip() for line in text.splitlines() if line.strip())


def _of_night(loaded: Loaded, night: datetime | None) -> list[str]:
    if night is None:
        raise ConfigError("export: nothing chosen; accepted: --ids FILE or --night YYYY-MM-DD")
    with Archive(loaded.settings.workspace) as archive:
        return [item.id for item in archive.captures(until=night.date(), since=night.date())]


def _head(capture: Capture) -> str:
    lines = "".join(f"{name}: {value}\n" for name, value in capture.headers)
    return f"{capture.url}\nstatus {capture.status}\n{lines}"


def _tell(gone: remove.Removal, word: str) -> None:
    typer.echo(f"{len(gone.captures)} bodies {word}, {gone.files} files, {gone.bytes} bytes")
    for name in gone.captures:
        typer.echo(name, err=True)
