"""Causes of tonight's changes, from what the ledger and the archive keep of the night before."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

import msgspec
from pydantic import ValidationError

from checks import night as judging
from checks.facts.store import lock_digest
from checks.night import Judged
from config.loader import Loaded
from config.model import Settings
from config.pack import Pack
from crawler.archive.layout import ArchiveError
from crawler.archive.reader import Archive
from reports.analysts.journal import Journal
from reports.analysts.state import state_of
from reports.causes.night import Asked, causes
from reports.causes.people import Word, word_of
from reports.ledger import Layer, Ledger, MarkChange, Run, inputs_of

_log = logging.getLogger(__name__)


def since_last_night(
    ledger: Ledger, loaded: Loaded, tonight: Judged, layer: Layer = Layer.PUBLISHED
) -> tuple[MarkChange, ...]:
    """Return the marks that came out otherwise than on the recorded night before, each with its causes."""
    now = tonight.assessment.night
    earlier = [night for night in ledger.nights(layer) if night < now]
    before = ledger.assessment(earlier[-1], layer) if earlier else None
    run = ledger.run_of(earlier[-1], layer) if earlier else None
    if before is None or run is None:
        return ()
    inputs = inputs_of(loaded, lock_digest())
    asked = Asked(loaded.settings, loaded.pack, (inputs.config_digest, inputs.pack_digest), inputs.lock_digest)
    was_asked = asked_of(ledger, run, asked)
    return causes(before, was_asked, tonight, asked, _judge, _words(ledger, run))


def _words(ledger: Ledger, run: Run) -> tuple[Word, Word]:
    """Return what counts by people's decisions: as known when last night's *run* ended, and as known now."""
    entries = Journal(ledger).entries()
    known = [item for item in entries if run.finished is not None and item.at <= run.finished]
    return word_of(state_of(known)), word_of(state_of(entries))


def asked_of(ledger: Ledger, run: Run, now: Asked) -> Asked:
    """Return what *run* was asked, from its snapshots: as it is asked *now* where nothing else was kept.

    The keys inside addresses are masked in snapshots, so what did not change is taken from *now*.
    """
    digests = (run.config_digest, run.pack_digest)
    settings, pack = now.settings, now.pack
    if digests[0] != now.digests[0]:
        settings = _read(Settings, ledger.snapshot(digests[0]), workspace=settings.workspace) or settings
    if digests[1] != now.digests[1]:
        pack = _read(Pack, ledger.snapshot(digests[1])) or pack
    return Asked(settings, pack, digests, run.lock_digest)


def _read(model: Any, text: str | None, **more: Any) -> Any:
    try:
        return model.model_validate({**msgspec.json.decode(text), **more}) if text else None
    except ValidationError as error:
        _log.warning("a snapshot of the ledger cannot be read by this version: %s", error)
        return None


def _judge(settings: Settings, pack: Pack, evidence: date, judged_on: date) -> Judged | None:
    """Judge a night of the archive again; None when it is not there any more, or cannot be read."""
    try:
        with Archive(settings.workspace) as archive:
            if evidence not in archive.series_nights():
                return None
        return judging.judge(settings, pack, evidence, judging.Terms(judged_on), write_history=False)
    except ArchiveError as error:
        _log.warning("night %s cannot be judged again: %s", evidence, error)
        return None
