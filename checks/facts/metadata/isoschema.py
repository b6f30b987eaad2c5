"""The XML Schemas of ISO metadata, compiled once per process and never from the network.

Editions: ISO/TS 19139 of 2006-05-04 (times and geometry in the namespace of GML 3.1), ISO/TS 19139:2007 with GML 3.2.1
together with ISO 19119 services and ISO 19115-2 (gmi), and ISO/TS 19115-3 (mdb 2.0).
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from checks.facts.metadata import vendored

_FOLDER = vendored.ROOT / "iso"
_OGC = "schemas.opengis.net"
_2006 = f"{_OGC}/iso/19139/20060504"
_2007 = f"{_OGC}/iso/19139/20070417"


class Edition(StrEnum):
    """A standard in one of its XML forms."""

    ISO_19139_2006 = "19139:2006"
    ISO_19139_2007 = "19139:2007"
    ISO_19115_2 = "19115-2"
    ISO_19115_3 = "19115-3"


_ENTRIES: dict[Edition, dict[str, str]] = {
    Edition.ISO_19139_2006: {
        "http://www.isotc211.org/2005/gmx": f"{_2006}/gmx/gmx.xsd",
        "http://www.isotc211.org/2005/srv": f"{_2006}/srv/srv.xsd",
    },
    Edition.ISO_19139_2007: {
        "http://www.isotc211.org/2005/gmx": f"{_2007}/gmx/gmx.xsd",
        "http://www.isotc211.org/2005/srv": f"{_2007}/srv/srv.xsd",
        "http://www.isotc211.org/2005/gmi": f"{_2007}/gmi/gmi.xsd",
    },
    Edition.ISO_19115_3: {"http://standards.iso.org/iso/19115/-3/mds/2.0": "19115/-3/mds/2.0/mds.xsd"},
}


class _Shelf(etree.Resolver):
    """Answers every address that a schema names from the vendored folder; what is not there is empty."""

    # The stub knows two of the three arguments.
    def resolve(self, system_url: str, public_id: str | None, context: Any) -> Any:  # type: ignore[override]  # noqa: ARG002
        place = _place(system_url)
        if not place.is_file():
            return self.resolve_string(b"<none/>", context, base_url=system_url)
        return self.resolve_string(place.read_bytes(), context, base_url=system_url)


def _place(url: str) -> Path:
    """Return where a schema lies that is asked for by *url*, however the asking schema wrote it."""
    path = url.split("://", 1)[-1].replace(str(_FOLDER), "").lstrip("/")
    if path.endswith(("1999/xlink.xsd", f"{_2007.rsplit('/', 1)[1]}/xlink/xlinks.xsd")):
        path = "xlink.xsd"
    path = path.replace(f"{_2007}/gml/", f"{_OGC}/gml/3.2.1/")
    # The edition of 2006 was published without services; those of 2007 name nothing that it lacks.
    path = path.replace(f"{_2006}/srv/", f"{_2007}/srv/")
    place = (_FOLDER / path).resolve()
    return place if place.is_relative_to(_FOLDER.resolve()) else _FOLDER / "none"


@cache
def schema(edition: Edition) -> etree.XMLSchema:
    """Return the compiled schema of an edition; ISO 19115-2 is part of that of 19139:2007."""
    entries = _ENTRIES[Edition.ISO_19139_2007 if edition is Edition.ISO_19115_2 else edition]
    imports = "".join(f'<xs:import namespace="{space}" schemaLocation="{name}"/>' for space, name in entries.items())
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Shelf())
    source = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>'
    return etree.XMLSchema(etree.fromstring(source, parser, base_url=f"{_FOLDER}/all.xsd"))
