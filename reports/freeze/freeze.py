"""Freezes a period: everything is written beside its place, signed, and put in place in one step."""

from __future__ import annotations

import fcntl
import hashlib
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from checks.findings import Evidence, Finding
from config.errors import ConfigError
from config.office import FrozenPeriod
from config.pack import PersonalPattern
from reports.analysts.acts import Froze
from reports.analysts.bench import Bench
from reports.analysts.items import period_item
from reports.analysts.people import DECIDES, acting
from reports.documents import SubjectDocument, rule_documents
from reports.freeze import wacz
from reports.freeze.documents import (
    CaptureLine,
    ExcerptLine,
    FrozenEvidenceDocument,
    FrozenFindingDocument,
    ManifestDocument,
)
from reports.freeze.excerpts import stands_in
from reports.freeze.files import (
    CAPTURES,
    CITED,
    EXCERPTS,
    FINDINGS,
    MANIFEST,
    SIGNATURE,
    line_of,
    whole,
    write_document,
    write_lines,
)
from reports.freeze.gather import Gathered, gather
from reports.freeze.keys import key_id, may_sign, sign
from reports.freeze.redactions import redacted

FOLDER = "freezes"
_DRAFT = "-draft-"
_TRIES = 3
_GONE, _REDACTED = "gone", "redacted"
_README = """What was known of {name}, signed. To check it: odrc verify THIS --key PUBLIC_KEY

manifest.json names every other file with its SHA-256; manifest.sig is its Ed25519 signature (base64, over the bytes of
manifest.json). findings.jsonl cites bodies by SHA-256; they stand in captures.wacz, which web archive players open.
What was taken out after the freeze stands under supplements, dated and signed.
"""


class Left(Protocol):
    """A capture that an export left out."""

    @property
    def capture(self) -> str:
        """Its id."""

    @property
    def reason(self) -> str:
        """Why."""


class Exported(Protocol):
    """What an export of captures says of itself."""

    @property
    def left_out(self) -> tuple[Left, ...]:
        """What is not in it."""


class Export(Protocol):
    """Writes captures of a workspace as a WACZ, without what holds personal identifiers."""

    def __call__(
        self, workspace: Path, capture_ids: Iterable[str], path: Path, *, patterns: tuple[PersonalPattern, ...]
    ) -> Exported:
        """Write the captures to *path* and say what is not in it."""


@dataclass(frozen=True)
class Order:
    """How a period is to be frozen: by whom, as a draft or for good, with what nobody decided in an annex."""

    period: FrozenPeriod
    by: str
    draft: bool = False
    annex: bool = False


def freeze(bench: Bench, order: Order, key: Ed25519PrivateKey, export: Export) -> Path:
    """Freeze a period and return the folder of its bundle. Raises ConfigError when it cannot be frozen so.

    A period is frozen for good once; drafts are numbered. Killed at any point, there is a whole bundle or none. The
    ledger is not held meanwhile: a night may go on.
    """
    root = bench.settings.workspace / FOLDER
    acting(bench.settings, bench.state(), order.by, bench.today, DECIDES)
    with alone(root):
        place = _place(root, order)
        if not place.exists():
            _refuse(bench, order)
            found = _settled(bench, order)
            may_sign(bench.settings.workspace, key.public_key(), bench.clock.now())
            with whole(place) as folder:
                _fill(folder, bench, order, found, export)
                _seal(folder, bench, order, found, key)
        _record(bench, order, place)
    return place


def frozen(workspace: Path) -> tuple[tuple[Path, ManifestDocument], ...]:
    """Return the frozen periods of a workspace, drafts too: the folder of each bundle and its manifest."""
    places = sorted((workspace / FOLDER).glob(f"[!.]*/{MANIFEST}"))
    return tuple((place.parent, read_manifest(place.parent)) for place in places)


def frozen_place(workspace: Path, name: str) -> Path:
    """Return the folder of a frozen period. Raises ConfigError when there is none of that name."""
    known = [place.name for place, _ in frozen(workspace)]
    if name not in known:
        raise ConfigError(f"{name} is not frozen; frozen are: {', '.join(known) or 'none'}")
    return workspace / FOLDER / name


def read_manifest(place: Path) -> ManifestDocument:
    """Return the manifest of a bundle's folder."""
    return msgspec.json.decode((place / MANIFEST).read_bytes(), type=ManifestDocument)


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Let one process at a time write in the folder of frozen periods. Raises ConfigError when another does."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigError("another process is freezing; wait for it to end") from None
        yield


def _place(root: Path, order: Order) -> Path:
    """Return where the bundle goes: a draft's next number, or the place of one that was put there and not recorded."""
    name = order.period.id
    if order.draft:
        numbers = [int(path.name.rpartition("-")[2]) for path in root.glob(f"{name}{_DRAFT}[0-9]*")]
        return root / f"{name}{_DRAFT}{max(numbers, default=0) + 1:03d}"
    return root / name


def _record(bench: Bench, order: Order, place: Path) -> None:
    """Write the line that a bundle is there. A process killed just before that line left it to be written now."""
    manifest = read_manifest(place)
    with bench.acting(order.by, DECIDES) as (pen, state):
        if state.frozen.get(place.name):
            raise ConfigError(f"{place.name} was frozen on {manifest.frozen_at:%Y-%m-%d}; it is never altered")
        digest = hashlib.sha256((place / MANIFEST).read_bytes()).hexdigest()
        act = Froze(place.name, digest, manifest.state, manifest.key)
        bench.write(pen, order.by, period_item(place.name), act)


def _refuse(bench: Bench, order: Order) -> None:
    if not order.draft and bench.today <= order.period.last:
        raise ConfigError(f"{order.period.id} ends on {order.period.last}, which is not over; accepted: --draft")


