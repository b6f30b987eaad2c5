from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from bs4 import BeautifulSoup, Tag
from report_country import HOSTILE, NIGHT, assessment, coverage, finding, mark, record, settings, story
from syrupy.assertion import SnapshotAssertion

from checks.assessment import RuleInfo, Visibility
from checks.findings import Outcome
from checks.marks import MarkValue
from config.errors import ConfigError
from crawler.coverage import RunState
from reports.html import Story, pages, write_site
from reports.html.lens import measure, web_address
from reports.html.story import mark_file
from reports.ledger import Ledger
from reports.messages import languages

SITE = dict(pages(story()))
HTML = {path: BeautifulSoup(text, "lxml") for path, text in SITE.items() if path.endswith(".html")}
MARK = "mark/finance.lang_coverage.assessment_2014.html"


def texts(story_: Story, path: str) -> str:
    return " ".join(BeautifulSoup(dict(pages(story_))[path], "lxml").get_text(" ").split())


@pytest.mark.parametrize("path", ["en/index.html", f"en/{MARK}", "ru/agency/finance.html", "style.css"])
def test_pages_look_as_agreed(path: str, snapshot: SnapshotAssertion) -> None:
    assert SITE[path] == snapshot


def test_the_same_night_gives_the_same_bytes(tmp_path: Path) -> None:
    assert dict(pages(story())) == SITE
    shuffled = assessment(coverage=(msgspec.structs.replace(coverage(), scopes=coverage().scopes[::-1]),))
    assert dict(pages(story(assessment=shuffled)))["en/index.html"] == SITE["en/index.html"]
    assert write_site(tmp_path, story()) == len(SITE)
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()} == set(SITE)


def test_every_language_has_every_page() -> None:
    bare = [{path.split("/", 1)[1] for path in SITE if path.startswith(f"{language}/")} for language in languages()]
    assert all(item == bare[0] for item in bare)
    assert {"index.html", "rules.html", "agency/finance.html", MARK} <= bare[0]


@pytest.mark.parametrize("path", HTML)
def test_accessibility_basics(path: str) -> None:
    page = HTML[path]
    root = page.find("html")
    assert isinstance(root, Tag)
    assert root["lang"] == (path.split("/", maxsplit=1)[0] if "/" in path else "en")
    assert len(page.find_all("h1")) == 1
    levels = [int(item.name[1]) for item in page.find_all(["h1", "h2", "h3", "h4"])]
    assert all(after - before <= 1 for before, after in pairwise(levels)), "a heading level is skipped"
    ids = Counter(str(item["id"]) for item in page.find_all(id=True))
    assert [name for name, count in ids.items() if count > 1] == []
    assert all(item.get("scope") in ("row", "col") for item in page.find_all("th"))
    assert all(item.get("aria-label") and item.get("tabindex") == "0" for item in page.select("[role=region]"))
    assert all(item.find_parent(attrs={"role": "region"}) for item in page.find_all("table"))
    for item in page.select("[aria-labelledby]"):
        assert str(item["aria-labelledby"]) in ids
    skip = page.find("a", class_="skip")
    assert isinstance(skip, Tag)
    assert str(skip["href"]).removeprefix("#") in ids
    assert page.title is not None
    assert page.title.get_text().strip()


@pytest.mark.parametrize("path", HTML)
def test_pages_need_no_network_no_script_and_lead_somewhere(path: str) -> None:
    page = HTML[path]
    assert page.find_all(["script", "img", "iframe", "object", "embed", "form"]) == []
    for item in page.find_all(True):
        assert not [name for name in item.attrs if name.startswith("on") or name in ("src", "style", "srcset")]
    for item in page.find_all(["a", "link"]):
        address = str(item["href"])
        if item.name == "a" and address.startswith(("http://", "https://")):
            assert "noreferrer" in str(item["rel"])
            continue
        target, _, anchor = address.partition("#")
        place = (Path("/") / path).parent.joinpath(target).resolve().relative_to("/") if target else Path(path)
        assert str(place) in SITE, address
        assert not anchor or HTML[str(place)].find(id=anchor), address
    assert "url(" not in SITE["style.css"]
    assert "@import" not in SITE["style.css"]


def test_marks_are_sign_word_and_colour() -> None:
    page = HTML["en/index.html"]
    cells = [(" ".join(str(item["class"]) for item in [cell]), cell.get_text(" ", strip=True))
             for cell in page.select("#matrix ~ .matrix td")]  # fmt: skip
    told = [text for _, text in cells]
    assert told == [
        "− not ready − on 1 of 2 observed, 0 unseen",
        "· no mark of 1 observed: + on 1, − on 0, 0 on 0; 1 unseen",
        "− not ready", "· no mark No answer came in time.", "0 both ways", "+ ready",
    ]  # fmt: skip
    assert all(
        kind in classes
        for (classes, _), kind in zip(cells, ("minus", "none", "minus", "none", "zero", "plus"), strict=True)
    )


def test_what_sites_wrote_is_text_and_never_a_link() -> None:
    for path, page in HTML.items():
        assert "<script" not in SITE[path]
        assert not [item for item in page.find_all("a") if "javascript:" in str(item["href"])]
    shown = HTML[f"en/{MARK}"]
    assert HOSTILE in [item.get_text() for item in shown.find_all("blockquote")]
    assert {item["lang"] for item in shown.find_all("blockquote")} == {""}, "the language of an excerpt is not known"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/?a=1&b=2", True), ("http://a.example", True), ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False), ("data:text/html,x", False), ("//a.example/", False), ("/path", False),
        ("https:///nohost", False), ("https://[", False), (" https://a.example", True), (None, False), ("", False),
    ],
)  # fmt: skip
def test_only_web_addresses_become_links(url: str | None, safe: bool) -> None:
    assert web_address(url) == (url if safe else None)


