"""How a coordinate reference system is named: by a code of a register that machines resolve, or only in words.

EPSG codes come as `EPSG:4326`, URN (OGC 07-092r3), address of the OGC or EPSG register, or ESRI's WKID; `CRS84` is the
OGC's own and what GeoJSON always is in (RFC 7946, section 4).
"""

from __future__ import annotations

import re

GEOJSON = "OGC:CRS84"

_FORMS = (
    re.compile(r"(?:^|[:/])(EPSG)(?:/|::?|:[\d.]+:|/[\d.]+/)(\d{4,6})/?$", re.IGNORECASE),
    re.compile(r"^(EPSG)[ :_/#-]{0,3}(\d{4,6})$", re.IGNORECASE),
    re.compile(r"epsg\.xml#(\d{4,6})$", re.IGNORECASE),
    re.compile(r"spatialreference\.org/ref/(epsg)/(\d{4,6})/?$", re.IGNORECASE),
    re.compile(r"(?:^|[:/])(OGC)(?:/|::?|:[\d.]+:|/[\d.]+/)(CRS84h?|CRS83|CRS27)/?$", re.IGNORECASE),
    re.compile(r"\b(EPSG)[ :\"',]{1,4}(\d{4,6})\b(?!.*\bEPSG\b)", re.IGNORECASE),
)
_LONGEST = 300


def resolvable(said: str | None) -> str | None:
    """Return the code (`EPSG:4326`, `OGC:CRS84`) that a name of a reference system holds, or None: words only."""
    text = " ".join((said or "")[:_LONGEST].split())
    if text.upper() in ("CRS84", "CRS:84"):
        return GEOJSON
    hit = next((match for form in _FORMS if (match := form.search(text))), None)
    if hit is None:
        return None
    groups = hit.groups()
    return f"{groups[0].upper()}:{groups[1].upper()}" if len(groups) > 1 else f"EPSG:{groups[0]}"
