"""Who is told by themselves what changed, and from when on something is worth telling."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from config.base import Identifier, Model
from config.errors import FieldError

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+")


def _address(value: str) -> str:
    """Check that *value* looks like an address of apprise. It is never shown: most carry a token or a password."""
    if not _ADDRESS.fullmatch(value):
        raise FieldError("not the address of a service", accepted="an apprise address such as mailtos://user:pw@host")
    return value


def _as_list(value: Any) -> Any:
    """Let one address stand for a list."""
    return (value,) if isinstance(value, str) else value


Addresses = Annotated[tuple[Annotated[str, AfterValidator(_address)], ...], BeforeValidator(_as_list)]


class Recipient(Model):
    """Somebody who is told: the operator everything, an agency what concerns it and may be published.

    `to` holds addresses that apprise understands; each may be `${NAME}`, read from the environment.
    """

    id: Identifier
    to: Addresses = Field(min_length=1, repr=False, description="apprise addresses; ${NAME} is read here")
    language: str | None = Field(None, description="language of the texts; that of the fallback catalogue if left out")
    agency: Identifier | None = Field(None, description="told what concerns this agency; the operator if left out")
    quiet: bool = Field(default=False, description="leave out what got better")


class Alerts(Model):
    """Recipients, and the limits of what is told."""

    recipients: tuple[Recipient, ...] = ()
    confirm_nights: int = Field(2, ge=1, le=30, description="recorded nights on which a new mark must stand")
    drop: float = Field(0.5, ge=0, le=1, description="share of the usual number of pages that may be missing")
    expiry_days: int = Field(60, ge=1, le=366, description="days ahead that an end of calendar or duty is told")
