"""Whatever bytes a catalogue answers with: records come out, or a reason, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.capture import CaptureKey, ExchangeOutcome
from crawler.portals import Counting, PortalAdapter, portal_adapters
from crawler.records import Record
from tests.crawler.portals.answers import SITE, answer, portal, read
from tests.crawler.portals.test_csw import SAMPLE, results
from tests.crawler.portals.test_dcat import HEAD, WHOLE, XML

ADAPTERS = portal_adapters()
URLS = (
    f"{SITE}/", f"{SITE}/api/3/action/package_search?rows=100&start=100", f"{SITE}/catalog.ttl", f"{SITE}/data.json",
    f"{SITE}/csw?request=GetRecords&startPosition=51", f"{SITE}/datasets/getdatasetsre?page=2&count=10",
    f"{SITE}/datasets/getdatasetsrecount", f"{SITE}/meta/x/v1", f"{SITE}/datasets/view?index=x",
)  # fmt: skip
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
KEYS = st.sampled_from(
    [
        "result", "results", "count", "dataset", "datasets", "id", "name", "title", "title_translated", "notes",
        "extras", "key", "value", "organization", "resources", "url", "format", "size", "tags", "spatial", "temporal",
        "publisher", "contactPoint", "distribution", "downloadURL", "keyword", "language", "@id", "@type", "@graph",
        "@context", "@value", "@language", "apiUri", "govAgency", "nameKk", "fields", "keyWords", "categories",
        "actual", "totalCount",
    ]
)  # fmt: skip
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
    | st.sampled_from(["\ud800", "//", "http://[", "x" * 300, "1e999", "\x00", "POLYGON((", "::"])
)  # fmt: skip
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=25
)
LISTS = st.lists(st.dictionaries(KEYS, VALUES, max_size=8) | VALUES, max_size=4)


def assert_sound(adapter: PortalAdapter, url: str, body: bytes, content_type: str = "application/json") -> None:
    here = portal("any")
    for found in (answer(url, content_type), answer(url, outcome=ExchangeOutcome.HTTP_ERROR, status=500)):
        records, trouble = read(adapter, here, found, body)
        assert trouble is None or trouble.replace("_", "").isalpha()
        for record in records:
            assert record.id
            assert msgspec.json.decode(msgspec.json.encode(record), type=Record) == record
        assert read(adapter, here, found, body) == (records, trouble)
        for ask in adapter.next_requests(here, found, body):
            assert CaptureKey(ask.method, ask.url, None, ask.variant).text() != found.key.text()
        if isinstance(adapter, Counting):
            total = adapter.total(here, found, body)
            assert total is None or total >= 0


@pytest.mark.parametrize("kind", sorted(ADAPTERS))
@QUICK
@given(url=st.sampled_from(URLS), body=st.binary(max_size=200), content_type=st.text(max_size=20))
def test_any_bytes(kind: str, url: str, body: bytes, content_type: str) -> None:
    assert_sound(ADAPTERS[kind], url, body, content_type)


@pytest.mark.parametrize("kind", sorted(ADAPTERS))
@QUICK
@given(url=st.sampled_from(URLS), found=LISTS, more=VALUES)
def test_any_json(kind: str, url: str, found: list[Any], more: object) -> None:
    shapes = (
        found,
        {"result": {"results": found, "count": more}, "dataset": found, "datasets": found, "@graph": found},
    )
    for shape in (*shapes, {"totalCount": more, "fields": more, "nameKk": more}):
        assert_sound(ADAPTERS[kind], url, json.dumps(shape).encode())


ANSWERS = (
    (HEAD + WHOLE).encode(), XML.encode(), results(SAMPLE, matched=3),
    b'{"result": {"count": 2, "results": [{"id": "a", "title": "A"}, {"id": "b"}]}}',
    b'{"dataset": [{"identifier": "a", "keyword": ["x"]}]}',
    b'{"datasets": [{"apiUri": "a", "nameKk": "A", "govAgency": {"id": 1}}]}',
)  # fmt: skip


@pytest.mark.parametrize("kind", sorted(ADAPTERS))
@QUICK
@given(url=st.sampled_from(URLS), body=st.sampled_from(ANSWERS), data=st.data())
def test_answers_that_are_cut_or_damaged(kind: str, url: str, body: bytes, data: st.DataObject) -> None:
    end = data.draw(st.integers(0, len(body)))
    place, junk = data.draw(st.integers(0, len(body))), data.draw(st.binary(max_size=4))
    assert_sound(ADAPTERS[kind], url, body[:end])
    assert_sound(ADAPTERS[kind], url, body[:place] + junk + body[place + 2 :])
