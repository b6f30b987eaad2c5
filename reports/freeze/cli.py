"""The commands about frozen periods: freeze, frozen, key, verify."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from config.errors import ConfigError
from config.loader import load
from crawler.archive.layout import ArchiveError
from crawler.archive.wacz import export
from crawler.clock import Clock, SystemClock
from reports.analysts.asking import By, day, office
from reports.console import Format, fail, print_json, reader_language, say, usage_errors
from reports.freeze import files, keys
from reports.freeze.documents import FrozenDocument, TakenOut
from reports.freeze.freeze import Order, freeze, frozen, frozen_place
from reports.freeze.pending import pending, refuse_held
from reports.freeze.period import period_of
from reports.freeze.supplement import forget, settle, supplements, take_out
from reports.freeze.telling import tell_frozen, tell_keys, tell_verified
from reports.freeze.verify import verify
from reports.messages import Catalogue
from reports.options import DEFAULT_CONFIG, AnyFormat, Config, Language, OneProfile

FOUND = 1
Period = Annotated[str, typer.Argument(metavar="PERIOD", help="Of the settings, a quarter such as 2026Q4, or a year.")]
Frozen = Annotated[str, typer.Argument(metavar="NAME", help="A frozen period, as `odrc frozen list` names it.")]
Bundle = Annotated[Path, typer.Argument(metavar="BUNDLE", help="A bundle: a folder or a ZIP file.")]
PublicKeys = Annotated[Path, typer.Option("--key", metavar="FILE", help="Public key (PEM), or the list of keys.")]
First = Annotated[str | None, typer.Option("--first", metavar="DATE", help="First night.")]
Last = Annotated[str | None, typer.Option("--last", metavar="DATE", help="Last night.")]
Target = Annotated[Path, typer.Option("-o", metavar="FILE", help="ZIP file to write.")]
Digests = Annotated[list[str] | None, typer.Argument(metavar="SHA256...", help="Bodies; all that are redacted.")]
Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, in words.")]
Draft = Annotated[bool, typer.Option("--draft", help="Freeze as a draft, whatever is still open.")]
Annex = Annotated[bool, typer.Option("--annex", help="Put marks that are only proposed into an annex.")]
KeyFile = Annotated[Path | None, typer.Option("-o", metavar="FILE", help="Where to write it; that of the settings.")]


def mount(app: typer.Typer, clock: Clock | None = None) -> None:
    """Add the commands to *app*. The *clock* dates what is frozen."""
    own = _Commands(clock or SystemClock())
    app.command()(usage_errors(own.freeze))
    app.command("verify")(usage_errors(verify_bundle))
    group = typer.Typer(help="Frozen periods: list, export, take out what must go.")
    group.command("list")(usage_errors(own.list))
    group.command("export")(usage_errors(own.export))
    group.command("redact")(usage_errors(own.redact))
    app.add_typer(group, name="frozen", no_args_is_help=True)
    key = typer.Typer(help="The key that signs frozen periods.")
    key.command("new")(usage_errors(own.new_key))
    key.command("rotate")(usage_errors(own.rotate_key))
    key.command("show")(usage_errors(own.show_keys))
    app.add_typer(key, name="key", no_args_is_help=True)


def verify_bundle(bundle: Bundle, key: PublicKeys, output: AnyFormat = Format.TEXT, language: Language = None) -> None:
    """Check a bundle with a public key alone: signatures, digests, evidence, excerpts. Exit code 1 when it fails."""
    document = verify(bundle.name, files.bundle(bundle), keys.read_public(key), keys.retirements(key))
    if output is Format.JSON:
        print_json(document)
    else:
        tell_verified(document, Catalogue(language or reader_language()))
    if document.problems:
        raise typer.Exit(FOUND)


@dataclass(frozen=True)
class _Commands:
    clock: Clock

    def freeze(  # noqa: PLR0913 - one parameter an option
        self, period: Period, *, by: By, first: First = None, last: Last = None, profile: OneProfile = None,
        config: Config = DEFAULT_CONFIG, draft: Draft = False, annex: Annex = False,
    ) -> None:  # fmt: skip
        """Fix marks, findings, evidence, pack and rules of a period for good, and sign them."""
        with office(config, self.clock) as here:
            since, until = first and day(first, "--first"), last and day(last, "--last")
            found = period_of(here.here.loaded, period, since or None, until or None, profile)
            key = keys.private_key(here.here.loaded)
            try:
                place = freeze(here.bench, Order(found, by, draft, annex), key, export)
            except ArchiveError as error:
                raise ConfigError(f"the archive cannot be read: {error}") from error
        typer.echo(str(place))

    def list(self, config: Config = DEFAULT_CONFIG, output: AnyFormat = Format.TEXT) -> None:
        """Show the frozen periods, drafts too."""
        workspace = load(config).settings.workspace
        found = [FrozenDocument(place.name, item, len(supplements(place))) for place, item in frozen(workspace)]
        if output is Format.JSON:
            print_json(found)
        else:
            tell_frozen(found)

    def export(self, name: Frozen, target: Target, config: Config = DEFAULT_CONFIG) -> None:
        """Write the bundle of a frozen period as one ZIP file, for anybody to check."""
        workspace = load(config).settings.workspace
        place = frozen_place(workspace, name)
        refuse_held(workspace, name)
        forget(place)
        try:
            files.pack(place, target)
        except OSError as error:
            raise ConfigError(f"{target}: cannot be written: {error.strerror}") from None
        typer.echo(str(target))

    def redact(
        self, name: Frozen, digests: Digests = None, *, by: By, reason: Why = "", config: Config = DEFAULT_CONFIG
    ) -> None:
        """Take bodies and their excerpts out of a frozen period: those named, or all that the archive has redacted."""
        with office(config, self.clock) as here:
            settle(here.bench, name, by)
            bodies = tuple(TakenOut(digest, reason, by) for digest in sorted(set(digests or ())))
            bodies = bodies or dict(pending(here.bench.settings.workspace)).get(name, ())
            if not bodies:
                raise ConfigError(f"nothing that the archive has redacted is in {name}; accepted: SHA-256 and --reason")
            found = take_out(here.bench, name, bodies, by, keys.private_key(here.here.loaded))
        say(f"supplement {found.number} of {name}: {len(found.taken_out)} bodies were taken out")

    def new_key(self, config: Config = DEFAULT_CONFIG, target: KeyFile = None) -> None:
        """Make the first key, outside the workspace, and put its public half on the list."""
        loaded = load(config)
        if keys.keyring(loaded.settings.workspace):
            fail("there is a key already; `odrc key rotate` puts another in its place")
        made = keys.write_private(target or keys.key_path(loaded))
        keys.listed(loaded.settings.workspace, made.public_key(), self.clock.now())
        typer.echo(keys.key_id(made.public_key()))

    def rotate_key(self, config: Config = DEFAULT_CONFIG, target: KeyFile = None) -> None:
        """Put a new key in the place of the old one, which signs it. Old public keys stay on the list."""
        loaded = load(config)
        made = keys.rotate(loaded, self.clock.now(), target)
        typer.echo(keys.key_id(made.public_key()))

    def show_keys(
        self, config: Config = DEFAULT_CONFIG, output: AnyFormat = Format.TEXT,
        *, pem: Annotated[bool, typer.Option("--pem", help="All public keys as PEM text, for `odrc verify`.")] = False,
    ) -> None:  # fmt: skip
        """Show the public keys that sign or signed here."""
        ring = keys.keyring(load(config).settings.workspace)
        if output is Format.JSON:
            print_json(ring)
        elif pem:
            typer.echo("".join(item.public for item in ring), nl=False)
        else:
            tell_keys(ring)
