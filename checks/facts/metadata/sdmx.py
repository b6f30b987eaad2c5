"""SDMX structures (SDMX-ML 2.0 to 3.0): by what a series is broken down, and what each observation says of itself.

Ids of concepts are those of the SDMX Cross-Domain Concepts (Content-Oriented Guidelines, annex 1, 2009).
"""

from __future__ import annotations

import msgspec

from crawler.safexml import attribute, local, named, parse

_AREA = ("REF_AREA", "GEO", "AREA", "REGION", "TERRITORY", "KATO")
_PERIOD = ("TIME_PERIOD", "TIME", "YEAR", "PERIOD")
_UNIT = ("UNIT_MEASURE", "UNIT", "UNIT_MULT")
_SPACE = "sdmx.org"


class SdmxFacts(msgspec.Struct, frozen=True):
    """Dimensions and attributes of a structure, or those that the series of a data message carry."""

    dimensions: tuple[str, ...]
    attributes: tuple[str, ...]
    series: int

    @property
    def by_area(self) -> bool:
        """Whether series are broken down by area."""
        return any(item.upper() in _AREA for item in self.dimensions)

    @property
    def has_period(self) -> bool:
        """Whether observations name their period."""
        return any(item.upper() in _PERIOD for item in self.dimensions)

    @property
    def has_unit(self) -> bool:
        """Whether the unit of the figures is stated."""
        return any(item.upper() in _UNIT for item in (*self.dimensions, *self.attributes))


def read(body: bytes) -> SdmxFacts | None:
    """Return the facts of an SDMX-ML message; None for another document. Raises UnreadableError."""
    root = parse(body)
    if not any(_SPACE in (space or "").lower() for space in root.nsmap.values()):
        return None
    dimensions = [_concept(item) for item in named(root, "Dimension", "TimeDimension", "MeasureDimension")]
    attributes = [_concept(item) for item in named(root, "Attribute") if "Attribute" in local(item)]
    keys = [item for holder in named(root, "SeriesKey", "GroupKey", "ObsKey") for item in named(holder, "Value")]
    said = [item for holder in named(root, "Attributes") for item in named(holder, "Value")]
    series = list(named(root, "Series"))
    flat = {name for item in series for name in item.attrib if isinstance(name, str) and not name.startswith("{")}
    dimensions += [_concept(item) for item in keys] + sorted(flat)
    dimensions += ["TIME_PERIOD"] if next(named(root, "ObsDimension", "Time"), None) is not None else []
    attributes += [_concept(item) for item in said]
    return SdmxFacts(_distinct(dimensions), _distinct(attributes), len(series))


def _concept(item: object) -> str:
    told = (attribute(item, name) for name in ("conceptRef", "concept", "id"))  # type: ignore[arg-type]
    return next((name for name in told if name), "")


def _distinct(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
