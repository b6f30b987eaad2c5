"""Turns what pydantic found into lines a person can act on: the place, what is wrong, what would be accepted."""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterator
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.errors import FieldError
from config.places import Loc, Source

ModelT = TypeVar("ModelT", bound=BaseModel)

_ACCEPTED = {
    "string_type": "text; put quotes around a number or date that is meant as text",
    "string_pattern_mismatch": "1 to 64 of a-z, 0-9, _ and -, beginning with a letter or digit",
    "string_too_short": "a longer text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "too_short": "a list with at least one entry",
}
_WORDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false", dict: "a mapping of keys"}
_KINDS = {
    "date": "a date such as 2026-11-23",
    "time": "a time such as 22:00",
    "int": "a whole number",
    "float": "a number",
    "tuple": "a list",
    "dict": "a mapping of keys to values",
    "path": "the path of a folder",
}
_SHOWN = 60


def check(model: type[ModelT], data: Any) -> tuple[ModelT | None, list[ErrorDetails]]:
    """Return *data* as *model*, or None and what pydantic found wrong."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        errors = error.errors(include_url=False)
        return None, [item for item in errors if not _follows_from_others(item, errors)]


def lines(model: type[BaseModel], source: Source, errors: list[ErrorDetails]) -> Iterator[str]:
    """Yield one line for each of pydantic's *errors* about *source* read as *model*."""
    for error in errors:
        loc: Loc = error["loc"]
        cause = error.get("ctx", {}).get("error")
        if isinstance(cause, FieldError):
            yield source.problem((*loc, *cause.at), str(cause), cause.accepted)
        else:
            text, accepted = _describe(model, error)
            yield source.problem(loc, text, accepted, new_key=error["type"] == "missing")


def suggest(wrong: str, known: list[str]) -> str:
    """Return ` (did you mean ...?)` when a known spelling is near, else an empty text."""
    near = difflib.get_close_matches(wrong, known, n=1, cutoff=0.6)
    return f" (did you mean {near[0]}?)" if near else ""


def _follows_from_others(error: ErrorDetails, errors: list[ErrorDetails]) -> bool:
    """Tell whether a list is "too short" only because pydantic does not count its wrong items."""
    size, loc = len(error["loc"]), error["loc"]
    return error["type"] == "too_short" and any(
        len(other["loc"]) > size and other["loc"][:size] == loc for other in errors
    )


def _describe(model: type[BaseModel], error: ErrorDetails) -> tuple[str, str]:
    kind, loc, given = error["type"], error["loc"], error["input"]
    if kind == "missing":
        return "required key is missing", _expected(_annotation_at(model, loc))
    if kind == "extra_forbidden":
        known = _keys(_annotation_at(model, loc[:-1]))
        return f"unknown key{suggest(str(loc[-1]), known)}", ", ".join(known)
    if kind.startswith("model_"):
        return f"{_show(given)} is not a mapping", _expected(_annotation_at(model, loc))
    if kind in {"literal_error", "enum"}:
        return f"{_show(given)} is not known", error["ctx"]["expected"]
    if kind == "value_error":
        return str(error["ctx"]["error"]), ""
    message = error["msg"].removeprefix("Input should be ")
    accepted = _ACCEPTED.get(kind) or (_KINDS.get(kind.split("_")[0]) if "_" in kind else None) or message
    return f"{_show(given)} does not fit", accepted


def _show(value: Any) -> str:
    """Return *value* short enough for one line."""
    text = "an empty value" if value is None else repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _annotation_at(model: type[BaseModel], loc: Loc) -> Any:
    annotation: Any = model
    for step in loc:
        annotation = _bare(annotation)
        arguments = get_args(annotation)
        if isinstance(annotation, type) and issubclass(annotation, BaseModel) and step in annotation.model_fields:
            annotation = annotation.model_fields[str(step)].annotation
        elif arguments:
            annotation = arguments[-1] if get_origin(annotation) is dict else arguments[0]
        else:
            return Any
    return _bare(annotation)


def _bare(annotation: Any) -> Any:
    """Return the type without `Annotated` and `| None`."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _bare(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return _bare(next(item for item in get_args(annotation) if item is not type(None)))
    return annotation


def _keys(annotation: Any) -> list[str]:
    return list(annotation.model_fields) if hasattr(annotation, "model_fields") else []


def _expected(annotation: Any) -> str:
    if get_origin(annotation) is tuple:
        return "a list"
    if keys := _keys(annotation):
        return f"a mapping with {', '.join(keys)}"
    plain = get_origin(annotation) or annotation
    return _WORDS.get(plain) or _KINDS.get(getattr(plain, "__name__", "").lower(), "")
