"""How often verdicts are right: `python benchmarks/accuracy.py AREA --corpus DIR --json`.

DIR is a folder of corpora that holds a folder per area (or that folder itself). Without `--corpus` it is taken from
ODRC_CORPORA, else `../shared/corpora` beside the repository. Rows whose gold label is empty are left out.
"""

from __future__ import annotations

import argparse
import json
import os
import pkgutil
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

import areas
from metrics import AreaReport

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "corpora"


def names() -> list[str]:
    """Return the areas there are."""
    return sorted(item.name for item in pkgutil.iter_modules(areas.__path__) if not item.name.startswith("_"))


def measure(area: str, corpus: Path) -> AreaReport:
    """Measure one area. Raises FileNotFoundError when the corpus has no such folder."""
    folder = corpus / area if (corpus / area).is_dir() else corpus
    if not folder.is_dir():
        raise FileNotFoundError(folder)
    report: AreaReport = import_module(f"areas.{area}").measure(folder)
    return report


def table(report: AreaReport) -> str:
    """Return the figures as lines for a person."""
    lines = [f"{report.area}: {report.n} rows, {len(report.errors)} errors"]
    for name, item in report.metrics.items():
        figures = "no rows" if item.value is None else f"{item.value:.4g} [{item.low:.4g}, {item.high:.4g}] n={item.n}"
        lines.append(f"  {name:<28} {figures}")
    return "\n".join(lines)


def main() -> int:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("area", choices=names())
    parser.add_argument("--corpus", type=Path, default=Path(os.environ.get("ODRC_CORPORA", _BESIDE)))
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    asked = parser.parse_args()
    try:
        report = measure(asked.area, asked.corpus)
    except FileNotFoundError as error:
        print(f"no corpus: {error}", file=sys.stderr)
        return 2
    print(json.dumps(asdict(report), ensure_ascii=False, indent=2) if asked.json else table(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
