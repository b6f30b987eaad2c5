"""Who the crawl says it is, on every request."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from urllib.parse import quote

from config.model import Operator

ROBOTS_TOKEN = "odrc"  # noqa: S105
_READABLE = " !#$%&'*+,-./:=?@[]^_`|~"  # what a comment in a header may hold as it is; no brackets, no semicolon


def software() -> str:
    """Return name and version, as `odrc/1.2.3`."""
    try:
        return f"{ROBOTS_TOKEN}/{version('odrc')}"
    except PackageNotFoundError:  # run from a checkout that was not installed
        return f"{ROBOTS_TOKEN}/0"


def user_agent(operator: Operator) -> str:
    """Return the User-Agent: what this is, the public page about it, who runs it and how to reach them.

    Header fields are ASCII (RFC 9110): letters beyond it are percent-encoded, so an administrator can decode them.
    """
    parts = (operator.name, operator.contact)
    return f"{software()} (+{operator.about_url}; {'; '.join(quote(part, safe=_READABLE) for part in parts)})"
