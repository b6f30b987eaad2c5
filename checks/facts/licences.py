"""What the words of a catalogue on re-use mean: a known licence and its status under the Open Definition, or unknown.

Identifier, title, address and free text are read each on its own. Identifiers and addresses are matched whole, never by
likeness; the Creative Commons family is read by its elements, whatever the version, port or language of the title. What
is not recognised stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote, urlsplit

from config.licences import KnownLicence, OpenStatus, licence_table, spdx_licences
from crawler.records import Licence

_LONGEST = 4000
_TITLE = 120
_URL = re.compile(
    r"(?:https?://|www\.|(?<![\w.@])(?=creativecommons\.org|opendatacommons\.org))[^\s<>\"')\]]{3,300}", re.IGNORECASE
)
_CC_URL = re.compile(
    r"creativecommons\.org/(?:licen[sc]es/(?P<terms>[a-z]+(?:[-+][a-z]+){0,3})|publicdomain/(?P<public>zero|mark))"
    r"(?:/(?P<version>\d\.\d))?(?:/(?P<port>[a-z]{2,4})(?![a-z]))?",
    re.IGNORECASE,
)
_CC_ID = re.compile(
    r"(?:creativecommons|cc)[\s_-]{0,2}(?P<terms>(?:by|nc|nd|sa)(?:[\s_+/-]?(?:by|nc|nd|sa)){0,3})"
    r"(?:[\s_v-]{1,3}(?P<version>[1-4](?:[._][05])?))?(?:[\s_-](?P<port>[a-z]{2,4}))?",
    re.IGNORECASE,
)
_CC_ZERO = re.compile(r"(?:cc[\s_-]?0|cc[\s_-]?zero)(?:[\s_v-]{0,3}1(?:[._]0)?)?(?:[\s_-]universal)?", re.IGNORECASE)
_CC_MARK = re.compile(r"(?:cc[\s_-]?)?(?:pdm|pdm?ark)(?:[\s_-]?1[._]0)?", re.IGNORECASE)
_CC_IN_TEXT = re.compile(
    r"(?<![a-z])cc[\s-]{1,2}by(?:[\s-](?:nc|nd|sa)){0,2}(?:[\s-][1-4]\.[05])?(?![a-z\d])|(?<![a-z])cc0(?![a-z\d])",
    re.IGNORECASE,
)
_CC_SPELLED = re.compile(
    r"(?<![a-z])(?:creative\s?commons|cc)\W{1,3}(?:[^\W\d_]{3,10}\W{1,3})?(?P<terms>by(?:[\s-]{1,2}(?:nc|nd|sa)){0,3})(?![a-z])",
    re.IGNORECASE,
)
_JOINTS = re.compile(r"[\s-]+")
_ELEMENTS = ("by", "nc", "nd", "sa")
_VERSION = re.compile(r"(?<![\d.])[1-4]\.[05](?![\d.])")
_BRACKETS = re.compile(r"\(([^()]{2,60})\)")
_TRAILING_VERSION = re.compile(r"(?: [\d.]+[a-z]?)$")
_WEAK = frozenset({"license", "licenses", "the", "version", "v", "only", "software"})
_SPELLED_V = re.compile(r"(?<![^\W_])v\.?\s?(?=\d)")
_ARCHIVED = re.compile(r"^(?:https?://)?web\.archive\.org/web/\d+[a-z_]*/", re.IGNORECASE)


@dataclass(frozen=True)
class LicenceReading:
    """What was recognised: the licence's id, its status (None: unknown) and the words that decided.

    `contradiction` is set when two fields name licences that the Open Definition judges differently.
    """

    id: str | None
    status: OpenStatus | None
    basis: str
    contradiction: bool = False


def read_licence(licence: Licence) -> LicenceReading:
    """Return what a record's licence means. Nothing stated at all is status `none`."""
    if not licence.stated():
        return LicenceReading(None, OpenStatus.NONE, "")
    found = [reading for reading in _readings(licence) if reading]
    judged = {item.status for item in found} & {OpenStatus.APPROVED, OpenStatus.REJECTED}
    if len(judged) > 1:
        told = " / ".join(dict.fromkeys(item.basis for item in found))
        return LicenceReading(None, None, told, contradiction=True)
    telling = [item for item in found if item.status is not OpenStatus.NONE]
    ranked = sorted(telling or found, key=lambda item: (item.status not in judged, not _versioned(item.id or "")))
    stated = licence.id or licence.title or licence.url or licence.text or ""
    return ranked[0] if ranked else LicenceReading(None, None, stated[:_LONGEST])


