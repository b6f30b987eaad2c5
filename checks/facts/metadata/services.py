"""Capabilities of OGC services: WMS, WFS, WCS, WMTS and CSW say what they offer, in which reference systems, by whom.

Elements are found by their local names, so that all versions are read alike (OGC 06-042, 09-025r2, 17-089r1, 07-057r7).
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from lxml import etree

from checks.facts.metadata.crs import resolvable
from crawler.safexml import children, local, named, parse, text

_ROOTS = {
    "wms_capabilities": "WMS", "wmt_ms_capabilities": "WMS", "wfs_capabilities": "WFS", "wcs_capabilities": "WCS",
    "capabilities": "WMTS",
}  # fmt: skip
_OFFERS = ("Layer", "FeatureType", "CoverageSummary", "CoverageOfferingBrief")
_SYSTEMS = ("CRS", "SRS", "DefaultCRS", "DefaultSRS", "OtherCRS", "OtherSRS", "SupportedCRS")
_TITLES = ("Title", "label")
_NAMES = ("Name", "Identifier", "CoverageId", "name")
_NO_LIMITS = frozenset({"", "none", "no", "unknown"})


class ServiceFacts(msgspec.Struct, frozen=True):
    """What a service offers. `offers` are the layers, feature types or coverages that can be asked for by name.

    `untitled` have no title beside their name; `systems` are the resolvable codes of their reference systems and
    `unresolvable` how many names of systems are words only; `described` offers link to a metadata record.
    """

    kind: str
    version: str | None
    title: str | None
    offers: int
    untitled: int
    described: int
    systems: tuple[str, ...]
    unresolvable: int
    contact: bool
    access_limits: bool


def read(body: bytes) -> ServiceFacts | None:
    """Return the facts of a capabilities document; None for anything else. Raises UnreadableError."""
    root = parse(body)
    kind = _kind(root)
    if kind is None:
        return None
    offers = [item for item in named(root, *_OFFERS) if _first(item, _NAMES)]
    said = {text(item) for item in named(root, *_SYSTEMS)}
    systems = {code for code in map(resolvable, said) if code}
    return ServiceFacts(
        kind, root.get("version"), _title(root), len(offers),
        untitled=sum(_first(item, _TITLES) in ("", _first(item, _NAMES)) for item in offers),
        described=sum(any(local(child) == "MetadataURL" for child in item) for item in offers),
        systems=tuple(sorted(systems)), unresolvable=sum(1 for item in said if item and not resolvable(item)),
        contact=_has_contact(root), access_limits=_limits(root),
    )  # fmt: skip


def _kind(root: etree._Element) -> str | None:
    kind = _ROOTS.get(local(root).lower())
    space = etree.QName(root).namespace or ""
    return "CSW" if kind and "/cat/csw" in space else kind


def _title(root: etree._Element) -> str | None:
    holders = (item for item in root if local(item) in ("Service", "ServiceIdentification"))
    return next((found for item in holders if (found := _first(item, _TITLES))), None)


def _first(item: etree._Element, names: tuple[str, ...]) -> str:
    return next((text(child) for name in names for child in children(item, name)), "")


def _has_contact(root: etree._Element) -> bool:
    return any(text(item) for item in named(root, "ContactElectronicMailAddress", "ElectronicMailAddress", "Voice"))


def _limits(root: etree._Element) -> bool:
    return any(said not in _NO_LIMITS for said in _words(root))


def _words(root: etree._Element) -> Iterator[str]:
    for item in named(root, "AccessConstraints"):
        yield text(item).lower()
