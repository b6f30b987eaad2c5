"""The guard: a name resolver that never hands out an address inside somebody's network.

It stands under Scrapy's default handler, so every connection asks it: names, literal addresses, redirects alike.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]  # ships none

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# Clouds answer these with secrets; not all of them are private by the registries.
_METADATA = frozenset({"169.254.169.254", "100.100.100.200", "fd00:ec2::254", "168.63.129.16"})


def refusal(address: str) -> str | None:
    """Return why an address is not for the public, or None when it is."""
    if address in _METADATA:
        return "metadata service"
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    if mapped is not None and not mapped.is_global:
        return "private address in IPv6 clothing"
    if found.is_loopback:
        return "loopback"
    if found.is_multicast:
        return "multicast"
    return None if found.is_global else "private address"


@implementer(IHostnameResolver)
class GuardedResolver:
    """Scrapy's TWISTED_DNS_RESOLVER. `refused` tells, by name, what was kept back and why."""

    def __init__(self, reactor: Any, names: Mapping[str, str], exempt: str | None, *, allow_private: bool) -> None:
        self._reactor = reactor
        self._original: Any = reactor.nameResolver
        self._names = {name.lower(): address for name, address in names.items()}
        self._exempt, self._allow_private = exempt, allow_private
        self.refused: dict[str, str] = {}
        self.cache: dict[str, list[str]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        """Build from the settings ODRC_RESOLVE, ODRC_PROXY_HOST and ODRC_ALLOW_PRIVATE."""
        settings = crawler.settings
        names: Mapping[str, str] = settings.getdict("ODRC_RESOLVE")
        return cls(reactor, names, settings["ODRC_PROXY_HOST"], allow_private=settings.getbool("ODRC_ALLOW_PRIVATE"))

    def install_on_reactor(self) -> None:
        """Take the place of the reactor's resolver."""
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        """Resolve a name: the operator's own list, then what was resolved before, then DNS; each address checked."""
        receiver = _Checked(self, resolutionReceiver, hostName, portNumber)
        known = self._names.get(hostName.lower())
        addresses = [known] if known else self.cache.get(hostName)
        if addresses is None:
            return self._original.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)
        found = _Resolved(hostName)
        receiver.resolutionBegan(found)
        for address in addresses:
            receiver.addressResolved(_address(address, portNumber))
        receiver.resolutionComplete()
        return found

    def passes(self, name: str, address: str) -> bool:
        """Tell whether a connection to the address may be made; remember why not."""
        reason = None if self._allow_private or name == self._exempt else refusal(address)
        if reason:
            self.refused[name.lower()] = f"{address}: {reason}"
        return reason is None


@implementer(IResolutionReceiver)
class _Checked:
    """Stands between a resolver and the connection, and lets only public addresses through."""

    def __init__(self, guard: GuardedResolver, receiver: Any, name: str, port: int) -> None:
        self._guard, self._receiver, self._name, self._port = guard, receiver, name, port
        self._found: list[str] = []

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self._found.append(address.host)
        if self._guard.passes(self._name, address.host):
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        if self._found:
            self._guard.cache[self._name] = self._found
        self._receiver.resolutionComplete()


@implementer(IHostResolution)
class _Resolved:
    """A resolution that is over before it began."""

    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Do nothing: there is nothing under way."""


def _address(address: str, port: int) -> IPv4Address | IPv6Address:
    if ":" in address:
        return IPv6Address("TCP", address, port)
    return IPv4Address("TCP", address, port)