def read_text(text: str | None) -> LicenceReading | None:
    """Return what one string (an identifier, a title, an address or a sentence) means, or None when it is unknown."""
    plain = " ".join((text or "")[:_LONGEST].split())
    if not plain:
        return None
    for reader in (_by_url, _by_id, _by_title, _by_words):
        found = reader(plain)
        if found:
            return LicenceReading(found.id, found.status, plain[:_LONGEST])
    return None


def creative_in_words(text: str) -> tuple[KnownLicence, int] | None:
    """Return the licence of the Creative Commons family that a sentence names, and where; None when it names none."""
    lower = text[:_LONGEST].lower()
    spelled = _CC_SPELLED.search(lower)
    if spelled:
        return _creative(set(re.findall("by|nc|nd|sa", spelled["terms"])), None), spelled.start()
    name = next((name for name in licence_table().creative_commons.names if name in lower), None)
    start = lower.index(name) if name else 0
    titled = _creative_title(lower[start : start + _TITLE]) if name else None
    return (titled, start) if titled else None


def _readings(licence: Licence) -> Iterator[LicenceReading | None]:
    for text in (licence.id, licence.url, licence.title, licence.text):
        yield read_text(text)


def _versioned(licence_id: str) -> bool:
    return bool(re.search(r"\d", licence_id))


def _creative(elements: set[str], version: str | None, port: str | None = None) -> KnownLicence:
    """Return the licence of the family: every one without nc and nd conforms, in all versions and ports."""
    terms = "-".join(item for item in _ELEMENTS if item in elements)
    parts = ["CC", terms.upper(), (version or "").replace("_", "."), (port or "").upper()]
    status = OpenStatus.REJECTED if elements & {"nc", "nd"} else OpenStatus.APPROVED
    name = "-".join(part for part in parts if part)
    return KnownLicence(name, status, name)


def _public(tool: str) -> KnownLicence:
    name = "CC0-1.0" if tool == "zero" else "CC-PDM-1.0"
    return KnownLicence(name, OpenStatus.APPROVED, name)


def _by_url(text: str) -> KnownLicence | None:
    for hit in _URL.finditer(text):
        found = _address(hit.group().rstrip(".,;"))
        if found:
            return found
    return None


def _address(url: str) -> KnownLicence | None:
    creative = _CC_URL.search(url)
    if creative and creative["public"]:
        return _public(creative["public"].lower())
    if creative:
        elements = set(re.split(r"[-+]", creative["terms"].lower()))
        if elements <= set(_ELEMENTS):
            version, port = creative["version"], creative["port"]
            return _creative(elements, version, None if port in ("deed", "legal") else port)
    place = _place(_ARCHIVED.sub("", url))
    listed = (_by_id(place[len(item) + 1 :]) for item in licence_table().lists if place.startswith(item + "/"))
    found = (item for item in (_below(place, _own_places()), *listed, _below(place, _spdx_places())) if item)
    return next(found, None)


def _below(place: str, known: dict[str, KnownLicence]) -> KnownLicence | None:
    """Return the licence whose address *place* is or lies below, the longest address first."""
    fits = [key for key in known if place == key or ("/" in key and place.startswith(key) and _ends(place, key))]
    return known[max(fits, key=len)] if fits else None


def _ends(place: str, key: str) -> bool:
    return not place[len(key)].isalnum()


def _place(url: str) -> str:
    parts = urlsplit(url if "//" in url else f"//{url}")
    host = parts.netloc.lower().removeprefix("www.")
    return (host + unquote(parts.path).rstrip("/")).removesuffix(".html").removesuffix(".php").lower()


def _by_id(text: str) -> KnownLicence | None:
    found = _ids().get(_key(text))
    if found:
        return found
    hit = _CC_ID.fullmatch(text.strip())
    if hit:
        elements = set(re.findall("by|nc|nd|sa", hit["terms"].lower()))
        return _creative(elements, hit["version"], hit["port"])
    if _CC_ZERO.fullmatch(text.strip()):
        return _public("zero")
    return _public("mark") if _CC_MARK.fullmatch(text.strip()) else None


def _by_title(text: str) -> KnownLicence | None:
    """Match a whole title, also without what stands in brackets, without its version, and by the brackets alone."""
    lower = text.lower()
    known = _titles().get(_words(lower)) or _creative_title(lower)
    if known:
        return known
    bare = " ".join(_BRACKETS.sub(" ", lower).split())
    found = _titles().get(_words(bare)) or _unversioned().get(_words(bare))
    inner = (_by_id(part) for part in _BRACKETS.findall(text))
    return found or next((item for item in inner if item), None)


