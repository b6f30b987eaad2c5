"""Synthetic sites with planted truth: 2,000 to 10,000 pages in the ways that agencies build them.

A site has a menu, sections, lists that page, items, documents, in two required languages and often a third. What is
right or wrong about a page follows its site, its section and (on half of the sites) its age, so that a crawl which
looks at the newest, or at one section, is led astray.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

REQUIRED = ("kk", "ru")
ROOT = "https://site.example/"
PER_LIST = 10
TERMS = -1  # stands for the terms page, where a section is asked for
STRUCTURES = ("archive", "tree", "numbers", "dated", "wide")


@dataclass(frozen=True)
class Item:
    """One page or document: what it names, and what a rule would say of it."""

    url: str
    links: tuple[str, ...] = ()
    topic: int | None = None
    language: str | None = None
    covered: bool = True
    worded: bool = True
    restricted: bool = False
    document: bool = False
    readable: bool = True


@dataclass
class Site:
    """A whole site by address; `menu` is on every page, `listed` is what its sitemap names."""

    structure: str
    seed: int
    items: dict[str, Item] = field(default_factory=dict)
    menu: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Topic:
    number: int
    section: int
    age: float
    covered: bool
    worded: bool
    readable: bool
    documents: int


def build(structure: str, seed: int, pages: int) -> Site:
    """Return a site of about *pages* pages and documents."""
    chance = random.Random(f"{structure} {seed} {pages}")
    languages = REQUIRED if _happens(chance, 0.4) else (*REQUIRED, "en")
    sections = chance.randint(5, 14)
    topics = _topics(chance, sections, max(20, int(pages / (len(languages) * 1.25))))
    address = _ADDRESSES[structure]
    site = Site(structure, seed)
    menus = {code: [_index(structure, code, number) for number in range(sections)] for code in languages}
    terms = {code: f"{ROOT}{code}/terms" for code in languages}
    starts = {code: f"{ROOT}{code}" for code in languages}
    site.menu = tuple(url for code in languages for url in (starts[code], *menus[code], terms[code]))
    restricted = _restriction(chance, sections)
    site.items[ROOT] = Item(ROOT, site.menu)
    for code in languages:
        for url in (starts[code], terms[code]):
            site.items[url] = Item(url, site.menu, restricted=restricted(TERMS if url == terms[code] else None))
    for topic in topics:
        _add_topic(site, topic, languages, address, restricted=restricted(topic.section))
    for code in languages:
        for number in range(sections):
            _add_lists(site, code, number, [item for item in topics if item.section == number], address, restricted)
    if _happens(chance, 0.5):
        site.listed = tuple(site.items)
    return site


def _topics(chance: random.Random, sections: int, number: int) -> list[_Topic]:
    """Return what the pages are about. Each question has a share of its own; sections and ages depart from it."""
    shares = [_share(chance) for _ in range(3)]
    leans = [[chance.gauss(0, 0.08) for _ in range(sections)] for _ in shares]
    trend = chance.choice((0.0, 0.0, 0.15, 0.3))
    made = []
    weights = [chance.uniform(0.3, 3) for _ in range(sections)]
    for order in range(number):
        section, age = chance.choices(range(sections), weights)[0], order / number
        good = [
            _happens(chance, share + (lean[section] + trend * (0.5 - age)) * min(1.0, 4 * share * (1 - share)))
            for share, lean in zip(shares, leans, strict=True)
        ]
        made.append(_Topic(order, section, age, *good, documents=_happens(chance, 0.25)))
    return made


def _happens(chance: random.Random, share: float) -> bool:
    return chance.random() < share


def _share(chance: random.Random) -> float:
    """Return the share of a site that is right: mostly nearly all, or little, sometimes anything."""
    (kind,) = chance.choices(("good", "bad", "any"), (45, 30, 25))
    shares = {"good": chance.betavariate(60, 1), "bad": chance.betavariate(1.5, 6), "any": chance.random()}
    return shares[kind]


def _restriction(chance: random.Random, sections: int) -> Callable[[int | None], bool]:
    """Return where a restrictive notice stands: nowhere, in every foot, on the terms page, in one section's foot."""
    chosen = chance.randrange(sections)
    ways: tuple[Callable[[int | None], bool], ...] = (
        lambda _section: False,
        lambda _section: True,
        lambda section: section == TERMS,
        lambda section: section == chosen,
    )
    return chance.choices(ways, (50, 30, 15, 5))[0]


def _add_topic(
    site: Site, topic: _Topic, languages: tuple[str, ...], address: Callable[[str, _Topic], str], *, restricted: bool
) -> None:
    versions = {code: address(code, topic) for code in languages}
    for code, url in versions.items():
        papers = tuple(f"{url.partition('?')[0].rstrip('/')}-{topic.number}-{n}.pdf" for n in range(topic.documents))
        links = (*site.menu, *versions.values(), *papers)
        site.items[url] = Item(url, links, topic.number, code, topic.covered, topic.worded, restricted)
        for paper in papers:
            site.items[paper] = Item(paper, document=True, readable=topic.readable)


def _add_lists(
    site: Site, code: str, section: int, topics: list[_Topic], address: Callable[[str, _Topic], str],
    restricted: Callable[[int | None], bool],
) -> None:  # fmt: skip
    first = _index(site.structure, code, section)
    pages = max(1, -(-len(topics) // PER_LIST))
    urls = [first if number == 0 else _page(first, number + 1) for number in range(pages)]
    for number, url in enumerate(urls):
        shown = topics[number * PER_LIST : (number + 1) * PER_LIST]
        near = urls[max(0, number - 2) : number + 3]
        links = (*site.menu, *(address(code, topic) for topic in shown), *near, urls[-1])
        site.items[url] = Item(url, links, restricted=restricted(section))


def _index(structure: str, code: str, section: int) -> str:
    if structure == "numbers":
        return f"{ROOT}index.php?cat={section}&lang={code}"
    return f"{ROOT}{code}/part{chr(97 + section)}"


def _page(first: str, number: int) -> str:
    return f"{first}&page={number}" if "?" in first else f"{first}?page={number}"


_ADDRESSES: dict[str, Callable[[str, _Topic], str]] = {
    "archive": lambda code, topic: f"{ROOT}{code}/part{chr(97 + topic.section)}/{topic.number}",
    "tree": lambda code, topic: (
        f"{ROOT}{code}/part{chr(97 + topic.section)}/unit{topic.number % 7}/desk{topic.number % 5}/case-{topic.number}"
    ),
    "numbers": lambda code, topic: f"{ROOT}index.php?id={topic.number}&lang={code}",
    "dated": lambda code, topic: (
        f"{ROOT}{code}/part{chr(97 + topic.section)}/{2026 - int(topic.age * 9)}/{1 + topic.number % 12:02}"
        f"/text-{topic.number}"
    ),
    "wide": lambda code, topic: f"{ROOT}{code}/text-{topic.number}",
}
