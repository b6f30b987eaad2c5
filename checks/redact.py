"""What must not leave the archive: phones, mail addresses, personal numbers. Applied before anything is stored."""

from __future__ import annotations

import re

from config.pack import PersonalPattern
from config.personal import PersonalFinder
from crawler.redact import redact_text

_READ_AHEAD = 20
_HALVES = "0123456789 ()+-\u00a0"
_DIGIT = re.compile(r"\d")
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
# Digits that are no phone: days with a time, series of years, amounts in groups of three. Where one begins it is kept.
_YEAR = r"(?:19|20)\d{2}"
_NO_PHONE = (
    rf"{_YEAR}-[01]\d-[0-3]\d(?!\d)(?:[T\s]{{1,2}}[0-2]?\d(?=:))?",
    rf"[0-3]?\d(?P<sign>[./-])[01]?\d(?P=sign){_YEAR}(?!\d)",
    rf"{_YEAR}(?:[\s-]{{1,3}}{_YEAR})+(?![\s()-]{{0,3}}\d)",
    r"\d{1,3}(?:\s\d{3}){2,}(?![\s()-]{0,3}\d)",
)
_PHONE = re.compile(
    rf"(?<!\w)(?<!\d\.)(?:(?P<kept>(?<!\+)(?:{'|'.join(_NO_PHONE)}))|(?P<phone>\+?\d(?:[\s()-]{{0,3}}\d){{9,14}}(?![\w.]?\d)))"
)


class Redactor:
    """Replaces what identifies a person by a word that says what stood there."""

    def __init__(self, patterns: tuple[PersonalPattern, ...] = ()) -> None:
        self._finder = PersonalFinder(patterns)

    def text(self, text: str) -> str:
        """Return *text* with personal numbers, mail addresses, phones and secrets replaced."""
        for number in self._finder.numbers(text):
            text = text.replace(number, "[number]")
        text = _without_mail(text)
        if _DIGIT.search(text):
            text = _PHONE.sub(lambda hit: hit["kept"] or "[phone]", text)
        return redact_text(text)

    def url(self, url: str) -> str:
        """Return an address without secrets. Its digits are left alone: they are ids more often than phones."""
        return redact_text(_without_mail(url))

    def around(self, text: str, start: int, before: int = 120) -> str:
        """Return the excerpt of *text* about the place *start*; it never begins within a number or an address."""
        left = text[max(0, start - before) : start]
        if start > before:
            left = left.partition(" ")[2].lstrip(_HALVES)
        return self.excerpt(left + text[start:])

    def excerpt(self, text: str, limit: int = 300) -> str:
        """Return *text* redacted, on one line, cut to *limit* characters at a word."""
        line = self.text(_head(text, _READ_AHEAD * limit))
        if len(line) <= limit:
            return line
        return line[: limit - 1].rsplit(" ", 1)[0][: limit - 1] + "…"


def _without_mail(text: str) -> str:
    return _MAIL.sub("[mail]", text) if "@" in text else text


def _head(text: str, limit: int) -> str:
    """Return the beginning of *text* on one line, without what the cut may have halved (a number, an address)."""
    if len(text) <= limit:
        return " ".join(text.split())
    return " ".join(text[:limit].rpartition(" ")[0].rstrip(_HALVES).split()) or text[: limit // 2]
