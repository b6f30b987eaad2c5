"""data.json: Project Open Data metadata 1.1 and DCAT-US 3.0, by JSON Schema, each data set by itself.

Version 1.1 is judged by the schema for bodies that are not of the United States' government (its own add codes of
budget offices), with what the specification and its harvester say beyond it: keyword and modified are "required:
always"; a value may be marked as redacted; null says that an optional field is empty; a place may be GeoJSON; the
length of descriptions. Formats are asserted: an address is an address.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import Any

import msgspec
from jsonschema import Draft4Validator, Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator

from checks.facts.metadata import jsonld, vendored
from crawler.safexml import UnreadableError

EXTRACTOR_VERSION = 1
MOST_BYTES = 64 * 1024 * 1024
LONGEST_DESCRIPTION = 10_000
_MOST_DEFECTS = 100
_SCHEME_1_1 = "project-open-data.cio.gov/v1.1"
_ADDRESS = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+$")
_DATE = re.compile(r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")
_MOMENT = re.compile(
    r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$"
)
_CODES = {
    "required": "missing", "dependencies": "missing", "type": "wrong_type", "enum": "not_in_list",
    "const": "not_in_list", "pattern": "wrong_form", "format": "wrong_form", "minLength": "empty", "minItems": "empty",
    "maxLength": "too_long", "uniqueItems": "repeated",
}  # fmt: skip
_OURS = "x-odrc"
_REDACTED = {"type": "string", "pattern": r"^\[\[REDACTED.*\]\]$"}
_MAY_BE_REDACTED = frozenset(
    {
        "accrualPeriodicity", "bureauCode", "conformsTo", "dataQuality", "describedBy", "describedByType",
        "distribution", "issued", "keyword", "landingPage", "language", "license", "modified",
        "primaryITInvestmentUII", "programCode", "references", "temporal", "theme", "accessURL", "downloadURL",
        "mediaType", "hasEmail",
    }
)  # fmt: skip
_MAY_BE_NULL = frozenset({"bureauCode", "programCode", "isPartOf"})
_QUOTED = re.compile(r"^'([^']+)' is a required property")
_Placed = tuple[tuple[str, ...], ValidationError]


class Version(StrEnum):
    """A version of data.json."""

    POD_1_1 = "1.1"
    DCAT_US_3 = "3.0"


class JsonDefect(msgspec.Struct, frozen=True):
    """One kind of defect: a code, the field it is in (`dataset[].contactPoint.hasEmail`), how often, where first."""

    code: str
    field: str
    count: int
    first: str


class DataJsonFacts(msgspec.Struct, frozen=True):
    """One catalogue. `valid` is None when it could not be judged, and `problem` says why."""

    valid: bool | None
    problem: str | None = None
    version: Version | None = None
    datasets: int = 0
    datasets_valid: int = 0
    defects: tuple[JsonDefect, ...] = ()


def read(body: bytes) -> DataJsonFacts:
    """Return the facts of one data.json. Never raises."""
    if len(body) > MOST_BYTES:
        return DataJsonFacts(None, "too_large")
    try:
        document = jsonld.load(body)
    except UnreadableError as error:
        return DataJsonFacts(None, error.reason)
    version = version_of(document)
    if version is None:
        return DataJsonFacts(None, "no_data_json")
    try:
        return _judge(document, version)
    except RecursionError:
        return DataJsonFacts(None, "too_deep", version)


def version_of(document: Any) -> Version | None:
    """Return the version a catalogue claims, else the one whose signs it bears; None when it is no data.json."""
    if not isinstance(document, dict) or not isinstance(document.get("dataset"), list):
        return None
    claim = document.get("conformsTo")
    if isinstance(claim, str) and _SCHEME_1_1 in claim:
        return Version.POD_1_1
    new = any(isinstance(item, dict) and item.get("@type") == "Dataset" for item in document["dataset"])
    new = new or isinstance(claim, dict) or document.get("@type") == "Catalog" or "dcat-us/3" in str(claim).lower()
    return Version.DCAT_US_3 if new else Version.POD_1_1


def _judge(document: dict[str, Any], version: Version) -> DataJsonFacts:
    datasets = document["dataset"]
    frame, single = _validators(version)
    errors: list[_Placed] = [((), error) for error in frame.iter_errors({**document, "dataset": []})]
    broken = 0
    for place, item in enumerate(datasets):
        own = list(single.iter_errors(item)) + (list(_beyond(item)) if version is Version.POD_1_1 else [])
        broken += bool(own)
        errors += [(("dataset", str(place)), error) for error in own]
    problem = None if datasets else "empty_catalogue"
    return DataJsonFacts(
        bool(datasets) and not errors, problem, version, len(datasets), len(datasets) - broken, _summed(errors)
    )


@cache
def _validators(version: Version) -> tuple[Validator, Validator]:
    """Return the validators of the catalogue without its data sets, and of one data set."""
    checker = formats()
    if version is Version.POD_1_1:
        frame = vendored.read_json("datajson/catalog-1.1.json")
        frame["properties"]["dataset"] = {"type": "array"}
        dataset = _mended(vendored.read_json("datajson/dataset-1.1.json"))
        return Draft4Validator(frame, format_checker=checker), Draft4Validator(dataset, format_checker=checker)
    schema = vendored.read_json("datajson/dcat-us-3.json")
    single = {**schema, "$ref": "#/$defs/dataset"}
    for key in ("type", "properties", "required"):
        single.pop(key)
    return Draft202012Validator(schema, format_checker=checker), Draft202012Validator(single, format_checker=checker)


def _mended(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of 1.1 with the values that its fields may hold besides: see the module's docstring."""
    offered = schema["definitions"]["distribution"]
    for part in (schema, *schema["definitions"].values(), offered["dependencies"]["downloadURL"]):
        for name, rule in part.get("properties", {}).items():
            if name.startswith("@") or "enum" in rule:
                continue
            besides = [_REDACTED] if name in _MAY_BE_REDACTED else []
            besides += [{"type": "null"}] if name in _MAY_BE_NULL else []
            besides += [{"type": "object"}] if name == "spatial" else []
            if besides:
                part["properties"][name] = {_OURS: True, "anyOf": [rule, *besides]}
    return schema


