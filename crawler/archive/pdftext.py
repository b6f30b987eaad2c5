"""Reads the text of a PDF from stdin and writes it to stdout.

A process of its own, started as `python -m crawler.archive.pdftext` with little memory and little time: the parser is C
and files are hostile.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]  # ships none

_MEMORY = 1_000_000_000
_SECONDS = 30
_PAGES = 2_000


def text_of(body: bytes) -> str | None:
    """Return the text layer of a PDF, empty when it has none; None when it cannot be read within the limits."""
    here = str(Path(__file__).resolve().parents[2])
    try:
        done = subprocess.run(
            [sys.executable, "-m", "crawler.archive.pdftext"],
            input=body, capture_output=True, timeout=_SECONDS, check=False, cwd=here,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def main() -> int:
    """Do it within the limits. Any failure ends the process, and that is the answer."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    for number in range(min(len(document), _PAGES)):
        text = document[number].get_textpage().get_text_bounded()
        sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
