from __future__ import annotations

from typing import Any

from twisted.internet.address import IPv4Address

from crawler.manners.guard import GuardedResolver


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


def test_odd_notations_of_addresses_are_read_as_addresses() -> None:
    for name in ("0x7f.1", "2130706433", "0177.0.0.1", "127.1", "127.0.0.1."):
        assert resolve(name) == ([], {name: "127.0.0.1: loopback"})
    assert resolve("1.2.3.4.5") == ([], {"1.2.3.4.5": "1.2.3.4.5 is no address"})
    assert resolve("[::1]")[0] == []
    assert resolve("0x08080808")[0] == ["8.8.8.8"]


def test_names_beyond_ascii_are_known_by_either_spelling() -> None:
    guard = GuardedResolver(Reactor(), {"мемлекет.қаз": "10.1.1.1"}, None, allow_private=False)
    receiver = Receiver()
    guard.resolveHostName(receiver, "мемлекет.қаз", 80)
    assert (receiver.addresses, receiver.done) == ([], True)
    ((name, why),) = guard.refused.items()
    assert (name.startswith("xn--"), why) == (True, "10.1.1.1: private address")


def test_a_name_that_leads_elsewhere_the_second_time_is_not_followed() -> None:
    class Rebinding(Dns):
        def resolveHostName(self, receiver: Any, name: str, port: int = 0, *_: Any) -> None:  # noqa: N802
            self.asked.append(name)
            receiver.resolutionBegan(None)
            receiver.addressResolved(IPv4Address("TCP", "8.8.8.8" if len(self.asked) == 1 else "127.0.0.1", port))
            receiver.resolutionComplete()

    reactor = Reactor()
    reactor.nameResolver = Rebinding()
    guard = GuardedResolver(reactor, {}, None, allow_private=False)
    for _ in range(2):
        receiver = Receiver()
        guard.resolveHostName(receiver, "rebind.kz", 80)
        assert receiver.addresses == ["8.8.8.8"]
    assert reactor.nameResolver.asked == ["rebind.kz"]
