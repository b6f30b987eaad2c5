"""The plugin package of the tests brings one plugin of each group, and all of them work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.facts.model import FileFacts
from checks.findings import Outcome, Result, SubjectKind
from checks.formats import format_readers, read_file
from checks.registry import Rule, all_rules
from config import packload, plugins
from config.errors import ConfigError
from config.loader import load_pack
from crawler.capture import Purpose
from crawler.platforms import platform_readers
from crawler.portals import Ask, portal_adapters
from tests.checks.lab import SITE, Lab, Reply, agency, page_capture
from tests.checks.plugins import EXAMPLE, distribution, example_groups, put_on_path
from tests.checks.texts import RU, page, paragraphs


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    distribution(tmp_path / "example", "odrc-plugin-example", example_groups())
    put_on_path(monkeypatch, EXAMPLE, tmp_path / "example")
    yield
    packload._installed.cache_clear()


def test_it_brings_one_plugin_of_each_group() -> None:
    assert set(example_groups()) == set(plugins.GROUPS)


@pytest.mark.usefixtures("example")
def test_all_five_load() -> None:
    found = all_rules()["XWEB-01"]
    assert (found.title, found.version, found.indicators) == (
        "An agency's data sets are on a portal",
        1,
        ("opendata_agency_page",),
    )
    assert "jsonlist" in portal_adapters()
    assert "examplecms" in platform_readers()
    assert load_pack("xx").names == {"en": "Nowhere"}
    assert "vcard" in format_readers()
    assert "LANG-01" in all_rules()


def test_without_the_package_none_is_there() -> None:
    assert "XWEB-01" not in all_rules()
    assert "jsonlist" not in portal_adapters()
    assert "examplecms" not in platform_readers()
    assert "vcard" not in format_readers()
    with pytest.raises(ConfigError, match="unknown pack xx"):
        load_pack("xx")


ITEMS = """{"items": [
  {"id": "a", "title": "Bridges", "publisher": "17", "files": ["https://data.xx/a.csv"]},
  {"id": "b", "title": "Wells", "publisher": "99"}], "next": "https://data.xx/sets2.json"}"""


@pytest.mark.usefixtures("example")
def test_the_rule_gives_findings_in_a_night_with_records_by_publisher(tmp_path: Path) -> None:
    lab = Lab(tmp_path / "w", load_pack("xx"))
    lab.agencies = [
        agency("good", SITE, publishers=[{"portal": "data", "id": "17"}]),
        agency("other", "https://other.kz/"),
        agency("unseen", "https://unseen.kz/"),
    ]
    lab.portals = [{"id": "data", "kind": "jsonlist", "url": "https://data.xx/"}]
    body = page(paragraphs(RU), title="About")
    lab.crawl(
        {
            SITE: body,
            "https://other.kz/": body,
            "https://data.xx/sets.json": Reply(ITEMS, content_type="application/json", purpose=Purpose.PORTAL),
            "https://data.xx/sets2.json": Reply(
                '{"items": 1}', content_type="application/json", purpose=Purpose.PORTAL
            ),
        }
    )
    found = {item.agency: item for item in lab.assess().findings}
    assert {name: (item.outcome, item.reason) for name, item in found.items()} == {
        "good": (Outcome.PASS, "exists"),
        "other": (Outcome.NOT_APPLICABLE, "not_applicable"),
        "unseen": (Outcome.NOT_OBSERVED, "not_observed"),
    }
    assert found["good"].measures["sets"] == ["a"]
    marks = {item.agency: item.value for item in lab.assess().marks if item.agency}
    assert marks == {"good": "+", "other": None, "unseen": None}
    owners = Rule("TEST-01", 1, (), SubjectKind.DATASET, frozenset(), "none", lambda *_: Result(Outcome.PASS, "x"), "x")
    assert [(item.subject.id, item.agency) for item in lab.findings(owners)] == [("data:a", "good"), ("data:b", None)]


@pytest.mark.usefixtures("example")
def test_adapter_and_reader_lead_a_crawl_on() -> None:
    lab = Lab(Path("unused"), load_pack("xx"), portals=[{"id": "data", "kind": "jsonlist", "url": "https://data.xx/"}])
    portal, adapter = lab.settings.portals[0], portal_adapters()["jsonlist"]
    assert [item.url for item in adapter.first_requests(portal)] == ["https://data.xx/sets.json"]
    capture = page_capture("https://data.xx/sets.json")
    assert list(adapter.next_requests(portal, capture, ITEMS.encode())) == [
        Ask("https://data.xx/sets2.json", Purpose.PORTAL),
        Ask("https://data.xx/a.csv", Purpose.DISTRIBUTION),
    ]
    reader = platform_readers()["examplecms"]
    (menu,) = reader.first_requests(SITE, ())
    assert menu.url == "https://good.kz/menu.json"
    told = b'{"pages": [{"url": "ru/about", "title": "About", "text": "x"}]}'
    pages = reader.next_requests(SITE, (), page_capture(menu.url), told)
    assert [item.url for item in pages] == ["https://good.kz/ru/about"]
    assert [item.title for item in reader.page(page_capture(menu.url), told).entries] == ["About"]


@pytest.mark.usefixtures("example")
@pytest.mark.parametrize(
    ("body", "kind", "parses"),
    [
        (b"BEGIN:VCARD\nFN:A\nEND:VCARD\n", "vcard", True),
        (b"begin:vcard\nFN:A\n", "vcard", False),
        (b"BEGIN:VCARD\n\xff\nEND:VCARD", "vcard", False),
    ],
)
def test_the_format_reader_reads(body: bytes, kind: str, parses: bool) -> None:
    facts: FileFacts = read_file(page_capture("https://good.kz/a.vcf", "text/vcard"), body, format_readers())
    assert (facts.sniffed_type, facts.parses, facts.declared_type, facts.length) == (
        kind,
        parses,
        "text/vcard",
        len(body),
    )
