from __future__ import annotations

import pytest

from crawler.redact import redact_header, redact_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://a.kz/?apiKey=abc&x=1", "http://a.kz/?apiKey=REDACTED&x=1"),
        ("http://a.kz/?x=1&API_KEY=abc#f", "http://a.kz/?x=1&API_KEY=REDACTED#f"),
        ("see http://a.kz/?access_token=abc now", "see http://a.kz/?access_token=REDACTED now"),
        ("http://a.kz/?password=p%20w;token=t", "http://a.kz/?password=REDACTED;token=REDACTED"),
        ("http://a.kz/?key=0123456789abcdef0123", "http://a.kz/?key=REDACTED"),
        ("http://user:pass@a.kz/", "http://REDACTED@a.kz/"),
        # what was taken out stays so, with the number that tells it apart
        ("http://a.kz/?token=REDACTED&x=1", "http://a.kz/?token=REDACTED&x=1"),
        ("http://a.kz/?token=REDACTED-2#a", "http://a.kz/?token=REDACTED-2#a"),
        ("http://a.kz/?token=REDACTED-2x", "http://a.kz/?token=REDACTED"),
        ("http://a.kz/?token=redacted", "http://a.kz/?token=REDACTED"),
        # ordinary addresses stay what they are
        ("http://a.kz/?key=news&page=2", "http://a.kz/?key=news&page=2"),
        ("http://a.kz/?tokens=3&monkey=x", "http://a.kz/?tokens=3&monkey=x"),
        ("http://a.kz/@name?q=a@b", "http://a.kz/@name?q=a@b"),
    ],
)
def test_secrets_leave_texts(text: str, expected: str) -> None:
    assert redact_text(text) == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Authorization", "Basic abc", "REDACTED"),
        ("cookie", "a=b; c=d", "REDACTED"),
        ("Set-Cookie", "sid=abc; Path=/; HttpOnly", "sid=REDACTED; Path=/; HttpOnly"),
        ("Location", "http://a.kz/?token=abc", "http://a.kz/?token=REDACTED"),
        ("Content-Type", "text/html", "text/html"),
    ],
)
def test_secrets_leave_headers(name: str, value: str, expected: str) -> None:
    assert redact_header(name, value) == expected
