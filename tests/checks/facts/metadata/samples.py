"""Small metadata documents written by hand, valid unless told otherwise."""

from __future__ import annotations

GMD = "http://www.isotc211.org/2005/gmd"
GCO = "http://www.isotc211.org/2005/gco"
CODES = "http://www.isotc211.org/2005/resources/codeList.xml"
CONTACT = """<gmd:contact><gmd:CI_ResponsibleParty>
  <gmd:organisationName><gco:CharacterString>Geodesy Centre</gco:CharacterString></gmd:organisationName>
  <gmd:contactInfo><gmd:CI_Contact><gmd:address><gmd:CI_Address>
    <gmd:electronicMailAddress><gco:CharacterString>geo@example.kz</gco:CharacterString></gmd:electronicMailAddress>
  </gmd:CI_Address></gmd:address></gmd:CI_Contact></gmd:contactInfo>
  <gmd:role><gmd:CI_RoleCode codeList="{codes}#CI_RoleCode" codeListValue="pointOfContact"/></gmd:role>
</gmd:CI_ResponsibleParty></gmd:contact>"""
BOX = """<gmd:extent><gmd:EX_Extent><gmd:geographicElement><gmd:EX_GeographicBoundingBox>
  <gmd:westBoundLongitude><gco:Decimal>{west}</gco:Decimal></gmd:westBoundLongitude>
  <gmd:eastBoundLongitude><gco:Decimal>{east}</gco:Decimal></gmd:eastBoundLongitude>
  <gmd:southBoundLatitude><gco:Decimal>{south}</gco:Decimal></gmd:southBoundLatitude>
  <gmd:northBoundLatitude><gco:Decimal>{north}</gco:Decimal></gmd:northBoundLatitude>
</gmd:EX_GeographicBoundingBox></gmd:geographicElement></gmd:EX_Extent></gmd:extent>"""
DISTRIBUTION = """<gmd:distributionInfo><gmd:MD_Distribution>
  <gmd:distributionFormat><gmd:MD_Format>
    <gmd:name><gco:CharacterString>GeoJSON</gco:CharacterString></gmd:name>
    <gmd:version><gco:CharacterString>RFC 7946</gco:CharacterString></gmd:version>
  </gmd:MD_Format></gmd:distributionFormat>
  <gmd:transferOptions><gmd:MD_DigitalTransferOptions><gmd:onLine><gmd:CI_OnlineResource>
    <gmd:linkage><gmd:URL>https://map.example.kz/lakes.geojson</gmd:URL></gmd:linkage>
  </gmd:CI_OnlineResource></gmd:onLine></gmd:MD_DigitalTransferOptions></gmd:transferOptions>
</gmd:MD_Distribution></gmd:distributionInfo>"""
KAZAKHSTAN = (46.5, 40.6, 87.3, 55.4)


def iso(
    *,
    identifier: str = "lakes-2026",
    contact: str = CONTACT,
    title: str = "Lakes",
    abstract: str = "Lakes of the country with their areas.",
    date: str = "<gco:Date>2026-05-04</gco:Date>",
    box: tuple[float, float, float, float] = KAZAKHSTAN,
    gml: str = "http://www.opengis.net/gml/3.2",
    root: str = "gmd:MD_Metadata",
    extra: str = "",
) -> bytes:
    """Return a record of ISO/TS 19139, or 19115-2 with another root."""
    west, south, east, north = box
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<{root} xmlns:gmd="{GMD}" xmlns:gco="{GCO}" xmlns:gml="{gml}" xmlns:gmi="http://www.isotc211.org/2005/gmi">
<gmd:fileIdentifier><gco:CharacterString>{identifier}</gco:CharacterString></gmd:fileIdentifier>
<gmd:language><gmd:LanguageCode codeList="{CODES}#LanguageCode" codeListValue="kaz">Kazakh</gmd:LanguageCode>
</gmd:language>
<gmd:hierarchyLevel><gmd:MD_ScopeCode codeList="{CODES}#MD_ScopeCode" codeListValue="dataset"/></gmd:hierarchyLevel>
{contact.format(codes=CODES)}
<gmd:dateStamp>{date}</gmd:dateStamp>
<gmd:referenceSystemInfo><gmd:MD_ReferenceSystem><gmd:referenceSystemIdentifier><gmd:RS_Identifier>
  <gmd:code><gco:CharacterString>4326</gco:CharacterString></gmd:code>
  <gmd:codeSpace><gco:CharacterString>EPSG</gco:CharacterString></gmd:codeSpace>
