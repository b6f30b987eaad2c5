from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from report_country import NIGHT, RULES, assessment, coverage, finding, findings, marks, story

from checks.findings import Outcome, SubjectKind, SubjectRef
from reports import schemas
from reports.documents import (
    CheckDocument,
    finding_document,
    mark_document,
    rule_documents,
)
from reports.views.unseen import status

PUBLISHED = Path(__file__).parents[2] / "docs" / "schemas"


def plain(document: Any) -> Any:
    return json.loads(msgspec.json.encode(document))


def problems(name: str, document: Any) -> list[str]:
    schema = json.loads((PUBLISHED / f"{name}.schema.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    return [error.message for error in validator.iter_errors(document)]


@pytest.mark.parametrize("name", schemas.DOCUMENTS)
def test_published_schemas_are_those_of_the_types(name: str, tmp_path: Path) -> None:
    schemas.write(tmp_path)
    assert (PUBLISHED / f"{name}.schema.json").read_text(encoding="utf-8") == schemas.text(name)
    assert (tmp_path / f"{name}.schema.json").read_text(encoding="utf-8") == schemas.text(name)
    Draft202012Validator.check_schema(schemas.schema(name))


@pytest.mark.parametrize("mark", marks(), ids=str)
def test_marks_keep_to_their_schema(mark: Any) -> None:
    document = plain(mark_document("run-1", NIGHT, mark))
    assert problems("mark", document) == []
    assert problems("mark", {**document, "score": 7}) != []
    assert problems("mark", {**document, "mark": "*"}) != []


def test_the_fields_of_a_mark() -> None:
    document = plain(mark_document("run-1", NIGHT, marks()[0]))
    evidence = document.pop("evidence")
    assert len(evidence) == 5
    assert document == {
        "run": "run-1", "night": "2026-11-23", "agency": "finance", "group": None, "indicator": "lang_coverage",
        "profile": "assessment_2014", "mark": "-", "reason": "share_low", "passed": 1, "failed": 3, "unclear": 1,
        "not_applicable": 0, "not_observed": 1, "interval": [0.2, 0.4], "bounds": None, "coverage": 0.8333, "evidence_age": 0,
        "rules": ["LANG-01@1"],
    }  # fmt: skip


@pytest.mark.parametrize("found", findings(), ids=lambda item: item.id[:6])
def test_findings_keep_to_their_schema(found: Any) -> None:
    document = plain(finding_document(found, "run-1", NIGHT))
    assert problems("finding", document) == []
    assert problems("finding", {**document, "opinion": ""}) != []
    assert list(document) == [
        "id", "run", "night", "agency", "scope", "rule", "version", "subject", "outcome", "reason", "responsible",
        "measures", "evidence", "counter_evidence",
    ]  # fmt: skip


def test_excerpts_can_be_held_back() -> None:
    document = plain(finding_document(finding(), excerpts=False))
    assert document["evidence"][0]["excerpt"] is None
    assert problems("finding", document) == []


def test_a_check_keeps_to_its_schema() -> None:
    found = finding(agency=None, scope=None, subject=SubjectRef(SubjectKind.FILE, "a.csv"), outcome=Outcome.PASS)
    document = plain(CheckDocument("a.csv", {"kind": "file"}, (finding_document(found),)))
    assert problems("check", document) == []


def test_rules_and_status_keep_to_their_schemas() -> None:
    assert problems("rules", plain(rule_documents(RULES))) == []
    document = plain(status(story().run, [story().run]))
    assert problems("status", document) == []
    assert (document["known"], document["fetched"], document["failed"], document["skipped"], document["pending"]) == (
        14, 10, 1, 2, 1,
    )  # fmt: skip
    assert [item["scope"] for item in document["unseen"]] == ["https://finance.example/"]
    assert document["incidents"] == {"finance.example": ["429 for 20 minutes"]}
    assert problems("status", plain(status(None, []))) == []
    assert assessment().coverage == (coverage(),)
