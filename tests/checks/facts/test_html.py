from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.facts.html import parse, text_of
from checks.facts.layout import Block, blocks, main_blocks


def read(body: str | bytes, content_type: str | None = "text/html; charset=utf-8") -> list[Block]:
    return blocks(parse(body.encode() if isinstance(body, str) else body, content_type))


def main_text(body: str | bytes, content_type: str | None = "text/html; charset=utf-8") -> str:
    return " | ".join(block.text for block in main_blocks(read(body, content_type)))


def footers(body: str) -> list[str]:
    return [block.text for block in read(body) if block.footer]


def test_main_frame_and_footer_are_told_apart() -> None:
    found = read(
        "<header>Logo</header><nav>Menu</nav><div class='content'><h1>Title</h1><p>Text</p></div>"
        "<aside>Aside</aside><footer>Rights</footer>"
    )
    assert [(block.text, block.frame, block.footer) for block in found] == [
        ("Logo", True, False),
        ("Menu", True, False),
        ("Title", False, False),
        ("Text", False, False),
        ("Aside", True, False),
        ("Rights", True, True),
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<main><p>in</p></main><p>out</p>", "in"),
        ("<div role='main'><p>in</p></div><p>out</p>", "in"),
        ("<main></main><p>out</p>", "out"),
        ("<main><p>a</p></main><main><p>b</p></main>", "a | b"),
        ("<header><h1>Title</h1><p>Lead</p></header><p>Text</p>", "Title | Lead | Text"),
        ("<header><p>Motto</p></header><p>Text</p>", "Text"),
        ("<nav>only a menu</nav>", "only a menu"),
        ("<nav>menu</nav><footer>foot</footer>", "menu"),
        ("<p>a<br>b</p>", "a b"),
        ("<p>before <b>bold</b> after</p>", "before bold after"),
        ("<ul><li>one<li>two</ul>", "one | two"),
        ("<table><tr><td>1<td>2</table>", "1 | 2"),
        ("<p>a</p>tail<p>b</p>", "a | tail | b"),
        ("loose text", "loose text"),
        ("<p>x</p><!-- a comment --><?php echo 1 ?>", "x"),
    ],
)  # fmt: skip
def test_main_text(body: str, expected: str) -> None:
    assert main_text(body) == expected


@pytest.mark.parametrize(
    "element",
    [
        "<script>var hidden = 1</script>",
        "<style>p {}</style>",
        "<noscript>hidden</noscript>",
        "<template><p>hidden</p></template>",
        "<svg><text>hidden</text></svg>",
        "<p style='display: none'>hidden</p>",
        "<p style='visibility:hidden'>hidden</p>",
        "<p hidden>hidden</p>",
        "<div hidden=''><p>hidden</p></div>",
        "<select><option>hidden</select>",
    ],
)
def test_what_is_not_shown_is_no_text(element: str) -> None:
    assert main_text(f"<p>before</p>{element}<p>after</p>") == "before | after"
    assert main_text(f"<p>x{element}y</p>").replace(" | ", "").replace(" ", "") == "xy"


@pytest.mark.parametrize(
    ("body", "is_footer"),
    [
        ("<footer>©</footer>", True),
        ("<div class='site-footer'>©</div>", True),
        ("<div id='footer'>©</div>", True),
        ("<div id='footer_2'>©</div>", True),
        ("<div role='contentinfo'>©</div>", True),
        ("<div class='copyright'>©</div>", True),
        ("<div class='footer-copyright'>©</div>", True),
        ("<article><p>text</p><footer>©</footer></article>", False),
        ("<article><div class='entry-footer'>©</div></article>", False),
        ("<article><div class='copyright'>©</div></article>", False),
        ("<figure><div class='copyright'>©</div></figure>", False),
        ("<div class='card-footer'>©</div>", False),
        ("<div class='modal-footer'>©</div>", False),
        ("<div class='photo-copyright'>©</div>", False),
        ("<div class='news-item-footer'>©</div>", False),
        ("<div class='sticky-footer'><h1>Title</h1><p>©</p></div>", False),
        ("<div class='footerless'>©</div>", False),
        ("<body class='has-footer'>©</body>", False),
    ],
)
def test_site_footers(body: str, is_footer: bool) -> None:
    assert ("©" in footers(body)) is is_footer


