"""What the register says of names: which a body no longer bears, and under which it publishes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from config.discoveries import Discovery, DiscoveryKind
from config.model import Agency, Publisher
from config.pack import Pack, Phrase

FORMER = "former_bodies"
_LEAST = 8
"""Letters of a name that can be looked for in texts: abbreviations mean too many things."""


def with_former_names(pack: Pack, agencies: Iterable[Agency]) -> Pack:
    """Return *pack* with the ended names of its own and the given agencies among its `former_bodies`.

    A name that is still part of a current one says nothing about age and is left out.
    """
    known = [*pack.agencies, *agencies]
    current = {name.lower() for agency in known for name in _current(agency)}
    found = dict(pack.extraction.phrases(FORMER))
    for language, phrase in sorted(set(_former(known)), key=lambda item: (item[0], item[1].p)):
        if len(phrase.p) >= _LEAST and not any(phrase.p.lower() in name for name in current):
            found[language] = (*found.get(language, ()), phrase)
    if found == pack.extraction.phrases(FORMER):
        return pack
    words = pack.extraction.words | {FORMER: found}
    return pack.model_copy(update={"extraction": pack.extraction.model_copy(update={"words": words})})


def with_publishers(agency: Agency, lines: Iterable[Discovery], night: date) -> Agency:
    """Return *agency* with the publishers that people named on or before *night*, by the portal's id or its name."""
    named = [
        item.value.partition(":")
        for item in lines
        if item.kind is DiscoveryKind.PUBLISHER and item.agency == agency.id and item.holds(night)
    ]
    more = [Publisher(portal=portal, id=name) for portal, _, name in named]
    more += [Publisher(portal=portal, name=name) for portal, _, name in named]
    return agency.model_copy(update={"publishers": (*agency.publishers, *more)}) if more else agency


def _current(agency: Agency) -> Iterator[str]:
    if agency.valid_to is None:
        yield from (name for period in agency.names if period.valid_to is None for name in period.names.values())


def _former(agencies: Iterable[Agency]) -> Iterator[tuple[str, Phrase]]:
    for agency in agencies:
        for period in agency.names:
            ends = [day for day in (agency.valid_to, period.valid_to) if day]
            if ends and min(ends) < date.max:
                since = min(ends) + timedelta(days=1)
                for language, name in period.names.items():
                    yield language, Phrase(p=name, verified=True, since=since, source=f"register: {agency.id}")
