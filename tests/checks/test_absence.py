"""When a scope's night lets one say that something is not there."""

from __future__ import annotations

from typing import Any, cast

import pytest

from checks.facts.model import HostFacts, ScopeFacts
from checks.view import Page, ScopeView, Unseen
from config.model import Agency, Scope
from tests.checks.lab import SITE, page_capture

ALL = dict.fromkeys(("menu", "sections", "sitemap"), True)
MENU, SAMPLE = "required:menu", "news kk"


def scope(exhausted: dict[str, bool], *unseen: tuple[str, str | None], pages: int = 1) -> ScopeView:
    agency = Agency.model_validate({"id": "good", "names": {"en": "Good"}, "sites": [SITE]})
    lost = tuple(Unseen(page_capture(f"{SITE}x", stratum=stratum), reason) for reason, stratum in unseen)
    facts = ScopeFacts(SITE, {}, exhausted, 1, {})
    shown = cast("tuple[Page, ...]", (None,) * pages)
    return ScopeView(agency, Scope(url=SITE), False, shown, lost, facts, HostFacts("good.kz", {}, "ok", ()))


@pytest.mark.parametrize(
    ("made", "absence"),
    [
        (scope(ALL), True),
        (scope({**ALL, "links": False}), True),
        (scope({**ALL, "menu": False}), False),
        (scope({**ALL, "sections": False}), False),
        (scope({**ALL, "sitemap": False}), False),
        (scope({"links": True}), False),
        (scope(ALL, pages=0), False),
        (scope(ALL, ("blocked", MENU)), False),
        (scope(ALL, ("js_shell", MENU)), False),
        (scope(ALL, ("gone", MENU)), True),
        (scope(ALL, ("blocked", SAMPLE)), True),
        (scope(ALL, ("blocked", None)), True),
    ],
)
def test_absence_is_said_of_menus_sections_and_sitemaps_that_were_seen(made: ScopeView, absence: bool) -> None:
    assert made.absence is absence


@pytest.mark.parametrize(("unseen", "whole"), [((), True), ((("blocked", SAMPLE),), False), ((("gone", None),), True)])
def test_the_whole_scope_is_another_question(unseen: Any, whole: bool) -> None:
    assert scope({"links": True}, *unseen).exhausted is whole
