"""Loads message catalogues. The languages of reports are the catalogues shipped; no code names one."""

from __future__ import annotations

import warnings
from datetime import date, datetime
from functools import cache, cached_property
from importlib import resources
from typing import Any

import msgspec
from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from config.errors import ConfigError
from config.yamltext import parse_yaml

_GLOSSARY = "glossary.yaml"


class MissingMessageWarning(UserWarning):
    """A text was asked for that the catalogue does not hold; its key is shown instead."""


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text, or one per plural form. `reviewed` says whether a speaker of the language has read it."""

    text: str | dict[str, str]
    reviewed: bool


class Language(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a catalogue says of its language: its own name, and whether it serves where none was chosen.

    `locale` names the manner of dates and numbers where the language has several.
    """

    name: str
    fallback: bool
    locale: str | None = None


class CatalogueFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A catalogue as it is written."""

    language: Language
    messages: dict[str, Message]


class Catalogue:
    """The texts of one language. Raises ConfigError for a language without a catalogue."""

    def __init__(self, language: str) -> None:
        if language not in languages():
            raise ConfigError(f"no texts in language {language!r}; accepted: {', '.join(languages())}")
        self.language = language
        self._file = read(language)
        self.name = self._file.language.name

    @cached_property
    def locale(self) -> Locale:
        """Plural rules, dates and numbers of the language."""
        return Locale.parse(self._file.language.locale or self.language)

    @property
    def reviewed(self) -> bool:
        """Whether a speaker has read every text."""
        return all(item.reviewed for item in self._file.messages.values())

    @property
    def messages(self) -> dict[str, Message]:
        """All texts by key."""
        return self._file.messages

    def has(self, key: str) -> bool:
        """Tell whether there is a text for *key*."""
        return key in self.messages

    def text(self, key: str, **values: Any) -> str:
        """Return the text of *key* with *values* put in; `count` chooses the plural form.

        A key without a text is shown as it is, with a MissingMessageWarning.
        """
        message = self._file.messages.get(key)
        if message is None:
            warnings.warn(f"no text for {key!r} in {self.language}", MissingMessageWarning, stacklevel=2)
            return key
        template = message.text
        if isinstance(template, dict):
            template = template[self.locale.plural_form(values["count"])]
        return template.format(**values) if values else template

    def label(self, family: str, code: str) -> str:
        """Return the text of `family.code`, or *code* itself where operators may bring codes of their own."""
        key = f"{family}.{code}"
        return self.text(key) if key in self._file.messages else code

    def date(self, day: date) -> str:
        """Return *day* as it is written out."""
        return format_date(day, format="long", locale=self.locale)

    def moment(self, moment: datetime) -> str:
        """Return a moment to the minute, in UTC as it is given."""
        return format_datetime(moment, format="d MMM y, HH:mm", locale=self.locale)

    def number(self, number: float) -> str:
        """Return *number* with the language's separators."""
        return format_decimal(number, locale=self.locale)

    def percent(self, share: float) -> str:
        """Return a share of 0..1 as a percentage with at most one decimal place."""
        return format_percent(share, format="#,##0.#%", locale=self.locale)


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of the catalogues shipped, in alphabetical order."""
    names = [item.name for item in resources.files(__package__).iterdir()]
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml") and name != _GLOSSARY))


@cache
def read(language: str) -> CatalogueFile:
    """Return the catalogue of *language* as it is written."""
    text = resources.files(__package__).joinpath(f"{language}.yaml").read_text(encoding="utf-8")
    return msgspec.convert(parse_yaml(text), CatalogueFile)


@cache
def fallback_language() -> str:
    """Return the language that serves where none was chosen."""
    return next(item for item in languages() if read(item).language.fallback)
