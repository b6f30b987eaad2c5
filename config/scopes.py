"""Which scopes a URL belongs to on a night: longest prefix wins, `include` may add more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from config.model import Agency, Scope, Settings
from config.urls import keep_query, site_host, under

_REMEMBERED = 16_384  # addresses: each is asked for several times while it is found, asked and booked


@dataclass(frozen=True)
class ScopeOwner:
    """A scope in force, with the agency it belongs to."""

    agency: Agency
    scope: Scope


class ScopeMap:
    """Finds the scopes of a URL. Built once per night from the settings; O(scopes of the host) per look-up."""

    def __init__(self, settings: Settings, night: date) -> None:
        self.owners: tuple[ScopeOwner, ...] = tuple(
            ScopeOwner(agency, scope) for agency in settings.agencies for scope in agency.scopes_on(night)
        )
        self._by_host: dict[str, list[ScopeOwner]] = {}
        for owner in self.owners:
            for host in _hosts(owner.scope):
                self._by_host.setdefault(host, []).append(owner)
        for owners in self._by_host.values():
            owners.sort(key=lambda owner: len(owner.scope.url), reverse=True)
        self.of = lru_cache(maxsize=_REMEMBERED)(self._of)
        """Returns the owners of a URL: the scope of the longest prefix, then scopes that include it by name."""

    def _of(self, url: str) -> tuple[ScopeOwner, ...]:
        owners = self._by_host.get(site_host(_netloc(url)), [])
        nearest = next((item for item in owners if under(url, item.scope.url)), None)
        found = [nearest] if nearest and not _matches(url, nearest.scope, nearest.scope.exclude) else []
        found += [item for item in owners if item is not nearest and _matches(url, item.scope, item.scope.include)]
        return tuple(found)

    def by_id(self, scope_id: str) -> ScopeOwner | None:
        """Return the owner of the scope of that id, or None."""
        return next((item for item in self.owners if item.scope.id == scope_id), None)

    def key_url(self, url: str) -> str:
        """Return *url* with the query parameters that its scope tells pages apart by."""
        owners = self.of(url)
        return keep_query(url, owners[0].scope.query) if owners else url

    def shared_hosts(self) -> frozenset[str]:
        """Return the hosts that carry scopes of two or more agencies, or a platform reader's scope."""
        return frozenset(
            host
            for host, owners in self._by_host.items()
            if len({item.agency.id for item in owners}) > 1 or any(item.scope.platform for item in owners)
        )


def _netloc(url: str) -> str:
    """Return the host and port of *url*; empty for an address that cannot be one, which belongs to no scope."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def _hosts(scope: Scope) -> set[str]:
    urls: Iterable[str] = (scope.url, *(urljoin(scope.url, item) for item in scope.include))
    return {site_host(urlsplit(url).netloc) for url in urls}


def _matches(url: str, scope: Scope, prefixes: tuple[str, ...]) -> bool:
    return any(under(url, urljoin(scope.url, prefix)) for prefix in prefixes)
