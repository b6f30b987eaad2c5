from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

from crawler.html import without_session
from crawler.traps import BARREN, EQUAL, Traps, shape_of
from tests.crawler.support import NIGHT

SITE = "http://good.lab"
WORDS = [f"{first}{second}ть" for first in "бвгдклмнпрст" for second in ("ода", "ере", "ула", "оби", "ины", "аше")]
MENU = tuple(f"{SITE}/section-{name}" for name in "abcdefgh")


def walk(traps: Traps, pages: Iterable[tuple[str, tuple[str, ...], str]]) -> int:
    """Show pages to the traps as a crawl does, each address first; return how many were read before the cut."""
    listed = list(pages)
    for url, _, _ in listed:
        traps.admit(url)
    for number, (url, links, text) in enumerate(listed):
        if traps.is_cut(url):
            return number
        if traps.suspects(url, (*MENU, *links)):
            traps.read(url, text)
    return len(listed)


def text(chance: random.Random, words: int = 80) -> str:
    return "главная новости документы контакты " + " ".join(chance.choices(WORDS, k=words))


def test_an_honest_news_archive_is_read_to_its_end() -> None:
    chance, traps = random.Random(1), Traps(NIGHT.toordinal())
    pages = [
        (f"{SITE}/news/{2000 + number // 40}/{1 + number % 12:02}/story-{number}", (), text(chance))
        for number in range(1_000)
    ]
    assert walk(traps, pages) == 1_000
    assert traps.cuts() == ()


def test_news_chosen_by_year_and_month_are_read() -> None:
    chance, traps = random.Random(2), Traps(NIGHT.toordinal())
    pages = [
        (
            f"{SITE}/news?year={year}&month={month}",
            tuple(f"{SITE}/news/story-{year}-{month}-{n}" for n in range(5)),
            text(chance),
        )
        for year in range(2000, 2026)
        for month in range(1, 13)
    ]
    assert walk(traps, pages) == len(pages)


@pytest.mark.parametrize("sitemap", [True, False])
def test_five_hundred_pages_of_a_catalogue_are_read(sitemap: bool) -> None:
    """Also where a sitemap had named all items: what counts is what the kind of page brings."""
    chance, traps = random.Random(3), Traps(NIGHT.toordinal())
    if sitemap:
        for number in range(5_000):
            traps.admit(f"{SITE}/item/{number}")
    pages = [
        (f"{SITE}/catalogue?page={page}", tuple(f"{SITE}/item/{page * 10 + n}" for n in range(10)), text(chance))
        for page in range(500)
    ]
    assert walk(traps, pages) == 500


def test_short_texts_of_one_form_that_differ_are_read() -> None:
    chance, traps = random.Random(4), Traps(NIGHT.toordinal())
    pages = [
        (f"{SITE}/staff/{number}", (), f"сотрудник имя {' '.join(chance.sample(WORDS, 3))} телефон {number}")
        for number in range(600)
    ]
    assert walk(traps, pages) == 600


MONTHS = [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
]


def test_an_honest_archive_is_not_read_twice_for_long() -> None:
    """Comparing texts costs another reading: pages that are plainly new end it after a few."""
    chance, traps = random.Random(7), Traps(NIGHT.toordinal())
    urls = [f"{SITE}/news/story-{number}" for number in range(1_000)]
    for url in urls:
        traps.admit(url)
    read = 0
    for url in urls:
        if traps.suspects(url, MENU):
            traps.read(url, text(chance))
            read += 1
    assert 0 < read <= 40


def test_pages_that_repeat_after_a_plainly_new_beginning_are_cut() -> None:
    chance, traps = random.Random(8), Traps(NIGHT.toordinal())
    shown = [text(chance) for _ in range(12)]
    pages = [(f"{SITE}/list?offset={number}", (), shown[number % 12]) for number in range(2_000)]
    assert walk(traps, pages) <= 5 * BARREN


def test_a_calendar_without_end_is_cut() -> None:
    traps = Traps(NIGHT.toordinal())
    pages = [
        (
            f"{SITE}/events?year={1900 + number // 12}&month={number % 12 + 1}",
            (),
            f"события {MONTHS[number % 12]} пн вт ср чт пт сб вс",
        )
        for number in range(12 * 120)
    ]
    assert walk(traps, pages) <= BARREN + EQUAL + 20
    (cut,) = traps.cuts()
    assert (cut.kind, cut.pattern) == ("near_equal", "/events?month&year")
    assert not traps.admit(f"{SITE}/events?year=1850&month=1")


