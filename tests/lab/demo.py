"""Shows one whole night: the lab on loopback, a fresh workspace, the table of marks, the report."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.lab import country

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run the demonstration; what fails gives its own exit code."""
    parser = argparse.ArgumentParser(description="One night on a small country.")
    parser.add_argument("--night", type=date.fromisoformat, default=country.NIGHT)
    parser.add_argument("--folder", type=Path, default=ROOT / "demo")
    choice = parser.parse_args()
    folder: Path = choice.folder.resolve()
    if not _fresh(folder):
        print(f"{folder} holds something else than a demonstration; name another with --folder.", file=sys.stderr)
        return 2
    start = time.monotonic()
    with country.serving(choice.night) as server:
        settings = country.config(choice.night, server.port, folder / "workspace")
        file = country.write_config(folder / "odrc.yaml", settings)
        for line in _introduction(settings, server.port):
            print(line)
        print(f"The night of {choice.night} begins; it is watched by odrc.\n", flush=True)
        night = ["-c", str(file), "--night", choice.night.isoformat()]
        code = _odrc(["run", *night])
        if code != 0:
            return code
    print(f"\nThe night took {time.monotonic() - start:.0f} seconds, reports included.")
    print("+ the criterion is met, - it is not, 0 it can be read both ways; no mark says why nothing could be said.")
    print(f"Report:   {_first_page(folder)}")
    print(f"Evidence: .venv/bin/odrc explain good lang_coverage {' '.join(night)}")
    return 0


def _introduction(settings: dict[str, Any], port: int) -> tuple[str, ...]:
    """Say who lives in the country."""
    sites = [site for agency in settings["agencies"] for site in agency["sites"]]
    hosts = {site.split("/")[2] for site in sites}
    return (
        f"A small country answers on 127.0.0.1:{port}: {len(sites)} agencies on {len(hosts)} hosts, a national portal",
        "of 36 data sets and a catalogue that speaks DCAT.",
        "Good and poor sites, one behind a firewall, one down, one that only a script could draw, one that is busy,",
        "one that hides missing pages, one that offers scans, one whose language a cookie chooses, three on one",
        "platform; one body gets a new name tomorrow, and one ends tonight, merged into another.",
    )


def _fresh(folder: Path) -> bool:
    """Make room for a new demonstration; only what an earlier one left is removed."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / "odrc.yaml").is_file():
            return False
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    return True


def _odrc(command: list[str]) -> int:
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    done = subprocess.run([sys.executable, "-m", "odrc", *command], check=False, env={**os.environ, "PYTHONPATH": path})
    return done.returncode


def _first_page(folder: Path) -> Path:
    """Return the page to open first: the report's index, in English where there are several."""
    pages = sorted(folder.rglob("index.html"), key=lambda page: (len(page.parts), page.parent.name != "en"))
    return pages[0] if pages else folder


if __name__ == "__main__":
    sys.exit(main())
