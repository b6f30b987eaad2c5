"""Takes secrets out of addresses, headers and texts before anything is written.

Bodies are evidence and stay exact; what we add around them (addresses, header blocks, details) must not carry keys
that the operator configured or that a site put into its links.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

MASK = "REDACTED"

_NAMED = r"api[_-]?key|access[_-]?token|auth[_-]?token|token|secret|client_secret|passw(?:or)?d|pwd|signature"
# `key` also names ordinary pages (`?key=news`); only values that look like a credential are taken out.
_KEY = r"key=(?=[A-Za-z0-9_\-]{16,})"
_MASKED = rf"{MASK}(?:-\d{{1,9}})?(?:[&;#\s\"'<>]|$)"  # what was taken out stays so, with its number (`crawler.apart`)
_PARAMETER = re.compile(rf"(?i)([?&;](?:(?:{_NAMED})=|{_KEY}))(?!(?-i:{_MASKED}))[^&;#\s\"'<>]+")
_USERINFO = re.compile(r"(?i)\b(https?://)[^/\s@?#]+@")
_COOKIE = re.compile(r"^(\s*[^=;]*=)[^;]*")
_APART = secrets.token_bytes(16)  # of this process alone: what is told apart by it cannot be found by trying
_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "x-api-key", "x-auth-token"})


def redact_text(text: str) -> str:
    """Return *text* without the values of secret query parameters and without user names in addresses."""
    if "=" not in text and "@" not in text:
        return text
    return _USERINFO.sub(rf"\1{MASK}@", _PARAMETER.sub(rf"\1{MASK}", text))


def tell_apart(url: str) -> str:
    """Return *url* redacted, with digests in place of the values of secret parameters: two addresses stay two.

    The digests are keyed and mean nothing to another process.
    """
    if "=" not in url and "@" not in url:
        return url
    return _USERINFO.sub(rf"\1{MASK}@", _PARAMETER.sub(_keyed, url))


def _keyed(found: re.Match[str]) -> str:
    value = found[0][len(found[1]) :]
    told = value if value == MASK else blake2b(value.encode("utf-8", "replace"), digest_size=8, key=_APART).hexdigest()
    return found[1] + told


def is_masked(url: str) -> bool:
    """Tell whether something was taken out of an address: it cannot be asked as it stands."""
    return f"={MASK}" in url or f"//{MASK}@" in url


@lru_cache(maxsize=4_096)
def redact_header(name: str, value: str) -> str:
    """Return the value of a header as it may be written down."""
    lowered = name.lower()
    if lowered in _SECRET_HEADERS:
        return MASK
    if lowered == "set-cookie":
        return _COOKIE.sub(rf"\1{MASK}", value)
    return redact_text(value)


def redact_headers(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return *headers* as they may be written down."""
    return tuple((name, redact_header(name, value)) for name, value in headers)
