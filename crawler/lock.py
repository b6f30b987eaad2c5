"""One crawl at a time in a workspace."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.errors import ConfigError
from crawler.archive.layout import Layout


@contextmanager
def workspace_lock(workspace: Path) -> Iterator[None]:
    """Hold the workspace. Raises ConfigError when another crawl has it, or when it cannot be written.

    The system lets go of the lock when the process ends, however it ends: there is nothing to clean up by hand.
    """
    path = Layout(workspace).lock
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"workspace {workspace} cannot be written: {error.strerror}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise ConfigError(
                f"another crawl (process {holder}) is working in {workspace}; wait for it or stop it, then start again"
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
