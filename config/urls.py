"""URLs as the project compares them: one spelling for one address (RFC 3986 section 6, WHATWG URL)."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

LONGEST_URL = 8_000  # RFC 9110 section 4.1 asks everybody to take that many octets
_DEFAULT_PORTS = {"http": 80, "https": 443}


def normalise_url(url: str) -> str:
    """Return the one spelling of *url*: lower-case host, no default port, no fragment, sorted query, escaped path.

    Raises ValueError when the text is not an absolute http(s) URL with a host, or has over LONGEST_URL characters.
    """
    if len(url) > LONGEST_URL:
        raise ValueError(f"longer than {LONGEST_URL} characters: {url[:100]!r}")
    parts = urlsplit(canonicalize_url(url.strip(), keep_fragments=False))
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in _DEFAULT_PORTS or not host:
        raise ValueError(f"not an absolute http(s) URL: {url!r}")
    if ":" in host:
        host = f"[{host}]"
    port = parts.port
    netloc = host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    spelled = urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, ""))
    if len(spelled) > LONGEST_URL:  # escapes make it longer
        raise ValueError(f"longer than {LONGEST_URL} characters: {url[:100]!r}")
    return spelled


def host_of(url: str) -> str:
    """Return host[:port] of an absolute URL, lower case, without a default port."""
    return urlsplit(normalise_url(url)).netloc


def site_host(host: str) -> str:
    """Return *host* without a leading `www.`: www and the bare name are one site."""
    return host.removeprefix("www.")


def keep_query(url: str, names: tuple[str, ...] | None) -> str:
    """Return *url* with only the query parameters in *names*; None keeps all."""
    if names is None:
        return url
    parts = urlsplit(url)
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key in names]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept), ""))


def path_has_prefix(path: str, prefix: str) -> bool:
    """Tell whether *path* lies under *prefix* by whole segments: `/es` does not hold `/estimates`."""
    bare = prefix.rstrip("/")
    return path == bare or path.startswith(bare + "/")


def under(url: str, prefix: str) -> bool:
    """Tell whether *url* lies under the URL *prefix*; scheme and `www.` make no difference."""
    left, right = urlsplit(url), urlsplit(prefix)
    same = site_host(left.netloc.lower()) == site_host(right.netloc.lower())
    return same and path_has_prefix(left.path or "/", right.path or "/")


def absolute(base: str, href: str) -> str | None:
    """Return *href* resolved against *base* and normalised, or None when it is no http(s) address."""
    try:
        return normalise_url(urljoin(base, href.strip()))
    except ValueError:
        return None
