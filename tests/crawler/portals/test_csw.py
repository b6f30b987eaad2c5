from __future__ import annotations

import pytest

from crawler.capture import ExchangeOutcome
from crawler.portals.csw import Csw
from crawler.portals.values import query_of
from crawler.records import Contact, Distribution, Extent, Licence, Record, Standard
from tests.crawler.portals.answers import SITE, answer, asks, follow, portal, read

CSW = Csw()
URL = f"{SITE}/catalogue/csw"
HERE = portal("csw", URL)
FIRST = asks(CSW, HERE)[0].url
XML = "application/xml"
NAMES = (
    'xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" xmlns:gmd="http://www.isotc211.org/2005/gmd" '
    'xmlns:gco="http://www.isotc211.org/2005/gco" xmlns:gmx="http://www.isotc211.org/2005/gmx" '
    'xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dct="http://purl.org/dc/terms/" xmlns:ows="http://www.opengis.net/ows" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"'
)
SAMPLE = """<gmd:MD_Metadata>
<gmd:fileIdentifier><gco:CharacterString>kz-1</gco:CharacterString></gmd:fileIdentifier>
<gmd:language><gmd:LanguageCode codeListValue="rus">Russian</gmd:LanguageCode></gmd:language>
<gmd:hierarchyLevel><gmd:MD_ScopeCode codeListValue="dataset"/></gmd:hierarchyLevel>
<gmd:contact><gmd:CI_ResponsibleParty>
  <gmd:organisationName><gco:CharacterString>Отдел метаданных</gco:CharacterString></gmd:organisationName>
  <gmd:contactInfo><gmd:CI_Contact><gmd:address><gmd:CI_Address><gmd:electronicMailAddress>
    <gco:CharacterString>m@data.lab</gco:CharacterString></gmd:electronicMailAddress></gmd:CI_Address></gmd:address>
  </gmd:CI_Contact></gmd:contactInfo>
  <gmd:role><gmd:CI_RoleCode codeListValue="pointOfContact"/></gmd:role></gmd:CI_ResponsibleParty></gmd:contact>
<gmd:dateStamp><gco:Date>2026-01-01</gco:Date></gmd:dateStamp>
<gmd:locale><gmd:PT_Locale id="KZ"><gmd:languageCode><gmd:LanguageCode codeListValue="kaz"/></gmd:languageCode>
</gmd:PT_Locale></gmd:locale>
<gmd:referenceSystemInfo><gmd:MD_ReferenceSystem><gmd:referenceSystemIdentifier><gmd:RS_Identifier><gmd:code>
  <gco:CharacterString>EPSG:4326</gco:CharacterString></gmd:code></gmd:RS_Identifier>
</gmd:referenceSystemIdentifier></gmd:MD_ReferenceSystem></gmd:referenceSystemInfo>
<gmd:identificationInfo><gmd:MD_DataIdentification>
  <gmd:citation><gmd:CI_Citation>
    <gmd:title><gco:CharacterString>Реки</gco:CharacterString><gmd:PT_FreeText><gmd:textGroup>
      <gmd:LocalisedCharacterString locale="#KZ">Өзендер</gmd:LocalisedCharacterString>
      <gmd:LocalisedCharacterString locale="#eng">Rivers</gmd:LocalisedCharacterString>
    </gmd:textGroup></gmd:PT_FreeText></gmd:title>
    <gmd:date><gmd:CI_Date><gmd:date><gco:Date>2020-05-01</gco:Date></gmd:date>
      <gmd:dateType><gmd:CI_DateTypeCode codeListValue="publication"/></gmd:dateType></gmd:CI_Date></gmd:date>
    <gmd:date><gmd:CI_Date><gmd:date><gco:Date>2025-05-01</gco:Date></gmd:date>
      <gmd:dateType><gmd:CI_DateTypeCode codeListValue="revision"/></gmd:dateType></gmd:CI_Date></gmd:date>
  </gmd:CI_Citation></gmd:citation>
  <gmd:abstract><gco:CharacterString>Реки
     страны</gco:CharacterString></gmd:abstract>
  <gmd:pointOfContact><gmd:CI_ResponsibleParty>
    <gmd:organisationName><gco:CharacterString>Комитет</gco:CharacterString></gmd:organisationName>
    <gmd:role><gmd:CI_RoleCode codeListValue="owner"/></gmd:role></gmd:CI_ResponsibleParty></gmd:pointOfContact>
  <gmd:resourceMaintenance><gmd:MD_MaintenanceInformation><gmd:maintenanceAndUpdateFrequency>
    <gmd:MD_MaintenanceFrequencyCode codeListValue="annually"/></gmd:maintenanceAndUpdateFrequency>
  </gmd:MD_MaintenanceInformation></gmd:resourceMaintenance>
  <gmd:descriptiveKeywords><gmd:MD_Keywords><gmd:keyword><gco:CharacterString>вода</gco:CharacterString></gmd:keyword>
  </gmd:MD_Keywords></gmd:descriptiveKeywords>
  <gmd:resourceConstraints><gmd:MD_LegalConstraints>
    <gmd:useConstraints><gmd:MD_RestrictionCode codeListValue="license"/></gmd:useConstraints>
    <gmd:otherConstraints><gmx:Anchor xlink:href="http://l.example/by">CC BY</gmx:Anchor></gmd:otherConstraints>
  </gmd:MD_LegalConstraints></gmd:resourceConstraints>
  <gmd:topicCategory><gmd:MD_TopicCategoryCode>inlandWaters</gmd:MD_TopicCategoryCode></gmd:topicCategory>
  <gmd:extent><gmd:EX_Extent>
    <gmd:geographicElement><gmd:EX_GeographicBoundingBox>
      <gmd:westBoundLongitude><gco:Decimal>46</gco:Decimal></gmd:westBoundLongitude>
      <gmd:eastBoundLongitude><gco:Decimal>87</gco:Decimal></gmd:eastBoundLongitude>
      <gmd:southBoundLatitude><gco:Decimal>40</gco:Decimal></gmd:southBoundLatitude>
      <gmd:northBoundLatitude><gco:Decimal>55</gco:Decimal></gmd:northBoundLatitude>
    </gmd:EX_GeographicBoundingBox></gmd:geographicElement>
    <gmd:temporalElement><gmd:EX_TemporalExtent><gmd:extent><gml:TimePeriod><gml:beginPosition>2019</gml:beginPosition>
      <gml:endPosition>2020</gml:endPosition></gml:TimePeriod></gmd:extent></gmd:EX_TemporalExtent></gmd:temporalElement>
  </gmd:EX_Extent></gmd:extent>
</gmd:MD_DataIdentification></gmd:identificationInfo>
<gmd:distributionInfo><gmd:MD_Distribution>
  <gmd:distributionFormat><gmd:MD_Format><gmd:name><gco:CharacterString>GeoJSON</gco:CharacterString></gmd:name>
  </gmd:MD_Format></gmd:distributionFormat>
  <gmd:transferOptions><gmd:MD_DigitalTransferOptions>
    <gmd:onLine><gmd:CI_OnlineResource><gmd:linkage><gmd:URL>http://f.lab/r.geojson</gmd:URL></gmd:linkage>
      <gmd:name><gco:CharacterString>Файл</gco:CharacterString></gmd:name></gmd:CI_OnlineResource></gmd:onLine>
    <gmd:onLine><gmd:CI_OnlineResource><gmd:linkage><gmd:URL>http://f.lab/wms</gmd:URL></gmd:linkage>
      <gmd:protocol><gco:CharacterString>OGC:WMS</gco:CharacterString></gmd:protocol></gmd:CI_OnlineResource></gmd:onLine>
  </gmd:MD_DigitalTransferOptions></gmd:transferOptions>
</gmd:MD_Distribution></gmd:distributionInfo>
</gmd:MD_Metadata>"""
DUBLIN = """<csw:Record><dc:identifier>dc-1</dc:identifier><dc:title>Roads</dc:title>
<dct:abstract>All roads</dct:abstract>
<dc:subject>road</dc:subject><dc:subject>map</dc:subject><dct:modified>2025-01-01</dct:modified><dc:type>dataset</dc:type>
<dc:rights>open</dc:rights><dc:format>Shapefile</dc:format><dc:publisher>Roads Committee</dc:publisher>
<dct:references scheme="WWW:DOWNLOAD">http://f.lab/roads.zip</dct:references>
<ows:BoundingBox crs="urn:x-ogc:def:crs:EPSG:6.11:4326"><ows:LowerCorner>40 46</ows:LowerCorner>
<ows:UpperCorner>55 87</ows:UpperCorner></ows:BoundingBox></csw:Record>"""


