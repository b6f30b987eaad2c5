from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from config import packload
from config.errors import ConfigError
from config.loader import load, load_pack, pack_ids


def wrong(folder: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_pack(str(folder))
    return str(caught.value).replace(f"{folder}/", "").replace(str(folder), "mypack")


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_folder_is_a_pack(small_pack: Path) -> None:
    pack = load_pack("./mypack", small_pack.parent)
    assert (pack.id, pack.codes(), pack.agencies[0].id) == ("xx", ("no",), "one")


def test_settings_may_name_a_folder_beside_them(small_pack: Path, settings_file: Callable[..., Path]) -> None:
    path = settings_file(
        """\
        pack: ./mypack
        workspace: w
        operator: {name: O, contact: o@example.org, about_url: https://example.org}
        agencies:
          - id: one
            names: {no: En}
            sites: [https://one.example.org/]
        """,
        head="",
    )
    assert load(path).pack.id == "xx"


def test_the_shipped_pack_is_known() -> None:
    assert "kz" in pack_ids()


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "agencies.yaml",
            "id: one",
            "id: One",
            "agencies.yaml:2: agencies[0].id: 'One' does not fit; accepted: 1 to 64",
        ),
        ("agencies.yaml", "sites:", "site:", "agencies.yaml:4: agencies[0].site: unknown key (did you mean sites?)"),
        (
            "agencies.yaml",
            "statistics: one",
            "statistics: two",
            "agencies.yaml:5: bodies.statistics: unknown agency two",
        ),
        (
            "pack.yaml",
            "zone: Europe/Oslo",
            "zone: Oslo",
            "pack.yaml:3: zone: unknown time zone 'Oslo'; accepted: an IANA",
        ),
        (
            "pack.yaml",
            "obligation: required",
            "obligation: must",
            "pack.yaml:5: languages[0].obligation: 'must' is not",
        ),
        ("pack.yaml", "rules: []", "zones: []", "pack.yaml:1: rules: required key is missing; accepted: a list"),
        ("words.yaml", "months: {}", "moths: {}", "words.yaml:1: extraction.months: required key is missing"),
        ("words.yaml", "words: {}", "words: {", "words.yaml:4: not YAML"),
        ("words.yaml", "months: {}", "months: {}\nrules: []", "words.yaml:4: rules: the key also stands in pack.yaml"),
        (
            "words.yaml",
            "months: {}",
            "months: {}\n  personal:\n    - {id: x, pattern: '('}",
            "words.yaml:5: extraction.personal[0].pattern: not a regular expression: missing ), unterminated",
        ),
        (
            "pack.yaml",
            "source: test}",
            "source: test, indicators: {freshness: {max_days: 1}}}",
            "pack.yaml:7: profiles[0].indicators.freshness: unknown indicator freshness",
        ),
        (
            "pack.yaml",
            "rules: []",
            "rules: []\nduties: [{id: d, law: L, article: A, verified: true, indicators: [x]}]",
            "pack.yaml:9: duties[0].indicators[0]: unknown indicator x; accepted: ",
        ),
        (
            "pack.yaml",
            "rules: []",
            "rules: [{id: A}, {id: A}]",
            "pack.yaml:8: rules[1].id: A is already the id of rules[0]",
        ),
    ],
)
def test_a_wrong_pack_names_itself_and_the_place(
    small_pack: Path, file: str, old: str, new: str, expected: str
) -> None:
    rewrite(small_pack / file, old, new)
    lines = wrong(small_pack).splitlines()
    assert any(line.startswith(f"pack mypack: {expected}") for line in lines), lines


def test_a_folder_without_a_pack(tmp_path: Path) -> None:
    assert wrong(tmp_path / "none").endswith("is not a folder; accepted: a folder that holds pack.yaml")
    assert wrong(tmp_path).endswith("holds no pack.yaml; accepted: a folder that holds pack.yaml")


def test_settings_tell_of_a_wrong_pack_at_their_own_place(small_pack: Path, problems: Callable[..., list[str]]) -> None:
    rewrite(small_pack / "pack.yaml", "zone: Europe/Oslo", "zone: Oslo")
    lines = problems("pack: ./mypack\n", head="")
    assert lines[0].startswith("odrc.yaml:1: pack: pack ./mypack: mypack/pack.yaml:3: zone: unknown time zone")


def test_an_installed_pack_that_breaks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint(name="broken", value="config.packs.nowhere", group="odrc.packs")
    monkeypatch.setattr(packload, "points", lambda _group: {"broken": point})

    assert "broken" in pack_ids()
    with pytest.raises(ConfigError, match=r"pack broken: config\.packs\.nowhere cannot be imported: No module named"):
        load_pack("broken")
