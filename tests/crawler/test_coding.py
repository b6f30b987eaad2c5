from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import coding

TEXT = b"<p>" + b"text " * 200


def _bare_deflate(data: bytes) -> bytes:
    made = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return made.compress(data) + made.flush()


@pytest.mark.parametrize(
    ("name", "body"),
    [
        (None, TEXT),
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT)),
        ("X-GZIP", gzip.compress(TEXT)),
        ("gzip", gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:])),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", _bare_deflate(TEXT)),
        ("br", brotli.compress(TEXT)),
        ("deflate, gzip", gzip.compress(zlib.compress(TEXT))),
    ],
)
def test_codings_are_undone(name: str | None, body: bytes) -> None:
    assert coding.decode(body, name) == TEXT


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd", "nonsense"])
def test_what_cannot_be_decoded_stays_as_it_is(name: str) -> None:
    assert coding.decode(b"plain text, whatever the header says", name) == b"plain text, whatever the header says"


def test_a_cut_stream_gives_what_it_held() -> None:
    cut = coding.decode(gzip.compress(bytes(range(256)) * 400, 1)[:-50], "gzip")
    assert cut
    assert (bytes(range(256)) * 400).startswith(cut)


def test_a_bomb_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coding, "DECODED_LIMIT", 10_000)
    assert len(coding.decode(gzip.compress(b"0" * 5_000_000), "gzip")) == 10_000


@given(st.binary(max_size=2000), st.sampled_from(["gzip", "deflate", "br", "gzip, br", ""]))
def test_any_bytes_are_survived(body: bytes, name: str) -> None:
    assert isinstance(coding.decode(body, name), bytes)
