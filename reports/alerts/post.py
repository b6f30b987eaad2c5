"""Hands a digest to a service by way of apprise. Addresses carry passwords: they are never logged nor shown."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Post(Protocol):
    """Sends *title* and *body* to *address*; returns what went wrong in words without the address, or None."""

    def __call__(self, address: str, title: str, body: str) -> str | None: ...  # noqa: D102


def post(address: str, title: str, body: str) -> str | None:
    """Send plain text by apprise (github.com/caronc/apprise); it waits some seconds for a service and no longer."""
    try:
        with _silent():
            return _notify(address, title, body)
    except Exception as error:  # noqa: BLE001 - a service's plugin may raise anything; its text may hold the address
        return f"the service could not be used ({type(error).__name__})"


def _notify(address: str, title: str, body: str) -> str | None:
    # Imported on first use: most commands send nothing, and the library is large.
    from apprise import Apprise, AppriseAsset, NotifyFormat  # noqa: PLC0415

    service = Apprise(asset=AppriseAsset(app_id="odrc", app_desc="odrc", async_mode=False, secure_logging=True))
    if not service.add(address):
        return "apprise does not understand the address; accepted: see github.com/caronc/apprise/wiki"
    taken = service.notify(title=title, body=body, body_format=NotifyFormat.TEXT)
    return None if taken else "the service did not take it"


@contextmanager
def _silent() -> Iterator[None]:
    """Keep apprise from logging, as what it says may hold parts of an address; its plugins' warnings are theirs."""
    logger = logging.getLogger("apprise")
    before, logger.disabled = logger.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.disabled = before
