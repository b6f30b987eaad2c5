"""Whether a night's failures may be our own network's: then nobody is called unreachable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import urlsplit

from checks.reasons import NETWORK
from crawler.capture import Capture, Purpose
from crawler.control import network_down

# Hosts that the settings name. A dead link of a catalogue or page says nothing of our own network.
_OURS = frozenset({Purpose.PAGE, Purpose.PORTAL, Purpose.ROBOTS})


def own_network(tonight: Iterable[Capture], share: float) -> bool:
    """Tell whether all control probes failed in a night, or as large a *share* of the hosts as speaks of ourselves.

    *tonight* are the night's captures. The hosts of control probes are nobody's: they do not count as hosts here.
    """
    captures = list(tonight)
    probed = {_host(item) for item in captures if item.purpose is Purpose.CONTROL}
    hosts: dict[str, list[bool]] = defaultdict(list)
    for item in captures:
        if item.purpose in _OURS and _host(item) not in probed:
            hosts[item.host].append(item.outcome in NETWORK)
    failed = sum(all(outcomes) for outcomes in hosts.values())
    return network_down(captures) or (failed > 0 and failed / len(hosts) >= share)


def _host(capture: Capture) -> str:
    return urlsplit(capture.key.url).netloc
