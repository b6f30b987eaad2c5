from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.urls import absolute, host_of, keep_query, normalise_url, path_has_prefix, site_host, under

HOSTS = st.from_regex(r"\A(www\.)?[a-zA-Z]([a-zA-Z0-9-]{0,8}[a-zA-Z0-9])?\.(kz|org|қаз)\Z")
TEXT = st.text(max_size=30)
URLS = st.builds(
    lambda scheme, host, port, path, query, fragment: f"{scheme}://{host}{port}/{path}?{query}#{fragment}",
    st.sampled_from(["http", "https", "HTTP", "Https"]),
    HOSTS,
    st.sampled_from(["", ":80", ":443", ":8080", "."]),
    TEXT,
    TEXT,
    TEXT,
)


@given(st.text() | st.text().map("http://{}".format) | URLS)
def test_any_text_is_normalised_or_refused_with_a_value_error(text: str) -> None:
    try:
        found = normalise_url(text)
    except ValueError:
        return
    assert found.startswith(("http://", "https://"))
    assert "#" not in found


@given(st.text().map("http://{}".format) | URLS)
def test_normalising_twice_changes_nothing(text: str) -> None:
    try:
        once = normalise_url(text)
    except ValueError:
        return
    assert normalise_url(once) == once


@given(URLS)
def test_a_normalised_url_lies_under_itself(url: str) -> None:
    try:
        once = normalise_url(url)
    except ValueError:
        return
    assert under(once, once)


@given(TEXT)
def test_absolute_never_raises(href: str) -> None:
    found = absolute("https://example.org/a/b", href)
    assert found is None or found.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("given_url", "expected"),
    [
        ("HTTPS://Example.ORG", "https://example.org/"),
        ("http://example.org:80/a", "http://example.org/a"),
        ("https://example.org:443", "https://example.org/"),
        ("https://example.org:8443/", "https://example.org:8443/"),
        ("http://example.org./a", "http://example.org/a"),
        ("http://example.org/a#b", "http://example.org/a"),
        ("http://example.org/?b=2&a=1", "http://example.org/?a=1&b=2"),
        ("http://example.org/%7Ea/%c3%a4", "http://example.org/~a/%C3%A4"),
        ("http://example.org/қаз", "http://example.org/%D2%9B%D0%B0%D0%B7"),
        ("http://user:hush@example.org/", "http://example.org/"),
        ("  http://example.org/a \n", "http://example.org/a"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
        ("http://example.org/a/../b", "http://example.org/b"),
    ],
)
def test_one_spelling(given_url: str, expected: str) -> None:
    assert normalise_url(given_url) == expected


@pytest.mark.parametrize(
    "text", ["", "example.org", "/a", "ftp://example.org", "http://", "mailto:a@b.org", "http://a:x/"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        normalise_url(text)


def test_hosts() -> None:
    assert host_of("HTTP://WWW.Example.org:80/x") == "www.example.org"
    assert site_host("www.example.org:8080") == "example.org:8080"


def test_prefixes_end_at_segments() -> None:
    assert path_has_prefix("/es/a", "/es")
    assert path_has_prefix("/es", "/es/")
    assert not path_has_prefix("/estimates", "/es")
    assert under("http://www.example.org/es/a?b", "https://example.org/es/")
    assert not under("https://example.org.evil.net/es", "https://example.org/es")


def test_only_the_telling_parameters_are_kept() -> None:
    url = "https://example.org/a?lang=kk&session=1&page="
    assert keep_query(url, ("lang", "page")) == "https://example.org/a?lang=kk&page="
    assert keep_query(url, ()) == "https://example.org/a"
    assert keep_query(url, None) == url