def results(*records: str, matched: object = None, ahead: object = None, returned: object = None) -> bytes:
    stated = {"numberOfRecordsMatched": matched, "numberOfRecordsReturned": returned, "nextRecord": ahead}
    written = " ".join(f'{name}="{value}"' for name, value in stated.items() if value is not None)
    inside = "".join(records)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><csw:GetRecordsResponse {NAMES}>'
        f"<csw:SearchResults {written}>{inside}</csw:SearchResults></csw:GetRecordsResponse>"
    ).encode()


def small(number: int) -> str:
    return f"<csw:Record><dc:identifier>r{number}</dc:identifier></csw:Record>"


def one(record: str) -> Record:
    records, trouble = read(CSW, HERE, answer(FIRST, XML), results(record, matched=1))
    assert trouble is None
    return records[0]


def test_iso_records_are_asked_first() -> None:
    told = query_of(FIRST)
    assert (told["request"], told["version"], told["service"]) == ("GetRecords", "2.0.2", "CSW")
    assert (told["typenames"], told["outputschema"]) == ("gmd:MD_Metadata", "http://www.isotc211.org/2005/gmd")
    assert (told["startposition"], told["maxrecords"], told["elementsetname"]) == ("1", "50", "full")
    (mapped,) = asks(CSW, portal("csw", f"{URL}?map=/srv/x.map&service=CSW"))
    assert query_of(mapped.url)["map"] == "/srv/x.map"