def _first_branch(error: ValidationError) -> ValidationError:
    """Return the error of the rule itself where the other branches are those that `_mended` put beside it."""
    while error.validator == "anyOf" and isinstance(error.schema, dict) and _OURS in error.schema:
        error = next(item for item in error.context or () if item.schema_path[0] == 0)
    return error


def formats() -> FormatChecker:
    """Return the formats that are asserted, read strictly: RFC 3986 addresses with a scheme, RFC 3339 dates."""
    checker = FormatChecker(formats=())
    for name, pattern in (("uri", _ADDRESS), ("iri", _ADDRESS), ("date", _DATE), ("date-time", _MOMENT)):
        checker.checks(name)(lambda value, found=pattern: not isinstance(value, str) or bool(found.match(value)))
    return checker


def _beyond(item: Any) -> Iterator[ValidationError]:
    """Yield errors of rules that the vendored schema of 1.1 leaves out."""
    if not isinstance(item, dict):
        return
    for name in ("keyword", "modified"):
        if name not in item:
            yield ValidationError(f"'{name}' is a required property", validator="required")
    if len(str(item.get("description", ""))) > LONGEST_DESCRIPTION:
        yield ValidationError("too long", validator="maxLength", path=("description",))


def _summed(errors: list[_Placed]) -> tuple[JsonDefect, ...]:
    counted: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], str] = {}
    for place, outer in errors:
        error = _first_branch(outer)
        steps = [*place, *(str(step) for step in error.absolute_path)]
        missing = _QUOTED.match(error.message) if error.validator == "required" else None
        steps += [missing[1]] if missing else []
        field = ".".join("[]" if step.isdigit() else step for step in steps).replace(".[]", "[]") or "$"
        key = (_CODES.get(str(error.validator), "wrong_value"), field)
        counted[key] += 1
        first.setdefault(key, "/".join(steps))
    return tuple(JsonDefect(code, field, count, first[code, field])
                 for (code, field), count in counted.most_common(_MOST_DEFECTS))  # fmt: skip
