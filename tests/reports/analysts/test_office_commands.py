from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import typer
from jsonschema import Draft202012Validator, FormatChecker
from office_desk import Hands, night
from report_country import NIGHT, assessment
from typer.testing import CliRunner, Result

from checks.marks import MarkValue
from reports.analysts.cli import mount
from reports.ledger import Ledger

CONFIG = """
pack: kz
workspace: space
operator: {name: Tester, contact: tester@example.org, about_url: https://crawl.example/}
agencies:
  - id: finance
    names: {en: Ministry of Finance}
    sites: [https://finance.example/]
  - id: health
    names: {en: Ministry of Health}
    sites: [https://health.example/]
people:
  - {id: p1, name: Person One, role: analyst}
  - {id: p2, name: Person Two, role: reviewer}
  - {id: p4, name: Person Four, role: lead}
"""
SCHEMAS = Path(__file__).parents[3] / "docs" / "schemas"
LANG = ("finance", "lang_coverage")
Run = Callable[..., Result]


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def run(tmp_path: Path, clock: Hands) -> Run:
    config = tmp_path / "odrc.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    with Ledger(tmp_path / "space" / "ledger.sqlite") as ledger:
        night(ledger, NIGHT)
    app = typer.Typer()
    mount(app, clock)

    def invoke(*words: str, person: str = "") -> Result:
        env = {"LANG": "en_US.UTF-8", "LC_ALL": "", "LC_MESSAGES": "", "LANGUAGE": "", "COLUMNS": "200"}
        env |= {"ODRC_PERSON": person} if person else {}
        return CliRunner(env=env).invoke(app, [*words, "-c", str(config)], catch_exceptions=False)

    return invoke


