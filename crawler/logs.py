"""Structured logs: one JSON object a line for every event, in `logs/NIGHT.jsonl` of the workspace and on stderr.

Secrets are masked as they are in the archive. What the crawl process and libraries log goes the same way.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from crawler.redact import redact_text

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

_PLAIN = "%(levelname)s %(name)s: %(message)s"


class LogFormat(StrEnum):
    """What goes to stderr while a command works: words for people, or one JSON object a line."""

    TEXT = "text"
    JSON = "json"


def log_path(workspace: Path, night: date) -> Path:
    """Return where a night's log lies."""
    return workspace / "logs" / f"{night.isoformat()}.jsonl"


class Events:
    """What is told of a night: each event goes to its log, and to stderr in the form asked for."""

    def __init__(self, form: LogFormat, logger: FilteringBoundLogger) -> None:
        self.form, self._logger = form, logger

    def note(self, event: str, **fields: object) -> None:
        """Tell machines alone."""
        self._logger.info(event, **fields)

    def say(self, event: str, text: str, **fields: object) -> None:
        """Tell people too."""
        self._logger.info(event, text=text, **fields)
        if self.form is LogFormat.TEXT:
            sys.stderr.write(text + "\n")


@contextmanager
def events(form: LogFormat, workspace: Path, night: date) -> Iterator[Events]:
    """Open the log of a night; for JSON its events, and what is logged meanwhile, go to stderr as well."""
    structlog = _structlog()
    with _file(workspace, night) as file, library_logs(form, workspace, night):
        logger = structlog.wrap_logger(
            structlog.WriteLogger(_Tee(file, sys.stderr if form is LogFormat.JSON else None)),
            processors=[*_processors(), structlog.processors.JSONRenderer(ensure_ascii=False)],
            wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        )
        yield Events(form, logger)


@contextmanager
def library_logs(form: LogFormat, workspace: Path, night: date) -> Iterator[None]:
    """Let warnings and worse, of libraries and our own modules, go to the night's log and to stderr."""
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    with _file(workspace, night) as file:
        lines = _Tee(file, sys.stderr if form is LogFormat.JSON else None)
        handlers = [_handler(_json_lines(), lines)]
        if form is LogFormat.TEXT:
            handlers += before or [_handler(logging.Formatter(_PLAIN), sys.stderr)]
        root.handlers = handlers
        try:
            yield
        finally:
            root.handlers = before


def _handler(formatter: logging.Formatter, stream: TextIO | _Tee) -> logging.Handler:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    handler.setLevel(logging.WARNING)
    return handler


def _json_lines() -> logging.Formatter:
    structlog = _structlog()
    formatter: logging.Formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_processors(), structlog.stdlib.add_logger_name],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    return formatter


def _masked(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = redact_text(value)
    return event


def _processors() -> list[Any]:
    structlog = _structlog()
    return [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.format_exc_info,
        _masked,
    ]


def _structlog() -> Any:
    """Return structlog, loaded when something is logged: it loads Twisted where that is installed."""
    import structlog  # noqa: PLC0415

    return structlog


@contextmanager
def _file(workspace: Path, night: date) -> Iterator[TextIO | None]:
    """Open the log of a night to append lines; None where it cannot be written: whoever needs the disk says so."""
    path = log_path(workspace, night)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a", encoding="utf-8", buffering=1)
    except OSError:
        yield None
        return
    with file:
        yield file


class _Tee:
    """Writes lines to one or two streams."""

    def __init__(self, *streams: TextIO | None) -> None:
        self._streams = [stream for stream in streams if stream]

    def write(self, text: str) -> None:
        """Write to all."""
        for stream in self._streams:
            stream.write(text)

    def flush(self) -> None:
        """Flush all."""
        for stream in self._streams:
            stream.flush()
