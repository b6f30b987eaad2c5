"""The lab: a small country on loopback with planted truth. What tests and the demonstration use of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from tests.lab.plans import BLOCKED_NAMES, DOWN_NAMES, OPERATOR_KEY, PLANS, SECRETS, Secret
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
AGENCIES = ("good", "bad", "half", "blocked", "down", "one", "two", "three")


def agencies(night: date, port: int) -> list[dict[str, Any]]:
    """Return the agencies as a config names them. One was renamed a month before the night."""
    found: dict[str, dict[str, Any]] = {
        plan.agency: {
            "id": plan.agency,
            "names": dict(plan.names),
            "sites": [f"http://{plan.host}:{port}{plan.root}"],
        }
        for plan in PLANS
    }
    renamed = night - timedelta(days=30)
    former = {"kk": "Су шаруашылығы комитеті", "ru": "Комитет водного хозяйства", "en": "Committee of Water Economy"}
    found["good"]["names"] = [
        {"names": former, "valid_to": renamed - timedelta(days=1)},
        {"names": found["good"]["names"], "valid_from": renamed},
    ]
    found["good"]["probes"] = [{"url": f"http://good.lab:{port}/api/v4/schools?apiKey={OPERATOR_KEY}"}]
    for name, names in (("blocked", BLOCKED_NAMES), ("down", DOWN_NAMES)):
        found[name] = {"id": name, "names": dict(names), "sites": [f"http://{name}.lab:{port}/"]}
    return [found[name] for name in AGENCIES]


def config(night: date, port: int, workspace: Path | str, *, only: tuple[str, ...] = AGENCIES) -> dict[str, Any]:
    """Return the settings of an installation that watches the lab (or the agencies in *only*)."""
    hosts = {plan.host for plan in PLANS} | {"blocked.lab"}
    return {
        "pack": "kz",
        "workspace": str(workspace),
        "operator": {
            "name": "Lab observatory",
            "contact": "observatory@about.lab",
            "about_url": "http://about.lab/crawl",
        },
        "agencies": [agency for agency in agencies(night, port) if agency["id"] in only],
        "crawl": {
            "pages_per_site": 200,
            "delay": 0,
            "concurrency": 8,
            "timeout": 10,
            "retries": 0,
            "allow_private": True,
            "resolve": {**dict.fromkeys(sorted(hosts), "127.0.0.1"), "down.lab": DOWN_ADDRESS},
            "vantage": "lab",
        },
    }


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


def expected(browser: str = "without") -> Iterator[Expected]:
    """Yield the truth table, one row per agency, indicator, profile and night, *with* or *without* a browser."""
    table = yaml.safe_load((HERE / "truth.yaml").read_text(encoding="utf-8"))
    for row in table["rows"]:
        if row.get("browser", browser) != browser:
            continue
        for night in (1, 2):
            mark, reason = row[f"night{night}"]
            reasons = () if reason is None else tuple(reason) if isinstance(reason, list) else (reason,)
            for indicator in _all(row["indicator"], table["indicators"]):
                for profile in _all(row["profile"], table["profiles"]):
                    yield Expected(row["agency"], indicator, profile, night, mark, reasons, row["why"])


def _all(value: str, known: list[str]) -> list[str]:
    return known if value == "all" else [value]
