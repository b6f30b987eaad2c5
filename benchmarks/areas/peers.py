"""Other detectors on the same files, where `make bench-venv` has installed them: libmagic, puremagic, magika."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from metrics import Tally

from config.formats import by_label, by_media_type, is_a

_ROOT = Path(__file__).resolve().parents[2]
_PYTHON = _ROOT / ".venv-bench" / "bin" / "python"
_SCRIPT = _ROOT / "benchmarks" / "detectors.py"
NAMES = ("libmagic", "puremagic", "magika")
_LABELS = {"sevenzip": "7z", "markdown": "md", "jpeg": "jpg", "tiff": "tif", "doc": "doc"}


def tallies(gold: dict[Path, str]) -> dict[str, Tally]:
    """Return how often each detector is right; empty when they are not installed.

    A detector is right by the rule that holds for ours: the labelled type or a kind of it, in its own words (a media
    type, or magika's label) looked up in the vocabulary.
    """
    if not _PYTHON.exists():
        return {}
    asked = "".join(f"{path}\n" for path in gold)
    done = subprocess.run([str(_PYTHON), str(_SCRIPT)], input=asked, capture_output=True, text=True, check=True)
    found = {name: Tally() for name in NAMES}
    for line in done.stdout.splitlines():
        told = json.loads(line)
        for name in NAMES:
            if name in told:
                found[name].add(right=is_a(_type(name, told[name]) or "", gold[Path(told["path"])]))
    return found


def _type(name: str, word: str | None) -> str | None:
    if word is None:
        return None
    if name == "magika":
        return _LABELS.get(word) or by_label(word)
    return by_media_type(word)