def document(run: Run, schema: str, *words: str) -> Any:
    result = run(*words, "--format", "json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    shape = json.loads((SCHEMAS / f"{schema}.schema.json").read_text(encoding="utf-8"))
    assert list(Draft202012Validator(shape, format_checker=FormatChecker()).iter_errors(told)) == []
    return told


def done(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_mark_on_its_way(run: Run) -> None:
    done(run("adopt", *LANG, person="p1"))
    done(run("review", *LANG, "--by", "p2"))
    done(run("note", *LANG, "ask again in spring", "--by", "p2"))
    (one,) = document(run, "standing", "standing", *LANG)
    assert (one["mark"], one["basis"], one["reviewed"], one["decision"]["reviewed_by"]) == ("-", "adopted", True, "p2")
    done(run("override", *LANG, "--mark", "0", "--reason", "a law says so", "--until", "2026-12-31", "--by", "p1"))
    (one,) = document(run, "standing", "standing", *LANG)
    assert (one["mark"], one["basis"], one["text"], one["proposed"]) == ("0", "override", "a law says so", "-")
    assert one["decision"]["expires"] == "2026-12-31"
    shown = done(run("standing", *LANG))
    assert "0 both ways: a law says so [decided otherwise by the office]" in shown
    assert "proposed by the machine: - not ready" in shown
    done(run("withdraw", *LANG, "--reason", "no law", "--by", "p1"))
    assert document(run, "standing", "standing", *LANG)[0]["basis"] == "adopted"
    kinds = [item["kind"] for item in document(run, "journal", "journal", "show")]
    assert kinds == ["adopted", "reviewed", "noted", "overridden", "withdrawn"]
    assert done(run("journal", "verify")).startswith("5 ")


def test_what_needs_a_look(run: Run, tmp_path: Path, clock: Hands) -> None:
    first = document(run, "todo", "todo")
    assert [item["item"] for item in first if item["need"] == "new"] == [
        "mark///lang_coverage/assessment_2014",
        "mark/finance//lang_coverage/assessment_2014",
        "mark/health//freshness_weekly/assessment_2014",
        "mark/health//lang_coverage/assessment_2014",
    ]
    done(run("adopt", "--all", "--by", "p1"))
    assert {item["need"] for item in document(run, "todo", "todo")} == {"to_review", "statement"}
    assert "to_review" not in {item["need"] for item in document(run, "todo", "todo", "--for", "p1")}
    later = NIGHT + timedelta(days=1)
    marks = (*assessment().marks[1:], msgspec.structs.replace(assessment().marks[0], value=MarkValue.PLUS))
    with Ledger(tmp_path / "space" / "ledger.sqlite") as ledger:
        night(ledger, later, marks)
    clock.to(later)
    found = document(run, "todo", "todo")
    assert [item["item"] for item in found if item["need"] == "value_changed"] == [
        "mark/finance//lang_coverage/assessment_2014"
    ]
    shown = done(run("todo"))
    assert shown.startswith("The evidence now speaks for another value: 1\n  finance  lang_coverage  assessment_2014")


def test_a_contest_on_its_way(run: Run, clock: Hands) -> None:
    name = done(
        run("contest", "open", *LANG, "--text", "All is there.", "--objector", "A. Person", "--by", "p1",
            "--contact", "a@example.org", "--received", "2026-11-20")
    ).strip()  # fmt: skip
    clock.to(date(2026, 12, 1))
    assert document(run, "todo", "todo")[0]["need"] == "contest_late"
    done(run("contest", "acknowledge", name, "--by", "p1"))
    done(run("contest", "decide", name, "--outcome", "corrected", "--mark", "+", "--reason", "seen", "--by", "p1"))
    (one,) = document(run, "contests", "contest", "list")
    assert (one["id"], one["state"], one["mark"], one["affected"]) == (
        "2026-001", "corrected", "+", ["2026-11-23", "2026-11-23"],
    )  # fmt: skip
    (mark,) = document(run, "standing", "standing", *LANG)
    assert (mark["mark"], mark["basis"], mark["contests"]) == ("+", "erratum", {"2026-001": "corrected"})
    assert mark["errata"] == [
        {"contest": "2026-001", "on": "2026-12-01", "first": "2026-11-23", "last": "2026-11-23", "said": "-",
         "mark": "+", "text": "seen"},
    ]  # fmt: skip
    for words in (("contest", "list"), ("journal", "show", "--format", "json"), ("standing",)):
        assert "Person" not in run(*words).output
    shown = run("contest", "show", name)
    assert "objector: A. Person; contact: a@example.org" in shown.stderr


def test_statements_and_their_sources(run: Run, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("as asked", encoding="utf-8")
    words = ("statement", "mark", "SI-048", "--mark", "+", "--reason", "confirmed", "--source", "letter", "--by", "p1")
    done(run(*words, "--title", "Letter no. 7", "--dated", "2026-10-01", "--attach", str(letter)))
    found = {item["id"]: item for item in document(run, "statements", "statement", "list")}
    assert len(found) == 207
    one = found["SI-048"]
    assert (one["authors"], one["mark"], one["sources"][0]["confidentiality"]) == ("+", "+", "restricted")
    assert (one["sources"][0]["title"], one["sources"][0]["attachment"]) == (None, None)
    done(run("statement", "review", "SI-048", "--by", "p2"))
    assert "SI-048" not in done(run("statement", "list", "--open"))
    assert done(run("journal", "verify")).startswith("2 ")
    done(run("journal", "redact", "1", "--reason", "asked for", "--by", "p4"))
    assert [path for path in (tmp_path / "space" / "attachments").rglob("*") if path.is_file()] == []
    assert done(run("journal", "verify")).startswith("3 ")


def test_people(run: Run) -> None:
    done(run("adopt", *LANG, "--by", "p1"))
    result = run("people", "leave", "p1", "--to", "p4", "--by", "p4")
    assert "1 items of p1 are now p4's" in result.stderr
    assert done(run("people", "list")).splitlines() == [
        "p1  Person One  analyst  0  -> p4", "p2  Person Two  reviewer  0", "p4  Person Four  lead  1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("adopt", "--by", "p1"), "which marks? accepted: AGENCY INDICATOR, or --all"),
        (("adopt", "finanse", "lang_coverage", "--by", "p1"), "did you mean finance?"),
        (("adopt", "finance", "web_presence", "--by", "p1"), "finance carries no mark for web_presence on 2026-11-23"),
        (("adopt", *LANG, "--by", "p7"), "no person 'p7'; known: p1, p2, p4"),
        (("override", *LANG, "--mark", "+", "--reason", "x", "--until", "soon", "--by", "p1"), "--until soon: not a date"),
        (("contest", "show", "2026-001"), "no contest '2026-001'; known: none"),
        (("review", "country", "lang_coverage", "--group", "no", "--by", "p2"), "carries no mark of group no"),
        (
            ("statement", "mark", "SI-48", "--mark", "+", "--reason", "x", "--source", "letter", "--title", "t",
             "--dated", "2026-01-01", "--by", "p1"), "no statement 'SI-48'; did you mean SI-",
        ),
    ],
)  # fmt: skip
def test_wrong_words_are_told(run: Run, words: tuple[str, ...], message: str) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
