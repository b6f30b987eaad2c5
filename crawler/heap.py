"""How often Python looks for objects that hold each other: seldom, in processes that make millions which do not.

CPython's collector of cycles looks after every 700 new objects, which cost a quiet night a seventh of its CPU time.
Objects without cycles are let go at once either way.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 10_000  # new objects; the answers that wait in cycles of Twisted's stay few, so that memory is bounded


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for cycles seldom, and never among what was there before, as long as this lasts. Also a decorator."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
