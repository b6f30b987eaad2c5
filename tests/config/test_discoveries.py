from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.discoveries import LEARNED_FILE, Discovery, DiscoveryKind, read_learned, with_line, write_learned
from config.errors import ConfigError

MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)


def line(value: str, day: date = MONDAY, **given: object) -> Discovery:
    said = {"agency": "a", "kind": "news_list", "value": value, "by": "aida", "valid_from": day, **given}
    return Discovery.model_validate(said)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    held = (line("https://a.kz/news"), line("none", kind="terms_page", scope="https://a.kz/", note="looked"))
    path = write_learned(tmp_path, held)
    assert path.name == LEARNED_FILE
    assert path.read_text(encoding="utf-8").startswith("# Written by `odrc learn`")
    assert read_learned(tmp_path, ["a"]) == held
    assert read_learned(tmp_path / "elsewhere", ["a"]) == ()


def test_the_same_line_is_not_written_twice() -> None:
    held = with_line((), line("https://a.kz/x"))
    assert with_line(held, line("https://a.kz/x", TUESDAY)) == held


def test_a_correction_ends_what_held_on_the_day_before() -> None:
    held = with_line((line("https://a.kz/x"),), line("https://a.kz/y", TUESDAY, corrected=True))
    assert [(item.value, item.valid_to) for item in held] == [("https://a.kz/x", MONDAY), ("https://a.kz/y", None)]
    assert [item.value for item in held if item.holds(MONDAY)] == ["https://a.kz/x"]
    assert [item.value for item in held if item.holds(TUESDAY)] == ["https://a.kz/y"]


def test_a_correction_of_the_same_day_takes_the_place() -> None:
    assert [item.value for item in with_line((line("https://a.kz/x"),), line("https://a.kz/y", corrected=True))] == [
        "https://a.kz/y"
    ]


def test_a_correction_leaves_other_kinds_and_scopes_alone() -> None:
    others = (line("https://a.kz/t", kind="terms_page"), line("https://a.kz/s", scope="https://b.kz/"))
    assert with_line(others, line("https://a.kz/y", TUESDAY, corrected=True))[:2] == others


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("discoveries:\n  - {agency: a, kind: news, value: none, by: b}\n", "discoveries[0].kind"),
        ("discoveries:\n  - {agency: a, kind: news_list, value: none, by: b, who: c}\n", "unknown key"),
        ("discoveries:\n  - {agency: zz, kind: news_list, value: none, by: b}\n", "unknown agency zz"),
        ("discoveries:\n  - {agency: a, kind: news_list, value: none}\n", "required key is missing"),
        ("discoveries:\n  - {agency: a, kind: news_list, value: news, by: b}\n", "an address such as"),
        ("discoveries:\n  - {agency: a, kind: publisher, value: '105', by: b}\n", "portal:id"),
        ("found: []\n", "unknown key"),
        ("discoveries: [\n", "learned.yaml:"),
    ],
)
def test_a_wrong_file_names_line_key_and_what_is_accepted(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / LEARNED_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"learned\.yaml:") as caught:
        read_learned(tmp_path, ["a"])
    assert told in str(caught.value)


def test_kinds_are_those_of_the_documentation() -> None:
    text = (Path(__file__).parents[2] / "docs" / "learn.md").read_text(encoding="utf-8")
    assert all(f"`{kind}`" in text for kind in DiscoveryKind)