def test_days_far_ahead_are_no_pages() -> None:
    traps = Traps(NIGHT.toordinal())
    assert traps.admit(f"{SITE}/plan?year=2027&month=1")
    assert traps.admit(f"{SITE}/news/2026/01/02")
    assert not traps.admit(f"{SITE}/plan?year=2031&month=1")
    assert not traps.admit(f"{SITE}/plan/2087/05/01")
    assert not traps.admit(f"{SITE}/plan?year=2026&month=99")
    assert {(cut.kind, cut.count) for cut in traps.cuts()} == {("calendar", 2), ("calendar", 1)}


def test_pages_that_go_on_for_ever_are_cut() -> None:
    traps = Traps(NIGHT.toordinal())
    pages = [
        (f"{SITE}/list?page={number}", (f"{SITE}/item/last",), "список пуст вперёд назад") for number in range(400)
    ]
    assert walk(traps, pages) <= BARREN + EQUAL + 5


def test_ever_more_pages_that_are_near_equal_are_cut() -> None:
    traps = Traps(NIGHT.toordinal())
    pages = [
        (
            f"{SITE}/maze/room{number}x",
            (f"{SITE}/maze/room{number * 7}x",),
            f"вы стоите в комнате {number} двери ведут дальше",
        )
        for number in range(400)
    ]
    assert walk(traps, pages) <= BARREN + EQUAL + 5
    (cut,) = traps.cuts()
    assert (cut.kind, cut.pattern, cut.count) == ("near_equal", "/maze/*", 1)


def test_filters_in_all_their_combinations_are_cut() -> None:
    traps = Traps(NIGHT.toordinal())
    names = [f"f{number}" for number in range(8)]
    admitted = 0
    for mask in range(1, 256):
        chosen = [name for bit, name in enumerate(names) if mask >> bit & 1]
        admitted += traps.admit(f"{SITE}/shop?{'&'.join(f'{name}=1' for name in chosen)}")
    assert admitted <= 8 + 24
    (cut,) = traps.cuts()
    assert (cut.kind, cut.pattern, cut.count) == ("facets", "/shop?*", 255 - admitted)


def test_filters_that_choose_from_the_same_things_are_cut() -> None:
    chance, traps = random.Random(5), Traps(NIGHT.toordinal())
    items = [(f"{SITE}/item/{number}", f"товар {chance.choice(WORDS)} {chance.choice(WORDS)}") for number in range(30)]
    pages = []
    for number in range(600):
        shown = items[number % 17 : number % 17 + 10]
        pages.append(
            (
                f"{SITE}/shop?colour={number % 20}&size={number // 20}",
                tuple(url for url, _ in shown),
                " ".join(name for _, name in shown),
            )
        )
    assert walk(traps, pages) <= BARREN + EQUAL + 30


def test_one_script_with_many_parameters_is_no_trap() -> None:
    """Older sites serve every page from one script: the same parameters, other values."""
    chance, traps = random.Random(6), Traps(NIGHT.toordinal())
    pages = [
        (f"{SITE}/index.php?option=com_content&view=article&id={number}&Itemid=5&lang=ru", (), text(chance))
        for number in range(500)
    ]
    assert walk(traps, pages) == 500


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        (f"{SITE}/a;jsessionid=0A1B2C?x=1", f"{SITE}/a?x=1"),
        (f"{SITE}/a/b;JSESSIONID=0A1B", f"{SITE}/a/b"),
        (f"{SITE}/a?PHPSESSID=123abc&id=7", f"{SITE}/a?id=7"),
        (f"{SITE}/a?ASPSESSIONIDQQ=1", f"{SITE}/a"),
        (f"{SITE}/session/minutes?id=7", f"{SITE}/session/minutes?id=7"),
        (f"{SITE}/a?sid=12", f"{SITE}/a?sid=12"),
    ],
)
def test_a_session_is_no_part_of_an_address(url: str, plain: str) -> None:
    assert without_session(url) == plain


def test_what_was_refused_for_how_it_looks_is_named() -> None:
    traps = Traps(NIGHT.toordinal())
    for url in (f"{SITE}/a/b/a/b/a/b", f"{SITE}/calendar/2031", f"{SITE}/calendar/2032"):
        traps.told(url)
    assert {(cut.kind, cut.count) for cut in traps.cuts()} == {("endless_address", 1), ("calendar", 2)}


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("/news/2024/05/a", "/news/2023/11/b", True),
        ("/list?page=2", "/list?page=77", True),
        ("/list?page=2", "/list?page=2&year=1", False),
        ("/news/a", "/acts/a", False),
    ],
)
def test_kinds_of_address(left: str, right: str, same: bool) -> None:
    assert (shape_of(SITE + left) == shape_of(SITE + right)) is same
