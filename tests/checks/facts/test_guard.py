from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from checks.facts.guard import guard
from tests.checks.texts import DE, EN, KK, RU


@pytest.fixture(scope="module")
def original() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@pytest.mark.parametrize("text", [KK, RU, EN, DE, RU.upper(), "Србија и Republika", "", " ", "1", "\ud800", "中文网页"])
def test_the_answers_are_those_of_py3langid(original: LanguageIdentifier, text: str) -> None:
    code, share = guard().classify(text)
    assert (code, pytest.approx(share, abs=1e-4)) == original.classify(text)


@given(st.text(max_size=60))
def test_any_text_is_given_a_language_as_likely_as_py3langid_says(original: LanguageIdentifier, text: str) -> None:
    assert guard().classify(text)[1] == pytest.approx(original.classify(text)[1], abs=1e-4)
