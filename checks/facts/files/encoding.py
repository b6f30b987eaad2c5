"""Which encoding a text is in: marks first, then UTF-8, then letter statistics of Cyrillic, then a library.

The statistics are letter frequencies of the languages themselves; capitals are rarer than small letters, which tells
KOI8-R from windows-1251 (the one's capitals are the other's small letters).
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE, lookup
from collections import Counter
from functools import cache
from math import log

import msgspec
from charset_normalizer import from_bytes

_BOMS = (
    (BOM_UTF8, "utf-8-sig"), (BOM_UTF32_LE, "utf-32"), (BOM_UTF32_BE, "utf-32"),
    (BOM_UTF16_LE, "utf-16"), (BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_SAMPLE = 1 << 16
_COUNTED = 1 << 14
_SLOW_SAMPLE = 1 << 12
_CYRILLIC = ("windows-1251", "koi8-r", "kz1048", "ibm866", "iso-8859-5", "mac-cyrillic", "ibm855", "koi8-u")
_LETTERS = {
    "ru": "о109 е85 а80 и74 н67 т63 с55 р47 в45 л44 к35 м32 д30 п28 у26 я20 ы19 ь17 г17 з16 б16 ч14 й12 х10 ж9 ш7 ю6 "
    "ц5 щ4 э3 ф3 ъ1 ё1",
    "kk": "а116 е86 н71 ы67 т60 р58 л53 і52 д48 қ34 с44 м31 к30 б29 ғ22 й21 о25 ө16 ж24 ң12 ә13 ү13 ұ12 у18 з18 ш14 "
    "п12 г12 и15 я4 х2 ф1 в2 э1 ц1 һ1 ю1 ч1 ь1",
    "bg": "а117 о90 и89 е87 т73 н65 р54 с49 в45 л38 к36 д35 п30 м25 з22 я21 ъ17 б15 г15 у14 ч14 ц8 ж8 щ5 х5 ш4 й6 ю1 "
    "ф2 ь1",
    "uk": "о94 а83 н68 и60 і57 в55 т53 е50 р46 с41 к36 у35 л36 д33 м31 п28 я24 ь18 з21 б17 г15 й12 ч14 х11 ш8 ж8 ц8 "
    "ю8 ї7 є5 щ4 ф4 ґ1",
}  # fmt: skip
_NEUTRAL = frozenset("«»—–…№„“”’‘\u00a0•§°")
_LATIN_SIGNS = _NEUTRAL | frozenset("£¢€¥©®™±²³½¼¾·´¿¡ªº×÷µ")
_CAPITAL = 0.12
_NEAR = 4
_ODD_SIGN = 2e-4
_NO_LETTER = 5e-6
_UNDEFINED = 1e-7
_HIGH = bytes(range(0x80, 0x100))
_RUN = re.compile(rb"[\x80-\xff]{3,}")
_MIXED_CASE = re.compile("[а-яёәғқңөұүһі][А-ЯЁӘҒҚҢӨҰҮҺІ]")
_WORST = 5.0
"""Mean cost in nats at which the statistics no longer believe that a text is Cyrillic; Russian costs about 2.9."""
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,32})""")
_KAZAKH = frozenset("ӘәҒғҚқҢңӨөҰұҮүҺһ")


class Encoding(msgspec.Struct, frozen=True):
    """A codec's name and how sure that is."""

    name: str
    confidence: float


