"""What a site's plan is, and the plans of the first night: the truth about each site is planted on purpose."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tests.lab.words import section_names

PHONES = ("+7 (7172) 74-00-11", "8 701 555 44 33")
MAILS = ("reception.zhanar@good.lab", "hotline.serik@bad.lab")
IINS = ("850412300125", "791108450372")
LINK_KEY = "LINKKEY7f3ac2d914"
OPERATOR_KEY = "OPERATORKEY51be08aa3c"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class Secret:
    """Something planted that must not spread. `in_bodies`: may stand in archived bodies, being the site's own word."""

    value: str
    in_bodies: bool


SECRETS = (
    *(Secret(value, in_bodies=True) for value in (*PHONES, "+77172740011", *MAILS, *IINS, LINK_KEY)),
    Secret(OPERATOR_KEY, in_bodies=False),
)


@dataclass(frozen=True)
class SitePlan:
    """One agency's site. Offsets are days before the night.

    `scheme` tells how an address names its language: a path prefix, a query parameter, or not at all.
    `untranslated` lists the sections whose main text is another language's: `speaks` says which. `files` are linked
    from the open data page; those in `dead` are linked and not there. `news_pages`: each item has a page of its own.
    `switch`: the language switch leads to these addresses, the same from every page. `standing` are pages of long
    standing and their states (dated, undated, aged). `feed` are the days of a feed's entries; with `undated` news lists
    show no dates, and the numbers in `untold` are left out in a language. `sitemap` gives pages their own days, or all
    of them the night's (same).
    """

    agency: str
    host: str
    names: dict[str, str]
    languages: tuple[str, ...]
    news: tuple[int, ...]
    footer: dict[str, str]
    root: str = "/"
    scheme: Literal["prefix", "query", "none"] = "prefix"
    sections: dict[str, str] = field(default_factory=lambda: {name: name for name in section_names()})
    untranslated: frozenset[str] = frozenset()
    speaks: str | None = None
    declared: dict[str, str] = field(default_factory=dict)
    hreflang: bool = True
    home: str | None = None
    licence: bool = False
    calendar: bool = False
    soft_404: bool = False
    homoglyphs: bool = False
    pinned: int = 400
    files: tuple[str, ...] = ()
    dead: tuple[str, ...] = ()
    api: bool = False
    news_pages: bool = True
    switch: dict[str, str] = field(default_factory=dict)
    standing: dict[str, str] = field(default_factory=dict)
    feed: tuple[int, ...] = ()
    undated: bool = False
    untold: dict[str, tuple[int, ...]] = field(default_factory=dict)
    sitemap: Literal["", "own", "same"] = ""


def contact(number: int) -> str:
    """Return phone, mail and personal number as a footer shows them."""
    mail = MAILS[number]
    return f'{PHONES[number]}, <a href="mailto:{mail}">{mail}</a>, ИИН/ЖСН {IINS[number]}'


OPEN = {
    "kk": f'Сайт материалдары <a rel="license" href="{LICENCE}">Creative Commons Attribution 4.0</a> лицензиясымен '
    f"қолжетімді. {contact(0)}. Сайт 2014 жылдан бері жұмыс істейді, 2014–2026.",
    "ru": f'Материалы сайта доступны на условиях лицензии <a rel="license" href="{LICENCE}">Creative Commons '
    f"Attribution 4.0</a>. {contact(0)}. Сайт работает с 2014 года, 2014–2026.",
    "en": f'The content of this site is available under the <a rel="license" href="{LICENCE}">Creative Commons '
    f"Attribution 4.0</a> licence. {contact(0)}. Online since 2014, 2014–2026.",
}
_RESTRICTED = {
    "ru": f"© 2014–2026 Министерство транспорта. {contact(1)}. Все права защищены. Дежурный: ИИН {IINS[0]}.",
}
_BARE = {
    "kk": f"© 2014–2026 Мәдениет министрлігі. {contact(0)}",
    "ru": f"© 2014–2026 Министерство культуры. {contact(0)}",
}
PLATFORM_FOOTER = {
    "kk": f"© 2014–2026 Бірыңғай платформа. {contact(1)}. Барлық құқықтар қорғалған.",
    "ru": f"© 2014–2026 Единая платформа. {contact(1)}. Все права защищены.",
    "en": f"© 2014–2026 Single platform. {contact(1)}. All rights reserved.",
}

