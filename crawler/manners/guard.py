"""The guard: a name resolver that never hands out an address inside somebody's network.

It stands under Scrapy's default handler, so every connection asks it: names, literal addresses, redirects alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]  # ships none

from crawler.manners.addresses import AddressRefusedError, ascii_name, literal, refusal

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


@implementer(IHostnameResolver)
class GuardedResolver:
    """Scrapy's TWISTED_DNS_RESOLVER. `refused` tells, by name, what was kept back and why."""

    def __init__(self, reactor: Any, names: Mapping[str, str], exempt: str | None, *, allow_private: bool) -> None:
        self._reactor = reactor
        self._original: Any = reactor.nameResolver
        self._names = {ascii_name(name): address for name, address in names.items()}
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
        """Resolve a name: the operator's own list, literals, what was resolved before, DNS; each address checked.

        A name keeps its addresses for the run, so that it cannot lead elsewhere later (DNS rebinding).
        """
        receiver = _Checked(self, resolutionReceiver, hostName, portNumber)
        addresses = self._known(hostName)
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
            self.refused[ascii_name(name)] = f"{address}: {reason}"
        return reason is None

    def _known(self, name: str) -> list[str] | None:
        """Return the addresses that need no question to DNS; an empty list when the name must not be asked for."""
        own = self._names.get(ascii_name(name))
        if own:
            return [own]
        try:
            spelled = literal(name)
        except AddressRefusedError as error:
            self.refused[ascii_name(name)] = error.reason
            return []
        return [spelled] if spelled else self.cache.get(name)


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
