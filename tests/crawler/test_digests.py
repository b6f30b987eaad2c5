from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.digests import Digests, digest


@given(st.lists(st.text(max_size=20)))
def test_a_set_of_digests_is_a_set(texts: list[str]) -> None:
    made = Digests()
    seen: set[str] = set()
    for text in texts:
        assert made.add(digest(text)) is (text not in seen)
        seen.add(text)
    assert len(made) == len(seen)
    assert all(digest(text) in made for text in texts)
    assert digest("never among them, for it is too long") not in made


def test_it_grows_and_stays_small() -> None:
    made = Digests()
    for number in range(20_000):
        assert made.add(digest(str(number)))
    assert len(made) == 20_000
    assert all(digest(str(number)) in made for number in range(20_000))
    assert not any(digest(f"x{number}") in made for number in range(1_000))
    assert len(made._slots) * 8 <= 20_000 * 32


def test_digests_fit_sqlite_and_are_never_nothing() -> None:
    found = [digest(str(number)) for number in range(1_000)]
    assert all(-(2**63) <= number < 2**63 and number for number in found)
    assert min(found) < 0 < max(found)
    assert digest("қазақ") == digest("қазақ")
