"""Answers of catalogues as tests need them: a portal, captures, and adapters asked in one line."""

from __future__ import annotations

import json
from typing import Any

from config.model import Portal
from config.urls import absolute
from crawler.capture import Capture, CaptureKey, Purpose
from crawler.portals import Ask, PortalAdapter
from crawler.records import Record
from tests.crawler.support import capture

SITE = "http://data.lab"


def portal(kind: str, url: str = f"{SITE}/", name: str = "national") -> Portal:
    return Portal(id=name, kind=kind, url=url)


def answer(url: str, content_type: str = "application/json", **given: Any) -> Capture:
    return capture(
        **{
            "url": url,
            "key": CaptureKey("GET", url),
            "purpose": Purpose.PORTAL,
            "scopes": (f"{SITE}/",),
            "headers": (("Content-Type", content_type),),
            "sha256": "0" * 64,
            **given,
        }
    )


def read(adapter: PortalAdapter, where: Portal, found: Capture, body: bytes) -> tuple[list[Record], str | None]:
    """What can be read of an answer, and the reason why the rest cannot."""
    records: list[Record] = []
    try:
        records.extend(adapter.records(where, found, body))
    except ValueError as error:
        return records, getattr(error, "reason", str(error))
    return records, None


def follow(adapter: PortalAdapter, where: Portal, found: Capture, body: bytes) -> list[str]:
    return [absolute(where.url, ask.url) or ask.url for ask in adapter.next_requests(where, found, body)]


def asks(adapter: PortalAdapter, where: Portal) -> list[Ask]:
    return list(adapter.first_requests(where))


def as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
