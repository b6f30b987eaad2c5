"""Address cards (RFC 6350)."""

from __future__ import annotations

from checks.facts.model import FileFacts
from crawler.capture import Capture


class VCard:
    """Reads vCard files."""

    def sniff(self, head: bytes) -> bool:
        """Tell a card by its first line."""
        return head.lstrip().upper().startswith(b"BEGIN:VCARD")

    def read(self, capture: Capture, body: bytes) -> FileFacts:
        """Return the facts; a card that does not end raises ValueError."""
        text = body.decode("utf-8")
        if text.upper().count("BEGIN:VCARD") != text.upper().count("END:VCARD"):
            raise ValueError("a card does not end")
        return FileFacts(
            url=capture.url,
            declared_type=capture.header("content-type"),
            sniffed_type="vcard",
            parses=True,
            text_layer=None,
            encoding="utf-8",
            length=len(body),
        )
