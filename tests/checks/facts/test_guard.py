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
    ((code, share),) = guard().classify([text])
    assert (code, pytest.approx(share, abs=1e-4)) == original.classify(text)


@given(st.lists(st.text(max_size=60), max_size=4))
def test_texts_side_by_side_are_told_as_py3langid_tells_each(original: LanguageIdentifier, texts: list[str]) -> None:
    shares = [share for _, share in guard().classify(texts)]
    assert shares == [pytest.approx(original.classify(text)[1], abs=1e-4) for text in texts]
