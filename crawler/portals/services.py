"""OGC services in catalogues: the one address that says what a service offers. Data are never asked of it."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.records import Distribution

_KINDS = ("WMTS", "WMS", "WFS", "WCS", "CSW")
_WORD = re.compile(rf"(?<![A-Za-z])({'|'.join(_KINDS)})(?![A-Za-z])", re.IGNORECASE)
# Parameters of one operation. Others, a map file say, name the service itself.
_OPERATION = frozenset(
    {
        "request", "service", "version", "acceptversions", "sections", "format", "layers", "styles", "bbox", "width",
        "height", "srs", "crs", "typename", "typenames", "outputformat",
    }
)  # fmt: skip


def capabilities_url(distribution: Distribution) -> str | None:
    """Return the GetCapabilities request (OGC 06-121r9, 7.2) of a distribution that is an OGC service, else None."""
    try:
        parts = urlsplit(distribution.url)
    except ValueError:  # catalogues hold addresses that are none
        return None
    kind = _kind(distribution, parts.query)
    if kind is None or parts.scheme not in ("http", "https"):
        return None
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name.lower() not in _OPERATION
    ]
    query = urlencode([*kept, ("service", kind), ("request", "GetCapabilities")])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def _kind(distribution: Distribution, asked: str) -> str | None:
    """Return the kind of service that a distribution names: in its address, its format, or what it conforms to."""
    query = {name.lower(): value for name, value in parse_qsl(asked)}
    told = (query.get("service"), distribution.format, distribution.media_type, *distribution.conforms_to)
    sure = next((hit[1].upper() for said in told if said and (hit := _WORD.search(said))), None)
    hit = _WORD.search(distribution.url) if distribution.service and sure is None else None
    return sure or (hit[1].upper() if hit else None)
