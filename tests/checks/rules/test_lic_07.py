from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from checks.findings import Finding, Outcome, Responsible
from checks.rules.lic_07 import terms_keep_the_licence
from config.pack import Pack
from tests.checks.facts.metadata import samples
from tests.checks.lab import Lab, agency
from tests.checks.rules.test_meta_02 import TURTLE, reply
from tests.checks.texts import RU, page, paragraphs

RULE = terms_keep_the_licence
SITE = "https://data.kz"
HOME = "https://good.kz/"
CC_BY = "<https://creativecommons.org/licenses/by/4.0/>"
CC_NC = "<https://creativecommons.org/licenses/by-nc/4.0/>"


@dataclass(frozen=True)
class Sample:
    """A footer, the licence of the data set, and whether they contradict each other."""

    name: str
    contradict: bool
    footer: str
    licence: str = CC_BY

    def __str__(self) -> str:
        return self.name


TABLE = (
    Sample("all rights reserved", True, "Все права защищены"),
    Sample("for own purposes", True, "Можно использовать в собственных целях"),
    Sample("without change", True, "Материалы используются в неизменном виде"),
    Sample("registration", True, "Данные доступны после регистрации"),
    Sample("a bare sign", False, "© 2026 Министерство"),
    Sample("the same licence", False, '<a href="https://creativecommons.org/licenses/by/4.0/">CC BY</a>'),
    Sample("no open licence", False, "Все права защищены", CC_NC),
    Sample("no footer", False, ""),
)


def ask(sample: Sample, folder: Path, pack: Pack, others: tuple[Mapping[str, object], ...] = ()) -> Finding | None:
    publishers = [{"portal": "cat", "id": "https://data.example.kz/org/1"}]
    lab = Lab(folder / "workspace", pack, agencies=[agency("good", HOME, publishers=publishers), *map(dict, others)])
    lab.portals = [{"id": "cat", "kind": "dcat", "url": SITE}]
    catalogue = samples.dcat().replace(
        b'dct:identifier "1"', f'dct:license {sample.licence} ; dct:identifier "1"'.encode()
    )
    lab.crawl({HOME: page(paragraphs(RU), footer=sample.footer), f"{SITE}/c.ttl": reply(catalogue, TURTLE)})
    return next((item for item in lab.findings(RULE) if item.agency == "good"), None)


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_lic_07(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    found = ask(sample, tmp_path, pack)
    assert (found is not None) is sample.contradict
    if found:
        assert (found.outcome, found.reason) == (Outcome.UNCLEAR, "licence_against_terms")
        assert found.responsible is Responsible.AGENCY


def test_both_sides_are_cited(tmp_path: Path, pack: Pack) -> None:
    found = ask(TABLE[0], tmp_path, pack)
    assert found
    assert {item.url for item in found.evidence} == {HOME, f"{SITE}/c.ttl"}
    assert found.measures == {"open_sets": 1, "phrases": ["все права защищены"]}


def test_the_footer_of_a_shared_platform_is_its_owners(tmp_path: Path, pack: Pack) -> None:
    found = ask(TABLE[0], tmp_path, pack, ({"id": "other", "names": {"en": "o"}, "sites": [f"{HOME}other/"]},))
    assert found
    assert found.responsible is Responsible.PLATFORM_OWNER
