"""A country pack: the law as data. Languages, thresholds, duties, words, agencies, each with its basis and validity.

No code names a language, a country or a law; it asks the pack.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from config.base import Identifier, Languages, Model, Period
from config.discoveries import Discovery
from config.errors import FieldError
from config.formats import formats, kinds_of
from config.model import Agency, Duty, Portal
from config.profiles import profiles

Basis = Literal["official_page", "law_text", "third_party", "secondary", "cldr", "memory", "assessment_2014", "library"]


class Language(Model):
    """A language that public bodies publish in. `letters` occur in it and in none of the pack's other languages.

    `profiles` are the ids of the letter profiles (`config.profiles`) of all orthographies it is written in, and
    `neighbours` those of languages that look like it and must not be taken for it.
    """

    code: str
    aliases: tuple[str, ...] = ()
    obligation: Literal["required", "policy", "optional"]
    basis: str
    verified: bool
    names: Languages = Field(default_factory=dict)
    letters: str = ""
    script: Literal["Cyrl", "Latn", "Arab"] | None = None
    profiles: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()

    @field_validator("profiles", "neighbours")
    @classmethod
    def _known_profiles(cls, ids: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [item for item in ids if item not in profiles()]
        if unknown:
            raise FieldError(f"unknown letter profile {unknown[0]!r}", accepted=", ".join(profiles()))
        return ids


class Phrase(Model):
    """A phrase that carries a meaning on pages, per language (`any` for all). No `-` rests on an unverified one.

    `kind` tells phrases of one meaning apart, such as `news` among the dynamic sections. `since` is the day from which
    on what the phrase names is out of date (a former name, a repealed act).
    """

    p: str
    verified: bool
    kind: str | None = None
    since: date | None = None
    example: str | None = None
    source: str | None = None


class Fact(Model):
    """A fact of the country as it was researched: any value, with what it rests on."""

    value: Any = None
    verified: bool
    basis: Basis
    source: str | None = None
    note: str | None = None
    answer: str | None = None
    methods_seen: tuple[str, ...] = ()


class VaryingValue(Model):
    """A request value that chooses the content: a cookie or header, and its value per language."""

    kind: Literal["cookie", "header"]
    name: str
    values: Languages = Field(default_factory=dict)
    hosts: tuple[str, ...] = ()
    verified: bool = False


class SectionLimit(Model):
    """How old the newest item of one kind of section (a `Phrase.kind`) may be."""

    max_days: int = Field(ge=0)
    working_days: bool = False


class IndicatorParams(Model):
    """Thresholds of one indicator in one profile. Shares are 0..1, ages in nights, periods in days.

    `sections` departs from `max_days` for some kinds of section.
    `accepts` is a class of formats (`FormatClass`): a file that meets it counts as passing in this profile.
    `verified` speaks of the threshold: where it is False a `-` becomes 0 basis_unverified.
    """

    plus: float | None = Field(None, ge=0, le=1)
    minus: float | None = Field(None, ge=0, le=1)
    minimum: int = Field(3, ge=1)
    max_age: int = Field(14, ge=0)
    max_days: int | None = Field(None, ge=0)
    working_days: bool = False
    sections: dict[str, SectionLimit] = Field(default_factory=dict)
    window_days: int | None = Field(None, ge=1)
    confirm_nights: int = Field(1, ge=1)
    accepts: Identifier | None = None
    verified: bool = True
    basis: str = "assessment_2014"
    note: str | None = None


class Profile(Model):
    """A way of reading the rules: the assessment's own criteria, or a later order's."""

    id: Identifier
    names: Languages
    basis: str
    source: str
    defaults: IndicatorParams = IndicatorParams()
    indicators: dict[str, IndicatorParams] = Field(default_factory=dict)

    def params(self, indicator: str) -> IndicatorParams:
        """Return the thresholds of *indicator*, or the profile's defaults."""
        return self.indicators.get(indicator, self.defaults)


class CountryThresholds(Model):
    """How the agencies' marks become the country's: shares of the observed, and how many must be observed at all."""

    plus: float = Field(0.8, ge=0, le=1)
    minus: float = Field(0.5, ge=0, le=1)
    observed: float = Field(0.7, ge=0, le=1)


class OutageThresholds(Model):
    """When a failed exchange speaks of our own network, and when of the host.

    From `own_network` on (the share of hosts that fail in one night) it is ours; a host counts as dead only when it
    failed on `confirm_nights` nights over at least `confirm_days` days.
    """

    own_network: float = Field(0.2, gt=0, le=1)
    confirm_nights: int = Field(3, ge=1)
    confirm_days: int = Field(7, ge=1)


