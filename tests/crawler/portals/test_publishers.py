from __future__ import annotations

from typing import Any

import pytest

from config.model import Agency
from crawler.portals.joined import joined, repeated
from crawler.portals.publishers import Register, Stranger, fold_name
from crawler.records import Contact, Field, Record


def agency(name: str, *publishers: dict[str, str]) -> Agency:
    return Agency.model_validate({"id": name, "names": {"en": name}, "publishers": list(publishers)})


def record(name: str = "r", portal: str = "p", **more: Any) -> Record:
    return Record(id=name, portal=portal, capture=more.pop("capture", "c"), **more)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Министерство «Воды»", 'министерство  "воды"'),
        ("АО „Орталық“", "ао 'орталық'"),
        ("ГУ\u00a0Отдел – Астана", "гу отдел - астана"),
        ("Ｍinistry", "ministry"),
        ("  СУ МИНИСТРЛІГІ ", "су министрлігі"),
    ],
)
def test_names_that_are_the_same(left: str, right: str) -> None:
    assert fold_name(left) == fold_name(right)


def test_names_that_are_not() -> None:
    assert fold_name("Министерство воды") != fold_name("Министерство воды и лесов")


def test_records_go_to_their_agency() -> None:
    register = Register(
        (
            agency("water", {"portal": "p", "id": "101"}, {"portal": "q", "name": "Ministry of «Water»"}),
            agency("roads", {"portal": "p", "id": "roads-committee"}, {"portal": "p", "name": "Комитет дорог"}),
        )
    )

    def owner(**told: Any) -> str | None:
        found = register.agency_of(record(**told))
        return found.id if found else None

    assert owner(publisher_id="101") == "water"
    assert owner(publisher_id="101", portal="q") is None
    assert owner(portal="q", publisher_names={"en": "ministry of water"}) == "water"
    assert owner(publisher_id="9f", publisher_aliases=("roads-committee",)) == "roads"
    assert owner(publisher_names={"kk": "Жол комитеті", "ru": "КОМИТЕТ ДОРОГ"}) == "roads"
    assert owner(publisher_id="102", publisher_names={"en": "Water"}) is None
    assert owner() is None


def test_bodies_that_are_not_in_the_register() -> None:
    register = Register((agency("water", {"portal": "p", "id": "101"}),))
    records = [
        record(publisher_id="101"),
        record(publisher_id="7", publisher_names={"ru": "Центр"}),
        record(publisher_names={"ru": "Аким"}),
        record(publisher_id="7", publisher_names={"ru": "Центр (новый)"}),
        record(),
    ]
    assert register.strangers(records) == (
        Stranger("p", "7", {"ru": "Центр"}, 2),
        Stranger("p", None, {}, 1),
        Stranger("p", None, {"ru": "Аким"}, 1),
    )


def test_details_complete_their_record() -> None:
    whole = record("a", titles={"ru": "Вода"}, modified="2026", contact=Contact(has_name=True))
    part = record(
        "a", capture="d", part=True, titles={"ru": "Другое", "kk": "Су"}, modified="2020", fields=(Field("x"),),
        version="v1", contact=Contact(has_mail=True),
    )  # fmt: skip
    (found,) = joined([part, whole])
    assert found.titles == {"ru": "Вода", "kk": "Су"}
    assert (found.modified, found.fields, found.version) == ("2026", (Field("x"),), "v1")
    assert found.contact == Contact(has_name=True, has_mail=True)
    assert (found.capture, found.details, found.part) == ("c", "d", False)


def test_of_repeated_ids_the_first_counts_and_lone_details_are_none() -> None:
    found = [record("a", version="1"), record("a", version="2"), record("b"), record("z", part=True)]
    assert [(item.id, item.version) for item in joined(found)] == [("a", "1"), ("b", None)]
    assert repeated(found) == {"a": 2}
