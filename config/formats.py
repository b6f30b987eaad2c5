"""The published vocabulary of file formats (`framework/formats.yaml`), typed, and the ways to look one up."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import msgspec

from config.yamltext import parse_yaml

_DIRECTORY_TYPES = frozenset({"application/octet-stream", "binary/octet-stream", "application/force-download"})


class Family(StrEnum):
    """What kind of thing a format is."""

    TABULAR = "tabular"
    STRUCTURED = "structured"
    GEO = "geo"
    RDF = "rdf"
    DOCUMENT = "document"
    WEB = "web"
    SERVICE = "service"
    IMAGE = "image"
    ARCHIVE = "archive"
    MEDIA = "media"


class Readable(StrEnum):
    """Whether a program can use what stands in a file of this format; `inside` asks to look into the container."""

    FULL = "full"
    PARTLY = "partly"
    NONE = "none"
    INSIDE = "inside"


class Format(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One format. The YAML file's head says what each field means."""

    name: str
    family: Family
    readable: Readable
    stars: int
    open: bool
    media: tuple[str, ...]
    extensions: tuple[str, ...]
    aliases: tuple[str, ...]
    broader: str | None = None


@cache
def formats() -> dict[str, Format]:
    """Return the formats by id, in the vocabulary's order."""
    text = resources.files("config").joinpath("framework", "formats.yaml").read_text(encoding="utf-8")
    return msgspec.convert(parse_yaml(text), dict[str, Format])


def kinds_of(format_id: str) -> tuple[str, ...]:
    """Return a format and all that it is a kind of, nearest first: `geojson, json, txt`."""
    chain = [format_id]
    while (known := formats().get(chain[-1])) and known.broader:
        chain.append(known.broader)
    return tuple(chain)


def is_a(format_id: str, other: str) -> bool:
    """Tell whether *format_id* is *other* or a kind of it."""
    return other in kinds_of(format_id)


def by_media_type(value: str | None) -> str | None:
    """Return the format that a Content-Type names, or None when it names none (or only "some bytes")."""
    wanted = (value or "").split(";")[0].strip().lower()
    return None if wanted in _DIRECTORY_TYPES else _media().get(wanted)


def by_extension(address: str) -> str | None:
    """Return the format that the ending of an address or file name claims, or None."""
    return _extensions().get(extension_of(address))


def extension_of(address: str) -> str:
    """Return the lower-case ending of an address's last part, without the dot; empty when there is none."""
    try:
        path = urlsplit(address).path if "://" in address else address
    except ValueError:
        return ""
    return PurePosixPath(unquote(path).replace("\0", "")).suffix.lstrip(".").lower()


def by_label(text: str | None) -> str | None:
    """Return the format that a catalogue's format field means (id, ending, media type, IRI or alias), or None."""
    wanted = " ".join((text or "").lower().split()).rstrip("/").removeprefix(".")
    if not wanted:
        return None
    if "://" in wanted:
        wanted = wanted.rsplit("/", 2)[-1] if "/media-types/" not in wanted else wanted.split("/media-types/")[1]
    return by_media_type(wanted) or _labels().get(wanted.replace("_", " ")) or _labels().get(wanted)


@cache
def _media() -> dict[str, str]:
    return _index({key: item.media for key, item in formats().items()})


@cache
def _extensions() -> dict[str, str]:
    return _index({key: item.extensions for key, item in formats().items()})


@cache
def _labels() -> dict[str, str]:
    own = {key: (key, key.replace("_", " ")) for key in formats()}
    more = {key: (*item.extensions, *item.aliases, item.name.lower()) for key, item in formats().items()}
    return _index(more) | _index(own)


def _index(values: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Turn lists of names around; the first format that claims a name keeps it."""
    found: dict[str, str] = {}
    for key, names in values.items():
        for name in names:
            found.setdefault(name, key)
    return found
