"""Addresses that differ by a key alone are told apart, and no key is told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.apart import Apart
from crawler.capture import CaptureKey
from crawler.redact import is_masked, redact_text


def key(url: str) -> CaptureKey:
    return CaptureKey("GET", url)


def test_the_first_is_plain_and_the_others_are_numbered_as_they_come() -> None:
    apart = Apart()
    asked = [f"http://a.kz/get?token={name}&x=1" for name in ("aa", "bb", "aa", "cc", "bb")]
    assert [apart.key(key(url)).url for url in asked] == [
        "http://a.kz/get?token=REDACTED&x=1", "http://a.kz/get?token=REDACTED-2&x=1", "http://a.kz/get?token=REDACTED&x=1",
        "http://a.kz/get?token=REDACTED-3&x=1", "http://a.kz/get?token=REDACTED-2&x=1",
    ]  # fmt: skip
    assert apart.text(key("http://a.kz/other?token=zz")) == "GET http://a.kz/other?token=REDACTED"


def test_what_carries_no_key_or_was_told_already_stays() -> None:
    apart = Apart()
    for url in ("http://a.kz/", "http://a.kz/?q=1", "http://a.kz/?token=REDACTED", "http://a.kz/?token=REDACTED-4"):
        assert apart.key(key(url)).url == url
    assert apart.key(key("http://user:pw@a.kz/")).url == "http://REDACTED@a.kz/"


_SECRETS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=6, max_size=20)


@given(st.lists(_SECRETS.filter(lambda text: "REDACTED" not in text), min_size=1, max_size=8))
def test_as_many_as_were_asked_and_none_in_clear(secrets: list[str]) -> None:
    apart = Apart()
    told = [apart.key(key(f"http://h.example/?api_key={secret}")).url for secret in secrets]
    assert len(set(told)) == len(set(secrets))
    assert all(is_masked(url) and redact_text(url) == url for url in told)
    assert not any(secret in url.partition("api_key=")[2] for secret in secrets for url in told)
