"""What earlier nights knew, read back from the archive when the shelf is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import cast

import pytest

from config.model import Settings
from config.scopes import ScopeMap
from crawler.addresses import Addresses
from crawler.archive.layout import ArchiveError
from crawler.archive.reader import Archive
from crawler.capture import Capture, CaptureKey, Purpose
from crawler.frontier import Plan
from crawler.recall import remember
from crawler.shelf import Shelf
from tests.crawler.support import NIGHT, capture


class Spoiled:
    """An archive of three pages; the second cannot be read."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def captures(self, until: date, since: date) -> Iterator[Capture]:
        for name in "abc":
            url = f"http://good.lab/{name}"
            yield capture(url=url, key=CaptureKey("GET", url), sha256="0" * 64, length=1)

    def body(self, found: Capture) -> bytes:
        if found.url.endswith("b"):
            raise self._error
        return f"<html><a href='{found.url}/linked'>x</a></html>".encode()


@pytest.mark.parametrize("error", [ArchiveError("gone"), ValueError("odd"), RecursionError("deep")])
def test_a_page_that_cannot_be_read_costs_its_links_alone(
    installation: Callable[..., Settings], tmp_path: Path, error: Exception
) -> None:
    scopes = ScopeMap(installation({"a": ["http://good.lab/"]}), NIGHT)
    shelf = Shelf(tmp_path / "frontier.sqlite")
    addresses = Addresses(scopes, Plan(NIGHT, 100), frozenset({Purpose.PAGE}), shelf=shelf)
    remember(addresses, cast("Archive", Spoiled(error)), NIGHT)
    assert not shelf.fresh
    found = {item.url.removeprefix("http://good.lab/") for item in shelf.recall(0)}
    assert found == {"a", "b", "c", "a/linked", "c/linked"}