def _creative_title(lower: str) -> KnownLicence | None:
    table = licence_table().creative_commons
    name = next((name for name in table.names if name in lower), None)
    compact = _JOINTS.sub("", lower)  # titles write the elements apart, joined by hyphens, or as one word
    told = {item for item, words in table.elements.items() if any(_JOINTS.sub("", word) in compact for word in words)}
    if name is None and not ("by" in told and len(told) > 1):
        return None
    if name and any(word in lower for word in table.mark):
        return _public("mark")
    if name and not told and any(word in lower for word in table.zero):
        return _public("zero")
    version = _VERSION.search(lower)
    return _creative(told, version.group() if version else None) if told else None


def _by_words(text: str) -> KnownLicence | None:
    """Find a licence named within a sentence: the longest title of the project's own table, or a sign such as CC BY."""
    hit = _CC_IN_TEXT.search(text)
    if hit:
        return _by_id(hit.group())
    padded = f" {_words(text.lower())} "
    return next((licence for title, licence in _phrases() if f" {title} " in padded), None)


def _key(text: str) -> str:
    return re.sub(r"[\s_./+-]+", "-", text.strip().lower()).strip("-") or text.strip()


def _words(text: str) -> str:
    """Return the words of a title in one spelling."""
    words = re.findall(r"[\w.]+", _SPELLED_V.sub("", text.lower().replace("licence", "license")))
    return " ".join(word.strip(".") for word in words if word.strip(".") and word not in _WEAK)


@cache
def _known() -> tuple[KnownLicence, ...]:
    return licence_table().licences


@cache
def _ids() -> dict[str, KnownLicence]:
    found: dict[str, KnownLicence] = {}
    for key, item in spdx_licences().items():
        found[_key(key)] = _listed(key, item.name)
    for key, spellings in licence_table().spdx_ids.items():
        name = spdx_licences()[key].name if key in spdx_licences() else key
        found |= {_key(spelling): _listed(key, name) for spelling in (key, *spellings)}
    for licence in _known():
        found |= {_key(spelling): licence for spelling in (licence.id, *licence.ids)}
    return found


def _listed(key: str, name: str) -> KnownLicence:
    """Return a licence of the SPDX list; those of the Creative Commons family are judged by their elements."""
    hit = _CC_ID.fullmatch(key) if key.startswith("CC-") else None
    if hit:
        elements = set(re.findall("by|nc|nd|sa", hit["terms"].lower()))
        return KnownLicence(key, _creative(elements, None).status, name)
    free = key in ("CC0-1.0", "CC-PDM-1.0", "CC-PDDC")
    return KnownLicence(key, OpenStatus.APPROVED if free else OpenStatus.NOT_REVIEWED, name)


@cache
def _titles() -> dict[str, KnownLicence]:
    found = {_words(item.name): _ids()[_key(key)] for key, item in reversed(spdx_licences().items())}
    for key, spellings in licence_table().spdx_ids.items():
        found |= {_words(spelling): _ids()[_key(key)] for spelling in spellings if " " in spelling}
    for licence in _known():
        found |= {_words(title.lower()): licence for title in (licence.title, *licence.titles)}
    return found


@cache
def _phrases() -> tuple[tuple[str, KnownLicence], ...]:
    found = {_words(title.lower()): item for item in _known() for title in (item.title, *item.titles)}
    phrases = ((title, item) for title, item in found.items() if " " in title)
    return tuple(sorted(phrases, key=lambda pair: -len(pair[0])))


@cache
def _unversioned() -> dict[str, KnownLicence]:
    """Return the titles that lead to one licence only once their version is left out."""
    found: dict[str, list[KnownLicence]] = {}
    for title, licence in _titles().items():
        bare = _TRAILING_VERSION.sub("", title)
        if bare != title:
            found.setdefault(bare, []).append(licence)
    return {title: items[0] for title, items in found.items() if len({item.id for item in items}) == 1}


@cache
def _own_places() -> dict[str, KnownLicence]:
    return {_place(url): item for item in _known() for url in item.urls}


@cache
def _spdx_places() -> dict[str, KnownLicence]:
    return {
        _place(item.url).removesuffix("/legalcode"): _ids()[_key(key)]
        for key, item in spdx_licences().items()
        if item.url
    }
