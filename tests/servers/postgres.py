"""A throwaway PostgreSQL cluster on loopback: made by initdb in a folder of the test, stopped by its process id.

PostgreSQL refuses to run as root, so root hands the folder to the unprivileged user `postgres` (else `nobody`).
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg

from tests.servers.process import STARTUP_SECONDS, free_port, running

SUPERUSER = "odrc"
_DEBIAN = Path("/usr/lib/postgresql")
_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB"}


@dataclass(frozen=True)
class Cluster:
    """A running cluster. `folder` is its data; `pid` the postmaster's process id."""

    folder: Path
    port: int
    pid: int
    numbers: count[int]

    def url(self, database: str) -> str:
        """Return the address of a database, as SQLAlchemy reads it."""
        return f"postgresql+psycopg://{SUPERUSER}@127.0.0.1:{self.port}/{database}"

    def fresh(self, template: str = "template1") -> str:
        """Make a new database, a copy of *template*, and return its name."""
        name = f"ledger_{next(self.numbers)}"
        with self.connect("postgres") as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')  # type: ignore[arg-type]
        return name

    def connect(self, database: str) -> psycopg.Connection:
        """Open a connection that commits each statement."""
        return psycopg.connect(host="127.0.0.1", port=self.port, user=SUPERUSER, dbname=database, autocommit=True)


def missing() -> str | None:
    """Return what is lacking to run PostgreSQL, or None."""
    if _program("initdb") is None:
        return "PostgreSQL is not installed (Debian: postgresql)"
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        return "setpriv is not installed; PostgreSQL does not run as root"
    return None


@contextmanager
def postgres(port: int | None = None, folder: Path | None = None) -> Iterator[Cluster]:
    """Run a cluster until the block ends. An existing *folder* is started again as it was left."""
    with tempfile.TemporaryDirectory(prefix="odrc-pg-", ignore_cleanup_errors=True) as made:
        home = folder or Path(made)
        data = home / "data"
        if not data.exists():
            _initdb(home, data)
        chosen = port or free_port()
        options = [part for name, value in _QUICK.items() for part in ("-c", f"{name}={value}")]
        command = [*_unprivileged(), _program("postgres") or "postgres", "-D", data, "-p", str(chosen), *options,
                   "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={home}"]  # fmt: skip
        with running(command, chosen, home) as pid:
            cluster = Cluster(home, chosen, pid, count())
            _ready(cluster)
            yield cluster


def _initdb(home: Path, data: Path) -> None:
    if os.geteuid() == 0:
        user = _user()
        os.chown(home, user.pw_uid, user.pw_gid)
    command = [*_unprivileged(), str(_program("initdb")), "-D", str(data), "-U", SUPERUSER, "-A", "trust",
               "-E", "UTF8", "--locale=C", "--no-sync"]  # fmt: skip
    done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        raise RuntimeError(f"initdb failed: {done.stderr[-2000:]}")


def _unprivileged() -> list[str]:
    if os.geteuid() != 0:
        return []
    user = _user()
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _program(name: str) -> Path | None:
    found = sorted(_DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3].split(".")[0]))
    on_path = shutil.which(name)
    return found[-1] if found else Path(on_path) if on_path else None


def _ready(cluster: Cluster) -> None:
    """Wait until the cluster takes connections: its port is open earlier, while it is still starting up."""
    deadline = time.monotonic() + STARTUP_SECONDS
    while True:
        try:
            cluster.connect("postgres").close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
