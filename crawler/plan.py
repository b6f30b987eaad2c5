"""What a run's frontier keeps to, and what makes two addresses one page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlsplit, urlunsplit

import msgspec

from config.urls import site_host
from crawler.redact import tell_apart


class Plan(msgspec.Struct, frozen=True):
    """What a run's frontier keeps to: the night, budgets per scope and host, language codes by their spellings."""

    night: date
    budget: int
    per_host: int | None = None
    languages: Mapping[str, str] = {}


class Told(msgspec.Struct, frozen=True):
    """What a capture tells beside its outcome."""

    status: int | None = None
    stratum: str | None = None


def identity(url: str) -> str:
    """Return what makes two addresses one page: scheme and `www.` make no difference."""
    # Keys in addresses are not kept, so captures of an earlier start of the run do not tell such addresses apart:
    # they are asked again where something names them again.
    parts = urlsplit(tell_apart(url))
    return urlunsplit(("", site_host(parts.netloc), parts.path, parts.query, ""))