def encoding_of(body: bytes, *, whole: bool = True) -> Encoding | None:
    """Return the encoding of a text, or None for bytes that are no text. *whole*: the text was not cut off."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return Encoding(name, 1.0)
    sample = body[:_SAMPLE]
    if b"\0" in sample:
        return _wide(sample[:_SLOW_SAMPLE])
    if sample.isascii() and body.isascii():
        return Encoding("ascii", 1.0)
    if _is_utf8(body, whole=whole):
        return Encoding("utf-8", 1.0)
    return _ebcdic(sample) or _single_byte(_around_high(body))


def _ebcdic(sample: bytes) -> Encoding | None:
    """Tell EBCDIC: its space is the sign @ of ASCII and the commonest byte; letters and digits lie above 0x80."""
    if sample.count(b"@") < 0.05 * len(sample) or b" " in sample[:64]:
        return None
    text = sample.decode("cp500")
    plain = sum(char.isascii() and (char.isalnum() or char in " <>/=.,-\"'\n\x85") for char in text)
    return Encoding("cp500", 0.7) if plain >= 0.6 * len(text) else None


def decode(body: bytes, encoding: str) -> str:
    """Return the text; bytes that do not fit are replaced."""
    return body.decode(encoding, "replace")


def declared(body: bytes) -> str | None:
    """Return the encoding that an XML or HTML head names, as it is written."""
    found = _DECLARED.search(body[:2048])
    return found[1].decode("ascii") if found else None


def in_utf8(body: bytes) -> bytes:
    """Return XML in UTF-8 without its encoding declaration, where that names a one-byte encoding that the bytes are in.

    Parsers know few such encodings; a declaration that the bytes contradict stays, and is the parser's to refuse.
    """
    named = declared(body[:200])
    found = encoding_of(body) if named else None
    if named is None or found is None or found.name in ("ascii", "utf-8", "utf-8-sig", "utf-16", "utf-32"):
        return body
    if _codec(named) != _codec(found.name):
        return body
    return re.sub(r"\sencoding\s*=\s*[\"'][^\"']*[\"']", "", decode(body, found.name), count=1).encode()


def _codec(name: str) -> str:
    try:
        return lookup(name).name
    except LookupError:
        return name.lower()


def _wide(sample: bytes) -> Encoding | None:
    """Tell UTF-16 and UTF-32 without a mark by where the zero bytes stand."""
    length = max(len(sample) // 2, 1)
    even, odd = sample[::2].count(0) / length, sample[1::2].count(0) / length
    for name, most in (("utf-16-le", odd > even), ("utf-16-be", even > odd)):
        text = sample[: len(sample) & ~1].decode(name, "replace")
        plain = sum(char.isprintable() or char in "\r\n\t" for char in text)
        if most and plain > 0.97 * len(text) and "\0" not in text and _few_blocks(text):
            return Encoding(name, 0.9)
    return None


def _few_blocks(text: str) -> bool:
    """Tell whether nearly all characters stand in three blocks of 256: a language does, bytes at random do not."""
    blocks = Counter(ord(char) >> 8 for char in text)
    return sum(number for _block, number in blocks.most_common(3)) >= 0.9 * len(text)


def _is_utf8(body: bytes, *, whole: bool) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return not whole and error.start >= len(body) - 3
    return True


def _around_high(body: bytes) -> bytes:
    """Return a sample that begins where the first byte above ASCII stands, or a little before."""
    first = re.search(rb"[\x80-\xff]", body)
    start = max(0, first.start() - 64) if first else 0
    return body[start : start + _COUNTED]


def _single_byte(sample: bytes) -> Encoding | None:
    high = len(sample) - len(sample.translate(None, _HIGH))
    in_runs = sum(len(run) for run in _RUN.findall(sample))
    if in_runs >= 0.4 * high or high <= 2:  # noqa: PLR2004 - Cyrillic words are runs, Latin accents stand alone
        name, cost = _cheapest(sample, high)
        if cost < _WORST and in_runs:
            return Encoding(name, 0.9 if cost < _WORST - 1 else 0.7)
    if in_runs < 0.4 * high and _is_latin(sample):
        return Encoding("windows-1252", 0.7)
    best = from_bytes(sample[:_SLOW_SAMPLE]).best()
    return Encoding(best.encoding.replace("_", "-"), 0.5) if best else _fallback(sample)


def _fallback(sample: bytes) -> Encoding | None:
    return Encoding("windows-1252", 0.3) if _is_latin(sample) else None


def _is_latin(sample: bytes) -> bool:
    """Tell whether the bytes above ASCII read as accented letters and typographic signs."""
    text = sample.decode("windows-1252", "replace")
    high = [char for char in text if char > "\x7f"]
    return bool(high) and sum(char.isalpha() or char in _LATIN_SIGNS for char in high) >= 0.7 * len(high)


def _cheapest(sample: bytes, high: int) -> tuple[str, float]:
    counted = Counter(sample)
    counts = [float(counted[byte]) for byte in range(0x80, 0x100)]
    costs = {name: min(sum(map(float.__mul__, counts, table)) for table in _tables(name)) for name in _CYRILLIC}
    near = sorted(costs, key=lambda name: costs[name])[:_NEAR]
    for name in near:  # small letters before capitals inside a word: the right letters in the wrong case
        text = sample[:_SLOW_SAMPLE].decode(name, "replace")
        costs[name] = (costs[name] + 6.0 * len(_MIXED_CASE.findall(text))) / max(high, 1)
    # The Kazakh code page is windows-1251 with other letters in the upper half's first part: without one of those
    # letters the two are the same text, and the commoner name is right.
    best = min(near, key=lambda name: (round(costs[name], 6), _CYRILLIC.index(name)))
    if best == "kz1048" and not _KAZAKH & set(sample.decode("kz1048", "replace")):
        best = "windows-1251"
    return best, costs[best]


@cache
def _tables(encoding: str) -> tuple[tuple[float, ...], ...]:
    return tuple(_table(encoding, language) for language in _LETTERS)


def _table(encoding: str, language: str) -> tuple[float, ...]:
    """Return the cost of each byte from 0x80 on, read in *encoding*, in a text of *language*."""
    pairs = [(item[0], int(item[1:])) for item in _LETTERS[language].split()]
    whole = sum(number for _letter, number in pairs)
    shares = {letter: number / whole for letter, number in pairs}
    return tuple(_cost(bytes([byte]).decode(encoding, "replace"), shares) for byte in range(0x80, 0x100))


def _cost(char: str, shares: dict[str, float]) -> float:
    if char == "\ufffd":
        return -log(_UNDEFINED)
    if char in _NEUTRAL:
        return -log(0.01)
    if char.lower() in shares:
        return -log(shares[char.lower()] * (1.0 if char.islower() else _CAPITAL))
    return -log(_ODD_SIGN if char.isalpha() else _NO_LETTER)
