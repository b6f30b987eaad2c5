"""How marks went: a body's course over time, and two nights side by side, with what moved beneath them."""

from __future__ import annotations

from reports.trends.course import trend_of
from reports.trends.documents import DiffDocument, DiffLine, Side, Stretch, TrendDocument
from reports.trends.nights import diff

__all__ = ["DiffDocument", "DiffLine", "Side", "Stretch", "TrendDocument", "diff", "trend_of"]
