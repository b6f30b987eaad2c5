from __future__ import annotations

from typing import Any

import pytest
from twisted.internet.address import IPv4Address

from crawler.manners.guard import GuardedResolver, refusal


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.1.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "100.100.100.200", "168.63.129.16", "224.0.0.1", "255.255.255.255", "198.18.0.1", "::1", "::",
        "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "2002:7f00:1::",
    ],
)  # fmt: skip
def test_addresses_inside_somebodys_network(address: str) -> None:
    assert refusal(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "195.12.113.1", "2a00:1450:4001::1", "::ffff:8.8.8.8"])
def test_public_addresses(address: str) -> None:
    assert refusal(address) is None


class Dns:
    """A resolver that knows a few names, some of them with a private address among the public ones."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def resolveHostName(self, receiver: Any, name: str, port: int = 0, *_: Any) -> None:  # noqa: N802
        self.asked.append(name)
        receiver.resolutionBegan(None)
        known = {"public.kz": ["8.8.8.8"], "mixed.kz": ["10.0.0.1", "8.8.4.4"], "private.kz": ["10.0.0.1"]}
        for address in known.get(name, []):
            receiver.addressResolved(IPv4Address("TCP", address, port))
        receiver.resolutionComplete()


class Reactor:
    def __init__(self) -> None:
        self.nameResolver = Dns()


class Receiver:
    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.done = False

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        return

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.done = True


def resolve(
    name: str, *, allow: bool = False, exempt: str | None = None, **names: str
) -> tuple[list[str], dict[str, str]]:
    guard = GuardedResolver(
        Reactor(), {key.replace("_", "."): value for key, value in names.items()}, exempt, allow_private=allow
    )
    for _ in range(2):  # the second time from memory
        receiver = Receiver()
        guard.resolveHostName(receiver, name, 80)
        assert receiver.done
    return receiver.addresses, guard.refused


def test_names_are_resolved_and_each_address_is_checked() -> None:
    assert resolve("public.kz") == (["8.8.8.8"], {})
    assert resolve("mixed.kz") == (["8.8.4.4"], {"mixed.kz": "10.0.0.1: private address"})
    assert resolve("private.kz") == ([], {"private.kz": "10.0.0.1: private address"})
    assert resolve("unknown.kz") == ([], {})


def test_the_operators_list_comes_first_and_is_checked_too() -> None:
    assert resolve("public.kz", public_kz="1.1.1.1")[0] == ["1.1.1.1"]
    assert resolve("public.kz", public_kz="127.0.0.1") == ([], {"public.kz": "127.0.0.1: loopback"})
    assert resolve("public.kz", public_kz="127.0.0.1", allow=True)[0] == ["127.0.0.1"]
    assert resolve("PUBLIC.KZ", public_kz="1.1.1.1")[0] == ["1.1.1.1"]


def test_the_proxy_may_stand_in_the_own_network() -> None:
    assert resolve("private.kz", exempt="private.kz") == (["10.0.0.1"], {})


def test_names_are_asked_once() -> None:
    guard = GuardedResolver(Reactor(), {}, None, allow_private=False)
    for _ in range(3):
        guard.resolveHostName(Receiver(), "public.kz", 80)
    assert guard._original.asked == ["public.kz"]
