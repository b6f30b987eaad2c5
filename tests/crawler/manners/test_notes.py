from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.errors import ConfigError
from crawler.manners.notes import Entry, HostNotes, holds_for, host_named

NOW = datetime(2026, 11, 25, 20, 0, 0, tzinfo=UTC)


def entry(action: str = "pause", host: str = "gov.kz", hours: float | None = 1, at: datetime = NOW) -> Entry:
    until = at + timedelta(hours=hours) if hours else None
    return Entry(at, action, host, until, "moving servers", "A. Clerk")  # type: ignore[arg-type]


def test_pauses_end_by_the_clock_or_by_hand_and_stay_in_the_trail(workspace: Path) -> None:
    notes = HostNotes(workspace)
    notes.add(entry())
    notes.add(entry(host="stat.kz", hours=5))
    assert set(HostNotes(workspace).paused(NOW)) == {"gov.kz", "stat.kz"}
    assert set(notes.paused(NOW + timedelta(hours=1))) == {"stat.kz"}
    notes.add(entry("resume", "stat.kz", None))
    assert set(notes.paused(NOW)) == {"gov.kz"}
    notes.add(entry(hours=9))
    assert notes.paused(NOW)["gov.kz"].until == NOW + timedelta(hours=9)
    assert [(item.action, item.host) for item in notes.trail()] == [
        ("pause", "gov.kz"), ("pause", "stat.kz"), ("resume", "stat.kz"), ("pause", "gov.kz"),
    ]  # fmt: skip
    assert entry().text() == "paused until 2026-11-25 21:00 UTC by A. Clerk: moving servers"


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("www.gov.kz", "gov.kz"), ("GOV.kz.", "gov.kz"), ("https://www.gov.kz/memleket/", "gov.kz"),
        ("gov.kz:443", "gov.kz"), ("gov.kz:8443", "gov.kz:8443"), ("[2a00::1]:81", "[2a00::1]:81"),
        ("мемлекет.қаз", "мемлекет.қаз".encode("idna").decode()),
    ],
)  # fmt: skip
def test_hosts_by_name_or_address(text: str, host: str) -> None:
    assert host_named(text) == host


@pytest.mark.parametrize("text", ["", "//", "a b", "gov.kz:x", "https:///path", "[::1"])
def test_what_names_no_host(text: str) -> None:
    with pytest.raises(ConfigError, match="names no host"):
        host_named(text)


def test_a_host_without_a_port_means_all_its_ports() -> None:
    assert holds_for("gov.kz", "gov.kz")
    assert holds_for("gov.kz", "gov.kz:8443")
    assert holds_for("gov.kz:8443", "gov.kz:8443")
    assert not holds_for("gov.kz:8443", "gov.kz")
    assert not holds_for("gov.kz", "stat.gov.kz")
    assert not holds_for("[2a00:", "[2a00::1]")


def test_a_workspace_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "hosts.sqlite").write_bytes(b"no database at all, certainly not")
    with pytest.raises(ConfigError, match=r"hosts\.sqlite cannot be used"):
        HostNotes(tmp_path)
