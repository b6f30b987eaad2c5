"""Checks a bundle with nothing but public keys: signatures, digests, and that evidence stands where findings say.

Everything is looked at again from the bytes: that each file is the one that was signed, that a finding's id follows
from what it says, that each mark's findings are there, that each cited body is in the WACZ with its SHA-256, and that
quoted excerpts stand in it. What was taken out by a signed supplement, or left out at the freeze, is told apart.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from checks.findings import Evidence, Finding, SubjectRef
from reports.freeze import wacz
from reports.freeze.documents import (
    CaptureLine,
    ExcerptLine,
    FrozenEvidenceDocument,
    FrozenFindingDocument,
    FrozenMarkDocument,
    ManifestDocument,
    SupplementDocument,
    TakenOutDocument,
    VerifyDocument,
)
from reports.freeze.excerpts import stands_in
from reports.freeze.files import (
    CAPTURES,
    CITED,
    EXCERPTS,
    FINDINGS,
    MANIFEST,
    SIGNATURE,
    SUPPLEMENT,
    SUPPLEMENT_SIGNATURE,
    SUPPLEMENTS,
    Files,
    digest,
    read,
)
from reports.freeze.keys import signed_by

Keys = Mapping[str, Ed25519PublicKey]
DocumentT = TypeVar("DocumentT")


def verify(name: str, files: Files, keys: Keys, retired: Mapping[str, datetime] | None = None) -> VerifyDocument:
    """Return what is to be said of a bundle. No signature by one of *keys*: nothing further is looked at.

    *retired* says when keys were retired, by id: what names a later time is no word of theirs.
    """
    check = _Check(files, keys, retired or {})
    check.doubles()
    manifest = check.manifest()
    if manifest is None:
        return _document(name, check, None)
    check.supplements(manifest)
    check.listed(manifest)
    if not check.problems:
        check.proofs()
    return _document(name, check, manifest)


def altered(files: Files, keys: Keys) -> tuple[str, ...]:
    """Return what is not as it was signed: signatures and digests alone, not what follows from them."""
    check = _Check(files, keys, {})
    check.doubles()
    manifest = check.manifest()
    if manifest:
        check.supplements(manifest)
        check.listed(manifest)
    return tuple(check.problems)


@dataclass
class _Check:
    """One verification under way."""

    files: Files
    keys: Keys
    retired: Mapping[str, datetime]
    problems: list[str] = field(default_factory=list)
    found: list[SupplementDocument] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)

    def doubles(self) -> None:
        """Note the names that stand in the bundle more than once: what one reader checks, another may not show."""
        self.problems += [f"{name}: stands in the bundle twice" for name in self.files.twice()]

    def manifest(self) -> ManifestDocument | None:
        """Return the manifest when it is signed by a known key."""
        found = self._signed(MANIFEST, SIGNATURE, ManifestDocument)
        if found:
            self._in_office(MANIFEST, found.key, found.frozen_at)
        return found

    def supplements(self, manifest: ManifestDocument) -> None:
        """Read the supplements: signed, numbered, each naming the one before it."""
        told = digest(self.files, MANIFEST)
        previous: str | None = None
        for number, folder in enumerate(self._folders(), 1):
            item = self._signed(f"{folder}/{SUPPLEMENT}", f"{folder}/{SUPPLEMENT_SIGNATURE}", SupplementDocument)
            if item is None:
                return
            if (item.period, item.number, item.manifest, item.previous) != (manifest.period, number, told, previous):
                self.problems.append(f"{folder}/{SUPPLEMENT}: does not follow from what came before it")
                return
            self._in_office(f"{folder}/{SUPPLEMENT}", item.key, item.at)
            self.found.append(item)
            previous = digest(self.files, f"{folder}/{SUPPLEMENT}")

    def listed(self, manifest: ManifestDocument) -> None:
        """Check that every file is one that was signed, and that none is missing or more."""
        lines = {item.path: item for item in manifest.files}
        for item in self.found:
            folder = f"{SUPPLEMENTS}/{item.number:03d}"
            for line in item.files:
                earlier = [path for path in lines if path == line.path or path.endswith(f"/{line.path}")]
                for path in earlier:
                    del lines[path]
                lines[f"{folder}/{line.path}"] = line
        names = set(self.files.names())
        for path, line in lines.items():
            if path not in names:
                self.problems.append(f"{path}: is missing")
            elif digest(self.files, path) != line.sha256:
                self.problems.append(f"{path}: is not the file that was signed")
        folders = [f"{SUPPLEMENTS}/{item.number:03d}" for item in self.found]
        known = {MANIFEST, SIGNATURE, *lines}
        known |= {f"{folder}/{name}" for folder in folders for name in (SUPPLEMENT, SUPPLEMENT_SIGNATURE)}
        self.problems += [f"{name}: was not signed" for name in sorted(names - known)]

    def proofs(self) -> None:
        """Walk from marks to findings to bodies to excerpts."""
        findings = {item.id: item for item in self._lines(FINDINGS, FrozenFindingDocument)}
        for finding in findings.values():
            if _id_of(finding) != finding.id:
                self.problems.append(f"finding {finding.id}: its id does not follow from what it says")
        self.counts["findings"] = len(findings)
        for mark in self._lines("marks.jsonl", FrozenMarkDocument):
            self.counts["marks"] += 1
            for lost in sorted(set(mark.standing.evidence) - findings.keys()):
                self.problems.append(f"mark {mark.standing.indicator} of {mark.standing.agency}: no finding {lost}")
        evidence = [one for item in findings.values() for one in (*item.evidence, *item.counter_evidence)]
        self._evidence(evidence)

    def _evidence(self, evidence: list[FrozenEvidenceDocument]) -> None:
        gone = {one.sha256 for item in self.found for one in item.taken_out}
        reasons = {item.capture: item.left_out for item in self._lines(CITED, CaptureLine)}
        texts = self._excerpts()
        standing, contents = self._standing(evidence, texts)
        self.problems += [f"{CAPTURES}: {damage}" for damage in contents.damage]
        for item in evidence:
            if item.sha256 in gone:
                self.left_out["taken_out"] += 1
            elif reasons.get(item.capture):
                self.left_out[reasons[item.capture] or ""] += 1
            elif problem := _problem(item, contents, texts, standing):
                self.problems.append(f"{item.capture} ({item.url}): {problem}")
            else:
                self.counts["quoted" if item.quoted else "measured"] += 1
        self.counts["bodies"] = len(set(contents.bodies.values()) & {item.sha256 for item in evidence})
        still = sorted(gone & set(contents.bodies.values()))
        self.problems += [f"{CAPTURES}: holds {one}, which was taken out" for one in still]

    def _excerpts(self) -> dict[str, str]:
        """Return the excerpts by digest, those alone whose digest is right."""
        found = {}
        for line in self._lines(self._current(EXCERPTS), ExcerptLine):
            if hashlib.sha256(f"{line.salt}{line.text}".encode()).hexdigest() == line.digest:
                found[line.digest] = line.text
            else:
                self.problems.append(f"excerpt {line.digest}: is not the text that was signed")
        return found

    def _standing(
        self, evidence: list[FrozenEvidenceDocument], texts: dict[str, str]
    ) -> tuple[set[str], wacz.Contents]:
        """Return the digests of the excerpts that stand in their bodies, and what the WACZ holds."""
        wanted: dict[str, set[str]] = {}
        for item in evidence:
            if item.quoted and item.sha256 and item.excerpt_digest in texts:
                wanted.setdefault(item.sha256, set()).add(item.excerpt_digest)
        contents, standing = wacz.Contents(), set()
        try:
            with self.files.open(self._current(CAPTURES)) as file:
                for body in wacz.read(file, contents):
                    mine = wanted.get(body.sha256, ())
                    standing |= {one for one in mine if one not in standing and stands_in(texts[one], body)}
        except (zipfile.BadZipFile, KeyError) as error:
            self.problems.append(f"{CAPTURES}: cannot be read: {error}")
        return standing, contents

    def _current(self, name: str) -> str:
        return f"{SUPPLEMENTS}/{len(self.found):03d}/{name}" if self.found else name

    def _folders(self) -> list[str]:
        names = self.files.names()
        return sorted({"/".join(name.split("/")[:2]) for name in names if name.startswith(f"{SUPPLEMENTS}/")})

    def _signed(self, name: str, signature: str, kind: type[DocumentT]) -> DocumentT | None:
        """Return a document whose signature is right, or note what is wrong."""
        try:
            data, said = read(self.files, name), read(self.files, signature)
            document = msgspec.json.decode(data, type=kind)
        except KeyError as error:
            self.problems.append(f"{error.args[0]}: is missing")
            return None
        except (msgspec.DecodeError, zipfile.BadZipFile) as error:
            self.problems.append(f"{name}: cannot be read: {error}")
            return None
        key = self.keys.get(getattr(document, "key", ""))
        if key is None:
            self.problems.append(f"{name}: names key {getattr(document, 'key', '')}, which is none of those given")
        elif not signed_by(key, said, data):
            self.problems.append(f"{signature}: is no signature of {name} by that key")
        else:
            return document
        return None

    def _in_office(self, name: str, key: str, at: datetime) -> None:
        """Note a document that names a time after its key was retired."""
        until = self.retired.get(key)
        if until is not None and at > until:
            self.problems.append(f"{name}: is of {at.isoformat()}, after key {key} was retired at {until.isoformat()}")

    def _lines(self, name: str, kind: type[DocumentT]) -> Iterator[DocumentT]:
        for line in read(self.files, name).splitlines():
            yield msgspec.json.decode(line, type=kind)


def _problem(
    item: FrozenEvidenceDocument, contents: wacz.Contents, texts: dict[str, str], standing: set[str]
) -> str | None:
    """Return what is wrong with a piece of evidence, or None."""
    if not contents.proves(item.capture, item.sha256):
        held = contents.sha256(item.capture) or ("no body" if item.sha256 else "no such capture")
        return f"the WACZ has {held} where evidence cites {item.sha256 or 'the exchange'}"
    if item.excerpt_digest not in texts:
        return "its excerpt is missing"
    if item.quoted and item.excerpt_digest not in standing:
        return "its excerpt does not stand in the body"
    return None


def _id_of(item: FrozenFindingDocument) -> str:
    subject = SubjectRef(item.subject.kind, item.subject.id, item.subject.url)

    def cited(one: FrozenEvidenceDocument) -> Evidence:
        return Evidence(one.sha256, one.url, one.locator, "", one.capture, one.fetched_at)

    return Finding(
        item.agency, item.scope, item.rule, item.version, subject, item.outcome, item.reason, item.responsible,
        item.measures, tuple(cited(one) for one in item.evidence), tuple(cited(one) for one in item.counter_evidence),
    ).id  # fmt: skip


def _document(name: str, check: _Check, manifest: ManifestDocument | None) -> VerifyDocument:
    taken_out = [
        TakenOutDocument(one.sha256, item.at, one.reason, one.by) for item in check.found for one in item.taken_out
    ]
    return VerifyDocument(
        bundle=name,
        period=manifest.period if manifest else None,
        state=manifest.state if manifest else None,
        key=manifest.key if manifest else None,
        frozen_at=manifest.frozen_at if manifest else None,
        marks=check.counts["marks"],
        findings=check.counts["findings"],
        bodies=check.counts["bodies"],
        quoted=check.counts["quoted"],
        measured=check.counts["measured"],
        left_out=dict(check.left_out),
        taken_out=tuple(taken_out),
        problems=tuple(check.problems),
    )
