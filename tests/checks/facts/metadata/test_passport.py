from __future__ import annotations

import pytest

from checks.facts.metadata import passport
from crawler.records import Contact, Distribution, Field, Licence, Record


def record(**given: object) -> Record:
    return Record("lakes_2026", "p", "c", **given)  # type: ignore[arg-type]  # a table of fields


def test_each_field_by_itself() -> None:
    empty = passport.filled(record())
    assert empty["fields"] is None
    assert not any(empty.values())
    full = passport.filled(
        record(
            titles={"ru": "Озёра"}, descriptions={"ru": "Площади"}, publisher_id="1", keywords=("a",), themes=("b",),
            contact=Contact(has_mail=True), frequency="yearly", issued="2020", modified="2021", version="1",
            licence=Licence(id="cc-by"), distributions=(Distribution("https://a.kz", format="CSV"),),
            fields=(Field("n", "text", {"ru": "Имя"}),),
        )
    )  # fmt: skip
    assert {name for name, state in full.items() if not state} == {"temporal", "spatial"}
    assert set(passport.CORE) <= set(full)


@pytest.mark.parametrize(
    ("fields", "state"), [(None, None), ((), False), ((Field("n"),), False), ((Field("n", "text"),), True)]
)
def test_a_field_list_has_types(fields: tuple[Field, ...] | None, state: bool | None) -> None:
    assert passport.filled(record(fields=fields))["fields"] is state


@pytest.mark.parametrize(
    ("title", "same"),
    [("lakes_2026", True), ("Lakes-2026", True), ("Lakes 2026", False), ("Озёра", False), ("other_name", False)],
)
def test_a_title_that_is_a_machine_name(title: str, same: bool) -> None:
    assert passport.Texts(record(titles={"en": title})).title_is_name is same


@pytest.mark.parametrize("text", ["-", "...", "12345", "xxxx", "ТЕСТ", " test "])
def test_placeholders(text: str) -> None:
    assert passport.Texts(record(titles={"ru": text}), ("тест", "test")).placeholder


@pytest.mark.parametrize("text", ["Озёра", "Test of waters", "A1"])
def test_no_placeholders(text: str) -> None:
    assert not passport.Texts(record(titles={"ru": text}), ("тест", "test")).placeholder


def test_a_description_may_begin_with_the_title() -> None:
    same = record(titles={"ru": "Озёра"}, descriptions={"ru": "Озёра."})
    longer = record(titles={"ru": "Озёра"}, descriptions={"ru": "Озёра и их площади"})
    assert passport.Texts(same).repeats
    assert not passport.Texts(longer).repeats


def test_labels_count_only_where_every_column_has_one() -> None:
    fields = (Field("a", "t", {"ru": "А", "kk": "Ә"}), Field("b", "t", {"ru": "Б"}))
    assert passport.languages(record(fields=fields))["labels"] == ("ru",)
