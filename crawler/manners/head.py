"""A cap on the header block of an answer: neither Scrapy nor Twisted counts the lines of one that never ends.

Scrapy's own protocol puts its parser in place by exchanging its class, and so do we, with a subclass of it.
"""

from __future__ import annotations

import logging
from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from twisted.web._newclient import ParseError
from twisted.web.http_headers import InvalidHeaderName

logger = logging.getLogger(__name__)

HEAD_BYTES = 131_072
HEAD_LINES = 500


class CappedFactory(_LenientHTTP11ClientFactory):
    """Makes connections whose answers have a header block of at most HEAD_BYTES bytes and HEAD_LINES lines."""

    def buildProtocol(self, addr: Any) -> Any:  # noqa: ARG002, N802
        """Return the protocol of a new connection."""
        return _CappedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class _CappedProtocol(_LenientHTTP11ClientProtocol):
    def request(self, request: Any) -> Any:
        answer = super().request(request)
        self._parser.__class__ = _CappedParser
        return answer


class _CappedParser(_LenientHTTPClientParser):
    head_bytes = head_lines = 0  # of all header blocks of one answer: informational ones (1xx) may be sent without end

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        self.head_bytes += len(line)
        self.head_lines += 1
        if self.head_bytes > HEAD_BYTES or self.head_lines > HEAD_LINES:
            raise ParseError("header block over the limit", line[:100])  # type: ignore[no-untyped-call]
        super().lineReceived(line)

    def headerReceived(self, name: bytes, value: bytes) -> None:  # noqa: N802
        try:
            super().headerReceived(name, value)  # type: ignore[no-untyped-call]
        except InvalidHeaderName:  # a line with a NUL or a blank in its name is skipped like one without a colon
            logger.debug("header line with an invalid name skipped: %r", name[:100])
