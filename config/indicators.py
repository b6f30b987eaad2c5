"""The assessment framework: the indicators that a crawl can witness, and how each is summed up into a mark."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from importlib import resources

from pydantic import TypeAdapter

from config.base import Model
from config.yamltext import parse_yaml


class Level(StrEnum):
    """Whom a mark speaks of."""

    AGENCY = "agency"
    PORTAL = "portal"
    BODY = "body"
    COUNTRY = "country"


class Sum(StrEnum):
    """How findings become one mark."""

    SHARE = "share"
    EXISTS = "exists"
    CADENCE = "cadence"
    WORST = "worst"
    EVIDENCE = "evidence"


class Indicator(Model):
    """One indicator: where evidence stands, what gives each mark, known traps."""

    id: str
    title: str
    level: Level
    sum: Sum
    where: str
    plus: str
    minus: str
    zero: str
    not_observed: str
    pitfalls: str | None = None
    unit: str | None = None
    passes: str | None = None
    unclear: str | None = None
    fails: str | None = None
    note: str | None = None
    used_by: tuple[str, ...] = ()


@cache
def indicators() -> dict[str, Indicator]:
    """Return the indicators by id, in the framework's order."""
    text = resources.files("config").joinpath("framework", "indicators.yaml").read_text(encoding="utf-8")
    items = TypeAdapter(tuple[Indicator, ...]).validate_python(parse_yaml(text))
    return {item.id: item for item in items}
