"""The statements of the assessment: what its authors said, and which of it only a person can judge today."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

from pydantic import TypeAdapter

from config.base import Model
from config.yamltext import parse_yaml

Observable = Literal["yes", "partly", "no"]


class Statement(Model):
    """One statement. `mark` is what the authors gave; `indicators` are those that serve it today."""

    id: str
    dimension: str
    kind: Literal["finding", "recommendation", "sub-item", "recommendation-list-item", "context"]
    text: str
    observable: Observable
    mark: Literal["+", "-", "0"] | None
    block: str | None = None
    odra_ref: str | None = None
    indicators: tuple[str, ...] = ()
    note: str | None = None


@cache
def statements() -> dict[str, Statement]:
    """Return the statements by id, in the document's order."""
    text = resources.files("config").joinpath("framework", "statements.yaml").read_text(encoding="utf-8")
    items = TypeAdapter(tuple[Statement, ...]).validate_python(parse_yaml(text))
    return {item.id: item for item in items}
