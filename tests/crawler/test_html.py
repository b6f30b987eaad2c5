from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from config.urls import normalise_url
from crawler.capture import Purpose
from crawler.html import PAGE_BYTES, Links, Page, is_html, judge, links, shallow

URL = "http://good.lab/news/today"
TYPE = (("content-type", "text/html; charset=utf-8"),)


def read(text: str) -> Links:
    return links(text.encode(), URL, TYPE)


def urls(text: str) -> list[str]:
    return [link.url for link in read(text).links]


def test_links_are_resolved_normalised_and_kept_once() -> None:
    found = urls(
        '<a href="old?b=2&a=1#x">1</a><a href=" /A ">2</a><a href="old?a=1&b=2">3</a><area href="//www.good.lab">'
    )
    assert found == ["http://good.lab/news/old?a=1&b=2", "http://good.lab/A", "http://www.good.lab/"]


def test_base_moves_relative_links() -> None:
    assert urls('<base href="/deep/er/"><a href="x">x</a>') == ["http://good.lab/deep/er/x"]


@pytest.mark.parametrize("base", ["http://other.lab", "http://other.lab/", "http://other.lab/deep/er"])
def test_base_moves_rooted_links(base: str) -> None:
    found = urls(f'<base href="{base}"><a href="/x">x</a><a href="/a/../y">y</a><a href="//third.lab/z">z</a>')
    assert found == ["http://other.lab/x", "http://other.lab/y", "http://third.lab/z"]


def test_a_base_that_is_no_web_address_leaves_no_rooted_links() -> None:
    assert urls('<base href="javascript:void(0)"><a href="/x">x</a>') == []


@pytest.mark.parametrize(
    "href",
    [
        "mailto:a@b.kz",
        "javascript:void(0)",
        "tel:+7",
        "data:text/html,x",
        "ftp://good.lab/x",
        "http://[bad/",
    ],
)
def test_what_is_no_web_address_is_left_out(href: str) -> None:
    assert urls(f'<a href="{href}">x</a>') == []


def test_nofollow_is_noted() -> None:
    assert [link.nofollow for link in read('<a href="/a" rel="external NoFollow">x</a><a href="/b">y</a>').links] == [
        True,
        False,
    ]
    assert all(
        link.nofollow for link in read('<meta name="ROBOTS" content="noindex, nofollow"><a href="/a">x</a>').links
    )


def test_head_links() -> None:
    found = read(
        '<head><link rel="canonical" href="/c"><link rel="alternate" hreflang="KK" href="/kk">'
        '<link rel="alternate" type="application/rss+xml" href="/rss">'
        '<link rel="alternate" hreflang="ru" href="/ru"><meta http-equiv="Refresh" content="0; URL=\'/next\'"></head>'
    )
    assert found.canonical == "http://good.lab/c"
    assert found.alternates == (("kk", "http://good.lab/kk"), ("ru", "http://good.lab/ru"))
    assert found.refresh == "http://good.lab/next"
    assert [link.url for link in found.links] == ["http://good.lab/next"]


@pytest.mark.parametrize("content", ["5", "", "0;", "0; url=", "soon"])
def test_a_refresh_without_an_address(content: str) -> None:
    found = read(f'<meta http-equiv="refresh" content="{content}">')
    assert found.refresh is None
    assert found.links == ()


@pytest.mark.parametrize(
    ("url", "purpose", "skip"),
    [
        ("http://a.kz/doc.PDF", Purpose.DOCUMENT, None),
        ("http://a.kz/table.xlsx?v=1", Purpose.DOCUMENT, None),
        ("http://a.kz/page.html", Purpose.PAGE, None),
        ("http://a.kz/v1.2/page", Purpose.PAGE, None),
        ("http://a.kz/pic.jpg", Purpose.PAGE, "policy"),
        ("http://a.kz/user/login", Purpose.PAGE, "policy"),
        ("http://a.kz/login-news", Purpose.PAGE, None),
        ("http://a.kz/research/x", Purpose.PAGE, None),
        ("http://a.kz/x?print=1", Purpose.PAGE, "policy"),
        ("http://a.kz/blueprint", Purpose.PAGE, None),
        ("http://a.kz/news?month=5&year=2024", Purpose.PAGE, None),
        ("http://a.kz/?calendar=2031-05", Purpose.PAGE, "trap"),
        ("http://a.kz/hitcounter?id=5", Purpose.PAGE, "policy"),
        ("http://a.kz/calendar/2031", Purpose.PAGE, "trap"),
        ("http://a.kz/a/b/a/b/a/b", Purpose.PAGE, "trap"),
        ("http://a.kz/2026/2026/x", Purpose.PAGE, None),
        ("http://a.kz/?x=" + "y" * 2000, Purpose.PAGE, "trap"),
    ],
)
def test_what_an_address_alone_tells(url: str, purpose: Purpose, skip: str | None) -> None:
    link = judge(url)
    assert (link.purpose, link.skip) == (purpose, skip)


