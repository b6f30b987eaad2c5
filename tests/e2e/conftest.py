"""What end-to-end tests share: the program as a real process, the lab, real servers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.lab import country  # noqa: E402 - the path is set first
from tests.servers import mediawiki, replay  # noqa: E402 - the path is set first

DONE, FINDINGS, USAGE, INCOMPLETE = 0, 1, 2, 3
NEXT_NIGHT = date.fromordinal(country.NIGHT.toordinal() + 1)


@dataclass
class Odrc:
    """The program with one settings file. `said` keeps all that it printed, for the privacy test."""

    file: Path
    said: list[str] = field(default_factory=list)

    @property
    def workspace(self) -> Path:
        """The workspace beside the settings file."""
        return self.file.parent / "workspace"

    def start(self, *words: object) -> subprocess.Popen[str]:
        """Start a command without waiting for it."""
        return subprocess.Popen(
            [sys.executable, "-m", "odrc", *map(str, words)],
            cwd=self.file.parent,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *words: object, code: int | None = DONE) -> subprocess.CompletedProcess[str]:
        """Run a command with `-c FILE` and check its exit code."""
        process = self.start(words[0], "-c", self.file, *words[1:])
        out, err = process.communicate(timeout=280)
        self.said += [out, err]
        assert "Traceback" not in err, err
        assert code is None or process.returncode == code, (
            f"{words}: {process.returncode}\n{out[-3000:]}\n{err[-3000:]}"
        )
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def run(self, night: date, code: int = DONE) -> subprocess.CompletedProcess[str]:
        """Run a night."""
        return self("run", "--night", night, code=code)

    def marks(self, night: date) -> list[dict[str, Any]]:
        """Return the marks of a night."""
        found: list[dict[str, Any]] = json.loads(self("marks", "--night", night, "--format", "json").stdout)
        return found

    def findings(self, night: date) -> list[dict[str, Any]]:
        """Return the findings of a night."""
        return lines(self("findings", "--night", night, "--format", "jsonl").stdout)

    def status(self) -> dict[str, Any]:
        """Return how the installation stands."""
        found: dict[str, Any] = json.loads(self("status", "--format", "json").stdout)
        return found


def environment() -> dict[str, str]:
    """Return the environment of a command: no proxy but the configured one, the repository importable."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    path = os.pathsep.join(filter(None, (str(ROOT), kept.get("PYTHONPATH"))))
    return {**kept, "PYTHONPATH": path, "COLUMNS": "300", "NO_COLOR": "1"}


def lines(text: str) -> list[dict[str, Any]]:
    """Return the documents of a JSON Lines text."""
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def watching(folder: Path, settings: dict[str, Any]) -> Odrc:
    """Return the program with these settings in *folder*."""
    return Odrc(country.write_config(folder / "odrc.yaml", {**settings, "workspace": "./workspace"}))


@pytest.fixture(scope="module")
def lab() -> Iterator[country.Server]:
    """The lab, on the night that all tests look at."""
    with country.serving(country.NIGHT) as server:
        yield server


@pytest.fixture(scope="module")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[mediawiki.Wiki]:
    """A live MediaWiki in Kazakh."""
    if lacking := mediawiki.missing():
        pytest.skip(lacking)
    with mediawiki.wiki(tmp_path_factory.mktemp("wiki"), country.NIGHT) as server:
        yield server


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[replay.Replay]:
    """A recorded real site under its own name, behind a proxy."""
    if lacking := replay.missing():
        pytest.skip(lacking)
    with replay.replay(tmp_path_factory.mktemp("replay")) as server:
        yield server
