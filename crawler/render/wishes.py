"""Which pages a browser is to draw: shells, where the host's owner allowed it, within each scope's budget."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from config.model import Permission, RenderSettings
from config.urls import site_host
from crawler.capture import Capture, How, Purpose
from crawler.redact import is_masked
from crawler.verdicts import Verdict, VerdictFact

NO_BROWSER = "none"
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def browser_path(settings: RenderSettings) -> str | None:
    """Return the path of the browser: the one that is set, else the first on PATH; None when there is none."""
    if settings.browser == NO_BROWSER:
        return None
    if settings.browser:
        return settings.browser if Path(settings.browser).is_file() else None
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def allowed_hosts(permissions: Iterable[Permission], night: date) -> frozenset[str]:
    """Return the hosts whose owner allowed rendering on the night."""
    return frozenset(
        site_host(item.host.lower()) for item in permissions if "render" in item.allows and item.holds(night)
    )


def is_allowed(url: str, hosts: frozenset[str]) -> bool:
    """Tell whether an address is of one of the hosts; a host named without its port stands for all its ports."""
    parts = urlsplit(url)
    return not hosts.isdisjoint({site_host(parts.netloc), site_host(parts.hostname or "")})


class Wishes:
    """What was wished and what came of it. `missed` counts shells that were not drawn, by reason code."""

    def __init__(self, budget: int, hosts: frozenset[str] = frozenset(), browser: str | None = None) -> None:
        self._budget, self._hosts, self._browser = budget, hosts, browser
        self._spent: Counter[str] = Counter()
        self.missed: Counter[tuple[str, str]] = Counter()

    def wants(self, capture: Capture, verdict: VerdictFact) -> bool:
        """Tell whether a page is to be drawn that was answered with a shell; count it, or why not."""
        is_shell = verdict.verdict is Verdict.JS_SHELL and capture.how is How.PLAIN
        if not is_shell or capture.purpose is not Purpose.PAGE:
            return False
        reason = self._refusal(capture)
        if reason:
            self.missed[site_host(urlsplit(capture.url).netloc), reason] += 1
            return False
        self.spend(capture.scopes)
        return True

    def spend(self, scopes: tuple[str, ...]) -> None:
        """Charge a drawing to the first of its scopes; one of an earlier start of the run counts too."""
        self._spent.update(scopes[:1])

    def _refusal(self, capture: Capture) -> str | None:
        if is_masked(capture.key.url):
            return "address_with_key"  # which is known no more
        if not is_allowed(capture.url, self._hosts):
            return "no_permission"
        if self._browser is None:
            return "no_browser"
        spent = self._spent[capture.scopes[0]] if capture.scopes else self._budget
        return "render_budget" if spent >= self._budget else None
