"""Twelve metadata records of a spatial catalogue, as ISO 19139: what a geodesy committee describes, sound or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from xml.sax.saxutils import escape

OWNER = {"rus": "Комитет геодезии и картографии", "kaz": "Геодезия және картография комитеті"}
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
KAZAKHSTAN = (46.5, 40.6, 87.3, 55.4)
LOCALES = {"kaz": "KK", "eng": "EN"}


@dataclass(frozen=True)
class Sheet:
    """One record. `age` is in days before the night; texts by three-letter code, the language of the record first."""

    id: str
    titles: dict[str, str]
    abstract: str
    age: int
    frequency: str | None = "annually"
    licence: str | None = LICENCE
    format: str | None = "GeoPackage"
    contact: bool = True
    box: tuple[float, float, float, float] | None = KAZAKHSTAN
    kind: str = "dataset"


SHEETS = (
    Sheet("kz-roads", {"rus": "Автомобильные дороги", "kaz": "Автомобиль жолдары", "eng": "Roads"}, "Сеть дорог", 20),
    Sheet("kz-rivers", {"rus": "Реки", "kaz": "Өзендер", "eng": "Rivers"}, "Речная сеть", 40),
    Sheet("kz-lakes", {"rus": "Озёра", "kaz": "Көлдер", "eng": "Lakes"}, "Контуры озёр", 60, "quarterly"),
    Sheet(
        "kz-regions",
        {"rus": "Границы областей", "kaz": "Облыс шекаралары", "eng": "Regions"},
        "Границы",
        10,
        "asNeeded",
    ),
    Sheet("kz-relief", {"rus": "Рельеф", "kaz": "Жер бедері"}, "Цифровая модель рельефа", 700, format="GeoTIFF"),
    Sheet("kz-names", {"rus": "Географические названия", "kaz": "Географиялық атаулар"}, "Названия", 30, "weekly"),
    Sheet("kz-ortho", {"rus": "Ортофотоплан"}, "Снимки города", 1500, "annually", None, "JPEG"),
    Sheet("kz-cadastre", {"rus": "Кадастровые кварталы"}, "Кварталы", 400, None, None, None),
    Sheet("kz-geology", {"rus": "Геологическая карта"}, "Карта", 3000, "notPlanned", contact=False, box=None),
    Sheet("kz-soils", {"kaz": "Топырақ картасы", "rus": "Карта почв"}, "Топырақ түрлері", 90),
    Sheet("kz-series", {"rus": "Топографические карты 1:200 000"}, "Серия листов", 200, kind="series"),
    Sheet("kz-forests", {"rus": "Леса", "kaz": "Ормандар", "eng": "Forests"}, "Лесной фонд", 370, "annually"),
)


def document(sheet: Sheet, night: date, files: str) -> str:
    """Return the record as XML; its data lie under the address *files*."""
    stamp = (night - timedelta(days=sheet.age)).isoformat()
    own = next(iter(sheet.titles))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd" '
        'xmlns:gco="http://www.isotc211.org/2005/gco" xmlns:gmx="http://www.isotc211.org/2005/gmx" '
        'xmlns:gml="http://www.opengis.net/gml" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        + _text("fileIdentifier", sheet.id)
        + _coded("language", "LanguageCode", own)
        + _coded("hierarchyLevel", "MD_ScopeCode", sheet.kind)
        + _party("contact", own, "pointOfContact", mail=sheet.contact)
        + f"<gmd:dateStamp><gco:Date>{stamp}</gco:Date></gmd:dateStamp>"
        + _text("metadataStandardName", "ISO 19115:2003/19139")
        + "".join(_locale(code) for code in list(sheet.titles)[1:])
        + _identification(sheet, own, stamp)
        + _distribution(sheet, files)
        + "</gmd:MD_Metadata>"
    )


def _text(name: str, value: str, more: str = "") -> str:
    kind = ' xsi:type="gmd:PT_FreeText_PropertyType"' if more else ""
    return f"<gmd:{name}{kind}><gco:CharacterString>{escape(value)}</gco:CharacterString>{more}</gmd:{name}>"


def _coded(name: str, code_list: str, value: str) -> str:
    return (
        f'<gmd:{name}><gmd:{code_list} codeList="http://standards.iso.org/iso/19139/resources/gmxCodelists.xml#'
        f'{code_list}" codeListValue="{value}">{value}</gmd:{code_list}></gmd:{name}>'
    )


def _locale(code: str) -> str:
    inside = _coded("languageCode", "LanguageCode", code) + _coded("characterEncoding", "MD_CharacterSetCode", "utf8")
    name = LOCALES.get(code, code.upper())
    return f'<gmd:locale><gmd:PT_Locale id="{name}">{inside}</gmd:PT_Locale></gmd:locale>'


def _party(name: str, own: str, role: str, *, mail: bool) -> str:
    contact = _text("electronicMailAddress", "geodesy@map.lab")
    told = f"<gmd:contactInfo><gmd:CI_Contact><gmd:address><gmd:CI_Address>{contact}</gmd:CI_Address></gmd:address>"
    told = told + "</gmd:CI_Contact></gmd:contactInfo>" if mail else ""
    body = _text("organisationName", OWNER.get(own, OWNER["rus"])) + told + _coded("role", "CI_RoleCode", role)
    return f"<gmd:{name}><gmd:CI_ResponsibleParty>{body}</gmd:CI_ResponsibleParty></gmd:{name}>"


def _identification(sheet: Sheet, own: str, stamp: str) -> str:
    free = "".join(
        f'<gmd:textGroup><gmd:LocalisedCharacterString locale="#{LOCALES.get(code, code.upper())}">{escape(title)}'
        "</gmd:LocalisedCharacterString></gmd:textGroup>"
        for code, title in list(sheet.titles.items())[1:]
    )
    title = _text("title", sheet.titles[own], f"<gmd:PT_FreeText>{free}</gmd:PT_FreeText>" if free else "")
    day = f"<gmd:date><gco:Date>{stamp}</gco:Date></gmd:date>" + _coded("dateType", "CI_DateTypeCode", "revision")
    return (
        "<gmd:identificationInfo><gmd:MD_DataIdentification><gmd:citation><gmd:CI_Citation>"
        f"{title}<gmd:date><gmd:CI_Date>{day}</gmd:CI_Date></gmd:date></gmd:CI_Citation></gmd:citation>"
        + _text("abstract", sheet.abstract)
        + _party("pointOfContact", own, "owner", mail=sheet.contact)
        + _maintenance(sheet.frequency)
        + "<gmd:descriptiveKeywords><gmd:MD_Keywords>"
        + _text("keyword", "карта")
        + "</gmd:MD_Keywords></gmd:descriptiveKeywords>"
        + _constraints(sheet.licence)
        + _coded("language", "LanguageCode", own)
        + "<gmd:topicCategory><gmd:MD_TopicCategoryCode>location</gmd:MD_TopicCategoryCode></gmd:topicCategory>"
        + _extent(sheet.box)
        + "</gmd:MD_DataIdentification></gmd:identificationInfo>"
    )


def _maintenance(frequency: str | None) -> str:
    if frequency is None:
        return ""
    code = _coded("maintenanceAndUpdateFrequency", "MD_MaintenanceFrequencyCode", frequency)
    inside = f"<gmd:MD_MaintenanceInformation>{code}</gmd:MD_MaintenanceInformation>"
    return f"<gmd:resourceMaintenance>{inside}</gmd:resourceMaintenance>"


def _constraints(licence: str | None) -> str:
    if licence is None:
        return ""
    return (
        "<gmd:resourceConstraints><gmd:MD_LegalConstraints>"
        + _coded("useConstraints", "MD_RestrictionCode", "license")
        + f'<gmd:otherConstraints><gmx:Anchor xlink:href="{licence}">CC BY 4.0</gmx:Anchor></gmd:otherConstraints>'
        + "</gmd:MD_LegalConstraints></gmd:resourceConstraints>"
    )


def _extent(box: tuple[float, float, float, float] | None) -> str:
    if box is None:
        return ""
    names = ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")
    sides = dict(zip(names, box, strict=True))
    ordered = (names[0], names[2], names[1], names[3])  # the schema puts east before south
    inside = "".join(f"<gmd:{name}><gco:Decimal>{sides[name]}</gco:Decimal></gmd:{name}>" for name in ordered)
    return (
        "<gmd:extent><gmd:EX_Extent><gmd:geographicElement><gmd:EX_GeographicBoundingBox>"
        f"{inside}</gmd:EX_GeographicBoundingBox></gmd:geographicElement></gmd:EX_Extent></gmd:extent>"
    )


def _distribution(sheet: Sheet, files: str) -> str:
    if sheet.format is None:
        return ""
    link = f"<gmd:linkage><gmd:URL>{files}{sheet.id}</gmd:URL></gmd:linkage>" + _text("protocol", "WWW:DOWNLOAD")
    return (
        "<gmd:distributionInfo><gmd:MD_Distribution><gmd:distributionFormat><gmd:MD_Format>"
        + _text("name", sheet.format)
        + _text("version", "1")
        + "</gmd:MD_Format></gmd:distributionFormat><gmd:transferOptions><gmd:MD_DigitalTransferOptions><gmd:onLine>"
        + f"<gmd:CI_OnlineResource>{link}</gmd:CI_OnlineResource></gmd:onLine></gmd:MD_DigitalTransferOptions>"
        + "</gmd:transferOptions></gmd:MD_Distribution></gmd:distributionInfo>"
    )
