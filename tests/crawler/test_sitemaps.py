from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sitemaps import MOST_BYTES, MOST_ENTRIES, Listed, read_list, sitemap_lines

SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
A, B = "http://good.lab/a", "http://good.lab/b"


def urlset(*urls: str, space: str = f' xmlns="{SPACE}"') -> bytes:
    rows = "".join(f"<url><loc>\n {url} </loc><lastmod>2026-01-01</lastmod></url>" for url in urls)
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset{space}>{rows}</urlset>'.encode()


INDEX = (
    f'<sitemapindex xmlns="{SPACE}"><sitemap><loc>{A}</loc></sitemap><sitemap><loc>{B}</loc></sitemap></sitemapindex>'
)
RSS = f"<rss version='2.0'><channel><link>http://good.lab/</link><item><title>x</title><link>{A}</link></item></channel></rss>"
ATOM = (
    "<feed xmlns='http://www.w3.org/2005/Atom'><link href='http://good.lab/feed' rel='self'/>"
    f"<entry><link href='{A}'/><link rel='enclosure' href='http://good.lab/x.mp3'/></entry></feed>"
)
HREFLANG = (
    f"<urlset xmlns='{SPACE}' xmlns:xhtml='http://www.w3.org/1999/xhtml'><url><loc>{A}</loc>"
    f"<xhtml:link rel='alternate' hreflang='ru' href='{B}'/></url></urlset>"
)
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<urlset><url><loc>http://good.lab/&b;</loc></url></urlset>"
)
OUTSIDE = b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><urlset><url><loc>http://good.lab/a</loc></url></urlset>'


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (urlset(A, B), Listed((A, B))),
        (urlset(A, A, B, space=""), Listed((A, B))),
        (gzip.compress(urlset(A)), Listed((A,))),
        (gzip.compress(urlset(A))[:-20], Listed((A,), reason="broken_xml")),
        (b"\xef\xbb\xbf" + urlset(A), Listed((A,))),
        (b"  \n" + urlset(A), Listed((A,))),
        (INDEX.encode(), Listed((), (A, B))),
        (RSS.encode(), Listed((A,))),
        (ATOM.encode(), Listed((A,))),
        (HREFLANG.encode(), Listed((A, B))),
        (f"{A}\r\n\r\n{B}\nnot an address".encode(), Listed((A, B))),
        (urlset(A)[:-12], Listed((A,), reason="broken_xml")),
        (urlset(A).replace(b"</loc>", b"&nosuch;</loc>", 1), Listed(reason="broken_xml")),
        (b"<!doctype html><html><body>no such page</body></html>", Listed(reason="not_a_list")),
        (b"no such page", Listed(reason="not_a_list")),
        (b"", Listed(reason="not_a_list")),
        (b"\x1f\x8bnot gzip", Listed(reason="not_gzip")),
        (BOMB, Listed(reason="entities")),
        (OUTSIDE, Listed((A,))),
    ],
)
def test_lists_are_told_by_their_bytes(body: bytes, found: Listed) -> None:
    assert read_list(body) == found


def test_a_bomb_of_zeros_is_not_unpacked() -> None:
    body = gzip.compress(b" " * (MOST_BYTES + 1_000))
    assert len(body) < 100_000
    assert read_list(body) == Listed(reason="too_large")


def test_fifty_thousand_entries_and_no_more() -> None:
    urls = [f"http://good.lab/page-{number}" for number in range(MOST_ENTRIES + 5)]
    found = read_list(urlset(*urls))
    assert (len(found.pages), found.reason) == (MOST_ENTRIES, "too_many")
    assert read_list(urlset(*urls[:MOST_ENTRIES])) == Listed(tuple(urls[:MOST_ENTRIES]))


@given(st.binary(max_size=300) | st.text(max_size=100).map(urlset))
def test_any_bytes_are_survived(body: bytes) -> None:
    assert isinstance(read_list(body), Listed)
    assert isinstance(read_list(b"\x1f\x8b" + body), Listed)


def test_the_sitemap_lines_of_a_robots_file() -> None:
    text = f"User-agent: *\nDisallow: /x\nSitemap: {A}\n# Sitemap: no\n  SITEMAP :{B}\nSitemap: {A}\nSitemap:\n"
    assert sitemap_lines(text.encode()) == (A, B)
    assert sitemap_lines(b"<html>Sitemap of the site</html>") == ()
