"""The wider country: agencies that real ones are like, each with one trap of its own."""

from __future__ import annotations

from dataclasses import replace

from tests.lab.plans import FIRST, OPEN, STALE, SitePlan, contact

SHELL_HOST, BUSY_HOST, COOKIE_HOST = "shell.lab", "busy.lab", "cookie.lab"
WEEKS = tuple(range(2, 100, 7))
LIVELY = (1, 4, 9, 15)
SIX = {name: name for name in ("about", "statistics", "opendata", "documents", "services", "appeals")}

_SOURCE = {
    "kk": f"Материалдарды дереккөзге сілтеме жасалған жағдайда пайдалануға болады. {contact(0)}",
    "ru": f"Материалы сайта можно использовать со ссылкой на источник. {contact(0)}",
    "en": f"The content of this site may be used with reference to the source. {contact(0)}",
}
_BARE = {
    "kk": f"© 2016–2026 Еңбек министрлігі. {contact(0)}",
    "ru": f"© 2016–2026 Министерство труда. {contact(0)}",
}
_RESTRICTED = {
    "kk": f"Барлық құқықтар қорғалған. {contact(1)}",
    "ru": f"Все права защищены. {contact(1)}",
}
_SILENT = {
    "kk": f"Мекенжайымыз: Астана қаласы, Мәңгілік ел даңғылы, 8. {contact(0)}",
    "ru": f"Наш адрес: город Астана, проспект Мангилик ел, 8. {contact(0)}",
    "en": f"Our address: Mangilik Yel avenue 8, Astana. {contact(0)}",
}

SOFT = SitePlan(
    agency="soft",
    host="soft.lab",
    names={
        "kk": "Цифрлық даму министрлігі",
        "ru": "Министерство цифрового развития",
        "en": "Ministry of Digital Development",
    },
    languages=("kk", "ru", "en"),
    news=WEEKS,
    footer=OPEN,
    sections=SIX,
    news_pages=False,
    soft_404=True,
    files=("roads.csv", "reservoirs.xlsx", "permits.json", "stations.xml"),
    dead=("levels.csv",),
)
BUSY = SitePlan(
    agency="busy",
    host=BUSY_HOST,
    names={"kk": "Денсаулық сақтау министрлігі", "ru": "Министерство здравоохранения", "en": "Ministry of Health"},
    languages=("kk", "ru", "en"),
    news=WEEKS,
    footer=OPEN,
    sections=SIX,
    news_pages=False,
    untold={"kk": (1, 4)},
)
SCANS = SitePlan(
    agency="scans",
    host="scans.lab",
    names={"kk": "Еңбек министрлігі", "ru": "Министерство труда", "en": "Ministry of Labour"},
    languages=("kk", "ru"),
    news=WEEKS,
    footer=_BARE,
    sections=SIX,
    news_pages=False,
    files=("scan-1.pdf", "scan-2.pdf", "scan-3.pdf", "scan-4.pdf", "scan-1.jpg", "scan-2.jpg", "scan-3.jpg"),
)
FILES = SitePlan(
    agency="files",
    host="files.lab",
    names={
        "kk": "Ұлттық статистика бюросы",
        "ru": "Бюро национальной статистики",
        "en": "Bureau of National Statistics",
    },
    languages=("kk", "ru", "en"),
    news=WEEKS,
    footer=_SOURCE,
    sections=SIX,
    news_pages=False,
    files=(
        "levels.csv",
        "roads.csv",
        "reservoirs.xlsx",
        "canals.geojson",
        "permits.json",
        "stations.xml",
        "prices.zip",
        "disguise.csv",
        "empty.csv",
        "cut.json",
        "locked.xlsx",
    ),
)
COOKIE = SitePlan(
    agency="cookie",
    host=COOKIE_HOST,
    names={"kk": "Оқу-ағарту министрлігі", "ru": "Министерство просвещения", "en": "Ministry of Education"},
    languages=("ru",),
    news=WEEKS,
    footer=OPEN,
    scheme="none",
    sections=SIX,
    news_pages=False,
    switch={language: f"/language/{language}/" for language in ("kk", "ru", "en")},
)
OLD = SitePlan(
    agency="old",
    host="old.lab",
    names={
        "kk": "Геодезия және картография комитеті",
        "ru": "Комитет геодезии и картографии",
        "en": "Committee of Geodesy and Cartography",
    },
    languages=("kk", "ru"),
    news=STALE,
    footer=_RESTRICTED,
    sections=SIX,
    news_pages=False,
    standing={"structure": "aged", "leadership": "dated", "contacts": "dated"},
)
OLD_RENAMED = {
    "kk": "Кеңістіктік деректер агенттігі",
    "ru": "Агентство пространственных данных",
    "en": "Agency of Spatial Data",
}
MERGED = SitePlan(
    agency="merged",
    host="merged.lab",
    names={"kk": "Спорт министрлігі", "ru": "Министерство спорта", "en": "Ministry of Sport"},
    languages=("ru",),
    news=STALE,
    footer=_RESTRICTED,
    scheme="none",
    sections=SIX,
    news_pages=False,
    feed=LIVELY,
)
HEIR = SitePlan(
    agency="heir",
    host="heir.lab",
    names={
        "kk": "Спорт және жастар министрлігі",
        "ru": "Министерство спорта и молодёжи",
        "en": "Ministry of Sport and Youth",
    },
    languages=("kk", "ru", "en"),
    news=WEEKS,
    footer=_SILENT,
    sections=SIX,
    news_pages=False,
    feed=WEEKS,
    undated=True,
)
SHELL_NAMES = {"kk": "Әділет министрлігі", "ru": "Министерство юстиции", "en": "Ministry of Justice"}
PLANS = (*FIRST, SOFT, BUSY, SCANS, FILES, COOKIE, OLD, MERGED, HEIR)


def in_language(plan: SitePlan, language: str) -> SitePlan:
    """Return the site as who sends the cookie of *language* sees it."""
    return replace(plan, languages=(language,))
