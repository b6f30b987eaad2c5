from __future__ import annotations

import string
import time
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from checks.redact import Redactor
from config.pack import Pack, PersonalPattern
from config.personal import is_iin


@pytest.fixture(scope="module")
def redactor(pack: Pack) -> Redactor:
    return Redactor(pack.extraction.personal)


def iin(first: str) -> str | None:
    """Return the number that begins with these 11 digits, by the published rule; None when there is none."""
    for weights in ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]):
        rest = sum(int(digit) * weight for digit, weight in zip(first, weights, strict=True)) % 11
        if rest < 10:
            return f"{first}{rest}"
    return None


GOOD = iin("90010130012")
SECOND_ROUND = next(number for tail in range(1000) if (number := iin(f"90010130{tail:03d}")) and sum(
    int(digit) * weight for digit, weight in zip(number, range(1, 12), strict=False)) % 11 == 10)  # fmt: skip


def test_the_checksum() -> None:
    assert GOOD
    assert is_iin(GOOD)
    assert is_iin(SECOND_ROUND)
    assert sum(is_iin(f"90010130012{last}") for last in range(10)) == 1
    assert not is_iin("90010130012")
    assert not is_iin("90010130012x")
    assert not is_iin("")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"ИИН {GOOD}.", "ИИН [number]."),
        (f"ИИН{GOOD}", "ИИН[number]"),
        (f"{SECOND_ROUND} и {GOOD}", "[number] и [number]"),
        ("a.b+c@mail.good.kz", "[mail]"),
        ("Почта: info@good.kz, тел. 8 (7172) 74-20-14", "Почта: [mail], тел. [phone]"),
        ("+7 (7172) 74-20-14", "[phone]"),
        ("+77011234567", "[phone]"),
        ("8-701-123-45-67", "[phone]"),
        ("8 701 123 45 67", "[phone]"),
        ("тел.87011234567", "тел.[phone]"),
        ("+7 701 123 45 67; +7 702 765 43 21", "[phone]; [phone]"),
        ("2026-11-16 8 701 123 45 67", "2026-11-16 [phone]"),
        ("https://good.kz/?apiKey=s3cr3t&a=1", "https://good.kz/?apiKey=REDACTED&a=1"),
    ],
)  # fmt: skip
def test_what_is_taken_out(redactor: Redactor, text: str, expected: str) -> None:
    assert redactor.text(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "16.11.2026 10.11.2026 03.11.2026",
        "16-11-2026 10-11-2026",
        "2026-11-16 2026-11-17",
        "2026-11-16 10:30",
        "2026-11-16T10:30:00+05:00",
        "2010 2011 2012 2013 2014",
        "2014-2015 2016-2017",
        "1 234 567 890 тенге",
        "12\u00a0345\u00a0678\u00a0901,50 тенге",
        "1234567890.12".replace("1234567890", "123456789"),
        "№ 624 от 10.08.2015",
        "3.14159265358979",
        "Каталог: 42 набора, 1 000 000 строк",
        "74-20-14",
        "user@localhost",
        "",
    ],
)
def test_dates_and_amounts_are_left_alone(redactor: Redactor, text: str) -> None:
    assert redactor.text(text) == text


def test_addresses_keep_their_digits(redactor: Redactor) -> None:
    assert redactor.url("https://good.kz/87011234567/?u=a@good.kz") == "https://good.kz/87011234567/?u=[mail]"


@pytest.mark.parametrize("length", [10, 299, 300, 301, 6000, 100_000])
def test_excerpts_end_in_time_and_at_a_word(redactor: Redactor, length: int) -> None:
    excerpt = redactor.excerpt("слово \n" * length)
    assert len(excerpt) <= 300
    assert excerpt.rstrip("…").rstrip().endswith("слово")


def test_an_excerpt_of_one_long_word(redactor: Redactor) -> None:
    assert len(redactor.excerpt("я" * 100_000)) == 300


def test_patterns_without_a_check() -> None:
    assert Redactor((PersonalPattern(id="x", pattern="[A-Z]{2}\\d{3}"),)).text("AB123 ab123") == "[number] ab123"


_DIGITS = st.text("0123456789", min_size=11, max_size=11)
_AROUND = st.text(string.ascii_letters + " .,;:()\n«»—", max_size=60)


@given(st.dates(), st.integers(0, 6), st.integers(0, 9999), _AROUND, _AROUND, st.integers(0, 400))
def test_no_planted_number_survives(
    redactor: Redactor, born: date, sex: int, tail: int, before: str, after: str, filler: int
) -> None:
    number = iin(f"{born:%y%m%d}{sex}{tail:04d}")
    assume(number is not None)
    text = f"{'слово ' * filler}{before} {number} {after}"
    assert number not in redactor.text(text)
    assert number[:8] not in redactor.excerpt(text)
    assert number[-8:] not in redactor.around(text, len(text) - 1)


_NAME = st.text(string.ascii_letters + string.digits + "._-+", min_size=1, max_size=30)
_LABEL = st.text(string.ascii_lowercase, min_size=1, max_size=20)


@given(_NAME, st.lists(_LABEL, min_size=2, max_size=4), _AROUND, st.integers(0, 80))
def test_no_planted_mail_survives(redactor: Redactor, name: str, labels: list[str], before: str, filler: int) -> None:
    mail = f"{name}@{'.'.join(labels)}"
    text = f"{'слово ' * filler}{before} {mail} {before}"
    for shown in (redactor.text(text), redactor.excerpt(text), redactor.url(f"https://good.kz/{mail}")):
        assert mail not in shown
        assert f"@{labels[0]}" not in shown


@given(_DIGITS.map(lambda text: f"+7{text[:10]}"), st.sampled_from(["", " ", "-", "(", ") "]), _AROUND)
def test_no_planted_phone_survives(redactor: Redactor, digits: str, sign: str, around: str) -> None:
    phone = sign.join([digits[:2], digits[2:5], digits[5:8], digits[8:]])
    assert phone not in redactor.text(f"{around} {phone} {around}")


@pytest.mark.parametrize("piece", ["1", "1 ", "a", "a@", "a.", "a@a.", "+", "1-", "( ", "9001013", "2014 ", "1 234 ", "?key=", "http://", "http://a"])  # fmt: skip
def test_hostile_texts_take_bounded_time(redactor: Redactor, piece: str) -> None:
    begun = time.process_time()
    redactor.text(piece * (300_000 // len(piece)))
    redactor.excerpt(piece * (5_000_000 // len(piece)))
    assert time.process_time() - begun < 4
