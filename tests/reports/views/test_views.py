from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import pytest
from report_country import NIGHT, assessment, evidence, finding, marks

from checks.findings import Outcome, Responsible
from config.indicators import indicators
from crawler.archive.layout import ArchiveError
from reports.views.explain import explain, verify
from reports.views.fixes import fixes
from reports.views.matrix import matrix, profiles
from reports.views.unseen import of_scopes

BODY = b"<html>the archived body</html>"
DIGEST = hashlib.sha256(BODY).hexdigest()


class Kept(msgspec.Struct):
    """What of a capture the chain asks for."""

    id: str
    sha256: str | None


class Shelf:
    """An archive of one body."""

    def __init__(self, body: bytes | None = BODY, sha256: str | None = DIGEST) -> None:
        self._body, self._sha256 = body, sha256

    def capture(self, capture_id: str) -> Kept | None:
        return None if capture_id == "missing" else Kept(capture_id, self._sha256)

    def place(self, capture: Kept) -> tuple[str, int]:
        return "a.warc.gz", 7

    def body(self, capture: Kept) -> bytes:
        if self._body is None:
            raise ArchiveError(f"a.warc.gz at offset 7: no body of {capture.id}")
        return self._body


def test_matrix_has_ruled_indicators_as_columns_and_lists_the_rest() -> None:
    table = matrix(marks(), "assessment_2014", ["finance", "health", "quiet"])
    assert table.ruled == ("lang_coverage", "freshness_weekly")
    assert "open_licence" in table.unruled
    assert set(table.ruled) | set(table.unruled) == set(indicators())
    assert table.agencies == ("finance", "health", "quiet")
    assert table.groups == ("central",)
    country, nobody = table.mark(None, "lang_coverage"), table.mark("quiet", "lang_coverage")
    assert country is not None
    assert country.reason == "country_minus"
    assert nobody is None


def test_bodies_outside_the_register_are_not_lost() -> None:
    assert matrix(marks(), "assessment_2014", ["health"]).agencies == ("health", "finance")
    assert matrix(marks(), "other", ["health"]).ruled == ()
    assert profiles(marks(), "other") == ("other", "assessment_2014")


def test_fixes_are_what_failed_by_who_can_mend_it() -> None:
    told = fixes(assessment().findings, "finance")
    assert list(told) == [Responsible.AGENCY, Responsible.PLATFORM_OWNER]
    assert [(fix.reason, len(fix.findings)) for fix in told[Responsible.AGENCY]] == [("wrong_language", 2)]
    assert fixes(assessment().findings, "health") == {}


def test_scopes_of_an_agency() -> None:
    found = of_scopes(assessment().coverage, ["https://health.example/", "https://elsewhere.example/"])
    assert [item.scope for item in found] == ["https://health.example/"]


def test_explain_tells_what_decides_and_what_else_the_rules_said() -> None:
    chain = explain("run-1", marks()[0], assessment())
    assert (chain.run, chain.night, chain.mark.mark) == ("run-1", NIGHT, "-")
    assert [step.decides for step in chain.findings] == [True] * 5 + [False]
    assert chain.findings[-1].outcome == Outcome.NOT_OBSERVED
    assert {step.title for step in chain.findings} == {"Pages come in every required language"}
    assert {link.verified for step in chain.findings for link in step.evidence} == {None}
    assert {link.excerpt for step in explain("r", marks()[0], assessment(), excerpts=False).findings
            for link in step.evidence} == {None}  # fmt: skip


@pytest.mark.parametrize(
    ("cited", "shelf", "problem"),
    [
        ({"sha256": DIGEST}, Shelf(), None),
        ({"sha256": "0" * 64}, Shelf(), f"the archived body has SHA-256 {DIGEST}"),
        ({"capture": "missing"}, Shelf(), "the archive holds no capture missing"),
        ({"sha256": DIGEST}, Shelf(body=None), "a.warc.gz at offset 7: no body of"),
        ({"sha256": None}, Shelf(sha256=None), None),
        ({"sha256": None}, Shelf(), "the capture has a body that the evidence does not cite"),
    ],
)
def test_evidence_is_verified_against_the_archive(cited: Any, shelf: Any, problem: str | None) -> None:
    said = verify(evidence(**cited), shelf)
    assert said is None if problem is None else said is not None and said.startswith(problem)
    told = assessment(findings=(finding(evidence=(evidence(**cited),)),))
    mark = msgspec.structs.replace(marks()[0], evidence=(told.findings[0].id,))
    link = explain("r", mark, told, shelf).findings[0].evidence[0]
    assert (link.verified, link.problem) == (problem is None, said)
