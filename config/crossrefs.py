"""What no single model can see: names that must exist elsewhere, and claims that must not meet.

Every check is a generator of `Issue`s over typed models; the loader turns them into lines with places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from urllib.parse import urlsplit

from config.base import Period
from config.indicators import indicators
from config.model import Agency, Duty, Portal, Scope, Settings
from config.pack import Pack, Profile
from config.places import Loc
from config.problems import suggest
from config.urls import site_host

_LISTED = 12


@dataclass(frozen=True)
class Issue:
    """One problem: where, what is wrong, what would be accepted."""

    loc: Loc
    text: str
    accepted: str = ""


def settings_issues(settings: Settings, pack: Pack | None) -> Iterator[Issue]:
    """Yield what is wrong between the parts of *settings*, and between them and *pack*."""
    agencies, portals = settings.agencies, settings.portals
    known_agencies = [item.id for item in (*agencies, *(pack.agencies if pack else ()))]
    known_portals = [item.id for item in (*portals, *(pack.portals if pack else ()))]
    yield from _bodies(agencies, portals, known_agencies, known_portals)
    yield from _controls(settings)
    yield from _expected(settings)
    yield from _twice("people", [item.id for item in settings.people])
    yield from _twice("alerts.recipients", [item.id for item in settings.alerts.recipients])
    for index, recipient in enumerate(settings.alerts.recipients):
        if recipient.agency is not None and recipient.agency not in known_agencies:
            yield _unknown(("alerts", "recipients", index, "agency"), "agency", recipient.agency, known_agencies)
    yield from _twice("periods", [item.id for item in settings.periods])
    for index, line in enumerate(settings.discoveries):
        if line.agency not in known_agencies:
            yield _unknown(("discoveries", index, "agency"), "agency", line.agency, known_agencies)
    yield from chain.from_iterable(_reachable(index, agency) for index, agency in enumerate(agencies))
    if pack is None:
        return
    if settings.profile is not None and pack.profile(settings.profile) is None:
        yield _unknown(("profile",), "profile", settings.profile, [item.id for item in pack.profiles])
    for index, period in enumerate(settings.periods):
        if period.profile is not None and pack.profile(period.profile) is None:
            known = [item.id for item in pack.profiles]
            yield _unknown(("periods", index, "profile"), "profile", period.profile, known)
    for index, agency in enumerate(agencies):
        yield from _language_codes(("agencies", index), agency, pack)


def pack_issues(pack: Pack) -> Iterator[Issue]:
    """Yield what is wrong between the parts of *pack*."""
    agency_ids, portal_ids = [item.id for item in pack.agencies], [item.id for item in pack.portals]
    yield from _bodies(pack.agencies, pack.portals, agency_ids, portal_ids)
    yield from _duty_issues(("duties",), pack.duties)
    for role, agency_id in pack.bodies.items():
        if agency_id not in agency_ids:
            yield _unknown(("bodies", role), "agency", agency_id, agency_ids)
    for index, profile in enumerate(pack.profiles):
        for name in profile.indicators:
            yield from _indicator(("profiles", index, "indicators", name), name)
        yield from _accepted(("profiles", index), profile, [item.id for item in pack.format_classes])
    for index, agency in enumerate(pack.agencies):
        yield from _language_codes(("agencies", index), agency, pack)
    for key, ids in (("profiles", [item.id for item in pack.profiles]), ("rules", [item.id for item in pack.rules])):
        yield from _twice(key, ids)


def _accepted(loc: Loc, profile: Profile, classes: list[str]) -> Iterator[Issue]:
    asked = {("defaults",): profile.defaults} | {
        ("indicators", name): item for name, item in profile.indicators.items()
    }
    for place, params in asked.items():
        if params.accepts is not None and params.accepts not in classes:
            yield _unknown((*loc, *place, "accepts"), "class of formats", params.accepts, classes)


def _bodies(
    agencies: tuple[Agency, ...], portals: tuple[Portal, ...], known_agencies: list[str], known_portals: list[str]
) -> Iterator[Issue]:
    yield from _twice("agencies", [item.id for item in agencies])
    yield from _twice("portals", [item.id for item in portals])
    for index, portal in enumerate(portals):
        if portal.owner is not None and portal.owner not in known_agencies:
            yield _unknown(("portals", index, "owner"), "agency", portal.owner, known_agencies)
    for index, agency in enumerate(agencies):
        yield from _agency_issues(("agencies", index), agency, known_agencies, known_portals)
    yield from _scope_claims(agencies)


def _controls(settings: Settings) -> Iterator[Issue]:
    """Control probes tell our network's trouble from that of the assessed only when they are not theirs."""
    theirs = {site_host(scope.host): agency.id for agency in settings.agencies for scope in agency.sites}
    theirs |= {site_host(urlsplit(portal.url).netloc): portal.id for portal in settings.portals}
    for index, url in enumerate(settings.crawl.control_probes):
        host = site_host(urlsplit(url).netloc)
        if host in theirs:
            yield Issue(
                ("crawl", "control_probes", index), f"{host} is a host of {theirs[host]}", "a host of nobody assessed"
            )


