"""Scrapy's agent for plain exchanges, kept from one exchange to the next with its endpoints.

Scrapy makes both anew for each request, and making an endpoint has Twisted check the host's name by IDNA: a twentieth
of what a crawl without pauses costs. Exchanges through a proxy go Scrapy's way.
"""

from __future__ import annotations

from typing import Any

from scrapy.core.downloader.handlers.http11 import _BindAddressAgent, _ScrapyAgent
from scrapy.http import Request


class KeptAgent(_BindAddressAgent):
    """An agent that keeps its endpoints by scheme, host and port."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._endpoints: dict[tuple[bytes, bytes, int], Any] = {}

    def _getEndpoint(self, uri: Any) -> Any:  # noqa: N802 - Twisted's name
        key = (uri.scheme, uri.host, uri.port)
        if key not in self._endpoints:
            self._endpoints[key] = super()._getEndpoint(uri)  # type: ignore[no-untyped-call]
        return self._endpoints[key]


class Exchange(_ScrapyAgent):
    """One exchange. *agents* are those that exchanges have used, by their timeout in seconds."""

    def __init__(self, agents: dict[float, KeptAgent], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._agents = agents

    def _get_agent(self, request: Request, timeout: float) -> Any:
        if request.meta.get("proxy"):
            return super()._get_agent(request, timeout)
        if timeout not in self._agents:
            from twisted.internet import reactor  # noqa: PLC0415  # only after Scrapy has installed it

            self._agents[timeout] = KeptAgent(reactor, self._contextFactory, timeout, None, self._pool)
        return self._agents[timeout]
