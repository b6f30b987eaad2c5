"""Who works with the marks, by when contests are answered, what is frozen and how it is signed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from config.base import Identifier, Model, Period
from config.errors import FieldError

Role = Literal["analyst", "reviewer", "lead"]


class Person(Period):
    """Somebody who decides on marks. The id is permanent and stands in the journal; it is never given to another."""

    id: Identifier
    name: str = Field(min_length=1)
    role: Role


class ContestTimes(Model):
    """By when an agency's objection is acknowledged and decided: working days of the pack's calendar."""

    acknowledge_days: int = Field(5, ge=1, le=60)
    decide_days: int = Field(20, ge=1, le=250)
    basis: str = Field("the operator's own promise", description="what the two limits rest on")


class FrozenPeriod(Model):
    """A period whose marks are fixed together: first and last night, and the profile that feeds its document."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$")
    first: date
    last: date
    profile: str | None = Field(None, description="profile of the period; that of the settings if left out")

    @model_validator(mode="after")
    def _ordered(self) -> FrozenPeriod:
        if self.last < self.first:
            raise FieldError(
                f"last {self.last} lies before first {self.first}",
                at=("last",),
                accepted=f"{self.first} or a later day",
            )
        return self


class Signing(Model):
    """Where the private key (Ed25519, PEM) is: a file outside the workspace, or a variable that holds its text."""

    key: Path | None = Field(None, description="path of the key; a relative one is seen from the settings file")
    key_env: str | None = Field(None, description="name of the environment variable with the PEM text")

    @model_validator(mode="after")
    def _one_place(self) -> Signing:
        if self.key is not None and self.key_env is not None:
            raise FieldError("the key has two places", at=("key_env",), accepted="either key or key_env")
        return self
