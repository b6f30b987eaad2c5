"""What all settings are made of: strict frozen models, ids, addresses, periods."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from config.errors import FieldError
from config.urls import normalise_url


def _one_spelling(value: Any) -> Any:
    """Normalise an address; other types are left for pydantic to refuse."""
    if not isinstance(value, str):
        return value
    try:
        return normalise_url(value)
    except ValueError as error:
        raise FieldError(str(error), accepted="an address such as https://www.example.org/path") from error


Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
HttpUrl = Annotated[str, BeforeValidator(_one_spelling)]
Languages = dict[str, str]


class Model(BaseModel):
    """Base of all settings: unknown keys are errors, values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Period(Model):
    """First and last day on which something holds; None is open-ended."""

    valid_from: date | None = None
    valid_to: date | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Period:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise FieldError(
                f"valid_to {self.valid_to} lies before valid_from {self.valid_from}",
                at=("valid_to",),
                accepted=f"{self.valid_from} or a later day",
            )
        return self

    def holds(self, night: date) -> bool:
        """Tell whether *night* lies within the period."""
        return (self.valid_from or date.min) <= night <= (self.valid_to or date.max)

    def overlaps(self, other: Period) -> bool:
        """Tell whether the two periods share a day."""
        start = max(self.valid_from or date.min, other.valid_from or date.min)
        return start <= min(self.valid_to or date.max, other.valid_to or date.max)
