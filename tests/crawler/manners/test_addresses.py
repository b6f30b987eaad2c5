from __future__ import annotations

import socket
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.manners.addresses import AddressRefusedError, literal, port_refusal, refusal, resolve

REFUSED = [
    "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.1.1", "169.254.169.254", "0.0.0.0",
    "100.64.0.1", "100.100.100.200", "168.63.129.16", "224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1",
    "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.51.100.1", "203.0.113.1", "::1", "::", "fe80::1",
    "fe80::1%eth0", "2a00:1450:4001::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "100::1",
    "2001:db8::1", "2001::1", "3fff::1", "5f00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "::127.0.0.1", "::8.8.8.8", "::ffff:0:127.0.0.1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "64:ff9b::7f00:1",
    "64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "", "localhost", "127.1", "1.2.3.4.5",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "195.12.113.1", "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]


@pytest.mark.parametrize("address", REFUSED)
def test_addresses_inside_somebodys_network(address: str) -> None:
    assert refusal(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    assert refusal(address) is None


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("0x7f.1", "127.0.0.1"), ("2130706433", "127.0.0.1"), ("0177.0.0.1", "127.0.0.1"), ("127.1", "127.0.0.1"),
        ("0x7F000001", "127.0.0.1"), ("127.0.0.1.", "127.0.0.1"), ("１２７.0.0.1", "127.0.0.1"), ("[::1]", "::1"),
        ("127。0。0。1", "127.0.0.1"), ("[fe80::1%eth0]", "fe80::1%eth0"), ("[0:0::ffff:7f00:1]", "::ffff:7f00:1"),
        ("0", "0.0.0.0"), ("gov.kz", None), ("1.gov.kz", None), ("xn--80ao21a", None), ("deadbeef", None), ("x0", None),
    ],
)  # fmt: skip
def test_spellings_of_addresses(host: str, address: str | None) -> None:
    assert literal(host) == address


@pytest.mark.parametrize("host", ["1.2.3.4.5", "256.256.256.256", "0x", "09.1.1.1", "4294967296", "[::1::2]", "a.1"])
def test_what_ends_like_a_number_and_is_no_address(host: str) -> None:
    with pytest.raises(AddressRefusedError):
        literal(host)


@given(st.integers(0, 2**32 - 1), st.sampled_from(["{:d}", "{:#x}", "0{:o}"]))
def test_one_number_is_the_address_the_system_reads(number: int, form: str) -> None:
    assert literal(form.format(number)) == socket.inet_ntoa(number.to_bytes(4))


@pytest.mark.parametrize(("port", "refused"), [(80, False), (443, False), (8080, False), (25, True), (6667, True)])
def test_ports_of_other_protocols(port: int, refused: bool) -> None:
    assert bool(port_refusal(port)) is refused


@pytest.mark.parametrize("port", [-1, 0, 65_536])
def test_ports_that_are_none(port: int) -> None:
    assert port_refusal(port)


def dns(host: str, port: int) -> Sequence[str]:
    known = {"public.kz": ["8.8.8.8"], "mixed.kz": ["10.0.0.1", "8.8.4.4", "::1"], "xn--c1avg.kz": ["127.0.0.1"]}
    if host not in known:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")
    return known[host]


def test_names_are_resolved_to_what_may_be_connected_to() -> None:
    assert resolve("public.kz", 80, lookup=dns) == ("8.8.8.8",)
    assert resolve("mixed.kz", 80, lookup=dns) == ("8.8.4.4",)
    assert resolve("mixed.kz", 80, lookup=dns, allow_private=True) == ("10.0.0.1", "8.8.4.4", "::1")
    assert resolve("Own.kz", 80, {"own.kz": "1.1.1.1"}, lookup=dns) == ("1.1.1.1",)
    assert resolve("0x08080808", 80, lookup=dns) == ("8.8.8.8",)
    with pytest.raises(OSError, match="unknown"):
        resolve("nowhere.kz", 80, lookup=dns)
    with pytest.raises(OSError, match="no address"):
        resolve("empty.kz", 80, lookup=lambda *_: ())


@pytest.mark.parametrize(
    ("host", "port", "why"),
    [
        ("0177.1", 80, "127.0.0.1: loopback"),
        ("own.kz", 80, "10.0.0.1: private"),
        ("public.kz", 25, "port 25"),
        ("орг.kz", 80, "127.0.0.1: loopback"),
        ("[::ffff:127.0.0.1]", 80, "loopback in IPv6 clothing"),
    ],
)
def test_what_is_refused_says_why(host: str, port: int, why: str) -> None:
    with pytest.raises(AddressRefusedError, match=why):
        resolve(host, port, {"own.kz": "10.0.0.1"}, lookup=dns)


def test_the_system_knows_this_machine_and_the_guard_refuses_it() -> None:
    with pytest.raises(AddressRefusedError, match="loopback"):
        resolve("localhost", 80)
