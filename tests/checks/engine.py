"""Small rules, pages and a portal for the tests of the engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from checks.context import RuleContext
from checks.facts.model import FactKind
from checks.findings import Outcome, Result, SubjectKind
from checks.registry import Answer, Rule
from config.model import Portal
from crawler.capture import Capture, Purpose
from crawler.records import Distribution, Record
from tests.checks.lab import NIGHT, Lab, Reply
from tests.checks.texts import EN, KK, RU, dated_list, page, paragraphs, switch

SWITCH = switch(kk="/kk/about", ru="/ru/about", en="/en/about")
PAGES: dict[str, str | Reply] = {
    "https://good.kz/kk/about": page(paragraphs(KK), header=SWITCH, footer="© Все права защищены"),
    "https://good.kz/ru/about": page(paragraphs(RU), header=SWITCH, footer="© Все права защищены"),
    "https://good.kz/en/about": page(paragraphs(EN), header=SWITCH, footer="© Все права защищены"),
    "https://good.kz/ru/news": page(
        dated_list(["13.11.2026", "10.11.2026", "05.11.2026"]), title="Новости", footer="©"
    ),
}
OLD = page(paragraphs(RU), title="old", footer="a")
NEW = page(paragraphs(RU), title="new", footer="b")


def a_rule(
    kind: SubjectKind, function: Callable[[Any, RuleContext], Answer], *needs: FactKind, rule_id: str = "TEST-01"
) -> Rule:
    indicator = {SubjectKind.COUNTRY: "key_datasets", SubjectKind.DATASET: "freshness_declared"}.get(
        kind, "social_accounts"
    )
    return Rule(rule_id, 1, (indicator,), kind, frozenset(needs), "none_found", function, "A rule of the tests.")


def seen(reason: str = "seen", **measures: Any) -> Result:
    return Result(Outcome.PASS, reason, measures)


class ListAdapter:
    """Reads a JSON list of data sets."""

    def first_requests(self, portal: Portal) -> Iterable[Any]:
        return ()

    def next_requests(self, portal: Portal, capture: Capture, body: bytes) -> Iterable[Any]:
        return ()

    def records(self, portal: Portal, capture: Capture, body: bytes) -> Iterable[Record]:
        for item in json.loads(body)["sets"]:
            yield Record(
                item["id"], portal.id, capture.id, publisher_id=item.get("owner"), titles={"en": item["title"]},
                frequency=item.get("frequency"), modified=item.get("modified"),
                distributions=tuple(Distribution(url) for url in item.get("files", ())),
            )  # fmt: skip


SETS = {
    "sets": [
        {"id": "1", "owner": "17", "title": "Budget of the region", "frequency": "monthly", "modified": "2026-11-01",
         "files": ["https://data.kz/1.csv", "https://data.kz/1.json", "https://data.kz/ows?service=WMS"]},
        {"id": "2", "owner": "99", "title": "Bus stops", "frequency": "daily"},
    ]
}  # fmt: skip


def harvest(lab: Lab, night: Any = NIGHT, **pages: Any) -> list[Capture]:
    answers: dict[str, str | Reply] = {
        **PAGES,
        "https://other.kz/": page(paragraphs(RU)),
        "https://data.kz/api": Reply(json.dumps(SETS), content_type="application/json", purpose=Purpose.PORTAL),
        "https://data.kz/1.csv": Reply("a,b\n1,2\n", content_type="text/csv", purpose=Purpose.DISTRIBUTION),
        "https://good.kz/report.pdf": Reply(b"%PDF-1.4 x", content_type="application/pdf", purpose=Purpose.DOCUMENT),
        "https://social.example/good": Reply(page(paragraphs(EN)), purpose=Purpose.PROBE),
    }
    return lab.crawl({**answers, **pages}, night)
