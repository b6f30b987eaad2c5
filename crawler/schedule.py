"""Runs a night every night: one process a night, never two at a time, stopped in order.

APScheduler 3 keeps the time in the pack's zone, also across changes of the clock. What a night does is `odrc run`'s:
here it is only started, waited for and told of.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, time, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from apscheduler.events import EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from config.errors import ConfigError
from crawler import heartbeat
from crawler.clock import Clock
from crawler.lock import workspace_lock
from crawler.nights import LATE, given_up

_LAST_WAIT = 20.0
_TELLING = 900.0  # seconds that telling may take

Say = Callable[[str], None]
Command = Callable[[date], Sequence[str]]


class StopError(Exception):
    """Somebody asked the scheduler to stop."""


class Nights:
    """Starts nights as processes. *command* gives the words of a night's process."""

    def __init__(self, command: Command, workspace: Path, clock: Clock, say: Say) -> None:
        self._command, self._workspace, self._clock, self._say = command, workspace, clock, say
        self._process: subprocess.Popen[bytes] | None = None
        self._guard = threading.Lock()
        self._stopping = False

    def start(self, night: date) -> int | None:
        """Run one night and return its exit code; None when it was not started because another run is going on."""
        busy = under_way(self._workspace, self._clock)
        if busy:
            self._say(f"night {night}: not started, {busy}")
            return None
        with self._guard:
            if self._stopping:
                return None
            words = list(self._command(night))
            self._process = subprocess.Popen(words, stdin=subprocess.DEVNULL, env=_environment())  # noqa: S603
        self._say(f"night {night}: started as process {self._process.pid}")
        status = self._process.wait()
        self._say(f"night {night}: ended with exit code {status}")
        return status

    def stop(self) -> None:
        """Start nothing more, ask a night that is going on to end in order, and wait for it."""
        with self._guard:
            self._stopping = True
            process = self._process
        if process is not None and process.poll() is None:
            self._say("stopping: the night that is going on ends in order; once more to end it at once")
            process.terminate()
            process.wait()

    def end(self) -> None:
        """End a night that did not want to end in order. What it had archived is recovered by the next one."""
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(_LAST_WAIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def tell(command: Sequence[str], say: Say) -> int | None:
    """Let a process of its own tell those who are to be told; return its exit code, None when it was cut off."""
    quiet = subprocess.DEVNULL
    try:
        told = subprocess.run(  # noqa: S603
            command, check=False, stdin=quiet, stdout=quiet, env=_environment(), timeout=_TELLING
        )
    except subprocess.TimeoutExpired:
        say(f"alerts: ended after {_TELLING:g} seconds; what was not sent is tried again the next time")
        return None
    if told.returncode:
        say(f"alerts: exit code {told.returncode}; what was not sent is tried again the next time")
    return told.returncode


def under_way(workspace: Path, clock: Clock) -> str | None:
    """Return what is going on in a workspace that forbids to start a night, or None."""
    try:
        with workspace_lock(workspace):
            pass
    except ConfigError as error:
        return str(error)
    beat = heartbeat.read(workspace)
    if beat and beat.state(clock.now()) == "alive":
        return f"run {beat.run} of night {beat.night} is still going on (stage {beat.stage})"
    return None


def trigger(at: time, zone: str) -> CronTrigger:
    """Return when nights begin."""
    return CronTrigger(hour=at.hour, minute=at.minute, second=at.second, timezone=zone)


def scheduler(job: Callable[[], Any], at: time, zone: str, say: Say, *, now: bool = False) -> BackgroundScheduler:
    """Return a scheduler, not yet started, that does *job* every night, and at once if *now*."""
    made = BackgroundScheduler(timezone=zone)
    made.add_listener(lambda event: say(_told(event)), EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
    late = int(LATE.total_seconds())
    made.add_job(job, trigger(at, zone), id="night", max_instances=1, coalesce=True, misfire_grace_time=late)
    if now:
        made.add_job(job, id="catch-up")
    return made


def watch(made: BackgroundScheduler, job: Callable[[], Any], at: time, zone: str, *, now: bool = False) -> None:
    """Let *job* tell of a night when it could not begin any more; at once too if *now*, where one lacks already."""
    made.add_job(job, trigger(given_up(at), zone), id="alerts", max_instances=1, coalesce=True, misfire_grace_time=None)
    if now:
        made.add_job(job, id="alerts-now")


def keep(made: BackgroundScheduler, nights: Nights, ready: Callable[[], None]) -> None:
    """Start a scheduler, call *ready*, and stay in front of it until SIGTERM or SIGINT."""
    with _stoppable():
        try:
            made.start()
            ready()
            while True:
                signal.pause()
        except StopError:
            with _second_ends(nights):
                nights.stop()
        finally:
            made.shutdown(wait=True)


@contextmanager
def _stoppable() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise StopError

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _second_ends(nights: Nights) -> Iterator[None]:
    with suppress(StopError):
        yield
        return
    nights.end()


def _told(event: JobExecutionEvent) -> str:
    if event.code == EVENT_JOB_MISSED:
        hours = LATE // timedelta(hours=1)
        return f"missed: the night of {event.scheduled_run_time:%Y-%m-%d %H:%M} could not begin within {hours} hours"
    return "not started: the night before is still going on"


def _environment() -> dict[str, str]:
    """Return this process's environment, with the program importable from wherever it was started."""
    here = str(Path(__file__).resolve().parent.parent)
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))}
