"""Catalogues that do not do what they claim: each a host of its own, none of them part of the lab's usual night."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from tests.lab.pages import Answer, missing

JSON = "application/json;charset=UTF-8"
PAGE, CLAIMED, HELD = 10, 500, 14
BODY = {"id": 101, "nameKk": "Су ресурстары министрлігі", "nameRu": "Министерство водных ресурсов"}
# Relative and broken addresses, a blank publisher, a set that is only named; two sets can be told apart all the same.
IRIS = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
<catalogue> a dcat:Catalog ; dcat:dataset <set/1>, <../set/2>, <http://iris.lab:99999/set/3>, <set%zz4> .
<set/1> a dcat:Dataset ; dct:title "Реестр станций"@ru ; dct:publisher <publisher> ;
  dcat:distribution [ a dcat:Distribution ; dcat:downloadURL <files/stations.csv> ] .
<../set/2> a dcat:Dataset ; dct:title "Реестр постов"@ru ;
  dcat:distribution [ a dcat:Distribution ; dcat:downloadURL "not an address" ] ,
    [ a dcat:Distribution ; dcat:downloadURL <http://[::1/broken> ] ,
    [ a dcat:Distribution ; dcat:accessURL <javascript:void(0)> ] .
"""


def _html(_target: str) -> Answer:
    """Answer every address with the same page: a portal that was replaced by a site."""
    text = "Портал открытых данных переехал. Новый адрес будет объявлен дополнительно."
    return Answer(
        f'<!DOCTYPE html><html lang="ru"><head><title>Портал</title></head><body><p>{text}</p></body></html>'.encode()
    )


def _entries(first: int, count: int) -> list[dict[str, object]]:
    return [
        {"id": number, "apiUri": f"tizilim_{number}", "nameKk": f"Тізілім {number}", "nameRu": f"Реестр {number}",
         "govAgency": BODY, "actualizeType": "MONTHLY", "modifiedDate": "2026-11-10T09:15:00.000+05:00"}
        for number in range(first, first + count)
    ]  # fmt: skip


def _page(target: str, held: int) -> Answer | None:
    """Return the answer to a list or a count that claims more than there is; None for other addresses."""
    parts = urlsplit(target)
    if parts.path == "/datasets/getdatasetsrecount":
        return _json({"totalCount": CLAIMED})
    if parts.path != "/datasets/getdatasetsre":
        return None
    first = (int(parse_qs(parts.query).get("page", ["1"])[0]) - 1) * PAGE + 1
    return _json({"datasets": _entries(first, max(0, min(PAGE, held + 1 - first)))})


def _cut(target: str) -> Answer:
    """Break off within the second page of the list: the length is the server's own, the JSON ends in mid-entry."""
    answer = _page(target, HELD * 10)
    if answer and "page=2" in target:
        return Answer(answer.body[: len(answer.body) * 2 // 3], content_type=JSON)
    return answer or missing(None)


def _liar(target: str) -> Answer:
    """Claim 500 data sets and hold 14."""
    return _page(target, HELD) or missing(None)


def _iris(target: str) -> Answer:
    return Answer(IRIS.encode(), content_type="text/turtle") if target == "/catalog.ttl" else missing(None)


def _json(data: object) -> Answer:
    return Answer(json.dumps(data, ensure_ascii=False).encode(), content_type=JSON)


BROKEN: dict[str, Callable[[str], Answer]] = {
    "html.lab": _html, "cut.lab": _cut, "liar.lab": _liar, "iris.lab": _iris,
}  # fmt: skip
