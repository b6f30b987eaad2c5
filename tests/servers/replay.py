"""Replays a recorded site under its own name: pywb as an HTTP proxy over a WARC of the shared corpora.

pywb lives in an environment of its own (`.venv-servers`, made from requirements.lock): it pins old libraries. The
WARCs stay where they are; only an index is written below a folder of the test.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.process import free_port, running

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = Path(os.environ.get("ODRC_SERVERS_VENV", ROOT / ".venv-servers"))
CORPORA = Path(os.environ.get("ODRC_CORPORA", ROOT.parent / "shared" / "corpora"))
RECORDED = CORPORA / "sites" / "warc" / "pywb" / "iana.warc.gz"
SITE = "http://www.iana.org/"
CONFIG = """collections:
  recorded:
    archive_paths: {archives}/
    index: {index}
proxy:
  coll: recorded
  enable_wombat: false
  enable_banner: false
  enable_content_rewrite: false
"""
QUIET = {"PYTHONWARNINGS": "ignore", "PYTHONPATH": "", "PYTHONNOUSERSITE": "1"}
BUNDLE_CONFIG = """proxy:
  coll: recorded
  enable_wombat: false
  enable_banner: false
  enable_content_rewrite: false
"""


@dataclass(frozen=True)
class Replay:
    """A proxy on loopback behind which the recorded site answers under its own name; the rest of the web is 404."""

    site: str
    port: int

    @property
    def proxy(self) -> str:
        """Address of the proxy."""
        return f"http://127.0.0.1:{self.port}"


def missing() -> str | None:
    """Return what is lacking to replay the recorded site, or None."""
    if not RECORDED.is_file():
        return f"the recorded site is not here: {RECORDED.name} (set ODRC_CORPORA)"
    return pywb_missing()


def pywb_missing() -> str | None:
    """Return what is lacking to replay any WARC, or None."""
    if not (ENVIRONMENT / "bin" / "wayback").is_file():
        return "pywb is not installed (make venv-servers)"
    return None


@contextmanager
def replay(folder: Path, warc: Path = RECORDED, site: str = SITE) -> Iterator[Replay]:
    """Index the recording *warc* below *folder* and serve it."""
    index = folder / "recorded.cdxj"
    _run(folder, "cdx-indexer", "-j", "-s", "-o", index, warc)
    (folder / "config.yaml").write_text(CONFIG.format(archives=warc.parent, index=index), encoding="utf-8")
    with _serving(folder, site) as server:
        yield server


@contextmanager
def replay_bundle(folder: Path, wacz: Path, site: str) -> Iterator[Replay]:
    """Take the bundle *wacz* apart as pywb does, with the bundle's own index, and serve it."""
    _run(folder, "wb-manager", "init", "recorded")
    _run(folder, "wb-manager", "add", "--unpack-wacz", "recorded", wacz)
    (folder / "config.yaml").write_text(BUNDLE_CONFIG, encoding="utf-8")
    with _serving(folder, site) as server:
        yield server


def _run(folder: Path, command: str, *words: object) -> None:
    whole = [str(ENVIRONMENT / "bin" / command), *map(str, words)]
    subprocess.run(whole, cwd=folder, env={**os.environ, **QUIET}, capture_output=True, check=True)


@contextmanager
def _serving(folder: Path, site: str) -> Iterator[Replay]:
    port = free_port()
    server = [ENVIRONMENT / "bin" / "wayback", "--proxy", "recorded", "-b", "127.0.0.1", "-p", str(port)]
    with running(server, port, folder, QUIET):
        yield Replay(site, port)
