"""The written report shows what counts, and beside it what the machine proposed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from office_desk import night
from report_country import HOSTILE, NIGHT

from checks.marks import Mark, MarkValue
from reports.analysts.acts import ContestOutcome
from reports.analysts.bench import Bench
from reports.analysts.contests import Objection, acknowledge, decide, open_contest
from reports.analysts.effective import effective
from reports.html import write_report

PAGE = "mark/finance.lang_coverage.assessment_2014.html"


def report(office: Bench, folder: Path) -> Path:
    write_report(office.settings, office.pack, office.ledger, NIGHT, folder)
    return folder


def test_nothing_changes_while_nobody_decided(office: Bench, tmp_path: Path) -> None:
    night(office.ledger, NIGHT)
    office.note("mark/finance//lang_coverage/assessment_2014", "only a note", "p1")
    page = (report(office, tmp_path / "out") / "en" / PAGE).read_text(encoding="utf-8")
    assert "What people decided" not in page
    assert "only a note" not in page


def test_an_override_counts_and_the_proposal_stays_in_sight(office: Bench, mark: Mark, tmp_path: Path) -> None:
    night(office.ledger, NIGHT)
    office.override(mark, NIGHT, MarkValue.PLUS, NIGHT + timedelta(days=9), HOSTILE, "p1")
    out = report(office, tmp_path / "out")
    page = (out / "en" / PAGE).read_text(encoding="utf-8")
    assert '<div class="verdict plus">' in page
    assert "decided otherwise by the office" in page
    assert "proposed by the machine" in page
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "p1" not in page
    assert '"mark": "-"' in (out / "marks.json").read_text(encoding="utf-8")  # the data are what the machine proposed


def test_a_correction_is_shown_with_its_date(office: Bench, mark: Mark, tmp_path: Path) -> None:
    night(office.ledger, NIGHT)
    objection = Objection(NIGHT, NIGHT, "No.", objector="A. Person")
    name = open_contest(office, effective(mark, office.state(), NIGHT), objection, "p1")
    acknowledge(office, name, "p1")
    decide(office, name, ContestOutcome.CORRECTED, "seen again", "p1", value=MarkValue.PLUS)
    page = (report(office, tmp_path / "out") / "en" / PAGE).read_text(encoding="utf-8")
    assert "corrected after an objection: seen again" in page
    assert "Objection 2026-001" in page
    assert "24 November 2026" in page
    assert "Person" not in page
