"""The JSON Schema of a settings file, as published in docs/schemas/config.schema.json.

`python -m config.schema` prints it.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from config.model import Settings

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def config_schema() -> dict[str, Any]:
    """Return the JSON Schema of a settings file, shorthands included."""
    schema = Settings.model_json_schema(mode="validation")
    kinds = schema["$defs"]
    # The shorthands are taken by validators, which pydantic's generator cannot see into.
    names, sites = kinds["Agency"]["properties"]["names"], kinds["Agency"]["properties"]["sites"]
    texts = {"additionalProperties": {"type": "string"}, "type": "object"}
    kinds["Agency"]["properties"]["names"] = {"anyOf": [names, texts], "title": names.pop("title")}
    sites["items"] = {"anyOf": [sites["items"], {"type": "string"}]}
    return {"$schema": _DIALECT, "title": "Settings of odrc", **{k: v for k, v in schema.items() if k != "title"}}


def schema_text() -> str:
    """Return the schema as the text of its file."""
    return json.dumps(config_schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