WEEKLY = (1, 4, 9, 13, 18, 23, 29, 33, 38, 44, 49, 55, 60, 66, 71, 77, 82, 88, 93, 99, 104, 110, 115, 121, 126, 132)
GAPPY = (3, 8, 14, 19, 39, 44, 50, 55, 61, 66, 72, 78, 84, 89, 95)
STALE = (40, 66, 97, 128, 160, 190, 221, 250)
STEADY = (2, 7, 13, 18, 24, 29, 35, 40, 46, 51, 57, 62, 68, 73, 79, 84, 90, 95)
ROOMY = (5, 10, 16, 21, 27, 33, 38, 44, 49, 55, 60, 66, 71, 77, 83, 88, 94)

STANDING = ("structure", "leadership", "contacts")
_EIGHT = {
    name: name for name in ("about", "tasks", "statistics", "opendata", "budget", "documents", "services", "appeals")
}

GOOD = SitePlan(
    agency="good",
    host="good.lab",
    names={
        "kk": "Су ресурстары министрлігі",
        "ru": "Министерство водных ресурсов",
        "en": "Ministry of Water Resources",
    },
    languages=("kk", "ru", "en"),
    news=WEEKLY,
    footer=OPEN,
    declared={"news": "ru", "tasks": "javascript", "services": "en"},
    licence=True,
    calendar=True,
    homoglyphs=True,
    files=("levels.csv", "reservoirs.xlsx", "canals.geojson", "permits.json"),
    api=True,
    standing=dict.fromkeys(STANDING, "dated"),
    sitemap="own",
)
BAD = SitePlan(
    agency="bad",
    host="bad.lab",
    names={"kk": "Көлік министрлігі", "ru": "Министерство транспорта", "en": "Ministry of Transport"},
    languages=("ru",),
    news=STALE,
    footer=_RESTRICTED,
    scheme="none",
    sections={
        **{name: name for name in section_names()},
        "tasks": "energy",
        "documents": "rules",
        "services": "kz-export",
    },
    declared=dict.fromkeys(("home", "about", "tasks", "statistics", "news"), "kk"),
    files=("table-1.pdf", "table-2.pdf", "table-3.pdf"),
    sitemap="same",
)
HALF = SitePlan(
    agency="half",
    host="half.lab",
    names={"kk": "Мәдениет министрлігі", "ru": "Министерство культуры", "en": "Ministry of Culture"},
    languages=("kk", "ru"),
    news=GAPPY,
    footer=_BARE,
    untranslated=frozenset(("statistics", "budget", "documents", "integrity")),
    speaks="ru",
    home="ru",
    soft_404=True,
    files=("printed-1.xlsx", "printed-2.xlsx", "printed-3.xlsx"),
)
ONE = SitePlan(
    agency="one",
    host="shared.lab",
    names={
        "kk": "Ауыл шаруашылығы министрлігі",
        "ru": "Министерство сельского хозяйства",
        "en": "Ministry of Agriculture",
    },
    languages=("kk", "ru", "en"),
    news=STEADY,
    footer=PLATFORM_FOOTER,
    root="/one/",
    scheme="query",
    sections=_EIGHT,
    hreflang=False,
    home="kk",
    files=("harvest.csv", "stations.xml", "canals.geojson"),
    standing=dict.fromkeys(STANDING, "undated"),
)
TWO = SitePlan(
    agency="two",
    host="shared.lab",
    names={"kk": "Туризм министрлігі", "ru": "Министерство туризма", "en": "Ministry of Tourism"},
    languages=("kk", "ru", "en"),
    news=ROOMY,
    footer=PLATFORM_FOOTER,
    root="/two/",
    scheme="query",
    sections=_EIGHT,
    untranslated=frozenset(("home", "news", *_EIGHT)),
    speaks="kk",
    hreflang=False,
    home="kk",
)
THREE = SitePlan(
    agency="three",
    host="shared.lab",
    names={"kk": "Экология министрлігі", "ru": "Министерство экологии", "en": "Ministry of Ecology"},
    languages=("kk", "ru", "en"),
    news=STEADY,
    footer=PLATFORM_FOOTER,
    root="/three/",
    scheme="query",
    sections=_EIGHT,
    hreflang=False,
    home="kk",
)
FIRST = (GOOD, BAD, HALF, ONE, TWO, THREE)

BLOCKED_NAMES = {"kk": "Қаржы министрлігі", "ru": "Министерство финансов", "en": "Ministry of Finance"}
DOWN_NAMES = {"kk": "Энергетика министрлігі", "ru": "Министерство энергетики", "en": "Ministry of Energy"}
