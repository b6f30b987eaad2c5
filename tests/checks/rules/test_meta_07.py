from __future__ import annotations

from pathlib import Path

import pytest

from checks.rules.meta_07 import markup_agrees
from config.pack import Pack
from crawler.capture import ExchangeOutcome, Purpose
from tests.checks.lab import Reply, failure
from tests.checks.rules.portal_support import SITE, Sample, assert_one, dataset
from tests.checks.rules.tables import NOT_APPLICABLE, NOT_OBSERVED, PASS, UNCLEAR

RULE = markup_agrees
PAGE = f"{SITE}/page/a"
NAMED = f'dcat:landingPage <{PAGE}> ; dct:modified "2026-05-04" ; dct:license <https://creativecommons.org/licenses/by/4.0/> ; '


def page(json: str) -> dict[str, Reply]:
    script = f'<script type="application/ld+json">{json}</script>'
    return {PAGE: Reply(f"<html><head>{script}</head><body><h1>Lakes</h1></body></html>", purpose=Purpose.PAGE)}


def marked(name: str = "Lakes a", modified: str = "2026-05-04", licence: str = "by/4.0") -> dict[str, Reply]:
    return page(
        f'{{"@context": "https://schema.org/", "@type": "Dataset", "name": "{name}", "dateModified": "{modified}T10:00",'
        f' "license": "https://creativecommons.org/licenses/{licence}/"}}'
    )


MICRODATA = """<html><body><div itemscope itemtype="https://schema.org/Dataset"><h1 itemprop="name">Lakes a</h1>
<meta itemprop="dateModified" content="2026-05-04"></div></body></html>"""
SET = dataset("a", more=NAMED)
TABLE = (
    Sample("markup that agrees", PASS, "markup_agrees", SET, marked()),
    Sample("microdata that agrees", PASS, "markup_agrees", SET, {PAGE: Reply(MICRODATA)}),
    Sample("one of a graph", PASS, "markup_agrees", SET,
           page('{"@context": "https://schema.org/", "@graph": [{"@type": "Organization", "name": "Ministry"},'
                ' {"@type": "Dataset", "name": "Lakes a"}]}')),
    Sample("another day", UNCLEAR, "markup_differs", SET, marked(modified="2025-01-01")),
    Sample("another name", UNCLEAR, "markup_differs", SET, marked(name="Rivers")),
    Sample("another licence", UNCLEAR, "markup_differs", SET, marked(licence="by-nc/4.0")),
    Sample("no markup", UNCLEAR, "no_markup", SET, {PAGE: Reply("<html><body>Lakes</body></html>")}),
    Sample("broken markup", UNCLEAR, "no_markup", SET, page("{not json")),
    Sample("no page named", NOT_APPLICABLE, "no_page_named", dataset("a").replace(f"<{SITE}/set/a>", "[]").replace(
        "[] a dcat:Dataset", "[ a dcat:Dataset").replace('dct:language "en" .', 'dct:language "en" ] .')),
    Sample("a page that was not crawled", NOT_OBSERVED, "page_not_crawled", SET),
    Sample("a page that did not answer", NOT_OBSERVED, "page_not_crawled", SET,
           {PAGE: failure(ExchangeOutcome.TIMEOUT)}),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_meta_07(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    assert_one(sample, RULE, tmp_path, pack)


def test_the_table_is_complete() -> None:
    assert {item.outcome for item in TABLE} == {PASS, UNCLEAR, NOT_APPLICABLE, NOT_OBSERVED}, "it never fails anybody"
