"""Images: width and height from the header, nothing decoded."""

from __future__ import annotations

from struct import error, unpack_from

from checks.facts.files.reading import ReadError, Reading

_LITTLE = b"II"
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def read_image(body: bytes) -> Reading:
    """Return the dimensions of a PNG, GIF, JPEG, BMP, TIFF or WebP. Raises ReadError."""
    try:
        size = _size(body)
    except (error, IndexError) as failure:
        raise ReadError("malformed") from failure
    if size is None:
        raise ReadError("malformed")
    return Reading(width=size[0], height=size[1])


def _size(body: bytes) -> tuple[int, int] | None:
    if body.startswith(b"\x89PNG"):
        return _pair(">II", body, 16)
    if body.startswith(b"GIF8"):
        return _pair("<HH", body, 6)
    if body.startswith(b"BM"):
        width, height = unpack_from("<ii", body, 18)
        return abs(width), abs(height)
    if body.startswith(b"\xff\xd8"):
        return _jpeg(body)
    if body[8:12] == b"WEBP":
        return _webp(body)
    return _tiff(body) if body[:2] in (_LITTLE, b"MM") else None


def _pair(form: str, body: bytes, at: int) -> tuple[int, int]:
    first, second = unpack_from(form, body, at)
    return first, second


def _jpeg(body: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(body):
        if body[at] != 0xFF:  # noqa: PLR2004
            return None
        marker = body[at + 1]
        if marker in _JPEG_FRAMES:
            height, width = _pair(">HH", body, at + 5)
            return width, height
        alone = marker == 0xFF or 0xD0 <= marker <= 0xD9 or marker == 1  # noqa: PLR2004
        at += (1 if marker == 0xFF else 2) if alone else 2 + unpack_from(">H", body, at + 2)[0]  # noqa: PLR2004
    return None


def _webp(body: bytes) -> tuple[int, int] | None:
    kind = body[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(body[24:27], "little"), 1 + int.from_bytes(body[27:30], "little")
    if kind == b"VP8 ":
        width, height = _pair("<HH", body, 26)
        return width & 0x3FFF, height & 0x3FFF
    bits = int.from_bytes(body[21:25], "little")
    return (1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)) if kind == b"VP8L" else None


def _tiff(body: bytes) -> tuple[int, int] | None:
    order = "<" if body[:2] == _LITTLE else ">"
    at = unpack_from(order + "I", body, 4)[0]
    found: dict[int, int] = {}
    for number in range(min(unpack_from(order + "H", body, at)[0], 200)):
        tag, kind = unpack_from(order + "HH", body, at + 2 + 12 * number)
        found[tag] = unpack_from(order + ("H" if kind == 3 else "I"), body, at + 10 + 12 * number)[0]  # noqa: PLR2004
    return (found[256], found[257]) if {256, 257} <= found.keys() else None
