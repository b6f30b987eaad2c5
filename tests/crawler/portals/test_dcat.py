from __future__ import annotations

import pytest

from crawler.portals.dcat import ACCEPT, Dcat
from crawler.records import Contact, Distribution, Extent, Licence, Record, Standard
from tests.crawler.portals.answers import SITE, answer, as_json, asks, follow, portal, read

DCAT = Dcat()
URL = f"{SITE}/catalog.ttl"
HERE = portal("dcat", URL)
TURTLE = answer(URL, "text/turtle")
HEAD = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
@prefix locn: <http://www.w3.org/ns/locn#> .
"""
WHOLE = """
</c> a dcat:Catalog ; dcat:dataset </d/1> .
</d/1> a dcat:Dataset ;
  dct:identifier "one" ;
  dct:title "Су деңгейі"@kk, "Уровень воды"@ru, "Water level" ;
  dct:description "По постам"@ru ;
  dct:publisher </org/water> ;
  dcat:keyword "су"@kk, "вода"@ru ;
  dcat:theme <http://themes.lab/ENVI> ;
  dct:accrualPeriodicity <http://frequency.lab/WEEKLY> ;
  dct:issued "2020-01-01"^^xsd:date ;
  dct:modified "2026-01-01T07:00:00+05:00"^^xsd:dateTime ;
  dct:language <http://language.lab/KAZ> ;
  dct:license <http://l.example/by> ;
  dct:accessRights <http://access.lab/PUBLIC> ;
  dcat:landingPage <view?id=1> ;
  dcat:contactPoint [ vcard:fn "Unit" ; vcard:hasEmail <mailto:unit@data.lab> ; vcard:hasTelephone <tel:+7> ] ;
  dct:temporal [ a dct:PeriodOfTime ; dcat:startDate "2020-01-01"^^xsd:date ] ;
  dct:spatial [ a dct:Location ; dcat:bbox "POLYGON((46 40, 87 40, 87 55, 46 55, 46 40))" ] ;
  dcat:distribution [
    a dcat:Distribution ; dct:title "CSV"@en ; dcat:downloadURL <files/a.csv> ; dcat:accessURL </d/1> ;
    dcat:mediaType <http://types.lab/text/csv> ; dct:format "CSV" ; dcat:byteSize "120"^^xsd:decimal
  ] , [ a dcat:Distribution ; dcat:accessURL <http://api.lab/> ; dcat:accessService </service> ] .
</org/water> a foaf:Organization ; foaf:name "Министерство воды"@ru , "Су министрлігі"@kk .
"""


def turtle(text: str) -> tuple[list[Record], str | None]:
    return read(DCAT, HERE, TURTLE, (HEAD + text).encode())


def test_the_catalogue_is_asked_in_a_form_that_can_be_read() -> None:
    (ask,) = asks(DCAT, HERE)
    assert (ask.url, ask.variant) == (URL, ACCEPT)


def test_a_whole_data_set() -> None:
    records, trouble = turtle(WHOLE)
    assert trouble is None
    (record,) = records
    assert (record.id, record.locator, record.standard) == ("one", f"{SITE}/d/1", Standard.DCAT)
    assert record.url == f"{SITE}/view?id=1"
    assert record.titles == {"kk": "Су деңгейі", "ru": "Уровень воды", "und": "Water level"}
    assert record.publisher_id == f"{SITE}/org/water"
    assert record.publisher_names == {"kk": "Су министрлігі", "ru": "Министерство воды"}
    assert sorted(record.keywords) == ["вода", "су"]
    assert record.frequency == "http://frequency.lab/WEEKLY"
    assert (record.issued, record.modified) == ("2020-01-01", "2026-01-01T07:00:00+05:00")
    assert record.licence == Licence(url="http://l.example/by")
    assert record.access_rights == "http://access.lab/PUBLIC"
    assert record.languages == ("http://language.lab/KAZ",)
    assert record.contact == Contact(has_name=True, has_mail=True, has_phone=True, organisation="Министерство воды")
    assert record.temporal == ("2020-01-01", None)
    assert record.extent == Extent(46, 40, 87, 55)
    by_url = {item.url: item for item in record.distributions}
    assert by_url[f"{SITE}/files/a.csv"] == Distribution(
        f"{SITE}/files/a.csv", "CSV", "http://types.lab/text/csv", {"en": "CSV"}, size=120, access_url=f"{SITE}/d/1"
    )
    assert by_url["http://api.lab/"].service


def test_dates_stay_as_they_are_written() -> None:
    records, _ = turtle('</d> a dcat:Dataset ; dct:modified "next week"^^xsd:date ; dct:issued "2024-1-5"^^xsd:date .')
    assert (records[0].modified, records[0].issued) == ("next week", "2024-1-5")


def test_the_same_bytes_give_the_same_records() -> None:
    bare = "".join(f'[] a dcat:Dataset ; dct:title "t{number}" ; dcat:keyword "b", "a" .\n' for number in range(9))
    first, _ = turtle(bare)
    second, _ = turtle(bare + "# read anew\n")
    assert [(item.id, item.locator, item.keywords) for item in first] == [
        (item.id, item.locator, item.keywords) for item in second
    ]
    assert len({item.id for item in first}) == 9


XML = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#"
  xmlns:dct="http://purl.org/dc/terms/">
<dcat:Dataset rdf:about="/d/1"><dct:title xml:lang="kk">Су</dct:title></dcat:Dataset>
<dcat:Dataset rdf:about="/d/2"><dct:title xml:lang="ru">Вода</dct:title></dcat:Dataset>
</rdf:RDF>"""
JSON = {
    "@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"},
    "@graph": [{"@id": "/d/1", "@type": "dcat:Dataset", "dct:title": {"@value": "Су", "@language": "kk"}}],
}


