"""What an exception of the download machinery means as the outcome of an exchange."""

from __future__ import annotations

from collections.abc import Iterator

from OpenSSL import SSL
from scrapy import exceptions
from scrapy.core.downloader.handlers.http11 import TunnelError
from twisted.internet import error as net
from twisted.web._newclient import ParseError

from crawler.capture import ExchangeOutcome

_LONGEST = 200


class RefusedError(exceptions.IgnoreRequest):
    """A request that is not made, and the outcome that stands for it."""

    def __init__(self, outcome: ExchangeOutcome, detail: str | None = None) -> None:
        super().__init__(detail or outcome.value)
        self.outcome, self.detail = outcome, detail


class StoppedError(exceptions.IgnoreRequest):
    """A request that is not made because the run is stopping; its address stays pending."""


class HeldError(exceptions.IgnoreRequest):
    """A request that is not made now, because its host rests; its address is asked later."""


# The first that fits counts, so the special ones come first.
_MEANINGS: tuple[tuple[tuple[type[BaseException], ...], ExchangeOutcome], ...] = (
    ((SSL.Error,), ExchangeOutcome.TLS),
    ((exceptions.CannotResolveHostError, net.DNSLookupError), ExchangeOutcome.DNS),
    ((exceptions.DownloadTimeoutError, net.TimeoutError, net.TCPTimedOutError), ExchangeOutcome.TIMEOUT),
    ((exceptions.DownloadConnectionRefusedError, net.ConnectionRefusedError, TunnelError), ExchangeOutcome.REFUSED),
    ((ParseError, exceptions.UnsupportedURLSchemeError, exceptions.NotSupported), ExchangeOutcome.INVALID),
    ((net.NoRouteError, net.ConnectBindError, net.ConnectError), ExchangeOutcome.REFUSED),
    ((exceptions.DownloadFailedError, exceptions.ResponseDataLossError), ExchangeOutcome.RESET),
    ((net.ConnectionLost, net.ConnectionDone, exceptions.DownloadCancelledError), ExchangeOutcome.RESET),
)


def outcome_of(error: BaseException) -> tuple[ExchangeOutcome, str]:
    """Return the outcome and a short text for an exception."""
    if isinstance(error, RefusedError):
        return error.outcome, error.detail or error.outcome.value
    chain = list(_chain(error))
    text = f"{type(chain[-1]).__name__}: {chain[-1]}"[:_LONGEST]
    for kinds, outcome in _MEANINGS:
        if any(isinstance(item, kinds) for item in chain):
            return outcome, text
    return ExchangeOutcome.INVALID, text


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the exception, what caused it, and what Twisted packed into it."""
    while error is not None:
        yield error
        for reason in getattr(error, "reasons", None) or ():
            yield reason.value
        error = error.__cause__