</gmd:RS_Identifier></gmd:referenceSystemIdentifier></gmd:MD_ReferenceSystem></gmd:referenceSystemInfo>
<gmd:identificationInfo><gmd:MD_DataIdentification>
  <gmd:citation><gmd:CI_Citation>
    <gmd:title><gco:CharacterString>{title}</gco:CharacterString></gmd:title>
    <gmd:date><gmd:CI_Date><gmd:date><gco:Date>2026-05-01</gco:Date></gmd:date>
      <gmd:dateType><gmd:CI_DateTypeCode codeList="{CODES}#CI_DateTypeCode" codeListValue="publication"/></gmd:dateType>
    </gmd:CI_Date></gmd:date>
  </gmd:CI_Citation></gmd:citation>
  <gmd:abstract><gco:CharacterString>{abstract}</gco:CharacterString></gmd:abstract>
  <gmd:resourceConstraints><gmd:MD_LegalConstraints><gmd:useLimitation>
    <gco:CharacterString>none</gco:CharacterString></gmd:useLimitation></gmd:MD_LegalConstraints></gmd:resourceConstraints>
  <gmd:language><gco:CharacterString>rus</gco:CharacterString></gmd:language>
  <gmd:topicCategory><gmd:MD_TopicCategoryCode>inlandWaters</gmd:MD_TopicCategoryCode></gmd:topicCategory>
  {BOX.format(west=west, east=east, south=south, north=north)}
  {extra}
</gmd:MD_DataIdentification></gmd:identificationInfo>
{DISTRIBUTION}
</{root}>""".encode()


def time_period(gml: str) -> str:
    """Return a temporal extent; the namespace of GML tells the two editions of ISO 19139 apart."""
    return f"""<gmd:extent><gmd:EX_Extent><gmd:temporalElement><gmd:EX_TemporalExtent><gmd:extent>
<gml:TimePeriod xmlns:gml="{gml}" gml:id="t1"><gml:beginPosition>2020-01-01</gml:beginPosition>
<gml:endPosition>2025-12-31</gml:endPosition></gml:TimePeriod>
</gmd:extent></gmd:EX_TemporalExtent></gmd:temporalElement></gmd:EX_Extent></gmd:extent>"""


def iso_3(version: str = "2.0", *, contact: str = "Geodesy Centre") -> bytes:
    """Return a record of ISO/TS 19115-3."""
    base = "http://standards.iso.org/iso/19115/-3"
    cit = "2.0" if version == "2.0" else "1.0"
    text = "<gco:CharacterString>{}</gco:CharacterString>"
    date = """<cit:CI_Date><cit:date><gco:Date>{day}</gco:Date></cit:date>
<cit:dateType><cit:CI_DateTypeCode codeList="{codes}" codeListValue="{kind}"/></cit:dateType></cit:CI_Date>"""
    party = f"<cit:name>{text.format(contact)}</cit:name>" if contact else ""
    return f"""<mdb:MD_Metadata xmlns:mdb="{base}/mdb/{version}" xmlns:cit="{base}/cit/{cit}" xmlns:gco="{base}/gco/1.0"
  xmlns:mcc="{base}/mcc/1.0" xmlns:mri="{base}/mri/1.0" xmlns:lan="{base}/lan/1.0">
<mdb:metadataIdentifier><mcc:MD_Identifier><mcc:code>{text.format("lakes-3")}</mcc:code></mcc:MD_Identifier>
</mdb:metadataIdentifier>
<mdb:defaultLocale><lan:PT_Locale><lan:language><lan:LanguageCode codeList="x" codeListValue="rus"/>
</lan:language>
<lan:characterEncoding><lan:MD_CharacterSetCode codeList="x" codeListValue="utf8"/></lan:characterEncoding>
</lan:PT_Locale></mdb:defaultLocale>
<mdb:contact><cit:CI_Responsibility><cit:role><cit:CI_RoleCode codeList="x" codeListValue="pointOfContact"/></cit:role>
<cit:party><cit:CI_Organisation>{party}</cit:CI_Organisation></cit:party></cit:CI_Responsibility></mdb:contact>
<mdb:dateInfo>{date.format(day="2024-01-01", kind="creation", codes="x")}</mdb:dateInfo>
<mdb:dateInfo>{date.format(day="2026-02-03", kind="revision", codes="x")}</mdb:dateInfo>
<mdb:identificationInfo><mri:MD_DataIdentification>
<mri:citation><cit:CI_Citation><cit:title>{text.format("Lakes")}</cit:title></cit:CI_Citation></mri:citation>
<mri:abstract>{text.format("Lakes of the country.")}</mri:abstract>
</mri:MD_DataIdentification></mdb:identificationInfo>
</mdb:MD_Metadata>""".encode()


DCAT = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
<https://data.example.kz/> a dcat:Catalog ; dct:title "Catalogue"@en ; dct:description "All data"@en ;
  dct:publisher <https://data.example.kz/org/1> {claim} ; dcat:dataset <https://data.example.kz/d/1> .
<https://data.example.kz/org/1> a foaf:Organization ; foaf:name "Ministry" .
<https://data.example.kz/d/1> a dcat:Dataset ; {title} dct:description "Lakes and areas"@en ;
  dct:publisher <https://data.example.kz/org/1> ; dct:identifier "1" ;
  dct:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/ANNUAL> ;
  dcat:distribution <https://data.example.kz/d/1/csv> .
<https://data.example.kz/d/1/csv> a dcat:Distribution ; dcat:accessURL <https://data.example.kz/d/1.csv> .
"""
CLAIM = "; dct:conformsTo <http://data.europa.eu/r5r/>"


def dcat(*, title: str = 'dct:title "Lakes"@en ;', claim: str = CLAIM) -> bytes:
    """Return a catalogue of one data set in Turtle."""
    return DCAT.format(title=title, claim=claim).encode()
