"""The written report: static pages that need no script, no network and no server."""

from __future__ import annotations

from reports.html.site import pages, write_report, write_site
from reports.html.story import Story

__all__ = ["Story", "pages", "write_report", "write_site"]