def test_a_whole_iso_record() -> None:
    record = one(SAMPLE)
    assert (record.id, record.standard, record.kind) == ("kz-1", Standard.ISO_19139, "dataset")
    assert record.titles == {"rus": "Реки", "kaz": "Өзендер", "eng": "Rivers"}
    assert record.descriptions == {"rus": "Реки страны"}
    assert record.publisher_names == {"rus": "Комитет"}
    assert record.contact == Contact(has_name=True, has_mail=True, organisation="Комитет")
    assert (record.issued, record.modified, record.metadata_modified) == ("2020-05-01", "2025-05-01", "2026-01-01")
    assert (record.frequency, record.keywords, record.themes) == ("annually", ("вода",), ("inlandWaters",))
    assert record.licence == Licence(id="license", url="http://l.example/by", text="CC BY")
    assert record.extent == Extent(46, 40, 87, 55)
    assert record.temporal == ("2019", "2020")
    assert record.reference_system == "EPSG:4326"
    assert record.distributions == (
        Distribution("http://f.lab/r.geojson", "GeoJSON", titles={"rus": "Файл"}),
        Distribution("http://f.lab/wms", "OGC:WMS", service=True),
    )


def test_the_edition_of_2014_is_read_by_the_same_names() -> None:
    record = one(
        '<mdb:MD_Metadata xmlns:mdb="http://standards.iso.org/iso/19115/-3/mdb/2.0" '
        'xmlns:cit="http://standards.iso.org/iso/19115/-3/cit/2.0" '
        'xmlns:mcc="http://standards.iso.org/iso/19115/-3/mcc/1.0" '
        'xmlns:mri="http://standards.iso.org/iso/19115/-3/mri/1.0" xmlns:lan="http://standards.iso.org/iso/19115/-3/lan/1.0">'
        "<mdb:metadataIdentifier><mcc:MD_Identifier><mcc:code><gco:CharacterString>n-3</gco:CharacterString></mcc:code>"
        "</mcc:MD_Identifier></mdb:metadataIdentifier><mdb:defaultLocale><lan:PT_Locale><lan:language>"
        '<lan:LanguageCode codeListValue="kaz"/></lan:language></lan:PT_Locale></mdb:defaultLocale>'
        "<mdb:dateInfo><cit:CI_Date><cit:date><gco:DateTime>2026-01-01T00:00:00</gco:DateTime></cit:date></cit:CI_Date>"
        "</mdb:dateInfo><mdb:identificationInfo><mri:MD_DataIdentification><mri:citation><cit:CI_Citation><cit:title>"
        "<gco:CharacterString>Көлдер</gco:CharacterString></cit:title></cit:CI_Citation></mri:citation>"
        "<mri:pointOfContact><cit:CI_Responsibility><cit:role><cit:CI_RoleCode codeListValue='publisher'/></cit:role>"
        "<cit:party><cit:CI_Organisation><cit:name><gco:CharacterString>Комитет</gco:CharacterString></cit:name>"
        "</cit:CI_Organisation></cit:party></cit:CI_Responsibility></mri:pointOfContact></mri:MD_DataIdentification>"
        "</mdb:identificationInfo></mdb:MD_Metadata>"
    )
    assert (record.id, record.standard) == ("n-3", Standard.ISO_19115_3)
    assert record.titles == {"kaz": "Көлдер"}
    assert record.publisher_names == {"kaz": "Комитет"}
    assert record.metadata_modified == "2026-01-01T00:00:00"


