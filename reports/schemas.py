"""JSON Schemas of the documents, made from their types. `python -m reports.schemas DIR` writes them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from checks.contested import Case
from reports.alerts.documents import DigestDocument
from reports.analysts.documents import (
    ContestDocument,
    EntryDocument,
    StandingDocument,
    StatementDocument,
    TaskDocument,
)
from reports.documents import CheckDocument, FindingDocument, MarkDocument, RuleDocument, StatusDocument
from reports.freeze.documents import (
    FrozenDocument,
    KeyDocument,
    ManifestDocument,
    SupplementDocument,
    VerifyDocument,
)
from reports.keeping.backup import BackupDocument
from reports.keeping.verify import LedgerCheckDocument
from reports.ledger import MarkChange
from reports.looking import LookDocument
from reports.recheck import Comparison, RecheckDocument
from reports.trends import DiffDocument, TrendDocument

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
DOCUMENTS: dict[str, tuple[str, Any]] = {
    "alerts": ("What recipients are told", list[DigestDocument]),
    "case": ("A contested mark as a test case", Case),
    "backup": ("The manifest of a backup", BackupDocument),
    "changes": ("Changes of marks with their causes", list[MarkChange]),
    "check": ("What the rules say of one target", CheckDocument),
    "contests": ("Objections of agencies", list[ContestDocument]),
    "finding": ("A finding", FindingDocument),
    "frozen": ("Frozen periods", list[FrozenDocument]),
    "journal": ("What people did, in order", list[EntryDocument]),
    "keys": ("Public keys", list[KeyDocument]),
    "ledger": ("Whether a ledger holds together", LedgerCheckDocument),
    "look": ("A second look beside the newest night", LookDocument),
    "manifest": ("The manifest of a frozen period", ManifestDocument),
    "mark": ("A proposed mark", MarkDocument),
    "recheck": ("A night judged again beside what was published", Comparison),
    "restated": ("A range of nights judged again beside what was published", RecheckDocument),
    "rules": ("The list of rules", list[RuleDocument]),
    "standing": ("Marks as they count", list[StandingDocument]),
    "statements": ("The statements of the assessment", list[StatementDocument]),
    "status": ("How the installation stands", StatusDocument),
    "diff": ("Two nights side by side", DiffDocument),
    "supplement": ("A supplement of a frozen period", SupplementDocument),
    "todo": ("What needs a look", list[TaskDocument]),
    "trend": ("How marks went", list[TrendDocument]),
    "verify": ("What a verification found", VerifyDocument),
}


def schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the document *name*."""
    title, kind = DOCUMENTS[name]
    (root,), components = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    top = components.pop(kind.__name__) if "$ref" in root else root
    return {"$schema": _DIALECT, **top, "title": title, **({"$defs": components} if components else {})}


def text(name: str) -> str:
    """Return the schema of the document *name* as the file that is published."""
    return json.dumps(schema(name), ensure_ascii=False, indent=2) + "\n"


def write(folder: Path) -> None:
    """Write all schemas into *folder*."""
    for name in DOCUMENTS:
        (folder / f"{name}.schema.json").write_text(text(name), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