@pytest.mark.parametrize(
    ("body", "headers", "charset"),
    [
        ("<a href='/қазақ'>x</a>".encode(), TYPE, "utf-8"),
        (
            "<meta charset=windows-1251><a href='/рус'>x</a>".encode("cp1251"),
            (("Content-Type", "text/html"),),
            "cp1251",
        ),
        ("\ufeff<a href='/x'>x</a>".encode(), (), "utf-8"),
    ],
)
def test_the_charset_is_found(body: bytes, headers: tuple[tuple[str, str], ...], charset: str) -> None:
    found = links(body, URL, headers)
    assert found.charset == charset
    assert len(found.links) == 1


@pytest.mark.parametrize(
    ("body", "declared", "expected"),
    [
        (b"<html>", "text/html; charset=x", True),
        (b"anything", "TEXT/HTML", True),
        (b"  <!DOCTYPE html><p>", None, True),
        (b"<!-- x -->\n<html>", "text/plain", True),
        (b"<html>", "application/json", False),
        (b"%PDF-1.4", "application/octet-stream", False),
        (b"<?xml version='1.0'?><rss/>", "text/xml", False),
    ],
)
def test_what_counts_as_html(body: bytes, declared: str | None, expected: bool) -> None:
    assert is_html(body, declared) is expected


@given(st.binary(max_size=500) | st.text(max_size=500).map(str.encode))
@example(b"<a href='http://[::1'>x</a><base href='http://[x'>")
@example(b"<a href>x</a><a href='http://a:99999999/'>y</a><a href='http://a:b/'>")
@example(b'<meta http-equiv="refresh" content="0;url=http://[">')
def test_any_bytes_are_survived(body: bytes) -> None:
    for link in links(body, URL, TYPE).links:
        assert normalise_url(link.url) == link.url


_PIECES = st.sampled_from(
    ["/", "a", "?", "b=1", "&", "#", "%", "%2", "..", "é", "қ", ":", "@", "//", "[", "]", " ", "http:", "\\"]
)


@given(st.lists(_PIECES, max_size=12).map("".join))
@example("http://good.lab:99999999/")
@example("//[")
def test_any_href_is_survived(href: str) -> None:
    escaped = href.replace("&", "&amp;").replace('"', "")
    for url in urls(f'<a href="{escaped}">x</a>'):
        assert normalise_url(url) == url


@pytest.mark.parametrize("body", [b"<!---->" * 300 + b"x", b"<!--" * 2_000, b"<!-- -->" * 250 + b"<p>"])
def test_many_comments_are_told_at_once(body: bytes) -> None:
    """Each comment could once be split in two ways, which doubled the time with every one of them."""
    assert not is_html(body, None)


def test_a_page_that_nests_without_end_is_cut() -> None:
    body = b"<html><body><a href='/first'>x</a>" + b"<header>" * 100_000
    assert len(shallow(body)) < 100_000
    found = links(body, "http://good.lab/", ())
    assert [link.url for link in found.links] == ["http://good.lab/first"]


def test_a_large_page_of_ordinary_depth_is_left_alone() -> None:
    body = b"<html><body>" + b"<p>text<br><img src=x>" * 20_000
    assert shallow(body) == body


def test_no_tree_is_made_of_more_than_the_cut() -> None:
    body = b"<html><body><a href=/first>x</a>" + b"<b>x</b>" * (PAGE_BYTES // 8) + b"<i id=last>y</i>" * 1_000
    page = Page(body, "text/html")
    assert PAGE_BYTES - 3 <= len(page.source) <= PAGE_BYTES
    assert page.tree.css_first("a") is not None
    assert page.tree.css_first("#last") is None


@pytest.mark.parametrize("head", [b"%PDF-1.4\n", b"PK\x03\x04", b"\x89PNG\r\n"])
def test_a_file_that_is_called_a_page_is_none(head: bytes) -> None:
    assert not is_html(head + b"<html>", "text/html")