def test_excerpts_can_be_held_back() -> None:
    quiet = story(settings=settings(publish={"captures": "none"}))
    site = dict(pages(quiet))
    assert "Бюджет на 2026" not in "".join(site.values())
    assert "Excerpts are not published." in site[f"en/{MARK}"]


def test_an_incomplete_night_says_so() -> None:
    run = msgspec.structs.replace(story().run, state=RunState.INCOMPLETE, reason="deadline")
    assert "This night is incomplete. the night's end came first" in texts(story(run=run, runs=(run,)), "en/index.html")


def test_why_there_is_no_mark() -> None:
    told = " ".join(HTML["en/mark/finance.freshness_weekly.assessment_2014.html"].get_text(" ").split())
    assert "Why there is no mark: No answer came in time." in told


def test_an_agency_is_told_what_to_mend_and_by_whom() -> None:
    told = " ".join(HTML["en/agency/finance.html"].get_text(" ").split())
    assert "The agency The text is not in the language it is labelled with. 2 places" in told
    assert "The owner of the shared platform A required language is missing. 1 place" in told
    assert "Translate the text, or correct the language" in told
    assert "https://finance.example/ 10 6 60% timed out: 1" in told


def test_names_in_another_language_say_which() -> None:
    link = HTML["en/index.html"].find("a", href="agency/health.html")
    assert isinstance(link, Tag)
    assert str(link) == '<a href="agency/health.html"><span lang="ru">Министерство здравоохранения</span></a>'


def test_long_lists_are_cut_and_say_where_the_rest_is() -> None:
    many = tuple(finding(number) for number in range(100, 150))
    told = mark("finance", "lang_coverage", MarkValue.MINUS, "share_low", evidence=tuple(item.id for item in many))
    big = story(assessment=assessment(findings=many, marks=(told,)))
    site = dict(pages(big))
    assert site[f"en/{MARK}"].count("<article") == 30
    assert "20 more findings are in the data file" in site[f"en/{MARK}"]
    assert site["findings.jsonl"].count("\n") == 50


def test_the_data_stands_beside_the_pages() -> None:
    assert len(json.loads(SITE["marks.json"])) == len(assessment().marks)
    assert [json.loads(line)["night"] for line in SITE["findings.jsonl"].splitlines()] == [NIGHT.isoformat()] * 7


def test_a_profile_beside_the_main_one_has_its_own_overview() -> None:
    other = msgspec.structs.replace(
        mark("finance", "lang_coverage", MarkValue.PLUS, "share_high"), profile="order_124_2025"
    )
    site = dict(pages(story(assessment=assessment(marks=(*assessment().marks, other)))))
    assert "Order 124" in site["ru/profile-order_124_2025.html"]
    assert 'href="profile-order_124_2025.html"' in site["ru/index.html"]


def test_languages_of_the_report_can_be_chosen() -> None:
    site = dict(pages(story(settings=settings(publish={"languages": ("kk",)}))))
    assert {path.split("/")[0] for path in site if "/" in path} == {"kk"}
    with pytest.raises(ConfigError, match=r"publish\.languages: no texts in xx; accepted: en"):
        dict(pages(story(settings=settings(publish={"languages": ("xx",)}))))


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="the report cannot be written to"):
        write_site(tmp_path / "file", story())


def test_file_names_keep_apart_what_is_apart() -> None:
    marks = [
        mark(agency, "a", None, "mixed", group=group)
        for agency in (None, "country", "x")
        for group in (None, "b/c", "b_c")
    ]
    assert len({mark_file(item) for item in marks}) == len(marks)
    assert not [item for item in marks if "/" in mark_file(item)]


def test_measures_are_told_plainly() -> None:
    assert [measure(item) for item in (None, ["a", "b"], {"ru": 3}, 1.5, True)] == ["–", "a, b", "ru 3", "1.5", "True"]


def test_what_is_for_owner_and_operator_alone_is_nowhere_on_the_site() -> None:
    hidden = RuleInfo("PRIV-01", 1, (), "table", ("file_facts",), "No persons", Visibility.OWNER)
    told = finding(
        99, rule="PRIV-01", outcome=Outcome.FAIL, reason="personal_numbers", measures={"columns": ["SECRETCOL"]}
    )
    whole = assessment(findings=(*assessment().findings, told), rules=(*assessment().rules, hidden))
    site = dict(pages(story(assessment=whole)))
    assert len(site) == len(SITE)
    assert not [path for path, text in site.items() if "SECRETCOL" in text or told.id in text or "page-99" in text]
    assert site["findings.jsonl"] == SITE["findings.jsonl"]
    assert told in whole.findings, "the ledger and the operator keep it"
    assert whole.public().findings == assessment().findings


def test_a_ledger_remembers_what_is_hidden(tmp_path: Path) -> None:
    hidden = RuleInfo("PRIV-01", 1, (), "table", ("file_facts",), "No persons", Visibility.OWNER)
    whole = assessment(
        findings=(*assessment().findings, finding(99, rule="PRIV-01")), rules=(*assessment().rules, hidden)
    )
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        record(ledger, whole)
        again = ledger.assessment(NIGHT)
    assert again is not None
    assert again.hidden == {"PRIV-01"}
    assert "PRIV-01" not in {item.rule for item in again.public().findings}
