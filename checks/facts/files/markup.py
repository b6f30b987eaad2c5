"""XML against HTML, and which XML: by the root element and its namespace."""

from __future__ import annotations

import re

from checks.facts.files.guess import CERTAIN, LIKELY, STRONG, WEAK, Guess, guess

_PROLOG = re.compile(
    r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?:[^\[>]|\[.*?\]\s*(?=>))*>|\s+)", re.DOTALL | re.IGNORECASE
)
_ROOT = re.compile(r"<(?:([\w.-]+):)?([\w.-]+)((?:\s+[^<>]*)?)/?>?", re.DOTALL)
_XMLNS = re.compile(r"xmlns(?::([\w.-]+))?\s*=\s*[\"']([^\"']*)[\"']")
_DOCTYPE_HTML = re.compile(r"<!DOCTYPE\s+html\b", re.IGNORECASE)
_HTML_TAG = re.compile(
    r"</?(html|head|body|title|meta|link|div|span|table|tbody|tr|td|th|br|hr|p|a|img|script|style|ul|ol|li|h[1-6]|"
    r"form|input|font|center|frameset|pre|b|i|em|strong|iframe|noscript|section|article|nav|header|footer|main)"
    r"(?=[\s/>])", re.IGNORECASE,
)  # fmt: skip
_FRAME_TAG = re.compile(r"<(?:html|head|body|frameset)(?=[\s>])", re.IGNORECASE)
_MOST_PROLOG = 64
_LOOK = 20_000
# (namespace part or None, local root name or None) -> type; the first line that fits decides.
_ROOTS: tuple[tuple[str | None, str | None, str], ...] = (
    ("w3.org/1999/xhtml", "html", "html"),
    ("1999/02/22-rdf-syntax-ns", "rdf", "rdfxml"),
    ("opengis.net/kml", None, "kml"),
    ("earth.google.com/kml", None, "kml"),
    ("google.com/kml", None, "kml"),
    (None, "kml", "kml"),
    ("topografix.com/gpx", None, "gpx"),
    ("sdmx.org/resources/sdmxml", None, "sdmx"),
    ("SDMX.org", None, "sdmx"),
    ("w3.org/2005/Atom", "feed", "atom"),
    ("purl.org/atom", "feed", "atom"),
    ("w3.org/2000/svg", "svg", "svg"),
    (None, "svg", "svg"),
    (None, "rss", "rss"),
    ("schemas.xmlsoap.org/wsdl", None, "wsdl"),
    ("w3.org/ns/wsdl", None, "wsdl"),
    ("w3.org/2001/XMLSchema", "schema", "xsd"),
    ("schemas-microsoft-com:office:spreadsheet", "workbook", "xlml"),
    ("schemas.microsoft.com/office/word/2003", None, "wordml"),
    ("schemas.microsoft.com/office/2006/xmlPackage", None, "wordml"),
    ("oasis:names:tc:opendocument:xmlns:office", "document", "fodt"),
    ("xbrl.org/2003/instance", "xbrl", "xbrl"),
    ("gribuser.ru/xml/fictionbook", None, "fb2"),
    ("sitemaps.org/schemas/sitemap", None, "sitemap"),
    (None, "plist", "plist"),
    (None, "osm", "osm"),
    ("opengis.net/citygml", None, "citygml"),
    ("isotc211.org", None, "isometa"),
    ("standards.iso.org/iso/19115", None, "isometa"),
    (None, "opml", "opml"),
    ("opengis.net/gml", None, "gml"),
)
_SERVICE_ROOTS = re.compile(
    r"(?:\w*capabilities|exceptionreport|describe\w+response|(?:coverage|process)descriptions?|"
    r"get(?:records|recordbyid|domain)response)$"
)
_SURE_SERVICE_ROOTS = re.compile(r"(?:(?:wms|wmt_ms|wfs|wcs|wps)_capabilities|serviceexceptionreport)$")
_FEATURES = frozenset({"featurecollection", "spatialdataset"})
_GML_PART = re.compile(r"<(?:[\w.-]+:)?(?:featureMembers?|boundedBy)[\s>]")


def markup_kind(text: str) -> Guess | None:
    """Return what a text that begins with `<` is, or None when that is no tag."""
    at, prolog = _skip_prolog(text)
    if _DOCTYPE_HTML.search(prolog):
        return guess("html", CERTAIN, "html:doctype")
    root = _ROOT.match(text, at)
    declared = prolog.lstrip("\ufeff").lstrip().startswith("<?xml")
    if root is None:
        return guess("xml", LIKELY, "xml:declaration") if declared else html_fragment(text)
    prefix, name, attributes = root[1] or "", root[2].lower(), root[3]
    spaces = {key or "": value for key, value in _XMLNS.findall(attributes)}
    rest = text[at : at + _LOOK]
    found = _by_root(spaces.get(prefix, ""), name, rest) or _by_spaces(name, spaces, rest)
    if found:
        return guess(found, CERTAIN, f"xml:root {name}")
    if name == "html" or (not declared and not spaces and _HTML_TAG.match(text, at)):
        return guess("html", STRONG if name == "html" else LIKELY, f"html:tag {name}")
    if declared or spaces:
        return guess("xml", CERTAIN, f"xml:root {name}")
    return _undeclared(text, at, name)


def html_fragment(text: str) -> Guess | None:
    """Tell a piece of HTML by several of its tags."""
    tags = {tag.lower() for tag in _HTML_TAG.findall(text[:20_000])}
    if _FRAME_TAG.search(text[:20_000]) and len(tags) > 1:
        return guess("html", LIKELY, "html:frame_tags")
    return guess("html", WEAK, "html:tags") if len(tags) > 2 and text.lstrip()[:1] == "<" else None  # noqa: PLR2004


def _skip_prolog(text: str) -> tuple[int, str]:
    at = 0
    for _step in range(_MOST_PROLOG):
        found = _PROLOG.match(text, at)
        if not found or found.end() == at:
            break
        at = found.end()
    return at, text[:at]


def _by_root(space: str, name: str, rest: str) -> str | None:
    for part, wanted, found in _ROOTS:
        if (part is None or part.lower() in space.lower()) and (wanted is None or wanted == name):
            if part is None and space and wanted == "kml":
                continue
            return "fods" if found == "fodt" and "opendocument.spreadsheet" in rest[:4000] else found
    return None


def _by_spaces(name: str, spaces: dict[str, str], rest: str) -> str | None:
    if _SURE_SERVICE_ROOTS.match(name):
        return "ogc"
    if _SERVICE_ROOTS.match(name) and (
        not spaces or any("opengis" in item or "ows" in item for item in spaces.values())
    ):
        return "ogc"
    if name in _FEATURES and any("opengis.net/gml" in item or "opengis.net/wfs" in item for item in spaces.values()):
        return "gml"
    if any("opengis.net/gml" in item for item in spaces.values()) and _GML_PART.search(rest):
        return "gml"
    if any("/sdmxml/schemas" in item.lower() for item in spaces.values()):
        return "sdmx"
    return None


def _undeclared(text: str, at: int, name: str) -> Guess | None:
    """XML needs no declaration: a closing tag of the root, or several well-formed tags, say so."""
    if text.rstrip().endswith((f"</{name}>", "/>")) or f"</{name}" in text.lower():
        return guess("xml", LIKELY, f"xml:root {name}")
    if _HTML_TAG.match(text, at):
        return guess("html", LIKELY, f"html:tag {name}")
    if len(re.findall(r"</[\w:.-]+>", text[:20_000])) > 2:  # noqa: PLR2004
        return guess("xml", WEAK, f"xml:root {name}")
    return html_fragment(text)
