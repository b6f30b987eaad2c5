from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from config.model import Settings
from config.scopes import ScopeMap

NIGHT = date(2026, 11, 23)


def scope_map(*sites: Any, night: date = NIGHT) -> ScopeMap:
    """Build a map with one agency (a0, a1, ...) for each of *sites*."""
    agencies = [{"id": f"a{index}", "names": {"en": "A"}, "sites": [site]} for index, site in enumerate(sites)]
    operator = {"name": "O", "contact": "o@example.org", "about_url": "https://example.org/"}
    return ScopeMap(
        Settings.model_validate({"pack": "kz", "workspace": "w", "operator": operator, "agencies": agencies}), night
    )


def owners(scopes: ScopeMap, url: str) -> list[str]:
    return [owner.agency.id for owner in scopes.of(url)]


def test_the_longest_prefix_wins() -> None:
    scopes = scope_map("https://gov.example/", "https://gov.example/entities/one", "https://gov.example/entities")
    assert owners(scopes, "https://gov.example/entities/one/news") == ["a1"]
    assert owners(scopes, "https://gov.example/entities/two") == ["a2"]
    assert owners(scopes, "https://gov.example/about") == ["a0"]


def test_a_prefix_ends_at_a_segment() -> None:
    scopes = scope_map("https://stat.example/es")
    assert owners(scopes, "https://stat.example/es/tables") == ["a0"]
    assert owners(scopes, "https://stat.example/es?lang=kk") == ["a0"]
    assert owners(scopes, "https://stat.example/estimates") == []


@pytest.mark.parametrize("url", ["http://www.one.example/a", "https://one.example/a", "http://one.example/a"])
def test_www_and_scheme_make_no_difference(url: str) -> None:
    assert owners(scope_map("https://www.one.example/"), url) == ["a0"]


def test_a_port_makes_a_difference() -> None:
    assert owners(scope_map("http://one.example:8080/"), "http://one.example/") == []


def test_exclude_takes_out() -> None:
    scopes = scope_map({"url": "https://one.example/", "exclude": ["/archive"]})
    assert owners(scopes, "https://one.example/archive/1") == []
    assert owners(scopes, "https://one.example/archives") == ["a0"]


def test_what_a_narrow_scope_leaves_out_does_not_fall_to_the_wider() -> None:
    scopes = scope_map("https://one.example/", {"url": "https://one.example/es", "exclude": ["/es/old"]})
    assert owners(scopes, "https://one.example/es/old") == []


def test_include_brings_in_another_place_and_may_share_it() -> None:
    scopes = scope_map(
        {"url": "https://gov.example/e/new", "include": ["/e/former", "https://docs.example/new"]},
        "https://gov.example/e",
    )
    assert owners(scopes, "https://docs.example/new/1") == ["a0"]
    assert owners(scopes, "https://docs.example/newer") == []
    assert owners(scopes, "https://gov.example/e/former/1") == ["a1", "a0"]


def test_only_scopes_of_the_night_count() -> None:
    site = {"url": "https://one.example/", "valid_to": "2026-11-22"}
    assert owners(scope_map(site), "https://one.example/") == []
    assert owners(scope_map(site, night=date(2026, 11, 22)), "https://one.example/") == ["a0"]


def test_key_url_keeps_the_telling_parameters() -> None:
    scopes = scope_map({"url": "https://one.example/", "query": ["lang"]})
    assert scopes.key_url("https://one.example/a?lang=kk&sid=1") == "https://one.example/a?lang=kk"
    assert scopes.key_url("https://two.example/a?lang=kk&sid=1") == "https://two.example/a?lang=kk&sid=1"


def test_shared_hosts() -> None:
    scopes = scope_map(
        "https://gov.example/e/one",
        "https://www.gov.example/e/two",
        "https://own.example/",
        {"url": "https://platform.example/e/three", "platform": "govkz"},
    )
    assert scopes.shared_hosts() == {"gov.example", "platform.example"}


def test_a_scope_is_found_by_its_id() -> None:
    scopes = scope_map("https://One.example")
    found = scopes.by_id("https://one.example/")
    assert found is not None
    assert found.agency.id == "a0"
    assert scopes.by_id("https://two.example/") is None
