"""Texts of reports in every language shipped: one YAML catalogue per language, one glossary for all."""

from __future__ import annotations

from reports.messages.catalogue import Catalogue, MissingMessageWarning, fallback_language, languages

__all__ = ["Catalogue", "MissingMessageWarning", "fallback_language", "languages"]