@pytest.mark.parametrize(
    "wrapper",
    ["<div class='lang-ru'>", "<div class='page with-sidebar sidebar'>", "<form id='aspnetForm'>", "<div class='menu-open menu'>"],
)  # fmt: skip
def test_a_wrapper_of_the_whole_page_is_no_frame(wrapper: str) -> None:
    assert main_text(f"{wrapper}<nav>menu</nav><h1>Title</h1><p>Text</p></div></form><div>Loading</div>") == (
        "Title | Text | Loading"
    )


def test_a_long_form_is_content_and_a_short_one_is_not() -> None:
    page = "<form><p>{}</p></form><p>Text</p>"
    assert main_text(page.format("search here")) == "Text"
    assert main_text(page.format("a question of the survey " * 30)).endswith("| Text")


def test_a_path_leads_back_to_the_element() -> None:
    tree = parse(b"<div><p>one</p><p>two</p></div>", None)
    block = blocks(tree)[1]
    assert block.path.startswith("xpath:")
    assert [text_of(item) for item in tree.xpath(block.path.removeprefix("xpath:"))] == ["two"]


TEXT = "Қазақстан Республикасы"
RUSSIAN = "Новости министерства"


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (f"<p>{RUSSIAN}".encode("cp1251"), "text/html; charset=windows-1251", RUSSIAN),
        (f'<meta charset="windows-1251"><p>{RUSSIAN}'.encode("cp1251"), "text/html", RUSSIAN),
        (f'<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>{RUSSIAN}'.encode("cp1251"), None, RUSSIAN),
        (f"<p>{TEXT}".encode(), "text/html", TEXT),
        (f"<p>{TEXT}".encode("utf-8-sig"), None, TEXT),
        (f"<p>{TEXT}".encode("utf-16"), "text/html", TEXT),
        (f'<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>{TEXT}</p></body></html>'.encode(), "application/xhtml+xml", TEXT),
        (f'<?xml version="1.0" encoding="windows-1251"?><html><body><p>{RUSSIAN}</p></body></html>'.encode("cp1251"), "text/html", RUSSIAN),
        (f"<p>{TEXT}</p>".encode(), "text/html; charset=no-such-charset", TEXT),
        (b"<p>a\x00b</p>", None, "ab"),
        (b"\xff\xfe\x00\x80<p>", None, None),
    ],
)  # fmt: skip
def test_encodings(body: bytes, content_type: str | None, expected: str | None) -> None:
    text = main_text(body, content_type)
    assert expected is None or text == expected


@pytest.mark.parametrize(
    "body",
    [b"", b"   ", b"\x00", b"<html>", b"<html><head><title>x</title></head></html>", b"<!doctype html>", b"<!-- -->",
     b"<body></body>", b"<frameset><frame src=a></frameset>"],
)  # fmt: skip
def test_pages_without_text(body: bytes) -> None:
    assert main_text(body) == ""


def test_broken_markup_keeps_its_text() -> None:
    assert main_text("<p>one<div>two</p></div></span><b>three<p>four<td>five") == "one | two | three | four | five"


@given(st.binary(max_size=400))
def test_any_bytes_make_blocks(body: bytes) -> None:
    for block in read(body, None):
        assert block.text == " ".join(block.text.split())
        assert block.path


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "<div>", "</div>", "<main>", "</main>", "<footer>", "<article>", "<form>", "<header>", "<h1>", "a"]
        ),
        max_size=40,
    )
)
def test_any_markup_keeps_every_letter_once(pieces: list[str]) -> None:
    body = "".join(pieces)
    assert sum(block.text.count("a") for block in read(body)) == pieces.count("a")


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"<div>" * 5000 + b"text" + b"</div>" * 5000,
        lambda: b"<p>" + b"a" * 5_000_000,
        lambda: b"<a>" * 30_000 + b"text",
        lambda: b"<footer>" * 2000 + b"text",
        lambda: b"<header>" * 2000 + b"text",
        lambda: b"<form><header>" * 1000 + b"text",
        lambda: b'<div class="' + b"-footer" * 200_000 + b'">text</div>',
        lambda: b'<div class="' + b"card-" * 200_000 + b'">text</div>',
        lambda: b'<div class="' + b"_" * 1_000_000 + b'">text</div>',
        lambda: b'<div style="' + b" " * 1_000_000 + b'">text</div>',
        lambda: b"<p>x</p>" * 100_000,
    ],
)
def test_hostile_pages_take_bounded_time(make: Callable[[], bytes]) -> None:
    body = make()
    begun = time.process_time()
    read(body)
    assert time.process_time() - begun < 5
