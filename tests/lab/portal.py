"""The national portal: the JSON behind its catalogue, passports, pages by cookie, in the shape of data.egov.kz.

A page of the list holds ten entries whatever is asked for. There is no licence field. Row addresses answer, and what
they give must never be asked for: tests look at `Server.seen`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import yaml

from tests.lab.pages import Answer, missing
from tests.lab.plans import IINS, MAILS, PHONES
from tests.lab.words import HERE, LANGUAGES

PORTAL_HOST = "data.lab"
PORTAL = "national"
PAGE = 10
JSON = "application/json;charset=UTF-8"
ENDINGS = {"kk": "Kk", "ru": "Ru", "en": "En"}
ROWS = re.compile(r"/api/v\d/(?!mapping/)|/api/detailed/|/datasets/getdata\?")
LABELS = {
    "region": {"kk": "Өңір", "ru": "Регион", "en": "Region"},
    "value": {"kk": "Мәні", "ru": "Значение", "en": "Value"},
    "year": {"kk": "Жыл", "ru": "Год", "en": "Year"},
}
TYPES = {"region": "String", "value": "Double", "year": "Int"}
ABOUT = {
    "kk": "Жиынтықта {} туралы мәліметтер өңірлер мен жылдар бойынша берілген. Мәліметтерді ведомстволық ақпараттық "
    "жүйеден жауапты бөлім дайындайды.",
    "ru": "Набор содержит сведения по теме «{}» с разбивкой по регионам и годам. Сведения готовит ответственный отдел "
    "из ведомственной информационной системы.",
    "en": "The set gives figures on the subject “{}” by region and year. They are prepared by the unit in charge from "
    "the ministry's own information system.",
}
KEYWORDS = {"kk": "тізілім, өңір", "ru": "реестр, регион", "en": "register, region"}
POST = {"kk": "Талдау бөлімінің басшысы", "ru": "Руководитель отдела анализа", "en": "Head of the analysis unit"}
BODIES = {
    "good": (101, {"kk": "Су ресурстары министрлігі", "ru": "Министерство водных ресурсов", "en": "Ministry of Water"}),
    "bad": (102, {"kk": "Көлік министрлігі", "ru": "Министерство транспорта", "en": "Ministry of Transport"}),
    "half": (103, {"kk": "Мәдениет министрлігі", "ru": "Министерство культуры", "en": "Ministry of Culture"}),
    "one": (104, {"kk": "Ауыл шаруашылығы министрлігі", "ru": "Министерство сельского хозяйства", "en": "Agriculture"}),
    "old": (105, {"kk": "Геодезия комитеті", "ru": "Комитет геодезии и картографии", "en": "Geodesy Committee"}),
    "stranger": (900, {"kk": "Ғарыш орталығы", "ru": "Национальный космический центр", "en": "Space Centre"}),
}
UPDATED = (
    ("DAILY", 1), ("WEEKLY", 3), ("MONTHLY", 20), ("QUARTERLY", 60), ("HALF_YEAR", 100), ("YEARLY", 200), ("WEEKLY", 6),
    ("MONTHLY", 10),
)  # fmt: skip


@dataclass(frozen=True)
class DataSet:
    """One data set of the portal. `modified` is in days before the night; texts by language."""

    uri: str
    publisher: str
    names: dict[str, str]
    descriptions: dict[str, str]
    frequency: str | None
    modified: int
    labels: tuple[str, ...] = LANGUAGES
    contact: bool = True
    archived: bool = False
    actual: bool = True
    version: str = "v1"


def data_sets() -> list[DataSet]:
    """Return all data sets in the order of the list."""
    texts = yaml.safe_load((HERE / "texts" / "datasets.yaml").read_text(encoding="utf-8"))
    return [
        _FLAWS[publisher](_sound(publisher, uri, names, number), number)
        for publisher, sets in texts.items()
        for number, (uri, names) in enumerate(sets.items())
    ]


def _sound(publisher: str, uri: str, names: dict[str, str], number: int) -> DataSet:
    frequency, modified = UPDATED[number % len(UPDATED)]
    about = {language: ABOUT[language].format(names[language].lower()) for language in LANGUAGES}
    return DataSet(uri, publisher, names, about, frequency, modified)


def _good(item: DataSet, number: int) -> DataSet:
    return replace(item, version="v2" if number == 7 else "v1")


def _bad(item: DataSet, number: int) -> DataSet:
    """Three titles are the apiUri, three descriptions the title, two name no unit and no frequency; all a year old."""
    uri, russian = item.uri, item.names["ru"]
    stale = replace(item, frequency="WEEKLY", modified=366 + number, actual=False)
    if number < 3:
        return replace(stale, names=dict.fromkeys(LANGUAGES, uri))
    if number < 6:
        return replace(stale, names=dict.fromkeys(LANGUAGES, russian), descriptions=dict.fromkeys(LANGUAGES, russian))
    return replace(stale, names={"ru": russian}, descriptions={"ru": "test"}, frequency=None, contact=False)


def _half(item: DataSet, _number: int) -> DataSet:
    """Russian alone, updated as needed."""
    names, about = {"ru": item.names["ru"]}, {"ru": item.descriptions["ru"]}
    return replace(item, names=names, descriptions=about, labels=("ru",), frequency="AS_NEEDED", modified=30)


def _one(item: DataSet, number: int) -> DataSet:
    """No English; two of six promised to be weekly are a year old, and of one the portal says that it is up to date."""
    pair = ("kk", "ru")
    names, about = ({language: texts[language] for language in pair} for texts in (item.names, item.descriptions))
    late = {"frequency": "WEEKLY", "modified": 365, "actual": number == 4} if number >= 4 else {}
    return replace(item, names=names, descriptions=about, labels=pair, **late)


def _old(item: DataSet, number: int) -> DataSet:
    return replace(item, archived=True, actual=False, modified=2170 + number)


_FLAWS = {"good": _good, "bad": _bad, "half": _half, "one": _one, "old": _old, "stranger": lambda item, _number: item}


class Portal:
    """Every answer of the portal."""

    def __init__(self, night: date, port: int) -> None:
        self.night, self.base = night, f"http://{PORTAL_HOST}:{port}"
        self.sets = data_sets()
        self._by_uri = {item.uri: item for item in self.sets}

    def answer(self, target: str, language: str | None = None) -> Answer:
        """Return what the portal says to *target* (path and query)."""
        parts = urlsplit(target)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if ROWS.search(target):
            return _json(_rows())
        known = {
            "/": lambda: self._home(language or "ru"),
            "/datasets/getdatasetsrecount": lambda: _json({"totalCount": len(self.sets)}),
            "/datasets/getdatasetsre": lambda: _json({"datasets": self._page(query)}),
            "/datasets/view": lambda: self._view(query.get("index", ""), language or "ru"),
        }
        if parts.path in known:
            return known[parts.path]()
        return self._detail([part for part in parts.path.split("/") if part])

    def _page(self, query: dict[str, str]) -> list[dict[str, Any]]:
        number, wanted = _whole(query.get("page"), 1), _whole(query.get("count"), PAGE)
        size = min(wanted, PAGE)
        start = (max(number, 1) - 1) * size
        return [self._item(item, start + place) for place, item in enumerate(self.sets[start : start + size])]

    def _detail(self, parts: list[str]) -> Answer:
        """Answer /meta/{apiUri}/{version} and /api/v4/mapping/{apiUri}."""
        if parts[:1] == ["meta"] and len(parts) in (2, 3):
            item = self._by_uri.get(parts[1])
            if item and parts[2:] in ([], [item.version]):
                return _json(self._meta(item))
        if parts[:1] == ["api"] and parts[2:3] == ["mapping"] and parts[3:] and parts[3] in self._by_uri:
            fields = {name: {"type": kind.lower(), "store": True} for name, kind in TYPES.items()}
            mappings = {self._by_uri[parts[3]].version: {"properties": fields}}
            return _json({parts[3]: {"mappings": mappings}})
        return missing(None)

    def _item(self, item: DataSet, number: int) -> dict[str, Any]:
        body, names = BODIES[item.publisher]
        return {
            "id": 5000 + number,
            "apiUri": item.uri,
            **_suffixed("name", item.names),
            **_suffixed("description", item.descriptions),
            "categories": [{"id": 7, "nameKk": "Басқару", "nameRu": "Управление", "nameEn": "Government", "icon": "g"}],
            "govAgency": {"id": body, **_suffixed("name", names), "type": "CENTRAL", "isGovAgency": True},
            "keyWords": KEYWORDS["ru"].split(", "),
            "status": "ARCHIVED" if item.archived else "PUBLISHED",
            "actual": item.actual,
            "actualizationStatus": "ARCHIVED" if item.archived else "ACTUAL" if item.actual else "NOT_ACTUAL",
            "actualizeType": item.frequency,
            "createdDate": self._stamp(2500),
            "modifiedDate": self._stamp(item.modified),
            "views": 100 + number,
            "downloads": 10 + number,
        }

    def _meta(self, item: DataSet) -> dict[str, Any]:
        labels = {
            name: {"type": TYPES[name], **{f"label{ENDINGS[code]}": LABELS[name][code] for code in item.labels}}
            for name in TYPES
        }
        told = {
            "apiUri": item.uri,
            **_suffixed("name", item.names),
            **_suffixed("description", item.descriptions),
            "keywords": KEYWORDS["ru"],
            "modifiedDate": self._stamp(item.modified),
            "fields": labels,
        }
        if item.contact:
            told |= {"responsible": POST["ru"], **_suffixed("fullname", POST), "phone": PHONES[0], "email": MAILS[0]}
        return told

    def _stamp(self, days: int) -> str:
        return f"{self.night - timedelta(days=days):%Y-%m-%d}T09:15:00.000+05:00"

    def _home(self, language: str) -> Answer:
        code = language if language in LANGUAGES else "ru"
        rows = "".join(
            f'<li><a href="/datasets/view?index={item.uri}">{escape(item.names.get(code) or item.uri)}</a></li>'
            for item in self.sets
        )
        title = {"kk": "Ашық деректер порталы", "ru": "Портал открытых данных", "en": "Open data portal"}[code]
        return _html(code, title, f"<h1>{title}</h1><ul>{rows}</ul>")

    def _view(self, uri: str, language: str) -> Answer:
        """Return a passport's page; its frame speaks the cookie's language, and its links lead to rows."""
        item = self._by_uri.get(uri)
        if item is None:
            return missing(None)
        code = language if language in LANGUAGES else "ru"
        title = escape(item.names.get(code) or item.uri)
        link = f"/api/v4/{item.uri}/{item.version}?apiKey=yourApiKey"
        day = self.night - timedelta(days=item.modified)
        main = (
            f"<h1>{title}</h1><table><tr><th>Тип актуализации</th><td>{item.frequency or ''}</td></tr>"
            f"<tr><th>Дата обновления</th><td>{day:%d.%m.%Y} 09:15</td></tr></table>"
            f'<p><a class="version" href="{link}">JSON</a></p><script>var currentVersion = \'{item.version}\';</script>'
        )
        return _html(code, title, main)


def _suffixed(key: str, texts: dict[str, str]) -> dict[str, str | None]:
    """Return a text in the languages as the portal keys it; what is missing is null."""
    return {f"{key}{ending}": texts.get(language) for language, ending in ENDINGS.items()}


def _rows() -> dict[str, Any]:
    """Return rows as a register gives them, with a personal number: nobody here may ever ask for them."""
    return {
        "totalCount": 2,
        "data": [{"iin": number, "region": "A"} for number in IINS],
        "elements": [],
        "totalPages": 1,
    }


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdigit() else otherwise


def _json(data: object) -> Answer:
    return Answer(json.dumps(data, ensure_ascii=False).encode(), content_type=JSON)


def _html(language: str, title: str, main: str) -> Answer:
    head = f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head>'
    return Answer(f"{head}<body><main>{main}</main></body></html>".encode())


def rows_asked(seen: Iterator[tuple[str, str, str]] | list[tuple[str, str, str]]) -> list[str]:
    """Return the row addresses that were asked of the portal."""
    return [target for host, target, _agent in seen if host == PORTAL_HOST and ROWS.search(target)]
