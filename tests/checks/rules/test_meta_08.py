from __future__ import annotations

from pathlib import Path

import pytest

from checks.rules.meta_08 import service_described
from config.pack import Pack
from crawler.capture import ExchangeOutcome, Purpose
from tests.checks.lab import failure
from tests.checks.rules.portal_support import SITE, Sample, ask, assert_one, dataset, file
from tests.checks.rules.tables import NOT_APPLICABLE, NOT_OBSERVED, PASS, UNCLEAR

RULE = service_described
ASKED = f"{SITE}/ows?service=WMS&request=GetCapabilities"
LAYER = "<Layer><Name>{}</Name><Title>{}</Title><CRS>{}</CRS></Layer>"


def wms(*layers: tuple[str, str, str], root: str = "WMS_Capabilities") -> str:
    inner = "".join(LAYER.format(*item) for item in layers)
    return f"""<?xml version="1.0"?><{root} version="1.3.0" xmlns="http://www.opengis.net/wms">
<Service><Name>WMS</Name><Title>Maps</Title><AccessConstraints>none</AccessConstraints></Service>
<Capability><Layer><Title>All</Title>{inner}</Layer></Capability></{root}>"""


def answered(body: str) -> dict[str, object]:
    return {ASKED: file(body, "text/xml")}


SET = dataset("a", f'<{SITE}/ows?service=WMS&version=1.1.1&request=GetMap&layers=lakes> "WMS"')
CSW = dataset("a", f'<{SITE}/ows> "CSW"')
EXCEPTION = '<ServiceExceptionReport xmlns="http://www.opengis.net/ogc"><ServiceException>no</ServiceException></ServiceExceptionReport>'
CATALOGUE = '<Capabilities version="2.0.2" xmlns="http://www.opengis.net/cat/csw/2.0.2"/>'
TABLE = (
    Sample("layers with titles and codes", PASS, "service_described", SET,
           answered(wms(("lakes", "Lakes", "EPSG:4326"), ("rivers", "Rivers", "CRS:84")))),
    Sample("a layer without a title", UNCLEAR, "layers_untitled", SET, answered(wms(("lakes", "lakes", "EPSG:4326")))),
    Sample("a system in words", UNCLEAR, "reference_system_in_words", SET,
           answered(wms(("lakes", "Lakes", "Local grid of the city")))),
    Sample("nothing offered", UNCLEAR, "service_offers_nothing", SET, answered(wms())),
    Sample("a catalogue service", NOT_APPLICABLE, "catalogue_service", CSW,
           {f"{SITE}/ows?service=CSW&request=GetCapabilities": file(CATALOGUE, "text/xml")}),
    Sample("an exception report", NOT_OBSERVED, "no_capabilities", SET, answered(EXCEPTION)),
    Sample("entities", NOT_OBSERVED, "no_capabilities", SET,
           answered('<!DOCTYPE a [<!ENTITY e "x">]><WMS_Capabilities>&e;</WMS_Capabilities>')),
    Sample("not asked", NOT_OBSERVED, "service_not_asked", SET),
    Sample("no answer", NOT_OBSERVED, "timeout", SET,
           {ASKED: failure(ExchangeOutcome.TIMEOUT, purpose=Purpose.DISTRIBUTION)}),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_meta_08(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    assert_one(sample, RULE, tmp_path, pack)


def test_the_table_is_complete() -> None:
    assert {item.outcome for item in TABLE} == {PASS, UNCLEAR, NOT_APPLICABLE, NOT_OBSERVED}, "it never fails anybody"


def test_a_service_that_many_sets_name_is_judged_once(tmp_path: Path, pack: Pack) -> None:
    sample = Sample("two", PASS, "", SET + dataset("b", f'<{SITE}/ows?service=WMS> "WMS"'), TABLE[0].answers)
    assert len(ask(sample, RULE, tmp_path, pack)) == 1
