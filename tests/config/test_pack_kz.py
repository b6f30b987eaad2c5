from __future__ import annotations

import re
from datetime import date
from typing import get_args

import pytest

from config.indicators import indicators
from config.loader import load_pack
from config.pack import Basis, Pack, Phrase


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("kz")


def test_languages_and_their_aliases(pack: Pack) -> None:
    assert pack.codes("required") == ("kk", "ru")
    assert pack.codes("policy") == ("en",)
    assert [pack.language(text) for text in ("kz", "KAZ", "kk-KZ", "kk_Latn", "rus", "en-GB", "de")] == [
        "kk", "kk", "kk", "kk", "ru", "en", None,
    ]  # fmt: skip
    # The duty was not confirmed in a text: no `-` may rest on it as a breach of law.
    assert not any(item.verified for item in pack.languages)


def test_the_bodies_of_the_state(pack: Pack) -> None:
    state = [agency for agency in pack.agencies if "enterprise" not in agency.roles]
    platform = [scope.url for agency in state for scope in agency.sites if scope.platform == "govkz"]
    assert len(state) == 55
    assert len(platform) == len(set(platform)) == 49
    assert all(url.startswith("https://www.gov.kz/memleket/entities/") for url in platform)
    assert sum("regional" in agency.roles for agency in state) == 20
    assert [agency.id for agency in state if not agency.sites] == ["ministry-water"]


def test_a_former_path_belongs_to_the_renamed_ministry(pack: Pack) -> None:
    (ministry,) = [agency for agency in pack.agencies if agency.id == "ministry-digital"]
    assert ministry.sites[0].include == ("/memleket/entities/mdai",)


def test_every_agency_has_an_english_name(pack: Pack) -> None:
    assert all(agency.name("en", date(2026, 11, 23)).isascii() for agency in pack.agencies)


def test_body_level_questions_have_a_body(pack: Pack) -> None:
    roles = {"statistics", "central_bank", "budget", "parliament", "portal_owner", "spatial", "archive"}
    assert roles <= set(pack.bodies)


def test_every_fact_says_what_it_rests_on(pack: Pack) -> None:
    facts = [fact for group in pack.facts.values() for fact in group.values()]
    assert len(facts) == 66
    for fact in facts:
        assert {"verified", "basis"} <= fact.model_fields_set
        assert fact.basis in get_args(Basis)
        assert not (fact.verified and fact.basis in {"memory", "secondary"})
        assert fact.source is None or fact.source.strip(" ,;") == fact.source
    assert {"verified", "basis"} <= set.intersection(*(law.model_fields_set for law in pack.laws))


def test_no_mark_rests_on_memory_or_articles(pack: Pack) -> None:
    assert not any(law.verified for law in pack.laws if law.basis in {"memory", "secondary"})
    for profile in pack.profiles:
        for params in (profile.defaults, *profile.indicators.values()):
            assert not (params.verified and params.basis in {"memory", "secondary"})


def test_thresholds_of_the_assessment(pack: Pack) -> None:
    profile = pack.profiles[0]
    weekly, languages = profile.params("freshness_weekly"), profile.params("lang_coverage")
    assert profile.id == "assessment_2014"
    assert (weekly.max_days, weekly.window_days, weekly.confirm_nights, weekly.verified) == (7, 90, 2, True)
    assert (languages.plus, languages.minus, languages.verified) == (0.9, 0.5, True)
    assert all(profile.params(name).basis == "assessment_2014" for name in indicators())


def test_thresholds_of_the_order_are_unverified(pack: Pack) -> None:
    profile = pack.profile("order_124_2025")
    assert profile is not None
    weekly = profile.params("freshness_weekly")
    assert (weekly.max_days, weekly.working_days) == (3, True)
    assert (weekly.sections["news"].max_days, weekly.sections["news"].working_days) == (1, False)
    assert not any(profile.params(name).verified for name in indicators())


def test_thresholds_of_country_and_outage(pack: Pack) -> None:
    assert (pack.country.plus, pack.country.minus, pack.country.observed) == (0.8, 0.5, 0.7)
    assert (pack.outage.own_network, pack.outage.confirm_nights, pack.outage.confirm_days) == (0.2, 3, 7)


def test_duties_in_force(pack: Pack) -> None:
    night = date(2026, 11, 23)
    verified = {duty.id for duty in pack.duties if duty.verified and duty.holds(night)}
    assert verified == {"open-data-on-portal", "open-data-kept-current", "single-platform", "dates-stated"}
    assert not any(duty.verified for duty in pack.duties if "freshness_weekly" in duty.indicators)
    assert not any(duty.verified for duty in pack.duties if "lang_coverage" in duty.indicators)


def phrases(pack: Pack) -> list[tuple[str, str, Phrase]]:
    words = pack.extraction.words
    return [(m, lang, item) for m, langs in words.items() for lang, items in langs.items() for item in items]


def test_phrases_are_lower_case_and_stand_once(pack: Pack) -> None:
    seen = [(meaning, language, item.p) for meaning, language, item in phrases(pack)]
    assert len(seen) == len(set(seen))
    assert all(text == text.casefold() == text.strip() for _, _, text in seen)


def test_a_verified_phrase_names_its_source(pack: Pack) -> None:
    assert all(item.source for _, _, item in phrases(pack) if item.verified)


@pytest.mark.parametrize("meaning", ["copyright_restrictive", "open_data_words", "dynamic_sections", "terms_pages"])
def test_meanings_are_worded_in_every_language(pack: Pack, meaning: str) -> None:
    assert set(pack.codes()) <= set(pack.extraction.phrases(meaning))


def test_kinds_of_dynamic_sections(pack: Pack) -> None:
    for items in pack.extraction.phrases("dynamic_sections").values():
        assert {item.kind for item in items} == {
            "news", "announcements", "press_releases", "events", "vacancies", "tenders",
        }  # fmt: skip


def test_months_are_twelve(pack: Pack) -> None:
    for language, months in pack.extraction.months.items():
        assert pack.language(language) is not None
        assert all(len(names) == 12 for names in months.forms.values()), language
    assert pack.extraction.months["kk"].forms["adjectival"][2] == "наурыздағы"


def test_homoglyphs_lead_from_latin_to_cyrillic(pack: Pack) -> None:
    assert len(pack.extraction.homoglyphs) == 13
    assert all(key.isascii() and not value.isascii() for key, value in pack.extraction.homoglyphs.items())


@pytest.mark.parametrize(("text", "found"), [("900101300123", True), ("1900101300123", False), ("991340001234", False)])
def test_personal_numbers(pack: Pack, text: str, *, found: bool) -> None:
    (iin,) = pack.extraction.personal
    assert bool(re.search(iin.pattern, f"ЖСН {text}.")) is found
    assert iin.check == "iin"


def test_portals_and_rules(pack: Pack) -> None:
    assert [(portal.id, portal.kind) for portal in pack.portals] == [("data-egov", "egovkz"), ("map-gov", "csw")]
    assert {"LANG-01", "FRESH-01", "LIC-01"} <= {rule.id for rule in pack.rules}
