"""What a night must bring at least: bounds against a crawl that silently collects less than it should."""

from __future__ import annotations

from datetime import time

from pydantic import Field

from config.base import Model


class Expectation(Model):
    """What is expected of one scope or portal every night. Without a number there is no such bound."""

    pages: int | None = Field(None, ge=1, description="pages of a scope that a night must see at least")
    records: int | None = Field(None, ge=1, description="data set descriptions of a portal that a night must read")
    drop: float | None = Field(
        None, ge=0, le=1, description="share of the usual number that may be missing; `crawl.usual.drop` if left out"
    )


class Usual(Model):
    """How far a night may fall below the median of the nights before it, scope by scope and portal by portal."""

    drop: float = Field(0.5, ge=0, le=1, description="share of the median that may be missing; 1 asks for nothing")
    nights: int = Field(7, ge=1, le=60, description="how many of the last nights the median is taken of")
    fewest: int = Field(3, ge=1, description="nights that must be known before a median is compared with")
    floor: int = Field(10, ge=1, description="medians under this many pages or records are not compared with")


class Timetable(Model):
    """When a night is expected to begin, whoever starts it: `odrc schedule`, cron, systemd or Kubernetes."""

    at: time = Field(description="local time in the pack's zone, such as 02:00")
