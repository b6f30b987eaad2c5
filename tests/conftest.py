"""What all tests share."""

from __future__ import annotations

import pytest


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Name bytes by their argument: compressed samples hold the time they were made at, and names must not.

    Workers collect for themselves; a name that differs from one to the other ends the whole run.
    """
    return argname if isinstance(val, bytes) else None
