"""The standards' own files under `config/vendor`. `MANIFEST.yaml` there names source, licence and digest of each."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

ROOT = Path(str(resources.files("config") / "vendor"))


def read(name: str) -> bytes:
    """Return the bytes of a vendored file. Raises FileNotFoundError."""
    return (ROOT / name).read_bytes()


def read_json(name: str) -> Any:
    """Return a vendored JSON document."""
    return json.loads(read(name))