@pytest.mark.parametrize("declared", ["application/rdf+xml", "text/plain", "application/octet-stream"])
def test_the_bytes_tell_the_syntax(declared: str) -> None:
    records, trouble = read(DCAT, HERE, answer(URL, declared), XML.encode())
    assert trouble is None
    assert [(item.id, item.titles) for item in records] == [
        (f"{SITE}/d/1", {"kk": "Су"}), (f"{SITE}/d/2", {"ru": "Вода"}),
    ]  # fmt: skip
    records, trouble = read(DCAT, HERE, answer(URL, declared), as_json(JSON))
    assert (trouble, records[0].titles) == (None, {"kk": "Су"})


@pytest.mark.parametrize(
    "context", ["http://contexts.lab/dcat.jsonld", ["http://contexts.lab/x", {"x": "http://x.lab/"}]]
)
def test_a_remote_context_is_not_fetched(context: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("went to the network")

    monkeypatch.setattr("urllib.request.urlopen", never)
    monkeypatch.setattr("socket.socket.connect", never)
    body = as_json({"@context": context, "type": "Dataset", "id": "/d/1", "title": "A", "keyword": ["x", "y"]})
    records, trouble = read(DCAT, HERE, answer(URL, "application/ld+json"), body)
    assert trouble is None
    assert [(item.titles, item.keywords) for item in records] == [({"und": "A"}, ("x", "y"))]


def test_a_graph_that_breaks_off_gives_its_whole_data_sets_only() -> None:
    text = WHOLE + '</d/2> a dcat:Dataset ; dct:title "two" ; dcat:distribution </x> .\n</d/3> a dcat:Dataset ; dct:ti'
    records, trouble = turtle(text)
    assert trouble == "syntax"
    assert [item.id for item in records] == ["one"]
    records, trouble = read(DCAT, HERE, TURTLE, XML[: XML.index("Вода")].encode())
    assert trouble == "syntax"
    assert [item.id for item in records] == [f"{SITE}/d/1"]


LAUGHS = '<!DOCTYPE r [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;">]>' + XML.removeprefix('<?xml version="1.0"?>')
FILE = '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + XML.removeprefix('<?xml version="1.0"?>')


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html></html>", "html"),
        (b"\xef\xbb\xbf <html>", "html"),
        (b"this is no catalogue", "not_rdf"),
        (b"{", "not_json"),
        (b'{"a": 1}', "no_catalogue"),
        (b'{"a":' * 5000, "nested_too_deep"),
        (b'{"a":' * 200 + b"1" + b"}" * 200, "nested_too_deep"),
        (b"<?xml version='1.0'?><rss/>", "no_catalogue"),
        (LAUGHS.encode(), "entities"),
        (FILE.encode(), "entities"),
        (b"<http://a> <http://b> <http://c> .", "no_catalogue"),
    ],
)
def test_answers_that_are_no_catalogue(body: bytes, reason: str) -> None:
    records, trouble = read(DCAT, HERE, answer(URL, "application/octet-stream"), body)
    assert records == []
    assert trouble == reason


@pytest.mark.parametrize(
    ("text", "link", "ahead"),
    [
        ("<> hydra:next <?page=2> .", None, [f"{URL}?page=2"]),
        ("[] a hydra:PagedCollection ; hydra:nextPage <?page=2> .", None, [f"{URL}?page=2"]),
        ("", '<?page=2>; rel="next", <?page=9>; rel="last"', [f"{URL}?page=2"]),
        ("", '<?page=9>; rel="last"', []),
        ("<> hydra:next <> .", None, []),
        ("<> hydra:next <mailto:x@y> .", None, []),
        ("</c> a dcat:Catalog ; dcat:catalog </sub>, <http://elsewhere.lab/c> .", None, [f"{SITE}/sub"]),
        ("</c> a dcat:Catalog ; dct:hasPart </sub> . </x> dct:hasPart </no> .", None, [f"{SITE}/sub"]),
        (
            "</c> a dcat:Catalog ; dcat:dataset </d/1> , </d/2> . </d/1> a dcat:Dataset ; dct:title 'x' .",
            None,
            [f"{SITE}/d/2"],
        ),
    ],
)
def test_what_a_catalogue_leads_to(text: str, link: str | None, ahead: list[str]) -> None:
    headers = (("Content-Type", "text/turtle"), *((("Link", link),) if link else ()))
    found = answer(URL, headers=headers)
    assert follow(DCAT, HERE, found, (HEAD + "</c> a dcat:Catalog .\n" + text).encode()) == ahead


def test_the_total_is_what_hydra_says() -> None:
    body = (HEAD + "<> a hydra:PagedCollection ; hydra:totalItems 1000000000 .").encode()
    assert DCAT.total(HERE, TURTLE, body) == 10**9
    assert DCAT.total(HERE, TURTLE, b"<html>") is None


def test_broken_addresses_stay_as_written_and_relative_ones_are_resolved() -> None:
    (record,), _ = turtle(
        '</d> a dcat:Dataset ; dcat:distribution [ dcat:downloadURL "a b.csv" ] , [ dcat:downloadURL "htp:/x" ] .'
    )
    assert {item.url for item in record.distributions} == {f"{SITE}/a%20b.csv", "htp:/x"}