class FormatClass(Model):
    """Which formats a rule of its time took for data.

    Tables in a `readable` format, laid out as one; and whatever is in one of `formats`, however it is laid out.
    """

    id: Identifier
    names: Languages
    readable: tuple[Literal["full", "partly"], ...] = ("full",)
    formats: tuple[str, ...] = ()
    basis: Basis
    source: str
    verified: bool
    note: str | None = None

    @field_validator("formats")
    @classmethod
    def _known_formats(cls, ids: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [item for item in ids if item not in formats()]
        if unknown:
            raise FieldError(f"unknown format {unknown[0]!r}", accepted="ids of config/framework/formats.yaml")
        return ids

    def reads(self, format_id: str | None) -> bool:
        """Tell whether programs can read a format as far as the class asks."""
        known = formats().get(format_id or "")
        return known is not None and known.readable.value in self.readable

    def lists(self, format_id: str | None) -> bool:
        """Tell whether the class names a format, or one that it is a kind of."""
        return bool(set(kinds_of(format_id or "")) & set(self.formats))


class RuleLine(Model):
    """A rule that this country uses, with its parameters."""

    id: str
    params: dict[str, Any] = Field(default_factory=dict)


class Calendar(Model):
    """Public holidays: a country code of the `holidays` library, the years that were checked, and moved days."""

    country: str
    years: tuple[int, ...]
    moved_working_days: tuple[date, ...] = ()
    moved_days_off: tuple[date, ...] = ()
    source: str


class PersonalPattern(Model):
    """A personal identifier: a regular expression and the name of its check (`iin` is the Kazakh checksum).

    `digits` is its length where it is a number: cells that lost zeros in front are filled up to it.
    """

    id: Identifier
    pattern: str
    check: Literal["none", "iin"] = "none"
    digits: int | None = Field(None, ge=4, le=40)

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise FieldError(f"not a regular expression: {error}", accepted="Python's `re` syntax") from error
        return pattern


class Months(Model):
    """Month names of one language, January first, in the forms that dates are written with."""

    forms: dict[str, tuple[str, ...]]
    basis: str
    verified: bool


class Law(Period):
    """A legal act and what was read of it."""

    act: str
    status: str | None = None
    value: Any = None
    verified: bool
    basis: Basis
    source: str | None = None
    weekly_rule: str | None = None
    note: str | None = None


class Extraction(Model):
    """The part of a pack that changes what facts are read from bytes. Its digest is part of every fact's key.

    `words` maps a meaning (`updated_labels`, `dynamic_sections`, `terms_pages`, ...) to phrases by language.
    """

    words: dict[str, dict[str, tuple[Phrase, ...]]]
    months: dict[str, Months]
    homoglyphs: dict[str, str] = Field(default_factory=dict)
    personal: tuple[PersonalPattern, ...] = ()

    def phrases(self, meaning: str) -> dict[str, tuple[Phrase, ...]]:
        """Return the phrases of *meaning* by language; empty when the pack has none."""
        return self.words.get(meaning, {})


class Pack(Model):
    """One country."""

    id: Identifier
    names: Languages
    zone: str
    languages: tuple[Language, ...] = Field(min_length=1)
    profiles: tuple[Profile, ...] = Field(min_length=1)
    rules: tuple[RuleLine, ...]
    extraction: Extraction
    calendar: Calendar | None = None
    duties: tuple[Duty, ...] = ()
    laws: tuple[Law, ...] = ()
    varying: tuple[VaryingValue, ...] = ()
    agencies: tuple[Agency, ...] = ()
    portals: tuple[Portal, ...] = ()
    bodies: dict[str, Identifier] = Field(default_factory=dict)
    discoveries: tuple[Discovery, ...] = ()
    facts: dict[str, dict[str, Fact]] = Field(default_factory=dict)
    country: CountryThresholds = CountryThresholds()
    outage: OutageThresholds = OutageThresholds()
    format_classes: tuple[FormatClass, ...] = ()

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise FieldError(f"unknown time zone {zone!r}", accepted="an IANA name such as Asia/Almaty") from error
        return zone

    @model_validator(mode="after")
    def _unique_codes(self) -> Pack:
        spelled = [text.lower() for item in self.languages for text in (item.code, *item.aliases)]
        if len(set(spelled)) != len(spelled):
            raise FieldError("two languages share a code or alias", at=("languages",), accepted="each spelling once")
        return self

    def language(self, text: str) -> str | None:
        """Return the code that *text* (a code, an alias or a tag such as `xx-YY`) stands for, or None."""
        wanted = text.strip().lower().replace("_", "-")
        for item in self.languages:
            known = {item.code.lower(), *(alias.lower() for alias in item.aliases)}
            if wanted in known or wanted.split("-")[0] in known:
                return item.code
        return None

    def profile(self, profile_id: str) -> Profile | None:
        """Return the profile of that id, or None."""
        return next((item for item in self.profiles if item.id == profile_id), None)

    def codes(self, *obligations: str) -> tuple[str, ...]:
        """Return the language codes of the given obligations, in the pack's order; all when none are given."""
        return tuple(item.code for item in self.languages if not obligations or item.obligation in obligations)
