"""What a page that is being drawn may ask for: plain decisions, made for each request before it leaves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import msgspec

from config.urls import site_host
from config.yamltext import parse_yaml

_WEB_PORTS = frozenset({80, 443})
_DEFAULT = {"http": 80, "https": 443}
MOST_LOGGED = 500


class Asked(msgspec.Struct, frozen=True, omit_defaults=True):
    """A request of a browser while it drew a page, and what became of it.

    `outcome` is `sent`, `kept` (given from what the run had fetched before) or the reason why it was refused. `by` is
    `page` where the browser itself told, `proxy` where it was seen on its way out. `length` are bytes of the answer.
    """

    by: str
    method: str
    url: str
    outcome: str
    kind: str | None = None
    status: int | None = None
    length: int | None = None


@dataclass(frozen=True)
class Manners:
    """How a page's requests are held to the crawl's manners. Hosts come as requests spell them, with their port.

    `pace` waits for a host's turn and raises HeldError when it may not be asked at all, as `halted` tells beforehand;
    `allowed` asks robots.txt; `turned_away` is told a 429 or 503 and its Retry-After.
    """

    pace: Callable[[str], Awaitable[None]]
    allowed: Callable[[str], Awaitable[bool]]
    halted: Callable[[str], bool]
    turned_away: Callable[[str, int, str | None], None]


class Rules:
    """The rules for one page: its own host and the operator's allow-list, and nobody else.

    *at_home* tells whether the page itself may be at an address: nothing else may speak for it.
    """

    def __init__(
        self,
        url: str,
        hosts: tuple[str, ...] = (),
        refuses: Callable[[str], bool] = lambda _: False,
        at_home: Callable[[str], bool] = lambda _: True,
    ) -> None:
        parts = urlsplit(url)
        self._own = site_host(parts.hostname or "")
        self._ports = _WEB_PORTS | {parts.port or _DEFAULT.get(parts.scheme, 0)}
        self._listed = tuple(site_host(host.lower()) for host in hosts)
        self._refuses, self._at_home = refuses, at_home

    def of_host(self, host: str, port: int) -> str | None:
        """Return why a host may not be asked, or None."""
        name = site_host(host.lower().rstrip("."))
        if name == self._own:
            return None if port in self._ports else "other_port"
        if name in self._listed:
            return None if port in _WEB_PORTS else "other_port"
        return None if f"{name}:{port}" in self._listed else "other_host"

    def rows(self, url: str) -> bool:
        """Tell whether an address holds rows of a register, which nobody may ask for."""
        return self._refuses(url)

    def of_navigation(self, url: str) -> str | None:
        """Return why the page itself may not go to an address that it may ask for, or None."""
        return None if self._at_home(url) else "out_of_scope"

    def of_request(self, method: str, url: str, kind: str) -> str | None:
        """Return why a request may not be made, or None."""
        data = _data()
        parts = urlsplit(url)
        if kind not in data["kinds"]:
            return f"kind_{kind}"
        if method not in data["methods"]:
            return "method"
        if parts.scheme not in _DEFAULT or not parts.hostname:
            return "scheme"
        if is_counter(url):
            return "counter"
        if reason := self.of_host(parts.hostname, parts.port or _DEFAULT[parts.scheme]):
            return reason
        return "rows" if self.rows(url) else None


def is_counter(url: str) -> bool:
    """Tell whether an address counts visitors."""
    parts, data = urlsplit(url), _data()["counters"]
    host = (parts.hostname or "").lower()
    return any(host == name or host.endswith(f".{name}") for name in data["hosts"]) or parts.path.endswith(
        tuple(data["paths"])
    )


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = parse_yaml(files("crawler.data").joinpath("render.yaml").read_text("utf-8"))
    return data
