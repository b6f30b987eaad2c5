"""Request values that choose the content of an address: a language cookie, Accept-Language, what an adapter asks with.

They stand in a capture's key as (name, value) pairs, the name with its kind before it: `cookie:lang`, `header:accept`.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

import msgspec

from config.pack import VaryingValue
from config.urls import site_host

Variant = tuple[tuple[str, str], ...]


class Varying(msgspec.Struct, frozen=True):
    """One value of the pack's `varying`: its hosts and the variants in which their pages are asked for."""

    hosts: tuple[str, ...]
    variants: tuple[Variant, ...]


def varying_of(values: Iterable[VaryingValue]) -> tuple[Varying, ...]:
    """Return what a crawl needs to know of the pack's varying values."""
    return tuple(
        Varying(
            tuple(site_host(host.lower()) for host in value.hosts),
            tuple(((f"{value.kind}:{_name(value)}", text),) for text in dict.fromkeys(value.values.values())),
        )
        for value in values
    )


def variants_of(values: Iterable[Varying], url: str) -> tuple[Variant, ...]:
    """Return the variants in which an address is asked for beside the plain way."""
    parts = urlsplit(url)
    names = {site_host(parts.netloc), site_host(parts.hostname or "")}
    return tuple(variant for value in values if not names.isdisjoint(value.hosts) for variant in value.variants)


def headers_of(variant: Variant) -> dict[str, str]:
    """Return the request headers that a variant stands for."""
    headers = {name.partition(":")[2]: value for name, value in variant if name.startswith("header:")}
    cookies = [f"{name.partition(':')[2]}={value}" for name, value in variant if name.startswith("cookie:")]
    return headers | ({"cookie": "; ".join(cookies)} if cookies else {})


def _name(value: VaryingValue) -> str:
    return value.name.lower() if value.kind == "header" else value.name