def _settled(bench: Bench, order: Order) -> Gathered:
    """Return what the period holds, read while nobody wrote."""
    for _ in range(_TRIES):
        found = gather(bench, order.period)
        if (found.run, found.journal) == (bench.ledger.run_of(found.night), bench.journal.head()):
            break
    else:
        raise ConfigError("the ledger is being written; freeze again when the run has ended")
    if found.waiting and not (order.draft or order.annex):
        raise ConfigError(
            f"{found.waiting} marks are only proposed; accepted: adopt them (`odrc todo`), --annex to print them apart,"
            " or --draft"
        )
    return found


def _fill(folder: Path, bench: Bench, order: Order, found: Gathered, export: Export) -> None:
    """Write everything that the manifest will list."""
    _prove(folder, bench, found, export)
    write_lines(folder / "marks.jsonl", found.marks)
    write_lines(folder / "statements.jsonl", found.statements)
    write_lines(folder / "contests.jsonl", found.contests)
    write_lines(folder / "runs.jsonl", found.runs)
    (folder / "pack.json").write_text(bench.ledger.snapshot(found.run.pack_digest) or "null", encoding="utf-8")
    write_document(folder / "rules.json", rule_documents(bench.ledger.rules(found.night)))
    (folder / "README.txt").write_text(_README.format(name=order.period.id), encoding="utf-8")


def _prove(folder: Path, bench: Bench, found: Gathered, export: Export) -> None:
    """Write the findings, and what they rest on: captures and excerpts, without what the archive has redacted."""
    workspace, contents = bench.settings.workspace, wacz.Contents()
    gone = frozenset(redacted(workspace))
    cited = {item.capture: item.sha256 for one in found.findings for item in _evidence(one)}
    cited = dict(sorted(cited.items()))
    exported = export(workspace, cited, folder / CAPTURES, patterns=bench.pack.extraction.personal)
    quoted = _quoted(folder / CAPTURES, contents, found.findings)
    left_out = {key: _GONE for key, sha256 in cited.items() if not contents.proves(key, sha256)}
    left_out |= {item.capture: item.reason for item in exported.left_out}
    left_out |= {key: _REDACTED for key, sha256 in cited.items() if sha256 in gone}
    excerpts: dict[str, ExcerptLine] = {}
    write_lines(folder / CITED, [CaptureLine(key, sha256, left_out.get(key)) for key, sha256 in cited.items()])
    write_lines(folder / FINDINGS, [_finding(item, quoted, gone, excerpts) for item in found.findings])
    write_lines(folder / EXCERPTS, excerpts.values())


def _seal(folder: Path, bench: Bench, order: Order, found: Gathered, key: Ed25519PrivateKey) -> None:
    """Write the manifest over all files, and its signature."""
    names = sorted(path.name for path in folder.iterdir())
    number, digest = found.journal
    manifest = ManifestDocument(
        format=1, period=order.period.id, first=order.period.first, last=order.period.last, profile=found.profile,
        state="draft" if order.draft else "final", frozen_at=bench.clock.now(), by=order.by,
        key=key_id(key.public_key()), operator=bench.settings.operator.name, version=version("odrc"),
        night=found.night, run=found.run.id, nights=len(found.runs), incomplete=found.incomplete,
        config_digest=found.run.config_digest, pack_digest=found.run.pack_digest, lock_digest=found.run.lock_digest,
        rules=found.rules, journal=number, journal_digest=digest, marks=len(found.marks), annex=found.waiting,
        findings=len(found.findings), files=tuple(line_of(folder, name) for name in names),
    )  # fmt: skip
    data = write_document(folder / MANIFEST, manifest)
    (folder / SIGNATURE).write_bytes(sign(key, data))


def _evidence(finding: Finding) -> tuple[Evidence, ...]:
    return (*finding.evidence, *finding.counter_evidence)


def _quoted(captures: Path, contents: wacz.Contents, findings: Iterable[Finding]) -> set[tuple[str, str]]:
    """Fill *contents*; return the excerpts that stand word for word in their bodies: (body's digest, excerpt)."""
    wanted: dict[str, set[str]] = {}
    for item in (one for finding in findings for one in _evidence(finding)):
        wanted.setdefault(item.sha256 or "", set()).add(item.excerpt)
    with captures.open("rb") as file:
        return {
            (body.sha256, excerpt)
            for body in wacz.read(file, contents)
            for excerpt in wanted.get(body.sha256, ())
            if stands_in(excerpt, body)
        }


def _finding(
    finding: Finding, quoted: set[tuple[str, str]], gone: frozenset[str], excerpts: dict[str, ExcerptLine]
) -> FrozenFindingDocument:
    """Return a finding without its excerpts: they go into *excerpts* under salted digests, unless *gone*."""

    def bound(item: Evidence) -> FrozenEvidenceDocument:
        salt = secrets.token_hex(16)
        line = ExcerptLine(hashlib.sha256(f"{salt}{item.excerpt}".encode()).hexdigest(), salt, item.excerpt)
        if item.sha256 not in gone:
            excerpts[line.digest] = line
        stands = (item.sha256 or "", item.excerpt) in quoted
        return FrozenEvidenceDocument(
            item.capture, item.url, item.sha256, item.locator, item.fetched_at, line.digest, stands
        )

    subject = finding.subject
    return FrozenFindingDocument(
        id=finding.id, agency=finding.agency, scope=finding.scope, rule=finding.rule, version=finding.version,
        subject=SubjectDocument(subject.kind, subject.id, subject.url), outcome=finding.outcome,
        reason=finding.reason, responsible=finding.responsible, measures=finding.measures,
        evidence=tuple(bound(item) for item in finding.evidence),
        counter_evidence=tuple(bound(item) for item in finding.counter_evidence),
    )  # fmt: skip
