"""Month names of languages that no pack speaks of: a page in one of them still bears dates. From CLDR, by Babel."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import get_month_names

from config.pack import Months


@lru_cache(maxsize=64)
def cldr_months(code: str) -> dict[str, Months]:
    """Return the month names of a page's own language as CLDR has them; none when it names no language."""
    try:
        locale = Locale.parse(code) if code.isalpha() else None
    except (UnknownLocaleError, ValueError):
        return {}
    if locale is None:
        return {}
    forms = {
        f"{context}-{width}": tuple(get_month_names(width, context, locale)[month] for month in range(1, 13))
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
    }
    named = {key: form for key, form in forms.items() if not any(name.rstrip(".").isdigit() for name in form)}
    return {code: Months(forms=named, basis="cldr", verified=True)} if named else {}
