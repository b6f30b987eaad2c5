"""How captures stand in the index: ids and digests as bytes, the capture packed. An index is made anew at will.

Captures of an archive are much alike: packed with a typical one for a dictionary they take a quarter of their JSON.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import msgspec
import zstandard

from crawler.capture import Capture

_URN = re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HEX = re.compile(r"(?:[0-9a-f]{2})+")
_PREFIX = "urn:uuid:"
_LEVEL = 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Capture)
# A typical capture. Changing it changes what `unpack` gives: raise VERSION of crawler.archive.index with it.
TYPICAL = (
    'pagedocumentdistributionportalrobotssitemapbaselineprobecontroltailoknot_modifiedhttp_errordnstlstimeoutrefused'
    'robots_unreachablecooled_offtoo_largeredirect_loopout_of_scopeguardinvalidrendered'
    '["Connection","keep-alive"],["Content-Encoding","gzip"],["Vary","Accept-Encoding"],["X-Powered-By","PHP/8.1.2"],'
    '["Cache-Control","max-age=0, no-store, no-cache, must-revalidate, private"],["Pragma","no-cache"],'
    '["Expires","Thu, 19 Nov 1981 08:52:00 GMT"],["Set-Cookie","PHPSESSID=REDACTED; path=/; HttpOnly; SameSite=Lax"],'
    '["Strict-Transport-Security","max-age=31536000; includeSubDomains"],["X-Frame-Options","SAMEORIGIN"],'
    '["X-Content-Type-Options","nosniff"],["X-Xss-Protection","1; mode=block"],["Content-Language","ru"],'
    '["Location","https://www."],["Content-Type","application/pdf"],["Content-Type","application/json"],'
    '["Transfer-Encoding","chunked"],["Server","Apache/2.4.52 (Ubuntu)"],"tls":{"verified":true,"error":null}'
    '"variant":[["cookie:language","header:accept-language","redirects":[{"url":"http://","status":301,"location":"https'
    '://","record":"urn:uuid:00000000-0000-8000-8000-000000000000"}]'
    '{"id":"urn:uuid:00000000-0000-8000-8000-000000000000","run":"20260102-night","night":"2026-01-02","key":{"method":'
    '"GET","url":"https://www.example.org/","body_digest":null,"variant":[]},"url":"https://www.example.org/","host":'
    '"www.example.org","scopes":["https://www.example.org/"],"purpose":"page","outcome":"ok","started":'
    '"2026-01-02T20:00:00.000000Z","finished":"2026-01-02T20:00:00.000000Z","status":200,"headers":[["Content-Length",'
    '"10000"],["Server","nginx/1.22.1"],["Date","Fri, 02 Jan 2026 20:00:00 GMT"],["Content-Type","text/html; charset='
    'utf-8"],["Last-Modified","Fri, 02 Jan 2026 19:00:00 GMT"],["Etag","\\"6b074ce1-95b1\\""],["Accept-Ranges",'
    '"bytes"]],"redirects":[],"ip":"127.0.0.1","tls":null,"digest_received":"","sha256":"","length":10000,"truncated":false,'
    '"how":"plain","found_on":"https://www.example.org/","vantage":"default","detail":null,"refers_to":null,'
    '"stratum":"required:menu"}'
)  # fmt: skip
_DICTIONARY = zstandard.ZstdCompressionDict(TYPICAL.encode(), dict_type=zstandard.DICT_TYPE_RAWCONTENT)


def short(name: str) -> bytes | str:
    """Return a record's id as it stands in the index: the 16 bytes of a UUID; any other as it is."""
    return bytes.fromhex(name[len(_PREFIX) :].replace("-", "")) if _URN.fullmatch(name) else name


def full(value: bytes | str) -> str:
    """Return the id that `short` was given."""
    if isinstance(value, str):
        return value
    text = value.hex()
    return f"{_PREFIX}{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def raw(digest: str | None) -> bytes | str | None:
    """Return a hex digest as its bytes; None, and what is no hex, as it is."""
    return bytes.fromhex(digest) if digest and _HEX.fullmatch(digest) else digest


def day(night: date) -> int:
    """Return a night as a number that sorts."""
    return night.toordinal()


def instant(moment: datetime) -> int:
    """Return a time in microseconds since 1970 (UTC)."""
    return (moment - _EPOCH) // _MICROSECOND


class Packing:
    """Packs captures and unpacks them. One for each connection: what it holds is not for two threads."""

    def __init__(self) -> None:
        self._squeezer = zstandard.ZstdCompressor(
            level=_LEVEL, dict_data=_DICTIONARY, write_content_size=True, write_dict_id=False
        )
        self._opener = zstandard.ZstdDecompressor(dict_data=_DICTIONARY)

    def pack(self, capture: Capture) -> bytes:
        """Return a capture's bytes in the index."""
        return self._squeezer.compress(_ENCODER.encode(capture))

    def unpack(self, data: bytes) -> Capture:
        """Return the capture that `pack` was given."""
        return _DECODER.decode(self._opener.decompress(data))
