from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from config.discoveries import Discovery
from config.loader import load_pack
from config.model import Agency
from config.pack import Pack
from config.register import FORMER, with_former_names, with_publishers


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("kz")


def body(name: str, *names: tuple[str, str | None], **given: object) -> Agency:
    periods: list[dict[str, Any]] = [{"names": {"ru": text}, "valid_to": until} for text, until in names]
    for before, after in pairwise(periods):
        after["valid_from"] = date.fromisoformat(str(before["valid_to"])) + timedelta(days=1)
    return Agency.model_validate({"id": name, "names": periods, "sites": [f"https://{name}.kz/"], **given})


def former(pack: Pack, *agencies: Agency) -> dict[str, date | None]:
    found = with_former_names(pack, agencies).extraction.phrases(FORMER).get("ru", ())
    return {item.p: item.since for item in found}


def test_ended_names_and_ended_bodies_are_former(pack: Pack) -> None:
    water = body("water", ("Комитет водного хозяйства", "2025-01-31"), ("Министерство водных ресурсов", None))
    gone = body("gone", ("Агентство по делам спорта", None), valid_to="2024-05-01")
    assert former(pack, water, gone) == {
        "Комитет водного хозяйства": date(2025, 2, 1),
        "Агентство по делам спорта": date(2024, 5, 2),
    }


def test_a_name_that_lives_on_in_another_or_is_short_is_left_out(pack: Pack) -> None:
    wider = body("a", ("Министерство связи", "2025-01-31"), ("Министерство связи и информатизации", None))
    short = body("b", ("МИД РК", "2025-01-31"), ("Внешнее ведомство", None))
    assert former(pack, wider, short) == {}


def test_a_register_without_ends_leaves_the_pack_as_it_is(pack: Pack) -> None:
    assert with_former_names(pack, [body("a", ("Министерство связи", None))]) is pack


def test_publishers_that_people_named_count_from_their_night_on() -> None:
    line = {"agency": "a", "kind": "publisher", "value": "national:105", "by": "aida", "valid_from": "2026-11-16"}
    said = (Discovery.model_validate(line),)
    plain = body("a", ("Министерство связи", None))
    found = with_publishers(plain, said, date(2026, 11, 16)).publishers
    assert [(item.portal, item.id, item.name) for item in found] == [
        ("national", "105", None), ("national", None, "105"),
    ]  # fmt: skip
    assert with_publishers(plain, said, date(2026, 11, 15)) is plain
    assert with_publishers(body("b", ("Министерство связи", None)), said, date(2026, 11, 16)).publishers == ()
