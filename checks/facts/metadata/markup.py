"""schema.org's `Dataset` on pages (JSON-LD, Microdata), as search engines gather it: https://schema.org/Dataset."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import msgspec

_SYNTAXES = ["json-ld", "microdata"]
_MOST_BYTES = 5_000_000
_log = logging.getLogger(__name__)


class Markup(msgspec.Struct, frozen=True):
    """One marked-up data set: what it says, as it says it."""

    names: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    modified: str | None = None
    licence: str | None = None
    identifiers: tuple[str, ...] = ()
    downloads: tuple[str, ...] = ()


def read(body: bytes, url: str) -> tuple[Markup, ...]:
    """Return the data sets that a page marks up; broken markup is none. Never raises."""
    import extruct  # noqa: PLC0415 - most nights meet no markup, and it takes a tenth of a second to load

    try:
        found = extruct.extract(body[:_MOST_BYTES], base_url=url, syntaxes=_SYNTAXES, uniform=True, errors="ignore")
    except Exception:  # noqa: BLE001 - extruct and its parsers raise whatever a page's markup makes them
        _log.debug("markup of %s cannot be read", url)
        return ()
    items = (item for syntax in _SYNTAXES for top in found.get(syntax, ()) for item in _things(top))
    return tuple(_markup(item) for item in items if "Dataset" in _texts(item.get("@type")))


def _things(item: Any) -> Iterator[dict[str, Any]]:
    """Yield a thing and those of its graph."""
    if isinstance(item, dict):
        yield item
        for inner in item.get("@graph", ()) if isinstance(item.get("@graph"), list) else ():
            yield from _things(inner)


def _markup(item: dict[str, Any]) -> Markup:
    offers = item.get("distribution")
    downloads = [_said(offer, "contentUrl") for offer in (offers if isinstance(offers, list) else [offers])]
    return Markup(
        _texts(item.get("name")), _texts(item.get("description")),
        next(iter(_texts(item.get("dateModified"))), None), next(iter(_texts(item.get("license"))), None),
        _texts(item.get("identifier")), tuple(link for found in downloads for link in found),
    )  # fmt: skip


def _said(item: Any, name: str) -> tuple[str, ...]:
    return _texts(item.get(name)) if isinstance(item, dict) else ()


def _texts(value: Any) -> tuple[str, ...]:
    """Return the texts of a value: a text, a list, a language-tagged value or the address of a thing."""
    if isinstance(value, str):
        return (value.strip().rpartition("schema.org/")[2],) if value.strip() else ()
    if isinstance(value, list):
        return tuple(text for item in value for text in _texts(item))
    if isinstance(value, dict):
        return next((found for key in ("@value", "value", "url", "@id") if (found := _texts(value.get(key)))), ())
    return ()
