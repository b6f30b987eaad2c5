from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import msgspec
import pytest

from checks.facts import store as module
from checks.facts.model import PageFacts
from checks.facts.page import PageExtractor
from checks.facts.store import FactsStore, lock_digest
from config.errors import ConfigError
from config.pack import Pack
from crawler.capture import Capture
from tests.checks.lab import page_capture
from tests.checks.texts import KK, RU, dated_list, page, paragraphs, switch

BODY = page(
    paragraphs(KK, RU) + dated_list(["16.11.2026", "10.11.2026", "03.11.2026"]),
    title="Жаңалықтар",
    lang="kk",
    header=switch(ru="/ru"),
    footer="© Все права защищены",
).encode()


@pytest.fixture
def facts(pack: Pack) -> PageFacts:
    return PageExtractor(pack).extract(page_capture(), BODY)


def test_a_hit_is_what_was_read(tmp_path: Path, pack: Pack, facts: PageFacts) -> None:
    path = tmp_path / "facts.sqlite"
    first = FactsStore(path, pack)
    assert first.get(page_capture()) is None
    first.put([(page_capture(), facts)])
    first.close()
    again = FactsStore(path, pack)
    assert again.get(page_capture()) == facts
    again.close()


def test_the_capture_itself_is_no_part_of_the_key(pack: Pack, facts: PageFacts) -> None:
    store = FactsStore(None, pack)
    store.put([(page_capture(), facts)])
    later = msgspec.structs.replace(page_capture(), id="urn:uuid:other", run="other", scopes=("https://x.kz/",))
    assert store.get(later) == facts
    store.close()


CHANGES: dict[str, dict[str, Any]] = {
    "body": {"sha256": "1" * 64},
    "final address": {"url": "https://good.kz/other"},
    "content type": {"headers": (("Content-Type", "text/html; charset=windows-1251"),)},
    "no content type": {"headers": ()},
    "a header that tells a block": {"headers": (*page_capture().headers, ("cf-mitigated", "challenge"))},
    "status": {"status": 203},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_facts_are_read_from_is_the_key(pack: Pack, facts: PageFacts, change: dict[str, Any]) -> None:
    store = FactsStore(None, pack)
    store.put([(page_capture(), facts)])
    other: Capture = msgspec.structs.replace(page_capture(), **change)
    assert store.get(other) is None
    store.close()


def hit(path: Path, pack: Pack) -> bool:
    store = FactsStore(path, pack)
    try:
        return store.get(page_capture()) is not None
    finally:
        store.close()


def test_another_extraction_does_not_hit(tmp_path: Path, pack: Pack, facts: PageFacts, monkeypatch: Any) -> None:
    path = tmp_path / "facts.sqlite"
    store = FactsStore(path, pack)
    store.put([(page_capture(), facts)])
    store.close()
    assert hit(path, pack)
    words = {**pack.extraction.words, "terms_pages": {}}
    assert not hit(path, pack.model_copy(update={"extraction": pack.extraction.model_copy(update={"words": words})}))
    assert hit(path, pack.model_copy(update={"bodies": {}, "rules": ()}))  # marking has its own digests
    for name, value in {"VERSION": 99, "VERDICT_VERSION": "99", "lock_digest": lambda *_: "other"}.items():
        with monkeypatch.context() as changed:
            changed.setattr(module, name, value)
            assert not hit(path, pack), name


def test_the_lock_digest_speaks_of_versions() -> None:
    assert lock_digest() == lock_digest()
    assert lock_digest(["lxml"]) != lock_digest(["msgspec"])
    assert lock_digest(["no-such-library"]) == lock_digest(["no-such-library"])
    # What facts are read with: the two parsers, the detector, encodings.
    assert {"lxml", "selectolax", "w3lib", "py3langid"} <= set(module.LIBRARIES)


@pytest.mark.parametrize("content", [b"not a database, but long enough to be taken for one " * 50, b"\0" * 5000])
def test_a_corrupt_file_is_one_clear_message(tmp_path: Path, pack: Pack, content: bytes) -> None:
    path = tmp_path / "facts.sqlite"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"facts\.sqlite: not a usable facts cache .*may be deleted"):
        FactsStore(path, pack)


def test_a_file_damaged_later_is_one_clear_message(tmp_path: Path, pack: Pack, facts: PageFacts) -> None:
    path = tmp_path / "facts.sqlite"
    store = FactsStore(path, pack)
    store.put((page_capture(url=f"https://good.kz/{n}"), facts) for n in range(200))
    store.close()
    data = path.read_bytes()
    path.write_bytes(data[:8192] + b"\xff" * (len(data) - 8192))
    with pytest.raises(ConfigError, match="may be deleted"):  # noqa: PT012 - which call notices is SQLite's choice
        damaged = FactsStore(path, pack)
        for n in range(200):
            damaged.get(page_capture(url=f"https://good.kz/{n}"))


def test_a_folder_is_no_cache(tmp_path: Path, pack: Pack) -> None:
    with pytest.raises(ConfigError, match="not a usable facts cache"):
        FactsStore(tmp_path, pack)


def test_a_row_that_cannot_be_read_is_made_anew(tmp_path: Path, pack: Pack, facts: PageFacts) -> None:
    path = tmp_path / "facts.sqlite"
    store = FactsStore(path, pack)
    store.put([(page_capture(), facts)])
    store.close()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE facts SET data = ?", (b'{"url": 1}',))
    db.close()
    store = FactsStore(path, pack)
    assert store.get(page_capture()) is None
    store.put([(page_capture(), facts)])
    assert store.get(page_capture()) == facts
    store.close()
