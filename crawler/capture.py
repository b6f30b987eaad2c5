"""The capture: one exchange, or one failed attempt at one, as the archive keeps it.

Plain data that the crawl writes and every later room reads. Times are UTC; digests are lower-case hex SHA-256.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec


class Purpose(StrEnum):
    """Why something was fetched."""

    PAGE = "page"
    DOCUMENT = "document"
    DISTRIBUTION = "distribution"
    PORTAL = "portal"
    ROBOTS = "robots"
    SITEMAP = "sitemap"
    BASELINE = "baseline"
    PROBE = "probe"
    CONTROL = "control"
    TAIL = "tail"


class ExchangeOutcome(StrEnum):
    """How an exchange ended. Everything but `ok` and `not_modified` is an attempt without a usable answer."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    HTTP_ERROR = "http_error"
    DNS = "dns"
    TLS = "tls"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    RESET = "reset"
    ROBOTS = "robots"
    ROBOTS_UNREACHABLE = "robots_unreachable"
    PAUSED = "paused"
    COOLED_OFF = "cooled_off"
    TOO_LARGE = "too_large"
    REDIRECT_LOOP = "redirect_loop"
    OUT_OF_SCOPE = "out_of_scope"
    GUARD = "guard"
    INVALID = "invalid"


class How(StrEnum):
    """Plain exchange, or what a browser showed."""

    PLAIN = "plain"
    RENDERED = "rendered"


class CaptureKey(msgspec.Struct, frozen=True, order=True):
    """What makes two exchanges the same question: seen-set, revisits, baselines and history use it.

    `variant` holds the values of the pack's varying request values, as sorted (name, value) pairs.
    """

    method: str
    url: str
    body_digest: str | None = None
    variant: tuple[tuple[str, str], ...] = ()

    def text(self) -> str:
        """Return the key as one line of text, for tables and logs."""
        tail = "".join(f" {name}={value}" for name, value in self.variant)
        body = f" body={self.body_digest}" if self.body_digest else ""
        return f"{self.method} {self.url}{body}{tail}"


class Redirect(msgspec.Struct, frozen=True):
    """One hop: the address asked, its status, the address it named, and the WARC record that proves it."""

    url: str
    status: int
    location: str
    record: str | None = None


class Tls(msgspec.Struct, frozen=True):
    """Result of the handshake: verified first; on failure the error is kept and the exchange goes on unverified."""

    verified: bool | None
    error: str | None = None


class Capture(msgspec.Struct, frozen=True):
    """One exchange. `id` is the WARC-Record-ID that evidence cites; file and offset are the index's business.

    `url` is the final address after redirects (the asked one stands in `key`). `digest_received` is over the body
    as it came over the wire (content-coded), `sha256` over the decoded body, `length` its decoded bytes.
    `detail` is a short machine-written text that says more about the outcome. `refers_to` is the id of the earlier
    capture whose body this one brought again (304, or the same bytes once more): the archive keeps it once. `stratum`
    names the part of its scope that a page was drawn from (`crawler.strata`): what is `required:` was asked for
    certain, the rest at random.
    """

    id: str
    run: str
    night: date
    key: CaptureKey
    url: str
    host: str
    scopes: tuple[str, ...]
    purpose: Purpose
    outcome: ExchangeOutcome
    started: datetime
    finished: datetime
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    redirects: tuple[Redirect, ...] = ()
    ip: str | None = None
    tls: Tls | None = None
    digest_received: str | None = None
    sha256: str | None = None
    length: int | None = None
    truncated: bool = False
    how: How = How.PLAIN
    found_on: str | None = None
    vantage: str = "default"
    detail: str | None = None
    refers_to: str | None = None
    stratum: str | None = None

    def header(self, name: str) -> str | None:
        """Return the first header of that name, in any case, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    @property
    def shown_status(self) -> int | None:
        """The status of the representation: a 304 confirms what a 200 brought (RFC 9110 section 15.4.5)."""
        return 200 if self.outcome is ExchangeOutcome.NOT_MODIFIED else self.status

    @property
    def answered(self) -> bool:
        """Whether a body was received that facts can be made of."""
        return self.outcome in (ExchangeOutcome.OK, ExchangeOutcome.NOT_MODIFIED) and self.sha256 is not None
