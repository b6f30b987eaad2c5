from __future__ import annotations

import re
from datetime import UTC, date, datetime
from importlib import resources
from string import Formatter

import msgspec
import pytest
import yaml
from babel import Locale

from checks import reasons
from checks.findings import Outcome, Responsible, SubjectKind
from config.errors import ConfigError
from config.indicators import indicators
from crawler.capture import ExchangeOutcome
from crawler.coverage import RunState
from reports.ledger import RunKind
from reports.messages import Catalogue, MissingMessageWarning, fallback_language, languages
from reports.messages.catalogue import Message, read

GLOSSARY = yaml.safe_load(resources.files("reports.messages").joinpath("glossary.yaml").read_text(encoding="utf-8"))


def forms(message: Message) -> list[str]:
    return list(message.text.values()) if isinstance(message.text, dict) else [message.text]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_one_catalogue_serves_where_none_was_chosen() -> None:
    assert {"en", "kk", "ru"} <= set(languages())
    assert [item for item in languages() if read(item).language.fallback] == [fallback_language()]


@pytest.mark.parametrize("language", languages())
def test_catalogues_hold_the_same_texts(language: str) -> None:
    mine, other = Catalogue(language).messages, Catalogue(fallback_language()).messages
    assert list(mine) == list(other)
    for key, message in mine.items():
        wanted = placeholders(forms(other[key])[0])
        assert isinstance(message.text, dict) == isinstance(other[key].text, dict), key
        for text in forms(message):
            assert placeholders(text) == wanted, key
            assert text == text.strip(), key
            assert text, key


@pytest.mark.parametrize("language", languages())
def test_plural_forms_are_those_of_the_language(language: str) -> None:
    wanted = set(Locale.parse(language).plural_form.tags) | {"other"}
    plurals = [item for item in Catalogue(language).messages.values() if isinstance(item.text, dict)]
    assert plurals
    for item in plurals:
        assert set(item.text) == wanted


def test_kazakh_waits_for_a_reader() -> None:
    assert not any(item.reviewed for item in Catalogue("kk").messages.values())
    assert not Catalogue("kk").reviewed


@pytest.mark.parametrize("language", languages())
def test_every_code_has_a_text(language: str) -> None:
    families: dict[str, list[str]] = {
        "indicator": list(indicators()),
        "outcome": list(Outcome),
        "subject": list(SubjectKind),
        "responsible": list(Responsible),
        "exchange": list(ExchangeOutcome),
        "kind": list(RunKind),
        "state": list(RunState),
        "reason": [*reasons._OUTCOMES.values(), *reasons._VERDICTS.values(), "not_observed", "unreachable"],
        "mark": ["plus", "minus", "zero", "none"],
    }
    missing = [f"{family}.{code}" for family, codes in families.items() for code in codes
               if f"{family}.{code}" not in Catalogue(language).messages]  # fmt: skip
    assert missing == []


@pytest.mark.parametrize("language", [item for item in languages() if item != fallback_language()])
def test_glossary_terms_are_used(language: str) -> None:
    source, mine = Catalogue(fallback_language()).messages, Catalogue(language).messages
    astray = []
    for term, translations in GLOSSARY.items():
        stem = translations[language]["stem"].lower()
        assert translations[language]["term"].lower().startswith(stem)
        wanted = re.compile(rf"\b{term}s?\b", re.IGNORECASE)
        for key, message in source.items():
            shown = re.sub(r"\{\w+\}", "", " ".join(forms(message)))
            if wanted.search(shown) and stem not in " ".join(forms(mine[key])).lower():
                astray.append(f"{key}: {term} -> {stem}")
    assert astray == []


def test_texts_and_plurals() -> None:
    words = Catalogue("ru")
    assert words.text("ui.of_agency", indicator="A", agency="{B}") == "A: {B}"
    assert [words.text("ui.nights_count", count=count) for count in (1, 2, 5, 21)] == [
        "1 ночь", "2 ночи", "5 ночей", "21 ночь",
    ]  # fmt: skip
    assert words.date(date(2026, 11, 23)).startswith("23 ноября 2026")
    assert words.moment(datetime(2026, 11, 23, 7, 5, tzinfo=UTC)).endswith("07:05")
    assert words.percent(0.8333).startswith("83,3")
    assert words.label("group", "of_their_own") == "of_their_own"


def test_a_missing_text_is_loud() -> None:
    with pytest.warns(MissingMessageWarning, match=r"reason\.unheard_of"):
        assert Catalogue("en").text("reason.unheard_of") == "reason.unheard_of"


def test_a_language_without_catalogue_is_told() -> None:
    with pytest.raises(ConfigError, match="accepted: en, kk, ru"):
        Catalogue("xx")


def test_unknown_keys_in_a_catalogue_are_errors() -> None:
    with pytest.raises(msgspec.ValidationError, match="reviewd"):
        msgspec.convert({"text": "a", "reviewd": True}, Message)
