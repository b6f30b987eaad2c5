from __future__ import annotations

from checks.facts.html import Document, parse
from checks.facts.layout import lay_out
from checks.facts.outside import outside_hosts
from checks.redact import Redactor


def hosts(body: str) -> list[tuple[str, int]]:
    tree = parse(body.encode(), None)
    found = outside_hosts(Document(tree), lay_out(tree).main, "https://www.good.kz/a", Redactor())
    return [(item.host, item.links) for item in found]


def test_hosts_of_main_text_are_counted_in_order() -> None:
    body = (
        '<nav><a href="https://menu.kz/">m</a></nav><main><p><a href="https://b.kz/1">1</a> <a href="//a.kz/2">2</a></p>'
        '<p><a href="https://www.b.kz/3">3</a> <a href="/own">o</a> <a href="https://good.kz/">o</a></p>'
        '<p><a href="mailto:x@y.kz">x</a> <a href="https://[broken">y</a> <a>z</a></p></main>'
    )
    assert hosts(body) == [("b.kz", 2), ("a.kz", 1)]


def test_there_is_an_end() -> None:
    links = "".join(f'<a href="https://h{number}.kz/">{number}</a>' for number in range(500))
    assert len(hosts(f"<main><p>{links}</p></main>")) == 20
    assert hosts("") == []
