from __future__ import annotations

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.facts import nearest
from checks.facts.letters import UNSEEN, count_letters, grams, looks, script_of, writing_of
from checks.facts.nearest import FLOOR, Table
from config.profiles import LetterProfile
from tests.checks.texts import EN, KK, RU

_FLOOR = round(-100 * log(FLOOR))
PROFILES = [
    LetterProfile("one", "Latn", {"_a": 100, "ab": 200, "b_": 300, "_ab": 400, "ab_": 500, "o'": 50}),
    LetterProfile("one", "Latn", {"_ä": 100, "äb": 150, "b_": 200}),
    LetterProfile("two", "Latn", {"_b": 100, "ba": 120, "a_": 300, "ab": 700}),
]
TEXTS = st.text(alphabet="abABäÄoOİi'’ʻ Ɔɔ1-дДя\u0307\n\ud800😀_/:w.", max_size=40)


def cost(text: str, profile: LetterProfile) -> int:
    return sum(profile.grams.get(gram, _FLOOR) for gram in grams(text, "Latn"))


@given(st.lists(TEXTS, max_size=5))
def test_a_text_costs_what_its_sequences_cost_in_the_cheapest_orthography(texts: list[str]) -> None:
    for text, found in zip(texts, Table(PROFILES).nearest(texts), strict=True):
        count = len(grams(text, "Latn"))
        if not count:
            assert found is None
            continue
        one, two = min(cost(text, PROFILES[0]), cost(text, PROFILES[1])), cost(text, PROFILES[2])
        assert found is not None
        assert found.language == ("one" if one <= two else "two")
        assert found.lead == pytest.approx(abs(one - two) / 100)
        assert (found.cost, found.sequences) == (pytest.approx(min(one, two) / 100 / count), count)


def test_a_favoured_language_costs_less_only_beside_others() -> None:
    (plain,), (favoured,) = Table(PROFILES).nearest(["baba"]), Table(PROFILES, {"one"}, 60.0).nearest(["baba"])
    assert plain is not None
    assert favoured is not None
    assert (plain.language, favoured.language) == ("two", "one")
    assert favoured.cost > plain.cost


def test_words_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "_REMEMBERED", 3)
    table = Table(PROFILES)
    first = table.nearest(["ab ba abba baab aa bb"])
    assert table.nearest(["bb aa"]) == Table(PROFILES).nearest(["bb aa"])
    assert table.nearest(["ab ba abba baab aa bb"]) == first


def test_one_language_alone_leads_by_any_distance() -> None:
    (found,) = Table(PROFILES[:1]).nearest(["ab"])
    assert found is not None
    assert found.lead == float("inf")


@given(
    st.lists(st.text(max_size=150) | st.sampled_from([KK, RU, EN, "Кaзaқстан", "a\u00adb", "e\u0301", "한글", "ᄒ"]))
)
def test_a_look_at_a_settled_text_tells_what_reading_it_does(texts: list[str]) -> None:
    for text, letters, script, settled in zip(texts, *looks(texts), strict=True):
        if settled:
            assert letters == count_letters(text)
            assert (script, False) == writing_of(text) == (script_of(text), False)
            assert not UNSEEN.search(text)


@pytest.mark.parametrize(
    ("text", "settled"),
    [(KK, True), (RU, True), ("Größe — 5 %", True), ("", True), ("a\u0301", False), ("Кaзақ", False), ("x\u200by", False),
     ("eGov порталы", True), ("IT-компания", True), ("한", False)],
)  # fmt: skip
def test_what_needs_a_closer_look(text: str, settled: bool) -> None:
    assert looks([text]).settled == [settled]
