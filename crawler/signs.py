"""How an address names its language. Sites put codes (often not the ISO ones) into paths, queries or host names.

Codes and aliases come from the pack; nothing here knows a language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from config.pack import Pack
from config.urls import path_has_prefix

LANGUAGE_PARAMETERS = frozenset({"lang", "language", "locale", "l", "hl", "lng", "uselang", "setlang", "langid"})
_SEGMENTS = 2
_SHORTEST_FORM = 3
_REMEMBERED = 65_536


@dataclass(frozen=True)
class Neutral:
    """An address without its language sign, and the language that the sign names (None: no sign)."""

    url: str
    language: str | None


def spellings(pack: Pack) -> dict[str, str]:
    """Return the pack's language codes by every spelling (code or alias, lower case)."""
    return {text.lower(): item.code for item in pack.languages for text in (item.code, *item.aliases) if text}


def labels(pack: Pack) -> dict[str, str]:
    """Return the pack's language codes by what sites call them: code, alias, name, or the beginning of one name."""
    named = spellings(pack)
    for item in pack.languages:
        named.update({name.lower(): item.code for name in item.names.values()})
    forms: dict[str, set[str]] = {}
    for name, code in named.items():
        for length in range(_SHORTEST_FORM, len(name)):
            forms.setdefault(name[:length], set()).add(code)
    return {form: codes.pop() for form, codes in forms.items() if len(codes) == 1} | named


class LanguageSigns:
    """Reads language signs, given codes by spelling."""

    def __init__(self, codes: Mapping[str, str]) -> None:
        self._codes = codes
        self.neutral = lru_cache(maxsize=_REMEMBERED)(self._neutral)
        """Returns an address without its language sign. Path segments count only below a root and near its top."""

    def _neutral(self, url: str, root: str = "") -> Neutral:
        """Return *url* without its language sign. Path segments count only below *root* and near its top."""
        parts = urlsplit(url)
        if parts.query:
            query = parse_qsl(parts.query, keep_blank_values=True)
            for name, value in query:
                if name.lower() in LANGUAGE_PARAMETERS and value.lower() in self._codes:
                    rest = urlencode([pair for pair in query if pair != (name, value)])
                    return Neutral(urlunsplit(parts._replace(query=rest)), self._codes[value.lower()])
        return self._path(url, root) or self._host(url) or Neutral(url, None)

    def code(self, text: str) -> str | None:
        """Return the language that a code or tag (`xx`, `xx-YY`) names, or None."""
        wanted = text.strip().lower().replace("_", "-")
        return self._codes.get(wanted) or self._codes.get(wanted.partition("-")[0])

    def _path(self, url: str, root: str) -> Neutral | None:
        parts = urlsplit(url)
        base = self._base(root) if root and path_has_prefix(parts.path, self._base(root)) else ""
        segments = parts.path[len(base) :].lstrip("/").split("/")
        for index, segment in enumerate(segments[:_SEGMENTS]):
            code = self._codes.get(segment.lower())
            if code:
                rest = "/".join(segments[:index] + segments[index + 1 :])
                return Neutral(urlunsplit(parts._replace(path=f"{base}/{rest}")), code)
        return None

    def _base(self, root: str) -> str:
        """Return the path below which segments count: that of *root*, up to its own language sign if it has one."""
        segments = urlsplit(root).path.rstrip("/").split("/")
        sign = next((index for index, segment in enumerate(segments) if segment.lower() in self._codes), None)
        return "/".join(segments[:sign])

    def _host(self, url: str) -> Neutral | None:
        parts = urlsplit(url)
        first, dot, rest = parts.netloc.partition(".")
        code = self._codes.get(first.lower())
        return Neutral(urlunsplit(parts._replace(netloc=rest)), code) if code and dot and "." in rest else None
