"""What must not leave the archive: phones, mail addresses, personal numbers. Applied before anything is stored."""

from __future__ import annotations

import re
from collections.abc import Callable

from config.pack import PersonalPattern
from crawler.redact import redact_text

_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_PHONE = re.compile(r"(?<![\w.])\+?\d(?:[\s()-]{0,3}\d){9,14}(?![\w.]?\d)")
_IIN_WEIGHTS = ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))


def is_iin(digits: str) -> bool:
    """Tell whether 12 digits carry the checksum of the Kazakh individual identification number.

    Weights 1..11, then 3..11,1,2 when the first remainder is 10; a second remainder of 10 is no valid number.
    """
    if len(digits) != 12 or not digits.isdigit():  # noqa: PLR2004 - the number's length
        return False
    numbers = [int(digit) for digit in digits]
    for weights in _IIN_WEIGHTS:
        rest = sum(number * weight for number, weight in zip(numbers, weights, strict=False)) % 11
        if rest < 10:  # noqa: PLR2004 - one decimal digit
            return rest == numbers[11]
    return False


_CHECKS: dict[str, Callable[[str], bool]] = {"none": lambda _text: True, "iin": is_iin}


class Redactor:
    """Replaces what identifies a person by a word that says what stood there."""

    def __init__(self, patterns: tuple[PersonalPattern, ...] = ()) -> None:
        self._patterns = [(re.compile(item.pattern), _CHECKS[item.check]) for item in patterns]

    def text(self, text: str) -> str:
        """Return *text* with personal numbers, mail addresses, phones and secrets replaced."""
        for pattern, check in self._patterns:
            found = {hit.group() for hit in pattern.finditer(text)}
            for number in sorted(filter(check, found)):
                text = text.replace(number, "[number]")
        text = _MAIL.sub("[mail]", text)
        text = _PHONE.sub("[phone]", text)
        return redact_text(text)

    def url(self, url: str) -> str:
        """Return an address without secrets. Its digits are left alone: they are ids more often than phones."""
        return redact_text(_MAIL.sub("[mail]", url))

    def excerpt(self, text: str, limit: int = 300) -> str:
        """Return *text* redacted, on one line, cut to *limit* characters at a word."""
        line = self.text(" ".join(text.split()))
        if len(line) <= limit:
            return line
        return line[: limit - 1].rsplit(" ", 1)[0][: limit - 1] + "…"
