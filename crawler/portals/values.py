"""Takes values out of what catalogues write: texts, lists, numbers, addresses. Nothing here raises on bad input."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from config.urls import absolute
from crawler.records import UNDETERMINED, Extent, Texts

LONGEST_TEXT = 20_000
MOST_KEYWORDS = 1_000
MOST_DISTRIBUTIONS = 5_000
_TAG = re.compile(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{1,8})*")
_ENDING = re.compile(r"[A-Z][a-z]")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_BOX = 4


def text(value: object) -> str | None:
    """Return a string or number as clean text, or None when there is nothing in it."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return _CONTROL.sub("", str(value)[:LONGEST_TEXT]).strip() or None


def first(*values: object) -> str | None:
    """Return the first of *values* that is a text with something in it."""
    return next((found for value in values if (found := text(value))), None)


def items(value: object) -> list[Any]:
    """Return a list as it is, nothing as an empty list, and any other value as a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def mappings(value: object) -> list[dict[str, Any]]:
    """Return the objects in a list, or the one object; everything else is left out."""
    return [item for item in items(value) if isinstance(item, dict)]


def mapping(value: object) -> dict[str, Any]:
    """Return an object as it is, anything else as an empty one."""
    return value if isinstance(value, dict) else {}


def strings(values: Iterable[object], most: int = MOST_KEYWORDS) -> tuple[str, ...]:
    """Return the texts among *values*, each once, in order, not more than *most*."""
    found: dict[str, None] = {}
    for value in values:
        if cleaned := text(value):
            found.setdefault(cleaned)
        if len(found) >= most:
            break
    return tuple(found)


def language(tag: object) -> str:
    """Return a language tag in lower case, or the code for an unknown language."""
    cleaned = text(tag) or ""
    return cleaned.lower().replace("_", "-") if _TAG.fullmatch(cleaned) else UNDETERMINED


def translated(value: object, plain: object = None) -> Texts:
    """Return texts by language from an object such as {"kk": "...", "ru": "..."}; *plain* stands for itself."""
    found: Texts = {}
    for tag, item in mapping(value).items():
        if cleaned := text(item):
            found.setdefault(language(tag), cleaned)
    rest = text(plain)
    if rest and rest not in found.values():
        found.setdefault(UNDETERMINED, rest)
    return found


def suffixed(item: Mapping[Any, Any], name: str) -> Texts:
    """Return texts from keys such as nameKk, nameRu: what follows *name* is the language."""
    found: Texts = {}
    for key, value in item.items():
        code = key[len(name) :] if isinstance(key, str) and key.startswith(name) else ""
        if _ENDING.fullmatch(code) and (told := text(value)):
            found[code.lower()] = told
    return found


def whole(value: object) -> int | None:
    """Return a number that is not negative, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = int(value)
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number < 2**63 else None


def number(value: object) -> float | None:
    """Return a finite number, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def box(west: object, south: object, east: object, north: object) -> Extent | None:
    """Return a bounding box when all four sides are numbers."""
    sides = [number(side) for side in (west, south, east, north)]
    found = [side for side in sides if side is not None]
    return Extent(*found) if len(found) == _BOX else None


def box_around(geometry: object) -> Extent | None:
    """Return the box around a geometry in GeoJSON or WKT (OGC 06-103r4 section 7), x before y."""
    written = text(geometry) if isinstance(geometry, str) else None
    if written is None:
        return None
    if written.lstrip().startswith("{"):
        written = written.partition('"coordinates"')[2].partition("}")[0]
    elif written.lstrip().startswith("<"):  # a reference system before WKT (GeoSPARQL 1.0 section 8.5.1)
        written = written.partition(">")[2]
    if re.search(r"[A-Za-z]\s+(?:Z|M|ZM)\s*\(", written):
        return None
    numbers = [float(match) for match in _NUMBER.findall(written)]
    if "ENVELOPE" in written.upper() and len(numbers) == _BOX:
        return box(numbers[0], numbers[2], numbers[1], numbers[3])
    pairs = list(zip(numbers[::2], numbers[1::2], strict=False))
    if len(numbers) < _BOX or len(numbers) % 2:
        return None
    across, up = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return box(min(across), min(up), max(across), max(up))


def address(base: str, value: object) -> str | None:
    """Return an address in the spelling that captures have; broken ones as written, so that checks can say so."""
    written = text(value)
    if written is None:
        return None
    if found := absolute(base, written):
        return found
    try:
        scheme = urlsplit(written).scheme
        return written if scheme else urljoin(base, written)
    except ValueError:
        return written


def link(base: str, value: object) -> str | None:
    """Return an http(s) address that can be asked for, normalised, or None."""
    written = text(value)
    return absolute(base, written) if written else None


def local_name(element: Any) -> str:
    """Return an XML element's name without its namespace; comments and the like have none."""
    tag: object = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def query_of(url: str) -> dict[str, str]:
    """Return the query parameters of an address by lower-case name."""
    try:
        return {name.lower(): value for name, value in parse_qsl(urlsplit(url).query, keep_blank_values=True)}
    except ValueError:
        return {}


def with_query(url: str, **values: object) -> str:
    """Return *url* with the given query parameters set, in any case of their names; the rest stays."""
    parts = urlsplit(url)
    changed = {name.lower() for name in values}
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0].lower() not in changed]
    query = urlencode([*kept, *((name, str(value)) for name, value in values.items())])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def nameless(*stated: object) -> str:
    """Return an id for a record that states none, from what it does state."""
    told = "\x1f".join(cleaned for item in stated if (cleaned := text(item)))
    return f"no-id:{hashlib.sha256(told.encode()).hexdigest()[:16]}"
