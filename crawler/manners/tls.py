"""TLS: verified first, and on failure the error is recorded and the exchange goes on unverified.

Scrapy does not verify by default, and verifying for good would hide every site with a lapsed certificate. OpenSSL
asks a callback about each certificate of the chain; ours writes down what it hears and lets the handshake go on.
"""

from __future__ import annotations

from typing import Any

from OpenSSL import SSL
from scrapy.core.downloader.contextfactory import _ScrapyCertificateOptions, _ScrapyClientContextFactory
from service_identity import VerificationError
from service_identity.exceptions import CertificateError
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet._sslverify import ClientTLSOptions
from twisted.internet.ssl import CertificateOptions, platformTrust

from crawler.capture import Tls

_REASONS = {
    9: "certificate not yet valid",
    10: "certificate has expired",
    18: "self-signed certificate",
    19: "self-signed certificate in the chain",
    20: "issuer not known or not sent",
    21: "first certificate cannot be verified",
    23: "certificate revoked",
    26: "wrong purpose",
}


class ObservingContextFactory(_ScrapyClientContextFactory):
    """Scrapy's context factory with the system's trust roots. `results` holds the last handshake by host and port."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.results: dict[tuple[str, int], Tls] = {}
        self._options: CertificateOptions | None = None

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802
        """Return what makes a connection to the host."""
        if self._options is None:  # one context for all: reading the trust roots takes 20 ms
            kwargs = {**self._get_cert_options_kwargs(), "trustRoot": platformTrust()}  # type: ignore[no-untyped-call]
            self._options = _ScrapyCertificateOptions(**kwargs)
        name = hostname.decode("ascii")
        return _Observing(self._options._makeTLSConnection, name, self.results, port)  # noqa: SLF001


class _Observing(ClientTLSOptions):
    """Makes connections whose verification is observed, not enforced."""

    def __init__(self, make: Any, name: str, results: dict[tuple[str, int], Tls], port: int) -> None:
        super().__init__(make, name)
        self._results, self._key = results, (name, port)

    def clientConnectionForTLS(self, tlsProtocol: Any) -> SSL.Connection:  # noqa: N802, N803
        connection = super().clientConnectionForTLS(tlsProtocol)
        name = self._hostnameASCII
        identity = DNS_ID(name) if self._hostnameIsDnsName else IPAddress_ID(name)
        self._results.pop(self._key, None)

        def heard(_: SSL.Connection, certificate: Any, error: int, depth: int, ok: int) -> bool:
            trouble = None if ok else _REASONS.get(error, f"verification error {error}")
            if depth == 0 and trouble is None:
                trouble = _wrong_name(certificate, identity)
            known = self._results.get(self._key)
            if known is None or known.verified:
                self._results[self._key] = Tls(verified=trouble is None, error=trouble)
            return True

        connection.set_verify(SSL.VERIFY_PEER, heard)
        return connection


def _wrong_name(certificate: Any, identity: DNS_ID | IPAddress_ID) -> str | None:
    try:
        verify_service_identity(extract_patterns(certificate), [identity], [])
    except (CertificateError, VerificationError, ValueError):
        return "certificate is for another name"
    return None
