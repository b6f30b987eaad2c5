from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from checks.context import RuleContext
from checks.facts.files.read import read
from checks.findings import Outcome, Result
from checks.rules.fmt_04 import distribution_readable
from checks.subjects import DatasetSubject, DistributionSubject
from checks.view import View
from config.model import Names, Portal
from config.pack import Pack
from crawler.archive.history import History
from crawler.capture import Capture, ExchangeOutcome, Purpose
from crawler.records import Distribution, Record
from tests.checks.lab import NIGHT, page_capture
from tests.checks.rules.fmt_samples import CSV, PRINTED, TIDY
from tests.checks.texts import RU, page, paragraphs
from tests.lab import pdf

PASS, FAIL, UNCLEAR, UNSEEN = Outcome.PASS, Outcome.FAIL, Outcome.UNCLEAR, Outcome.NOT_OBSERVED
URL = "https://good.kz/files/1"
RECORD = Record("1", "portal", "urn:uuid:1")


def ask(pack: Pack, folder: Path, stated: Distribution, capture: Capture | None, body: bytes = b"") -> Result | None:
    view = Mock(spec=View)
    view.sees.return_value = capture
    view.file.return_value = read(capture, body) if capture and capture.answered else None
    portal = Portal.model_construct(id="portal", names=(Names(names={"en": "p"}),), kind="ckan", url=URL)
    subject = DistributionSubject(DatasetSubject(RECORD, portal, None), stated, view)
    answer: Any = distribution_readable(subject, RuleContext(NIGHT, {}, pack, History(folder, NIGHT)))
    assert answer is None or isinstance(answer, Result)
    return answer


@dataclass(frozen=True)
class Sample:
    """A form of a data set as the catalogue states it, what its address answers, and what is expected of it."""

    name: str
    outcome: Outcome
    reason: str
    label: str | None = "CSV"
    content_type: str | None = "text/csv"
    body: bytes | None = b""
    failed: ExchangeOutcome | None = None

    def __str__(self) -> str:
        return self.name


WEB_PAGE = page(paragraphs(RU, RU)).encode()
SERVICE = {
    "WMS": b'<WMS_Capabilities xmlns="http://www.opengis.net/wms"><Layer/></WMS_Capabilities>',
    "WMS 1.1": b'<!DOCTYPE WMT_MS_Capabilities SYSTEM "x.dtd" [<!ELEMENT V EMPTY>]><WMT_MS_Capabilities version="1.1.1"/>',
    "WFS": b'<wfs:WFS_Capabilities xmlns:wfs="http://www.opengis.net/wfs/2.0"/>',
    "CSW": b'<csw:Capabilities xmlns:csw="http://www.opengis.net/cat/csw/2.0.2"/>',
    "WMTS": b'<Capabilities xmlns="http://www.opengis.net/wmts/1.0"/>',
    "an old exception": b'<!DOCTYPE ServiceExceptionReport SYSTEM "x.dtd"><ServiceExceptionReport version="1.1.1"/>',
    "a schema": b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"/></xs:schema>',
}
TABLE = (
    Sample("a CSV file", PASS, "machine_readable", body=CSV.encode()),
    Sample("a CSV file that the catalogue calls Excel", PASS, "one_name_right", "Excel", body=CSV.encode()),
    Sample("a workbook under wrong names only", UNCLEAR, "other_type", body=TIDY),
    Sample("a workbook for print", UNCLEAR, "print_layout", "XLSX", None, PRINTED),
    Sample("a PDF", FAIL, "document_only", "PDF", None, pdf.of_text([["x"]])),
    Sample("a page under the name of a file", FAIL, "html_disguise", body=WEB_PAGE),
    Sample("a page that the catalogue calls a page", UNCLEAR, "html_table", "HTML", "text/html", WEB_PAGE),
    *(
        Sample(f"{name} called GeoPackage", UNCLEAR, "service_document", "GeoPackage", "text/xml", body)
        for name, body in SERVICE.items()
    ),
    Sample("a feed of nothing", UNCLEAR, "no_rows", "RSS", "application/rss+xml", b"<rss><channel/></rss>"),
    Sample("an OGC exception", UNSEEN, "error_body", "GeoPackage", "text/xml",
           b'<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows"><ows:Exception/></ows:ExceptionReport>'),
    Sample("an API's error", UNSEEN, "error_body", "JSON", "application/json", b'{"status": 404, "detail": "no set"}'),
    Sample("an empty file", FAIL, "empty_file"),
    Sample("an address that was not asked", UNSEEN, "not_asked", body=None),
    Sample("a dead link", UNSEEN, "unreachable", failed=ExchangeOutcome.DNS),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_fmt_04(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    lost: dict[str, Any] = {"outcome": sample.failed, "sha256": None, "status": None} if sample.failed else {}
    capture = page_capture(URL, sample.content_type, purpose=Purpose.DISTRIBUTION, **lost)
    stated = Distribution(URL, format=sample.label)
    found = ask(pack, tmp_path, stated, None if sample.body is None else capture, sample.body or b"")
    assert found
    assert (found.outcome, found.reason) == (sample.outcome, sample.reason)
    assert found.evidence or found.outcome is UNSEEN


def test_the_table_is_complete() -> None:
    told = {item.outcome for item in TABLE}
    assert {item for item in Outcome if f"    {item.value}:" in distribution_readable.doc} <= told


def test_a_service_is_no_file(tmp_path: Path, pack: Pack) -> None:
    assert ask(pack, tmp_path, Distribution(URL, service=True), None) is None


def test_a_service_that_is_called_one_is_no_file(tmp_path: Path, pack: Pack) -> None:
    capture = page_capture(URL, "text/xml", purpose=Purpose.DISTRIBUTION)
    assert ask(pack, tmp_path, Distribution(URL, format="WMS"), capture, SERVICE["WMS"]) is None
