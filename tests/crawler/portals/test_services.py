from __future__ import annotations

import pytest

from crawler.portals.services import capabilities_url
from crawler.records import Distribution

GET = "request=GetCapabilities"


@pytest.mark.parametrize(
    ("distribution", "url"),
    [
        (Distribution("https://m.kz/ows", format="WMS"), f"https://m.kz/ows?service=WMS&{GET}"),
        (Distribution("https://m.kz/ows", format="OGC WFS"), f"https://m.kz/ows?service=WFS&{GET}"),
        (Distribution("https://m.kz/ows?service=wfs&request=GetFeature&typeNames=a"),
         f"https://m.kz/ows?service=WFS&{GET}"),
        (Distribution("https://m.kz/cgi?map=/a.map&SERVICE=WMS&VERSION=1.1.1"),
         f"https://m.kz/cgi?map=%2Fa.map&service=WMS&{GET}"),
        (Distribution("https://m.kz/geoserver/wms", service=True), f"https://m.kz/geoserver/wms?service=WMS&{GET}"),
        (Distribution("https://m.kz/ows", conforms_to=("http://www.opengis.net/def/serviceType/ogc/wmts",)),
         f"https://m.kz/ows?service=WMTS&{GET}"),
        (Distribution("https://m.kz/wmsdata.csv", format="CSV"), None),
        (Distribution("https://m.kz/wms/file.zip", format="SHP"), None),
        (Distribution("https://m.kz/api/rows", service=True), None),
        (Distribution("ftp://m.kz/ows", format="WMS"), None),
    ],
)  # fmt: skip
def test_where_a_service_says_what_it_offers(distribution: Distribution, url: str | None) -> None:
    assert capabilities_url(distribution) == url


def test_an_address_that_is_none_is_no_service() -> None:
    assert capabilities_url(Distribution("https://[a.kz/wms", format="WMS")) is None
