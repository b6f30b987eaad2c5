"""A small catalogue that claims DCAT-AP: the statistics bureau's own, in Turtle, with one data set that is invalid."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlsplit

from tests.lab.lists import SPACE, XML, robots
from tests.lab.pages import Answer, missing
from tests.lab.plans import LICENCE
from tests.lab.words import LANGUAGES, file_title

DCAT_HOST = "dcat.lab"
CATALOGUE = "statistics"
FEED = "/catalog.ttl"
TURTLE = "text/turtle; charset=utf-8"
UPDATED = 12
SETS = ("levels.csv", "roads.csv", "reservoirs.xlsx", "canals.geojson", "permits.json")
MEDIA = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "json": "application/json",
}
HEAD = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix frequency: <http://publications.europa.eu/resource/authority/frequency/> .
@prefix theme: <http://publications.europa.eu/resource/authority/data-theme/> .
@prefix language: <http://publications.europa.eu/resource/authority/language/> .
@prefix type: <https://www.iana.org/assignments/media-types/> .
"""
NAMES = {
    "kk": "Ұлттық статистика бюросы",
    "ru": "Бюро национальной статистики",
    "en": "Bureau of National Statistics",
}
TITLES = {"kk": "Статистика каталогы", "ru": "Каталог статистики", "en": "Catalogue of statistics"}
ABOUT = {
    "kk": "Кесте өңірлер бойынша жылдық мәндерді қамтиды: {}. Әдістеме бюроның сайтында жарияланған.",
    "ru": "Таблица содержит годовые значения по регионам: {}. Методика опубликована на сайте бюро.",
    "en": "The table holds yearly values by region: {}. The method is published on the site of the bureau.",
}
CODES = ("language:KAZ", "language:RUS", "language:ENG")
LANGUAGE_CODES = {"canals.geojson": ("<http://id.loc.gov/vocabulary/iso639-1/kz>", *CODES[1:])}
"""Languages as sets declare them: one names Kazakh by the code of the country."""
KEYWORDS = {"kk": "өңірлер", "ru": "регионы", "en": "regions"}


class Catalogue:
    """Every answer of the catalogue."""

    def __init__(self, night: date, port: int) -> None:
        self.night, self.base, self.files = night, f"http://{DCAT_HOST}:{port}", f"http://files.lab:{port}/files"
        self._answers = {
            FEED: Answer(self._turtle().encode(), content_type=TURTLE),
            "/robots.txt": robots(self.base),
            "/sitemap.xml": Answer(self._sitemap().encode(), content_type=XML),
            "/": self._page(f'<link rel="alternate" type="text/turtle" href="{FEED}">'),
            **{f"/set/{number}": self._page() for number in range(1, len(SETS) + 1)},
        }

    def answer(self, target: str) -> Answer:
        """Return what the catalogue says to *target*."""
        return self._answers.get(urlsplit(target).path) or missing(None)

    def publisher(self) -> str:
        """Return the IRI by which the catalogue names the bureau."""
        return f"{self.base}/publishers/bureau"

    def _page(self, link: str = "") -> Answer:
        head = f'<!DOCTYPE html><html lang="en"><head><title>{TITLES["en"]}</title>{link}</head>'
        return Answer(f"{head}<body><h1>{TITLES['en']}</h1></body></html>".encode())

    def _sitemap(self) -> str:
        """Return a sitemap that gives the page of each set a day of its own: the first that of its last update."""
        rows = "".join(
            f"<url><loc>{self.base}/set/{number + 1}</loc><lastmod>{self._day(UPDATED + 9 * number)}</lastmod></url>"
            for number in range(len(SETS))
        )
        return f'<?xml version="1.0"?><urlset xmlns="{SPACE}">{rows}</urlset>'

    def _turtle(self) -> str:
        names = [f"<{self.base}/set/{number}>" for number in range(1, len(SETS) + 2)]
        catalogue = (
            f"<{self.base}/> a dcat:Catalog ;\n  dct:title {_texts(TITLES)} ;\n  dct:description {_texts(TITLES)} ;\n"
            f"  dct:publisher <{self.publisher()}> ;\n  dct:license <{LICENCE}> ;\n"
            f"  dct:conformsTo <http://data.europa.eu/r5r/> ; foaf:homepage <{self.base}/> ;\n"
            f"  dcat:dataset {', '.join(names)} .\n"
        )
        agent = f"<{self.publisher()}> a foaf:Agent, foaf:Organization ; foaf:name {_texts(NAMES)} .\n"
        sets = "\n".join(self._set(name, file) for name, file in zip(names, SETS, strict=False))
        return f"{HEAD}\n{catalogue}\n{agent}\n{sets}\n{self._invalid(names[-1])}"

    def _set(self, name: str, file: str) -> str:
        titles = {language: file_title(language, file) for language in LANGUAGES}
        about = {language: ABOUT[language].format(titles[language].lower()) for language in LANGUAGES}
        ending = file.rpartition(".")[2]
        return (
            f'{name} a dcat:Dataset ;\n  dct:identifier "{file}" ;\n  dct:title {_texts(titles)} ;\n'
            f"  dct:description {_texts(about)} ;\n  dct:publisher <{self.publisher()}> ;\n"
            f'  dcat:contactPoint [ a vcard:Organization ; vcard:fn "Бюро национальной статистики" ;\n'
            f"    vcard:hasEmail <mailto:data@files.lab> ; vcard:hasTelephone <tel:+77172000000> ] ;\n"
            f'  dcat:keyword {_texts(KEYWORDS)} ;\n  dcat:theme theme:GOVE ;\n  dcat:version "1.0" ;\n'
            f"  dct:language {', '.join(LANGUAGE_CODES.get(file, CODES))} ;\n"
            f"  dct:accrualPeriodicity frequency:MONTHLY ;\n  dct:license <{LICENCE}> ;\n"
            f'  dct:issued "{self._day(800)}"^^xsd:date ;\n  dct:modified "{self._day(UPDATED)}"^^xsd:date ;\n'
            f"  dcat:landingPage {name} ;\n"
            f"  dcat:distribution [ a dcat:Distribution ; dct:title {_texts(titles)} ;\n"
            f"    dcat:accessURL <{self.files}/{file}> ; dcat:downloadURL <{self.files}/{file}> ;\n"
            f"    dcat:mediaType type:{_local(MEDIA[ending])} ; dct:license <{LICENCE}> ] .\n"
        )

    def _invalid(self, name: str) -> str:
        """Return a data set without title and description, changed on a day that is none, in a form without address."""
        return (
            f'{name} a dcat:Dataset ;\n  dct:identifier "draft" ;\n  dct:publisher <{self.publisher()}> ;\n'
            f'  dct:license <{LICENCE}> ;\n  dct:modified "next week"^^xsd:date ;\n'
            f"  dcat:distribution [ a dcat:Distribution ] .\n"
        )

    def _day(self, days: int) -> str:
        return (self.night - timedelta(days=days)).isoformat()


def _texts(texts: dict[str, str]) -> str:
    return ", ".join(f'"{text}"@{language}' for language, text in texts.items())


def _local(media: str) -> str:
    """Return a media type as a local name of Turtle: the slash and the plus are escaped."""
    return media.replace("/", r"\/").replace("+", r"\+")
