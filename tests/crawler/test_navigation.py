from __future__ import annotations

import pytest

from crawler.html import Page
from crawler.navigation import navigation, switches

URL = "http://good.lab/ru/"
LINKS = "".join(f"<a href='/{name}'>x</a>" for name in "abcde")


@pytest.mark.parametrize(
    "place",
    [
        "<nav>{}</nav>",
        "<header><ul>{}</ul></header>",
        "<div role=navigation>{}</div>",
        "<ul class='Main-Menu'>{}</ul>",
        "<div id='topNav'>{}</div>",
        "<footer>{}</footer>",
        "<div class='site-footer'>{}</div>",
    ],
)
def test_menus_by_their_place(place: str) -> None:
    body = f"<body>{place.format(LINKS)}<main><a href='/news/1'>story</a></main>"
    assert navigation(Page(body.encode()), URL) == tuple(f"http://good.lab/{name}" for name in "abcde")


def test_a_page_without_a_menu_is_all_menu() -> None:
    body = f"<body><nav><a href='/kk/'>қаз</a></nav><table><tr><td>{LINKS}</table>"
    found = navigation(Page(body.encode()), URL)
    assert found[0] == "http://good.lab/kk/"
    assert set(found) >= {f"http://good.lab/{name}" for name in "abcde"}


def test_what_calls_itself_a_language() -> None:
    body = """<body><a href="?lang=kk">Қаз</a><a href="/en"><b> English </b></a><a href="/x" title="рус"><img></a>
      <a href="/news">қазақша жаңалықтар</a><a href="mailto:x@y">рус</a>"""
    labels = {"қаз": "kk", "english": "en", "рус": "ru"}
    assert switches(Page(body.encode()), URL, labels) == (
        "http://good.lab/ru/?lang=kk", "http://good.lab/en", "http://good.lab/x"
    )  # fmt: skip
