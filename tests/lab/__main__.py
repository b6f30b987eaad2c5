"""Serve the lab until it is told to stop: `python -m tests.lab --night 2026-11-16 --config odrc.yaml`."""

from __future__ import annotations

import argparse
import sys
import threading
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.lab import country


def main() -> int:
    """Serve, and write a config that points at the server when asked to."""
    parser = argparse.ArgumentParser(description="A small country on loopback with planted truth.")
    parser.add_argument("--night", type=date.fromisoformat, default=country.NIGHT)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--config", type=Path, help="write an odrc.yaml that watches the lab")
    parser.add_argument("--workspace", type=Path, default=Path("workspace"))
    choice = parser.parse_args()
    with country.serving(choice.night, choice.port) as server:
        if choice.config:
            settings = country.config(choice.night, server.port, choice.workspace.resolve())
            country.write_config(choice.config, settings)
        print(
            f"The lab answers on 127.0.0.1:{server.port} for the night of {choice.night}. Ctrl-C stops it.", flush=True
        )
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("The lab has stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
