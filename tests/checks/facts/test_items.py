from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from checks.facts.dates import DateReader
from checks.facts.html import parse
from checks.facts.items import list_items
from checks.facts.layout import lay_out
from checks.facts.model import DateMethod, ListItem, Precision
from config.pack import Pack
from tests.checks.texts import dated_list

Read = Callable[[str], tuple[ListItem, ...]]
BASE = "https://good.kz/ru/news"
DAYS = ["16.11.2026", "10.11.2026", "03.11.2026"]


@pytest.fixture
def read(pack: Pack) -> Read:
    dates = DateReader(pack.extraction.months)

    def items(body: str) -> tuple[ListItem, ...]:
        tree = parse(body.encode(), "text/html; charset=utf-8")
        return list_items(lay_out(tree), BASE, dates)

    return items


def values(items: tuple[ListItem, ...]) -> list[str]:
    return [item.date.value for item in items]


SHAPES = {
    "date before the link": '<li><span class="date">{day}</span> <a href="/n/{n}">{t}</a></li>',
    "date after the link": '<li><a href="/n/{n}">{t}</a> <small>{day}</small></li>',
    "date inside the link": '<li><a href="/n/{n}"><span>{day}</span> {t}</a></li>',
    "date in the link's text": '<li><a href="/n/{n}">{day} {t}</a></li>',
    "date as loose text": '<li>{day} <a href="/n/{n}">{t}</a></li>',
    "cards": '<li class="card"><div class="body"><h3><a href="/n/{n}">{t}</a></h3><p>{day}</p></div></li>',
    "link round everything": '<li><a href="/n/{n}"><div><h3>{t}</h3></div><div><p>{day}</p></div></a></li>',
    "title speaks of another day": '<li><a href="/n/{n}">{t} (приказ от 01.02.2011)</a><span>{day}</span></li>',
    "another day inside the same link": '<li><a href="/n/{n}"><span>{day}</span> {t} от 1 февраля 2011 года</a></li>',
    "time without an attribute": '<li><time>{day}</time> <a href="/n/{n}">{t}</a></li>',
    "time with an attribute of its own kind": '<li><time datetime="{day}">{day}</time> <a href="/n/{n}">{t}</a></li>',
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_entries_of_a_list(read: Read, shape: str) -> None:
    items = read(f"<main><h1>Новости</h1>{dated_list(DAYS, shape)}</main>")
    assert values(items) == ["2026-11-16", "2026-11-10", "2026-11-03"]
    assert [item.url for item in items] == [f"https://good.kz/n/{n}" for n in range(3)]
    assert all("Запись под номером" in item.title for item in items)
    assert all(item.date.precision is Precision.DAY for item in items)


def test_rows_of_a_table(read: Read) -> None:
    rows = "".join(
        f"<tr><td>{n}</td><td>{day}</td><td><a href='/doc/{n}.pdf'>Объявление о приеме</a></td></tr>"
        for n, day in enumerate(DAYS)
    )
    items = read(f"<table><tr><th>№<th>Дата<th>Название</tr>{rows}</table>")
    assert values(items) == ["2026-11-16", "2026-11-10", "2026-11-03"]
    assert items[0].url == "https://good.kz/doc/0.pdf"


def test_a_time_element_goes_before_the_words(read: Read) -> None:
    shape = '<li>{day} <time datetime="2026-01-0{n}T09:00">сегодня</time> <a href="/n/{n}">{t}</a></li>'
    items = read(dated_list(["16.11.2026"] * 4, shape))
    assert values(items)[1:] == ["2026-01-01", "2026-01-02", "2026-01-03"]
    assert items[1].date.method is DateMethod.TIME
    assert items[0].date.method is DateMethod.ITEM  # 2026-01-00 is no day


def test_pinned_future_and_month_dates_are_kept_as_they_are(read: Read) -> None:
    items = read(dated_list(["31.12.2030", "16.11.2026", "ноябрь 2026", "01.01.2020"]))
    assert values(items) == ["2030-12-31", "2026-11-16", "2026-11", "2020-01-01"]


def test_an_impossible_day_is_no_entry(read: Read) -> None:
    assert values(read(dated_list(["31.02.2026", *DAYS]))) == ["2026-11-16", "2026-11-10", "2026-11-03"]


def test_two_lists_on_one_page_are_both_read(read: Read) -> None:
    body = dated_list(DAYS) + "<h2>Архив</h2>" + dated_list(["01.02.2020", "02.02.2020", "03.02.2020"])
    assert len(read(body)) == 6


@pytest.mark.parametrize(
    "body",
    [
        f"<main><p>16.11.2026</p><p>{'текст ' * 50}<a href='/x'>Подробнее здесь</a></p></main>",  # one article
        dated_list(DAYS[:2]),  # two are no list yet
        "".join(f"<p>Приказ от {day}</p>" for day in DAYS),  # no links
        "".join(f"<li>{day} <a href='/x'>PDF</a></li>" for day in DAYS),  # no titles
        "".join(f"<li>{day} <a>Запись без адреса</a></li>" for day in DAYS),
        "<li>12 мая <a href='/x'>Запись без года</a></li>" * 5,
        f"<main><p>Текст</p></main><aside>{dated_list(DAYS)}</aside>",  # a widget beside the page
        f"<p>Текст страницы</p><div class='sidebar'>{dated_list(DAYS)}</div>",
        f"<p>Текст страницы</p><footer>{dated_list(DAYS)}</footer>",
        f"<div style='display:none'>{dated_list(DAYS)}</div><p>x</p>",
        "<select>" + "".join(f"<option>{day}</option>" for day in DAYS) + "</select><a href='/x'>Выбрать дату</a>",
        "",
    ],
)
def test_what_is_no_list_of_the_page(read: Read, body: str) -> None:
    assert read(body) == ()


def test_at_most_two_hundred_entries(read: Read) -> None:
    assert len(read(dated_list(["16.11.2026"] * 500))) == 200


@pytest.mark.parametrize(
    "body",
    [
        "<p>12.05.2015</p>" * 100_000,
        "<div>" + "<p>12.05.2015</p>" * 50_000 + "<a href=/x>Название записи</a></div>",
        dated_list(["12.05.2015"] * 20_000),
        "<li>12.05.2015 " + "<a href=/x>a</a>" * 50_000,
        "<time datetime=2015-05-12>" * 2000 + "<a href=/x>Название записи</a>",
    ],
)
def test_hostile_lists_take_bounded_time(read: Read, body: str) -> None:
    begun = time.process_time()
    read(body)
    assert time.process_time() - begun < 8


def test_an_entry_keeps_the_address_of_its_picture(read: Read) -> None:
    images = ('<img src="/i/1.jpg">', '<img src="data:x" data-src="/i/2.jpg">', '<img src="data:x">')
    rows = "".join(
        f'<li><a href="/n/{n}">Новость номер {"абв"[n] * 3}</a> <span>0{n + 1}.11.2026</span>{image}</li>'
        for n, image in enumerate(images)
    )
    found = read(f"<html><body><main><ul>{rows}</ul></main></body></html>")
    assert [item.picture for item in found] == ["https://good.kz/i/1.jpg", "https://good.kz/i/2.jpg", None]
