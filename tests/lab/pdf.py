"""Small PDF files by hand: pages of text, or pages that are pictures, as a scanner leaves them."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

A4 = "0 0 595 842"
LINES_A_PAGE = 48
# A picture of a ruled table: white paper, black lines, grey strokes where words stood. One byte a dot.
WIDTH, HEIGHT, ROW = 124, 175, 12


def of_text(pages: Sequence[Sequence[str]]) -> bytes:
    """Return a PDF with a text layer; the lines are ASCII."""
    streams = [_page_of_text(lines) for lines in pages]
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    return _document([(stream, b"<</Font<</F1 %d 0 R>>>>", font) for stream in streams])


def of_scans(count: int, seed: int) -> bytes:
    """Return a PDF of *count* pages that each show one picture of a table and hold no text."""
    picture = b"q 595 0 0 842 0 0 cm /Im1 Do Q"
    return _document(
        [(picture, b"<</XObject<</Im1 %d 0 R>>>>", _image(seed * 101 + number)) for number in range(count)]
    )


def _page_of_text(lines: Sequence[str]) -> bytes:
    shown = " ".join(f"({_escaped(line)}) Tj T*" for line in lines[:LINES_A_PAGE])
    return f"BT /F1 11 Tf 14 TL 60 780 Td {shown} ET".encode("ascii")


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _image(seed: int) -> bytes:
    dots = bytearray(b"\xff" * (WIDTH * HEIGHT))
    for line in range(HEIGHT):
        for column in range(WIDTH):
            edge = line % ROW == 0 or column % 31 == 0
            stroke = line % ROW in (5, 6, 7) and (column * 7 + line * 13 + seed * 31) % 5 < 2
            if edge or stroke:
                dots[line * WIDTH + column] = 0 if edge else 90
    data = zlib.compress(bytes(dots), 9)
    head = b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"
    return _stream(data, (head + b"/Filter/FlateDecode") % (WIDTH, HEIGHT))


def _stream(data: bytes, head: bytes = b"<<") -> bytes:
    return head + b"/Length %d>>stream\n" % len(data) + data + b"\nendstream"


def _document(pages: Sequence[tuple[bytes, bytes, bytes]]) -> bytes:
    """Put pages together: each is its drawing, the resources that name one object, and that object."""
    kids = b" ".join(b"%d 0 R" % (3 + number * 3) for number in range(len(pages)))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, len(pages))]
    for number, (drawing, resources, used) in enumerate(pages):
        place = 3 + number * 3
        page = b"<</Type/Page/Parent 2 0 R/MediaBox[%b]/Resources %b/Contents %d 0 R>>"
        objects += [page % (A4.encode(), resources % (place + 2), place + 1), _stream(drawing), used]
    return _numbered(objects)


def _numbered(objects: Sequence[bytes]) -> bytes:
    made, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, item in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n" % number + item + b"\nendobj\n"
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(made)
