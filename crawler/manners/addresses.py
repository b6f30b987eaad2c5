"""Which addresses and ports the crawl may connect to: plain functions, for Scrapy's resolver and the browser alike.

Whoever connects resolves a name once, checks every address here, and connects to an address that passed: asking DNS
again between check and connection would let a name lead elsewhere (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import re
import socket
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Lookup = Callable[[str, int], Sequence[str]]

# Clouds answer these with secrets; not all of them are private by the registries.
_METADATA = frozenset(
    map(ipaddress.ip_address, ("169.254.169.254", "100.100.100.200", "fd00:ec2::254", "168.63.129.16", "192.0.0.192"))
)
# What IANA's special-purpose registries (RFC 6890) keep from the public and some versions of Python call global.
_SPECIAL = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.0.0/24",  # protocol assignments
            "192.88.99.0/24",  # 6to4 relays, withdrawn (RFC 7526)
            "64:ff9b:1::/48",  # local-use translation (RFC 8215)
            "::/96",  # IPv4-compatible, withdrawn (RFC 4291 section 2.5.5.1)
            "::ffff:0:0:0/96",  # IPv4-translated (RFC 2765)
            "100::/64",  # discard only (RFC 6666)
            "2001::/23",  # protocol assignments, Teredo among them
            "2001:db8::/32",  # documentation
            "3fff::/20",  # documentation (RFC 9637)
            "5f00::/16",  # segment routing (RFC 9602)
            "fec0::/10",  # site-local, withdrawn (RFC 3879)
        ),
    )
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
# Ports that the Fetch standard blocks ("port blocking", https://fetch.spec.whatwg.org/#bad-port): other protocols'.
_BAD_PORTS = frozenset({
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
    109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
    526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
    3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
})  # fmt: skip
_PORTS = range(1, 65_536)
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)\Z", re.IGNORECASE)  # WHATWG URL, "ends in a number checker"


class AddressRefusedError(ValueError):
    """A host that may not be connected to; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def ascii_name(host: str) -> str:
    """Return a host name in lower case and as DNS spells it (IDNA); what cannot be spelled so stays as it is."""
    try:
        return (host if host.isascii() else host.encode("idna").decode("ascii")).lower()
    except UnicodeError:
        return host.lower()


@lru_cache(maxsize=4096)
def refusal(address: str) -> str | None:
    """Return why an address is not for the public, or None when it is. What is no address at all is refused too."""
    bare, zone, _ = address.partition("%")
    try:
        found = ipaddress.ip_address(bare)
    except ValueError:
        return "not an address"
    if zone:  # a zone (RFC 4007) names a link of this machine
        return "link-local"
    if (inner := _embedded(found)) and (reason := _reason(inner)):
        return f"{reason} in IPv6 clothing"
    return _reason(found)


def port_refusal(port: int) -> str | None:
    """Return why a port is not asked for web pages, or None when it may be."""
    if port not in _PORTS:
        return f"port {port} is none"
    return f"port {port} belongs to another protocol" if port in _BAD_PORTS else None


def literal(host: str) -> str | None:
    """Return the address that a host part is a spelling of, or None when it is a name.

    Takes what resolvers and browsers take (WHATWG URL, "IPv4 parser"): brackets, hexadecimal, octal, one to four
    parts, full-width digits. Raises AddressRefusedError when it ends like a number and is no address: some resolver
    may read one into it.
    """
    host = unicodedata.normalize("NFKC", host).replace("\u3002", ".").strip("[]").rstrip(".")
    if ":" in host:
        bare, _, zone = host.partition("%")
        try:
            return str(ipaddress.ip_address(bare)) + (f"%{zone}" if zone else "")
        except ValueError:
            raise AddressRefusedError(f"{host} is no address") from None
    if not _NUMBER.match(host.rpartition(".")[2]):
        return None
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, UnicodeError):
        raise AddressRefusedError(f"{host} is no address") from None


def system_lookup(host: str, port: int) -> Sequence[str]:
    """Return the addresses that the system knows for a name. Raises OSError when there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(item[4][0]) for item in found))


def resolve(
    host: str,
    port: int,
    names: Mapping[str, str] | None = None,
    *,
    allow_private: bool = False,
    lookup: Lookup = system_lookup,
) -> tuple[str, ...]:
    """Return the addresses a host may be connected to, in the order to try them; blocks while DNS is asked.

    *names* is the operator's own list (names by `ascii_name`), which comes before DNS. Of a name with public and
    other addresses the public ones are returned. Connect to one of these, never to the name.
    Raises AddressRefusedError when there are only others or the port is refused, OSError when the name is not known.
    """
    if reason := port_refusal(port):
        raise AddressRefusedError(reason)
    spelled = (names or {}).get(ascii_name(host)) or literal(host)
    found = (spelled,) if spelled else lookup(ascii_name(host), port)
    refused = {address: None if allow_private else refusal(address) for address in found}
    passed = tuple(address for address, reason in refused.items() if reason is None)
    if not refused:
        raise OSError(f"{host}: no address")
    if not passed:
        raise AddressRefusedError("; ".join(f"{address}: {reason}" for address, reason in refused.items()))
    return passed


def _reason(found: Address) -> str | None:
    if found in _METADATA:
        return "metadata service"
    if found.is_loopback:
        return "loopback"
    if found.is_multicast:
        return "multicast"
    if found.is_link_local:
        return "link-local"
    if found.is_unspecified or any(found in network for network in _SPECIAL if network.version == found.version):
        return "special purpose address"
    return None if found.is_global else "private address"


def _embedded(found: Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 address leads to: mapped, 6to4 (RFC 3056), NAT64 (RFC 6052)."""
    if isinstance(found, ipaddress.IPv4Address):
        return None
    if found in _NAT64:
        return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return found.ipv4_mapped or found.sixtofour
