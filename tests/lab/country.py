"""The lab: a small country on loopback with planted truth. What tests and the demonstration use of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from tests.lab.broken import BROKEN
from tests.lab.catalogue import CATALOGUE, DCAT_HOST, FEED
from tests.lab.newcomers import OLD_RENAMED, PLANS, SHELL_HOST, SHELL_NAMES
from tests.lab.plans import BLOCKED_NAMES, DOWN_NAMES, OPERATOR_KEY, SECRETS, Secret
from tests.lab.portal import BODIES, PORTAL, PORTAL_HOST
from tests.lab.server import Server, serving
from tests.lab.words import HERE

__all__ = [
    "NIGHT",
    "SECRETS",
    "Expected",
    "Secret",
    "Server",
    "agencies",
    "config",
    "expected",
    "serving",
    "write_config",
]

# A Monday. Twelve days after some planted dates whose day and month can be read both ways.
NIGHT = date(2026, 11, 16)
DOWN_ADDRESS = "127.0.0.2"  # the server listens on 127.0.0.1 alone, so connections there are refused
FIRST = ("good", "bad", "half", "blocked", "down", "one", "two", "three")
AGENCIES = (*FIRST, "shell", "soft", "busy", "scans", "files", "cookie", "old", "merged", "heir")
OWNERS = {PORTAL: "soft", CATALOGUE: "files"}
OTHERS = {"blocked": BLOCKED_NAMES, "down": DOWN_NAMES, "shell": SHELL_NAMES}


def agencies(night: date, port: int) -> list[dict[str, Any]]:
    """Return the agencies as a config names them.

    One was renamed a month before the night, one is renamed on the day after it; one ends with the night, merged into
    its heir.
    """
    found: dict[str, dict[str, Any]] = {
        plan.agency: {
            "id": plan.agency,
            "names": dict(plan.names),
            "sites": [f"http://{plan.host}:{port}{plan.root}"],
        }
        for plan in PLANS
    }
    former = {"kk": "Су шаруашылығы комитеті", "ru": "Комитет водного хозяйства", "en": "Committee of Water Economy"}
    found["good"]["names"] = _renamed(former, found["good"]["names"], night - timedelta(days=30))
    found["old"]["names"] = _renamed(found["old"]["names"], OLD_RENAMED, night + timedelta(days=1))
    found["good"]["probes"] = [{"url": f"http://good.lab:{port}/api/v4/schools?apiKey={OPERATOR_KEY}"}]
    for name, names in OTHERS.items():
        found[name] = {"id": name, "names": dict(names), "sites": [f"http://{name}.lab:{port}/"]}
    for name, publisher in _publishers(port).items():
        found[name]["publishers"] = [publisher]
    found["merged"] |= {"valid_to": night, "successors": ["heir"]}
    found["heir"]["predecessors"] = ["merged"]
    return [found[name] for name in AGENCIES]


def _renamed(before: dict[str, str], after: dict[str, str], day: date) -> list[dict[str, Any]]:
    return [{"names": before, "valid_to": day - timedelta(days=1)}, {"names": after, "valid_from": day}]


def _publishers(port: int) -> dict[str, dict[str, str]]:
    """Return how the portals name the agencies: by id, or by a name as it is written there, outdated ones too."""
    found = {name: {"portal": PORTAL, "id": str(BODIES[name][0])} for name in ("good", "bad", "one")}
    found |= {name: {"portal": PORTAL, "name": BODIES[name][1]["ru"]} for name in ("half", "old")}
    return found | {"files": {"portal": CATALOGUE, "id": f"http://{DCAT_HOST}:{port}/publishers/bureau"}}


def portals(port: int) -> list[dict[str, str]]:
    """Return the portals as a config names them."""
    national = {"id": PORTAL, "kind": "egovkz", "url": f"http://{PORTAL_HOST}:{port}/", "owner": OWNERS[PORTAL]}
    own = {"id": CATALOGUE, "kind": "dcat", "url": f"http://{DCAT_HOST}:{port}{FEED}", "owner": OWNERS[CATALOGUE]}
    return [national, own]


def config(night: date, port: int, workspace: Path | str, *, only: tuple[str, ...] = AGENCIES) -> dict[str, Any]:
    """Return the settings of an installation that watches the lab (or the agencies in *only*, and their portals)."""
    hosts = {plan.host for plan in PLANS} | {"blocked.lab", SHELL_HOST, PORTAL_HOST, DCAT_HOST, *BROKEN}
    watched = [item for item in portals(port) if item["owner"] in only]
    return {
        "pack": "kz",
        "workspace": str(workspace),
        "operator": {
            "name": "Lab observatory",
            "contact": "observatory@about.lab",
            "about_url": "http://about.lab/crawl",
        },
        "agencies": [_within(agency, only, watched) for agency in agencies(night, port) if agency["id"] in only],
        **({"portals": watched} if watched else {}),
        **({"discoveries": _confirmed(night, port)} if "bad" in only else {}),
        "crawl": {
            "pages_per_site": 200,
            "delay": 0,
            "concurrency": 8,
            "timeout": 10,
            "cool_off": 1,
            "cool_off_cap": 1,
            "cool_offs": 20,
            "retries": 1,
            "allow_private": True,
            "resolve": {**dict.fromkeys(sorted(hosts), "127.0.0.1"), "down.lab": DOWN_ADDRESS},
            "vantage": "lab",
        },
    }


def _confirmed(night: date, port: int) -> list[dict[str, str]]:
    """Return what an analyst said of one body: that its site has no other language, and which list is its news."""
    said = {"agency": "bad", "by": "an analyst", "valid_from": (night - timedelta(days=1)).isoformat()}
    news = f"http://bad.lab:{port}/news/"
    return [{**said, "kind": "language_switch", "value": "none"}, {**said, "kind": "news_list", "value": news}]


def _within(agency: dict[str, Any], only: tuple[str, ...], watched: list[dict[str, str]]) -> dict[str, Any]:
    """Leave out what an agency says of agencies and portals that are not watched."""
    ids = {item["id"] for item in watched}
    kept = dict(agency)
    for key in ("predecessors", "successors"):
        kept[key] = [name for name in agency.get(key, ()) if name in only]
    kept["publishers"] = [item for item in agency.get("publishers", ()) if item["portal"] in ids]
    return {key: value for key, value in kept.items() if value}


def write_config(path: Path, settings: dict[str, Any]) -> Path:
    """Write settings as an odrc.yaml and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(settings, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


@dataclass(frozen=True)
class Expected:
    """A row of the truth table for one night. `reasons` empty: any reason is right."""

    agency: str | None
    indicator: str
    profile: str
    night: int
    mark: str | None
    reasons: tuple[str, ...]
    why: str


def truth() -> dict[str, Any]:
    """Return the truth table as it is written."""
    table: dict[str, Any] = yaml.safe_load((HERE / "truth.yaml").read_text(encoding="utf-8"))
    return table


def expected(browser: str = "without") -> Iterator[Expected]:
    """Yield the truth table, one row per agency, indicator, profile and night, *with* or *without* a browser."""
    table = truth()
    for row in table["rows"]:
        if row.get("browser", browser) != browser:
            continue
        for night, cell in ((1, row["night1"]), (2, row["night2"])):
            if cell == "absent":
                continue
            mark, reason = cell
            reasons = () if reason is None else tuple(reason) if isinstance(reason, list) else (reason,)
            for agency in row["agency"] if isinstance(row["agency"], list) else [row["agency"]]:
                for indicator in named(row["indicator"], table):
                    for profile in table["profiles"] if row["profile"] == "all" else [row["profile"]]:
                        yield Expected(agency, indicator, profile, night, mark, reasons, row["why"])


def named(value: str | list[str], table: dict[str, Any]) -> list[str]:
    """Return the indicators that a row names: one, several, a group of them, or all that agencies get marks of."""
    groups = table["indicators"]
    if value == "all":
        return [name for group in ("site", "records") for name in groups[group]]
    return [name for item in ([value] if isinstance(value, str) else value) for name in groups.get(item, [item])]