def _expected(settings: Settings) -> Iterator[Issue]:
    """Yield expectations that would never be looked at: records of a site, pages of a portal."""
    for index, agency in enumerate(settings.agencies):
        for number, scope in enumerate(agency.sites):
            if scope.expect.records is not None:
                loc = ("agencies", index, "sites", number, "expect", "records")
                yield Issue(loc, "a site has no records", "pages and drop")
    for index, portal in enumerate(settings.portals):
        if portal.expect.pages is not None:
            yield Issue(("portals", index, "expect", "pages"), "a portal is counted in records", "records and drop")


def _twice(key: str, ids: list[str]) -> Iterator[Issue]:
    for index, item in enumerate(ids):
        first = ids.index(item)
        if first != index:
            yield Issue(
                (*key.split("."), index, "id"), f"{item} is already the id of {key}[{first}]", "an id of its own"
            )


def _agency_issues(loc: Loc, agency: Agency, known_agencies: list[str], known_portals: list[str]) -> Iterator[Issue]:
    for key, ids in (("predecessors", agency.predecessors), ("successors", agency.successors)):
        for index, other in enumerate(ids):
            if other == agency.id:
                yield Issue((*loc, key, index), f"{other} names itself", "the id of another agency")
            elif other not in known_agencies:
                yield _unknown((*loc, key, index), "agency", other, known_agencies)
    for index, publisher in enumerate(agency.publishers):
        if publisher.portal not in known_portals:
            yield _unknown((*loc, "publishers", index, "portal"), "portal", publisher.portal, known_portals)
    yield from _duty_issues((*loc, "duties"), agency.duties)
    for index, service in enumerate(agency.delegated_services):
        yield from _indicator((*loc, "delegated_services", index, "indicator"), service.indicator)
    for index, probe in enumerate(agency.probes):
        if probe.indicator is not None:
            yield from _indicator((*loc, "probes", index, "indicator"), probe.indicator)


def _duty_issues(loc: Loc, duties: Iterable[Duty]) -> Iterator[Issue]:
    for index, duty in enumerate(duties):
        for number, name in enumerate(duty.indicators):
            yield from _indicator((*loc, index, "indicators", number), name)


def _indicator(loc: Loc, name: str) -> Iterator[Issue]:
    if name not in indicators():
        yield _unknown(loc, "indicator", name, list(indicators()))


def _language_codes(loc: Loc, agency: Agency, pack: Pack) -> Iterator[Issue]:
    """Names under an alias (`kz` for `kk`) would never be found: look-ups go by code."""
    for index, period in enumerate(agency.names):
        for spelled in period.names:
            code = pack.language(spelled)
            if code is not None and code != spelled:
                yield Issue((*loc, "names", index, "names", spelled), f"{spelled} is an alias of {code}", code)


def _reachable(index: int, agency: Agency) -> Iterator[Issue]:
    if not (agency.sites or agency.publishers or agency.successors or agency.valid_to):
        yield Issue(
            ("agencies", index, "sites"),
            f"empty site list: there is nothing to look at for {agency.id}",
            "at least one address; or publishers, successors or valid_to for a body without a site",
        )


def _scope_claims(agencies: tuple[Agency, ...]) -> Iterator[Issue]:
    seen: dict[tuple[str, str], list[tuple[int, Period]]] = {}
    for index, agency in enumerate(agencies):
        for number, scope in enumerate(agency.sites):
            days, claims = _days(agency, scope), seen.setdefault(_address(scope), [])
            other = next((owner for owner, period in claims if days and period.overlaps(days)), None)
            if other is not None:
                yield _claimed_twice((index, number), agencies[other], scope)
            elif days:
                claims.append((index, days))


def _claimed_twice(at: tuple[int, int], other: Agency, scope: Scope) -> Issue:
    return Issue(
        ("agencies", at[0], "sites", at[1], "url"),
        f"{scope.url} already belongs to {other.id} on the same days",
        "one owner a day: end one period with valid_to before the other begins, or give a narrower address",
    )


def _days(agency: Agency, scope: Scope) -> Period | None:
    """Return the days on which the scope is the agency's: both must exist."""
    if not agency.overlaps(scope):
        return None
    start = max(agency.valid_from or date.min, scope.valid_from or date.min)
    end = min(agency.valid_to or date.max, scope.valid_to or date.max)
    return Period(valid_from=start, valid_to=end)


def _address(scope: Scope) -> tuple[str, str]:
    """Return what tells scopes apart: neither scheme nor `www.` nor a closing slash does."""
    parts = urlsplit(scope.url)
    return site_host(parts.netloc), parts.path.rstrip("/")


def _unknown(loc: Loc, what: str, given: str, known: list[str]) -> Issue:
    text = f"unknown {what} {given}{suggest(given, known)}"
    shown = sorted(set(known))
    more = f" and {len(shown) - _LISTED} more" if len(shown) > _LISTED else ""
    return Issue(loc, text, (", ".join(shown[:_LISTED]) + more) or f"none is known here; add the {what} first")
