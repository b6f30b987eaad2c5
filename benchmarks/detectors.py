"""What other detectors call files: run in the environment of `make bench-venv`, paths on stdin, JSON lines on stdout.

Each line is `{path, libmagic, puremagic, magika}`: media types of the first two, magika's label; null where a detector
is not installed or gives nothing. It is a script of its own so that neither product nor tests need these packages.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

Detector = Callable[[Path], str | None]


def _libmagic() -> Detector:
    import magic

    told = magic.Magic(mime=True)
    return lambda path: str(told.from_buffer(path.read_bytes()))


def _puremagic() -> Detector:
    import puremagic

    def find(path: Path) -> str | None:
        with contextlib.suppress(puremagic.PureError, ValueError):
            return str(puremagic.from_file(str(path), mime=True)) or None
        return None

    return find


def _magika() -> Detector:
    from magika import Magika

    told = Magika()
    return lambda path: str(told.identify_bytes(path.read_bytes()).output.label)


def main() -> None:
    """Answer for every path; the CPU seconds of each detector go to stderr."""
    found: dict[str, Detector] = {}
    for name, make in {"libmagic": _libmagic, "puremagic": _puremagic, "magika": _magika}.items():
        with contextlib.suppress(ImportError):
            found[name] = make()
    spent = dict.fromkeys(found, 0.0)
    for line in sys.stdin:
        path = Path(line.rstrip("\n"))
        told: dict[str, str | None] = {"path": str(path)}
        for name, detect in found.items():
            started = time.process_time()
            told[name] = detect(path)
            spent[name] += time.process_time() - started
        print(json.dumps(told))
    print(json.dumps(spent), file=sys.stderr)


if __name__ == "__main__":
    main()