def test_dublin_core() -> None:
    record = one(DUBLIN)
    assert (record.id, record.standard, record.kind) == ("dc-1", Standard.DUBLIN_CORE, "dataset")
    assert record.titles == {"und": "Roads"}
    assert record.descriptions == {"und": "All roads"}
    assert record.keywords == ("road", "map")
    assert record.publisher_names == {"und": "Roads Committee"}
    assert record.licence == Licence(text="open")
    assert record.extent == Extent(46, 40, 87, 55)
    assert record.distributions == (Distribution("http://f.lab/roads.zip", "Shapefile"),)


def ahead_of(body: bytes, start: int = 1) -> list[str]:
    url = FIRST.replace("startPosition=1", f"startPosition={start}")
    return [query_of(url)["startposition"] for url in follow(CSW, HERE, answer(url, XML), body)]


@pytest.mark.parametrize(
    ("body", "start", "ahead"),
    [
        (results(small(1), small(2), matched=5, returned=2, ahead=3), 1, ["3"]),
        (results(small(1), small(2), matched=2, returned=2, ahead=0), 1, []),
        (results(small(1), matched=10**9, returned=1, ahead=2), 1, ["2"]),
        (results(small(1), matched=9, returned=1, ahead=1), 3, ["4"]),  # leads back: not believed
        (results(small(1), matched=-5, returned=-1, ahead=-3), 1, ["2"]),
        (results(small(1), matched="lots", ahead="soon"), 1, ["2"]),
        (results(matched=100, returned=0, ahead=51), 51, []),
        (results(small(1), small(2), matched=5)[:-90], 51, ["101"]),
        (b"<html>busy</html>", 51, ["101"]),
        (b"<html>busy</html>", 1, []),
        (b"", 1, []),
    ],
)
def test_pages(body: bytes, start: int, ahead: list[str]) -> None:
    assert ahead_of(body, start) == ahead


EXCEPTION = (
    b'<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows" version="1.2.0"><ows:Exception '
    b'exceptionCode="InvalidParameterValue" locator="outputschema"/></ows:ExceptionReport>'
)


def test_where_iso_is_refused_dublin_core_is_asked_once() -> None:
    (url,) = follow(CSW, HERE, answer(FIRST, XML), EXCEPTION)
    assert query_of(url)["outputschema"] == "http://www.opengis.net/cat/csw/2.0.2"
    assert follow(CSW, HERE, answer(url, XML), EXCEPTION) == []
    foreign = results("<fgdc:metadata xmlns:fgdc='http://f.lab/'/>", matched=3, returned=3)
    assert len(follow(CSW, HERE, answer(FIRST, XML), foreign)) == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"<!doctype html><p>x", "html"),
        (b"\x00\x01", "not_xml"),
        (EXCEPTION, "service_exception"),
        (b"<a/>", "no_results"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "no_results"),
        (b"<a>" * 400 + b"</a>" * 400, "not_xml"),
    ],
)
def test_answers_that_are_no_results(body: bytes, reason: str) -> None:
    records, trouble = read(CSW, HERE, answer(FIRST, XML), body)
    assert (records, trouble) == ([], reason)


def test_entities_are_neither_expanded_nor_loaded() -> None:
    head = b'<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/hostname"><!ENTITY a "haha">]>'
    body = head + results(DUBLIN.replace("All roads", "&a;&f;")).split(b"?>", 1)[1]
    records, _ = read(CSW, HERE, answer(FIRST, XML), body)
    assert all("haha" not in text for record in records for text in record.descriptions.values())


def test_of_a_cut_answer_the_whole_records_are_read() -> None:
    body = results(small(1), small(2), small(3), matched=3)
    records, trouble = read(CSW, HERE, answer(FIRST, XML), body[: body.index(b"r3")])
    assert [record.id for record in records] == ["r1", "r2"]
    assert trouble == "cut_off"
    assert CSW.total(HERE, answer(FIRST, XML), body) == 3


def test_behind_a_server_error_in_the_middle_the_next_page_is_asked() -> None:
    url = FIRST.replace("startPosition=1", "startPosition=51")
    down = answer(url, XML, outcome=ExchangeOutcome.HTTP_ERROR, status=502, sha256=None)
    assert len(follow(CSW, HERE, down, b"")) == 1
    gone = answer(url, XML, outcome=ExchangeOutcome.DNS, status=None, sha256=None)
    assert follow(CSW, HERE, gone, b"") == []
