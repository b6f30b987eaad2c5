"""The collector of cycles looks seldom while it should, and as before afterwards."""

from __future__ import annotations

import gc

import pytest

from crawler.heap import SELDOM, seldom_collected


def test_the_collector_is_as_before_afterwards() -> None:
    before = gc.get_threshold()
    with seldom_collected():
        assert gc.get_threshold() == (SELDOM, *before[1:])
        assert gc.get_freeze_count() > 0
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def test_also_after_an_error_and_as_a_decorator() -> None:
    before = gc.get_threshold()

    @seldom_collected()
    def work() -> int:
        assert gc.get_threshold()[0] == SELDOM
        raise KeyError

    for _ in range(2):
        with pytest.raises(KeyError):
            work()
    assert gc.get_threshold() == before
