from __future__ import annotations

import json
from pathlib import Path

import pytest

from checks.context import RuleContext
from checks.findings import Outcome
from checks.rules.lang_03 import described_in_each_language
from checks.subjects import DatasetSubject
from config.model import Portal
from config.pack import Pack
from crawler.archive.history import History
from crawler.capture import Purpose
from crawler.portals import iso, portal_adapters
from crawler.records import Standard
from crawler.safexml import parse
from tests.checks.lab import Lab, Reply
from tests.checks.rules.meta_support import ALL, PORTAL, Sample, ask, assert_as_expected
from tests.checks.rules.tables import FAIL, NOT_APPLICABLE, NOT_OBSERVED, PASS, UNCLEAR
from tests.checks.rules.test_meta_01 import NOTHING
from tests.checks.texts import EN, KK, RU

RULE = described_in_each_language
LONG = "Перечень государственных учреждений образования области по состоянию на начало учебного года"
NAME = "Qazaq Air Astana Almaty Shymkent Aqtau Aqtobe Atyrau"
SINGLE = {"titles": {"und": LONG}, "descriptions": {}}

TABLE = (
    Sample("three languages", PASS, "texts_in_their_languages", {}),
    Sample("long texts in their languages", PASS, "texts_in_their_languages",
           {"descriptions": {"kk": KK, "ru": RU, "en": EN}}),
    Sample("Russian under Kazakh", FAIL, "wrong_language", {"descriptions": {**ALL, "kk": RU}}),
    Sample("a Russian title under English", FAIL, "wrong_language", {"titles": {"ru": LONG, "en": LONG}}),
    Sample("one long title for two languages", FAIL, "titles_equal",
           {"titles": dict.fromkeys(("kk", "en"), "тт " * 25), "descriptions": {}}),
    Sample("a short title shared", UNCLEAR, "short_titles_equal", {"titles": {"kk": "КАТО", "ru": "КАТО"}}),
    Sample("a proper name shared", UNCLEAR, "short_titles_equal",
           {"titles": {"kk": NAME, "en": NAME}}),
    Sample("one language only", NOT_APPLICABLE, "one_language", {"titles": {"ru": "Озёра"}}),
    Sample("one language, as declared", PASS, "language_as_declared", {**SINGLE, "languages": ("ru",)}),
    Sample("declared by a register's address", PASS, "language_as_declared",
           {**SINGLE, "languages": ("http://publications.europa.eu/resource/authority/language/RUS",)}),
    Sample("declared with a country, as ISO profiles do", PASS, "language_as_declared",
           {**SINGLE, "languages": ("rus; RUS",)}),
    Sample("declared by a name, among two", PASS, "language_as_declared", {**SINGLE, "languages": ("казахский", "Русский")}),
    Sample("three languages, and all declared", PASS, "texts_in_their_languages", {"languages": ("kaz", "rus", "eng")}),
    Sample("the only language of an ISO record", PASS, "language_as_declared",
           {"titles": {"rus": LONG}, "descriptions": {}, "standard": Standard.ISO_19139}),
    Sample("texts in another language than declared", UNCLEAR, "declared_language_differs", {**SINGLE, "languages": ("kk",)}),
    Sample("by an alias", UNCLEAR, "declared_language_differs", {**SINGLE, "languages": ("kz",)}),
    Sample("a default that nobody changed", UNCLEAR, "declared_language_differs",
           {"titles": {"eng": LONG}, "descriptions": {}, "standard": Standard.ISO_19139}),
    Sample("no language at all", UNCLEAR, "language_code_unknown", {**SINGLE, "languages": ("javascript",)}),
    Sample("no code of anything", UNCLEAR, "language_code_unknown", {"languages": ("xx",)}),
    Sample("a language of elsewhere is declared beside", NOT_APPLICABLE, "one_language",
           {**SINGLE, "languages": ("kk", "de")}),
    Sample("too short to tell", NOT_APPLICABLE, "one_language",
           {"titles": {"und": "Озёра"}, "descriptions": {}, "languages": ("kk",)}),
    Sample("Russian under Kazakh by its three letters", FAIL, "wrong_language", {"titles": {"kaz": LONG, "rus": LONG}}),
    Sample("a line of a list", NOT_OBSERVED, "details_not_seen", NOTHING),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_lang_03(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    assert_as_expected(sample, RULE, tmp_path, pack)


def test_the_table_is_complete() -> None:
    assert {item.outcome for item in TABLE} == set(Outcome)


@pytest.mark.parametrize(
    ("languages", "codes", "malformed"),
    [
        (("kk", "ru"), ["kk", "ru"], []),
        (("kz", "ru_RU", "en-GB"), ["en", "kk", "ru"], ["kz", "ru_RU"]),
        (("http://id.loc.gov/vocabulary/iso639-1/kk", "http://lexvo.org/id/iso639-3/rus"), ["kk", "ru"], []),
        (("Қазақша", "Русский", "English"), ["en", "kk", "ru"], ["Қазақша", "Русский", "English"]),
        (("", "  ", "русс/каз", "javascript"), [], ["русс/каз", "javascript"]),
        (("de", "deu", "mul"), [], []),
        (("x" * 500,), [], ["x" * 80]),
    ],
)
def test_declarations_are_read_as_meant_and_reported_as_written(
    languages: tuple[str, ...], codes: list[str], malformed: list[str], tmp_path: Path, pack: Pack
) -> None:
    found = ask(Sample("", PASS, "", {"languages": languages}), RULE, tmp_path, pack)
    assert (found.measures["declared"], found.measures["malformed"]) == (codes, malformed)


CKAN = {"id": "a", "name": "a", "title": LONG, "tags": [{"name": "x"}]}
ISO = """<gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco">
<gmd:fileIdentifier><gco:CharacterString>a</gco:CharacterString></gmd:fileIdentifier>
<gmd:language><gmd:LanguageCode codeList="#LanguageCode" codeListValue="{of_record}"/></gmd:language>
<gmd:identificationInfo><gmd:MD_DataIdentification><gmd:citation><gmd:CI_Citation><gmd:title><gco:CharacterString>
{title}</gco:CharacterString></gmd:title></gmd:CI_Citation></gmd:citation>
<gmd:topicCategory><gmd:MD_TopicCategoryCode>society</gmd:MD_TopicCategoryCode></gmd:topicCategory>
<gmd:language><gco:CharacterString>{of_data}</gco:CharacterString></gmd:language>
</gmd:MD_DataIdentification></gmd:identificationInfo></gmd:MD_Metadata>"""


def _ckan(**given: object) -> bytes:
    return json.dumps({"success": True, "result": {"count": 1, "results": [{**CKAN, **given}]}}).encode()


def _datajson(*languages: str) -> bytes:
    return json.dumps(
        {"dataset": [{"identifier": "a", "title": LONG, "keyword": ["x"], "language": list(languages)}]}
    ).encode()


def _turtle(language: str) -> bytes:
    return f"""@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<https://data.kz/a> a dcat:Dataset ; dct:title "{LONG}" ; dcat:keyword "x" ; dct:language {language} .""".encode()


@pytest.mark.parametrize(
    ("kind", "url", "body", "reason"),
    [
        ("ckan", "https://data.kz/api/3/action/package_search?rows=100&start=0", _ckan(language="ru"), "language_as_declared"),
        ("ckan", "https://data.kz/api/3/action/package_search?rows=100&start=0",
         _ckan(extras=[{"key": "language", "value": '["kk"]'}]), "declared_language_differs"),
        ("datajson", "https://data.kz/data.json", _datajson("ru-RU"), "language_as_declared"),
        ("datajson", "https://data.kz/data.json", _datajson("en-US"), "declared_language_differs"),
        ("dcat", "https://data.kz/catalog.ttl", _turtle('"kk"'), "declared_language_differs"),
        ("dcat", "https://data.kz/catalog.ttl",
         _turtle("<http://publications.europa.eu/resource/authority/language/RUS>"), "language_as_declared"),
        ("iso", "https://data.kz/csw", ISO.format(of_record="rus", of_data="rus", title=LONG).encode(), "language_as_declared"),
        ("iso", "https://data.kz/csw", ISO.format(of_record="eng", of_data="eng", title=LONG).encode(),
         "declared_language_differs"),
    ],
)  # fmt: skip
def test_what_each_model_of_records_declares(
    kind: str, url: str, body: bytes, reason: str, tmp_path: Path, pack: Pack
) -> None:
    lab = Lab(tmp_path / "w", pack)
    types = {"dcat": "text/turtle", "iso": "text/xml"}
    (capture,) = lab.crawl({url: Reply(body, content_type=types.get(kind, "application/json"), purpose=Purpose.PORTAL)})
    if kind == "iso":
        record = iso.record(parse(body), ("cat", capture.id, "$"), url)
    else:
        portal = Portal.model_validate({"id": "cat", "kind": kind, "url": url, "owner": "good"})
        (record,) = portal_adapters()[kind].records(portal, capture, body)
    with lab.view() as view:
        context = RuleContext(view.night, {}, pack, History(lab.workspace, view.night))
        found = described_in_each_language(DatasetSubject(record, PORTAL, None, view), context)
    assert found.reason == reason, record  # type: ignore[union-attr]
