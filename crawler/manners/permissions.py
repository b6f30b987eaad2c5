"""What the owners of hosts allowed in writing, as the crawl honours it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from config.model import Permission, Settings
from crawler.manners.notes import holds_for, host_named
from crawler.manners.pace import Pace


def permitted(settings: Settings, night: date, site: str, what: Literal["rate", "render", "api"]) -> Permission | None:
    """Return the permission in force that allows something on a host (as `site_of` gives it), or None.

    Of several the one that was given last counts.
    """
    found = [
        item
        for item in settings.permissions
        if what in item.allows and item.holds(night) and holds_for(host_named(item.host), site)
    ]
    return max(found, key=lambda item: item.date, default=None)


def pace_of(settings: Settings, night: date) -> Pace:
    """Return the pace that settings and permissions ask for."""
    crawl, known = settings.crawl, dict[str, float | None]()

    def gap(site: str) -> float | None:
        if site not in known:
            permission = permitted(settings, night, site, "rate")
            known[site] = permission.delay if permission else None
        return known[site]

    return Pace(crawl.delay, crawl.concurrency, crawl.crawl_delay_cap, gap)
