"""Redactions after a freeze: a dated, signed supplement says what was taken out, and holds the files without it.

The bundle's own files stay as they are but for the two that held it, which go once the supplement is in place.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.errors import ConfigError
from reports.analysts.acts import Froze
from reports.analysts.bench import Bench
from reports.analysts.items import period_item
from reports.analysts.people import LEADS, acting
from reports.freeze import wacz
from reports.freeze.documents import (
    ExcerptLine,
    FrozenFindingDocument,
    SupplementDocument,
    TakenOut,
)
from reports.freeze.files import (
    CAPTURES,
    EXCERPTS,
    FINDINGS,
    MANIFEST,
    SUPPLEMENT,
    SUPPLEMENT_SIGNATURE,
    SUPPLEMENTS,
    Folder,
    line_of,
    whole,
    write_document,
    write_lines,
)
from reports.freeze.freeze import FOLDER, alone, frozen_place, read_manifest
from reports.freeze.keys import key_id, keyring, may_sign, public, sign
from reports.freeze.verify import altered


class Said(NamedTuple):
    """What a supplement is to say: the bodies with their reasons, and who signs."""

    bodies: tuple[TakenOut, ...]
    by: str


def take_out(
    bench: Bench, period: str, bodies: tuple[TakenOut, ...], by: str, key: Ed25519PrivateKey
) -> SupplementDocument:
    """Take bodies, and the excerpts from them, out of a frozen period. Raises ConfigError for what it does not cite."""
    digests = {one.sha256 for one in bodies}
    acting(bench.settings, bench.state(), by, bench.today, LEADS)
    place = frozen_place(bench.settings.workspace, period)
    if not all(one.reason.strip() for one in bodies):
        raise ConfigError("a redaction needs a reason in words")
    with alone(bench.settings.workspace / FOLDER):
        _settle(bench, place, by)
        before = supplements(place)
        _as_signed(bench, place, key)
        _removable(place, before, digests)
        may_sign(bench.settings.workspace, key.public_key(), bench.clock.now())
        with whole(place / SUPPLEMENTS / f"{len(before) + 1:03d}") as folder:
            _lighter(place, before, folder, digests)
            found = _document(bench, place, before, folder, Said(bodies, by), key)
        _settle(bench, place, by)
    return found


def settle(bench: Bench, period: str, by: str) -> None:
    """Finish what a killed process left undone: files that a supplement replaced, lines of the journal about it."""
    place = frozen_place(bench.settings.workspace, period)
    with alone(bench.settings.workspace / FOLDER):
        _settle(bench, place, by)


def _settle(bench: Bench, place: Path, by: str) -> None:
    forget(place)
    with bench.acting(by, LEADS) as (pen, state):
        known = {act.number for _, act in state.frozen.get(place.name, ())}
        for item in supplements(place):
            if item.number not in known:
                act = Froze(place.name, item.manifest, read_manifest(place).state, item.key, item.number)
                bench.write(pen, by, period_item(place.name), act)


def _as_signed(bench: Bench, place: Path, key: Ed25519PrivateKey) -> None:
    """Refuse a folder that is not what was signed: a supplement would put our name to it."""
    ours = (*(public(item) for item in keyring(bench.settings.workspace)), key.public_key())
    problems = altered(Folder(place), {key_id(item): item for item in ours})
    if problems:
        raise ConfigError(f"{place.name} is not what was signed, nothing was taken out: {'; '.join(problems[:5])}")


def supplements(place: Path) -> tuple[SupplementDocument, ...]:
    """Return the supplements of a bundle's folder, the oldest first."""
    folders = sorted((place / SUPPLEMENTS).glob("[0-9]*")) if (place / SUPPLEMENTS).is_dir() else []
    return tuple(msgspec.json.decode((one / SUPPLEMENT).read_bytes(), type=SupplementDocument) for one in folders)


def forget(place: Path) -> None:
    """Delete the files that a supplement has put others in the place of. A killed process left this to be done now."""
    found = supplements(place)
    for number in range(len(found)):
        folder = place / SUPPLEMENTS / f"{number:03d}" if number else place
        for name in (CAPTURES, EXCERPTS):
            (folder / name).unlink(missing_ok=True)


def current(place: Path, name: str) -> Path:
    """Return where the newest state of a file that supplements replace lies."""
    number = len(supplements(place))
    return (place / SUPPLEMENTS / f"{number:03d}" if number else place) / name


def _removable(place: Path, before: tuple[SupplementDocument, ...], digests: set[str]) -> None:
    gone = {one.sha256 for item in before for one in item.taken_out}
    cited = {item.sha256 for finding in findings(place) for item in (*finding.evidence, *finding.counter_evidence)}
    unknown = sorted(digests - cited | digests & gone)
    if unknown or not digests:
        raise ConfigError(f"{place.name} holds no body {', '.join(unknown) or 'of that digest'}, or no more")


def findings(place: Path) -> tuple[FrozenFindingDocument, ...]:
    """Return the findings of a bundle's folder."""
    lines = (place / FINDINGS).read_bytes().splitlines()
    return tuple(msgspec.json.decode(line, type=FrozenFindingDocument) for line in lines)


def _lighter(place: Path, before: tuple[SupplementDocument, ...], folder: Path, digests: set[str]) -> None:
    """Write the captures and excerpts without those bodies."""
    source = place / SUPPLEMENTS / f"{len(before):03d}" if before else place
    wacz.without(source / CAPTURES, folder / CAPTURES, digests)
    said = {
        item.excerpt_digest
        for finding in findings(place)
        for item in (*finding.evidence, *finding.counter_evidence)
        if item.sha256 in digests
    }
    lines = (source / EXCERPTS).read_bytes().splitlines()
    kept = (msgspec.json.decode(line, type=ExcerptLine) for line in lines)
    write_lines(folder / EXCERPTS, [item for item in kept if item.digest not in said])


def _document(
    bench: Bench,
    place: Path,
    before: tuple[SupplementDocument, ...],
    folder: Path,
    said: Said,
    key: Ed25519PrivateKey,
) -> SupplementDocument:
    """Write the supplement and its signature."""
    last = place / SUPPLEMENTS / f"{len(before):03d}" / SUPPLEMENT
    found = SupplementDocument(
        format=1,
        period=read_manifest(place).period,
        number=len(before) + 1,
        manifest=hashlib.sha256((place / MANIFEST).read_bytes()).hexdigest(),
        previous=hashlib.sha256(last.read_bytes()).hexdigest() if before else None,
        at=bench.clock.now(),
        by=said.by,
        key=key_id(key.public_key()),
        taken_out=said.bodies,
        files=tuple(line_of(folder, name) for name in (CAPTURES, EXCERPTS)),
    )
    data = write_document(folder / SUPPLEMENT, found)
    (folder / SUPPLEMENT_SIGNATURE).write_bytes(sign(key, data))
    return found
