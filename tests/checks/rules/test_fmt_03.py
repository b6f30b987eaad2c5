from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from checks.findings import Outcome
from checks.rules.fmt_03 import no_picture_of_text
from config.pack import Pack
from tests.checks.rules.fmt_samples import (
    CSV,
    DATA,
    DOCX,
    HOME,
    NEWS,
    OPEN_DATA,
    ORDERS,
    Sample,
    assert_as_expected,
    assert_complete,
    dead,
    file,
)
from tests.checks.texts import RU, dated_list, page, paragraphs
from tests.lab import office, pdf

PASS, FAIL, UNCLEAR, UNSEEN = Outcome.PASS, Outcome.FAIL, Outcome.UNCLEAR, Outcome.NOT_OBSERVED
SCAN = pdf.of_scans(2, 1)
OTHER = pdf.of_scans(1, 2)
TEXT_PDF = pdf.of_text([["This report speaks of the past year in plain words, and of the next one too."]])
LIST = page("<p>Приказы</p>", title="Приказы")
FULL = page(paragraphs(RU, RU, RU), title="Приказ")
SCANNED_DOCX = office.zipped(
    {
        "[Content_Types].xml": b"wordprocessingml.document.main",
        "word/document.xml": b"<w:document><w:drawing/></w:document>",
        "word/media/image1.jpg": bytes(range(256)) * 200,
    }
)


def png(width: int, height: int) -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


def on(text: str, **files: bytes | str) -> dict[str, object]:
    return {ORDERS: text} | {HOME + name.replace("_", "."): file(body, "", ORDERS) for name, body in files.items()}


TABLE = (
    Sample("a PDF with text", PASS, "text_layer", on(LIST, a_pdf=TEXT_PDF), "a.pdf"),
    Sample("a Word document", PASS, "text_layer", on(LIST, a_docx=DOCX), "a.docx"),
    Sample("a scan with its text beside it", PASS, "text_beside", on(LIST, a_pdf=SCAN, a_docx=DOCX), "a.pdf"),
    Sample("a scan with its data beside it", PASS, "text_beside", on(LIST, a_pdf=SCAN, a_csv=CSV), "a.pdf"),
    Sample("a signed order on the page of its text", UNCLEAR, "signed_scan", on(FULL, a_pdf=SCAN), "a.pdf"),
    Sample("the same scan linked twice", UNCLEAR, "signed_scan", on(FULL, a_pdf=SCAN, b_pdf=SCAN), "a.pdf"),
    Sample("one of several, whose title the page has", UNCLEAR, "signed_scan",
           on(FULL, Приказ_pdf=SCAN, b_pdf=OTHER), "Приказ.pdf"),
    Sample("among files with text", UNCLEAR, "other_files_beside",
           on(LIST, a_pdf=SCAN, b_docx=DOCX, c_csv=CSV), "a.pdf"),
    Sample("a large picture", UNCLEAR, "picture_form", on(LIST, a_png=png(1200, 1600)), "a.png"),
    Sample("a picture of a table in a section of data", UNCLEAR, "picture_form",
           {DATA: OPEN_DATA, HOME + "a.png": file(png(1600, 1200))}, "a.png"),
    Sample("a photo", None, "", on(LIST, a_png=png(1600, 1200)), "a.png"),
    Sample("a banner", None, "", {DATA: OPEN_DATA, HOME + "a.png": file(png(2400, 800))}, "a.png"),
    Sample("a photo of the news", None, "",
           {NEWS: page(dated_list(["16.11.2026"]), title="Новости"), HOME + "a.png": file(png(1200, 1600), "", NEWS)},
           "a.png"),
    Sample("a page that was not seen", UNCLEAR, "page_unseen",
           {HOME + "a.pdf": file(SCAN, "", "https://good.kz/x")}, "a.pdf"),
    Sample("neither text nor picture", UNCLEAR, "no_text", on(LIST, a_pdf=pdf.of_text([[""]])), "a.pdf"),
    Sample("a scan alone", FAIL, "image_only", on(LIST, a_pdf=SCAN), "a.pdf"),
    Sample("scans alone", FAIL, "image_only", on(LIST, a_pdf=SCAN, b_pdf=OTHER), "a.pdf"),
    Sample("four scans beside general prose", FAIL, "image_only",
           on(FULL, a_pdf=SCAN, b_pdf=OTHER, c_pdf=pdf.of_scans(1, 3), d_pdf=pdf.of_scans(1, 4)), "a.pdf"),
    Sample("an order signed in two languages among files of other names", UNCLEAR, "other_files_beside",
           on(LIST, a_pdf=SCAN, b_pdf=OTHER, c_docx=DOCX, d_csv=CSV, e_csv=CSV), "a.pdf"),
    Sample("an order signed in two languages on the page of its text", UNCLEAR, "signed_scan",
           on(FULL, a_pdf=SCAN, b_pdf=OTHER), "a.pdf"),
    Sample("a Word document of pictures", FAIL, "image_only", on(LIST, a_docx=SCANNED_DOCX), "a.docx"),
    Sample("a dead link", UNSEEN, "timeout", {HOME + "a.pdf": dead()}, "a.pdf"),
    Sample("half a PDF", UNSEEN, "malformed", on(LIST, a_pdf=b"%PDF-1.4\n1 0 obj\n<<"), "a.pdf"),
    Sample("a seal", None, "", on(LIST, a_png=png(120, 120)), "a.png"),
    Sample("a table is another rule's", None, "", on(LIST, a_csv=CSV), "a.csv"),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_fmt_03(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    assert_as_expected(sample, no_picture_of_text, tmp_path, pack)


def test_the_table_is_complete() -> None:
    assert_complete(TABLE, no_picture_of_text)
