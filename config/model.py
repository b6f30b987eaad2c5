"""What an operator writes: the settings of one installation, typed.

The loader (`config.loader`) reads YAML into these models; their JSON Schema is published as
docs/schemas/config.schema.json. Country facts live in the pack (`config.pack`), not here.
"""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from config.alerts import Alerts
from config.base import HttpUrl, Identifier, Languages, Model, Period
from config.discoveries import Discovery
from config.errors import FieldError
from config.expect import Expectation, Timetable, Usual
from config.office import ContestTimes, FrozenPeriod, Person, Signing
from config.urls import normalise_url


def _proxy(value: str) -> str:
    """Check a proxy's address. It is kept as written, and never shown: it may carry a password."""
    try:
        normalise_url(value)
    except ValueError:
        raise FieldError(
            "not the address of a proxy", accepted="http://host:port or http://user:password@host:port"
        ) from None
    return value


ProxyUrl = Annotated[str, AfterValidator(_proxy)]


class Names(Period):
    """An agency's names by language code, for a period."""

    names: Languages = Field(min_length=1)


class Duty(Period):
    """What a body must do, and by which law. A `-` may rest only on a verified duty in force."""

    id: Identifier
    indicators: tuple[str, ...] = ()
    law: str
    article: str
    verified: bool
    roles: tuple[str, ...] = ()


class Scope(Period):
    """What belongs to an agency on the web: everything under `url`, plus `include`, minus `exclude`.

    `include` and `exclude` are URL prefixes (absolute, or a path on the same host). `query` lists the query
    parameters that tell pages apart; None keeps all. `platform` names the platform reader of shared software.
    A night that falls short of `expect` ends as incomplete.
    """

    url: HttpUrl
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    query: tuple[str, ...] | None = None
    platform: str | None = None
    expect: Expectation = Expectation()

    @property
    def id(self) -> str:
        """The scope's permanent name: its normalised URL."""
        return self.url

    @property
    def host(self) -> str:
        """Host and port as one name."""
        return urlsplit(self.url).netloc  # of the one spelling of an address


class Publisher(Model):
    """How a portal names this agency: by the portal's own id, or by a name as written there."""

    portal: Identifier
    id: str | None = None
    name: str | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Publisher:
        if (self.id is None) == (self.name is None):
            raise FieldError("both or neither of id and name given", accepted="either id or name")
        return self


class DelegatedService(Period):
    """A service of the agency that lives on a national host, and the indicator it answers."""

    indicator: str
    url: HttpUrl


class Source(Model):
    """A further source of an agency outside its scopes."""

    kind: Literal["legal", "statistics", "programme"]
    url: HttpUrl


class Probe(Model):
    """A link that is fetched once a night and not followed."""

    url: HttpUrl
    indicator: str | None = None


def _as_periods(value: Any) -> Any:
    """Let `names: {kk: ..., ru: ...}` stand for one open-ended period."""
    if isinstance(value, dict) and "names" not in value:
        return ({"names": value},)
    return value


def _as_scopes(value: Any) -> Any:
    """Let a bare URL stand for a scope."""
    if isinstance(value, list | tuple):
        return tuple({"url": item} if isinstance(item, str) else item for item in value)
    return value


class Agency(Period):
    """A body that is assessed. Its id is permanent: renames are name periods, mergers are successors."""

    id: Identifier
    names: Annotated[tuple[Names, ...], BeforeValidator(_as_periods)] = Field(min_length=1)
    roles: tuple[str, ...] = ("central",)
    duties: tuple[Duty, ...] = ()
    sites: Annotated[tuple[Scope, ...], BeforeValidator(_as_scopes)] = ()
    publishers: tuple[Publisher, ...] = ()
    predecessors: tuple[Identifier, ...] = ()
    successors: tuple[Identifier, ...] = ()
    delegated_services: tuple[DelegatedService, ...] = ()
    sources: tuple[Source, ...] = ()
    probes: tuple[Probe, ...] = ()

    @field_validator("names")
    @classmethod
    def _one_name_a_day(cls, names: tuple[Names, ...]) -> tuple[Names, ...]:
        for index, right in enumerate(names):
            other = next((number for number in range(index) if names[number].overlaps(right)), None)
            if other is not None:
                raise FieldError(
                    f"the period of this name overlaps that of names[{other}]",
                    at=(index,),
                    accepted="one name a day: end one period with valid_to before the other begins",
                )
        return names

    def name(self, language: str, night: date) -> str:
        """Return the name in *language* on *night*, else any name then, else the last one known."""
        current = next((item for item in self.names if item.holds(night)), self.names[-1])
        return current.names.get(language) or next(iter(current.names.values()))

    def scopes_on(self, night: date) -> tuple[Scope, ...]:
        """Return the scopes in force on *night*; none when the agency itself does not exist then."""
        return tuple(scope for scope in self.sites if self.holds(night) and scope.holds(night))


class Portal(Model):
    """A data portal or catalogue that is harvested."""

    id: Identifier
    kind: str
    url: HttpUrl
    owner: Identifier | None = None
    expect: Expectation = Expectation()


class Permission(Period):
    """What a host's owner allowed in writing: a faster rate, rendering in a browser, an API.

    `delay` goes before `crawl.delay` and the host's Crawl-delay; it needs `rate` among what is allowed.
    """

    host: str
    by: str
    date: date
    allows: tuple[Literal["rate", "render", "api"], ...] = Field(min_length=1)
    delay: float | None = Field(None, ge=0, description="seconds between two requests that the owner allowed")
    note: str = ""

    @model_validator(mode="after")
    def _rated(self) -> Permission:
        if self.delay is not None and "rate" not in self.allows:
            raise FieldError("delay without `rate` in allows", at=("delay",), accepted="`rate` in allows, or no delay")
        return self


class Window(Model):
    """Local hours between which requests may be made; may span midnight."""

    start: time
    end: time


class Operator(Model):
    """Who runs the crawl. All three appear in the user agent or on the page it names."""

    name: str = Field(min_length=1)
    contact: str = Field(min_length=3, description="mail address or telephone that an administrator can reach")
    about_url: HttpUrl = Field(description="public page about the crawl")


class RenderSettings(Model):
    """How pages are drawn in a browser that show nothing without one. Only where `permissions` allow `render`."""

    budget: int = Field(20, ge=0, description="pages per scope and night that a browser draws")
    browser: str | None = Field(
        None, description="path of Chromium; looked for on PATH when left out; `none` to use none"
    )
    timeout: float = Field(60.0, gt=0, description="seconds for one page, waiting for the host's turn included")
    requests: int = Field(100, ge=1, description="requests for one page")
    bytes: int = Field(20_000_000, ge=1_000, description="bytes received for one page")
    hosts: tuple[str, ...] = Field((), description="further hosts that pages being drawn may ask, beside their own")


class CrawlSettings(Model):
    """How the crawl behaves as a guest. Seconds for times, bytes for sizes."""

    pages_per_site: int = Field(200, ge=1, description="budget of page requests per scope and night")
    records_per_portal: int = Field(20_000, ge=1, description="records read, and requests made, per portal and night")
    distributions_per_portal: int = Field(
        200, ge=0, description="data files fetched per portal, spread over publishers"
    )
    baselines: int = Field(
        3,
        ge=0,
        le=20,
        description="path prefixes per scope under which an address that cannot exist is asked",
    )
    pages_per_host: int = Field(
        10_000, ge=1, description="budget of page requests per host and night, shared fairly between its scopes"
    )
    delay: float = Field(
        1.0, ge=0, description="least seconds between two requests to one host; 0 paces nothing, for hosts of one's own"
    )
    concurrency: int = Field(2, ge=1, le=8, description="requests under way to one host")
    total_concurrency: int = Field(32, ge=1, le=256)
    timeout: float = Field(30.0, gt=0, description="seconds for one exchange")
    retries: int = Field(1, ge=0, le=5)
    adaptive: bool = Field(default=True, description="leave sampled pages out on nights when no change is likely")
    max_file: int = Field(20_000_000, ge=1_000, description="bytes of a body that are kept")
    warc_size: int = Field(1_000_000_000, ge=10_000, description="bytes after which a new WARC file is begun")
    max_redirects: int = Field(10, ge=0, le=20)
    crawl_delay_cap: float = Field(30.0, ge=0, description="longest Crawl-delay of a robots.txt that is obeyed")
    usual_sitemaps: bool = Field(
        default=True, description="look for a sitemap where sites usually keep it, on hosts whose robots.txt names none"
    )
    cool_off: float = Field(60.0, ge=1, description="seconds a host rests that turned us away (429, 503), doubling")
    cool_off_cap: float = Field(900.0, ge=1, description="longest rest, and longest Retry-After that is waited for")
    cool_offs: int = Field(4, ge=0, le=20, description="rests of a host per night; after that it is left alone")
    cool_off_row: int = Field(
        100, ge=10, description="good answers in a row after which half of a host's rests are forgiven"
    )
    render: RenderSettings = RenderSettings()
    control_probes: tuple[HttpUrl, ...] = Field(
        (),
        max_length=10,
        description="addresses of nobody who is assessed; when none of them answers, our own network is down",
    )
    usual: Usual = Usual()
    window: Window | None = None
    deadline: float | None = Field(None, gt=0, description="seconds after which the night ends as incomplete")
    allow_private: bool = Field(default=False, description="let names resolve to loopback and private addresses")
    resolve: dict[str, str] = Field(default_factory=dict, description="host name -> IP address, before DNS")
    proxy: ProxyUrl | None = Field(None, repr=False, description="may be ${NAME}, read from the environment")
    vantage: str = Field("default", description="name of the place on the network that the crawl looks from")


class Publish(Model):
    """What of the evidence is shown in published reports."""

    captures: Literal["none", "excerpt", "full"] = "excerpt"
    languages: tuple[str, ...] | None = Field(None, description="report languages; all message catalogues if left out")
    base_url: HttpUrl | None = None


class RulePeriod(Period):
    """A period that pins its rule set: on its nights these versions count, whatever is installed beside them."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")
    versions: dict[str, int] = Field(min_length=1, description="version by rule, such as LANG-01: 1")


class RuleChoice(Model):
    """Departures from the pack's rule list."""

    disable: tuple[str, ...] = ()
    params: dict[str, dict[str, Any]] = Field(default_factory=dict)
    shadow: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2,8}-[0-9]{2,3}(@[0-9]+)?$")], ...] = Field(
        (), description="rules on trial, as LANG-01 (its newest version) or LANG-01@2: judged and told, never counted"
    )
    periods: tuple[RulePeriod, ...] = ()

    @field_validator("periods")
    @classmethod
    def _one_rule_set_a_night(cls, periods: tuple[RulePeriod, ...]) -> tuple[RulePeriod, ...]:
        for index, right in enumerate(periods):
            if left := next((item for item in periods[:index] if item.overlaps(right)), None):
                raise FieldError(
                    f"period {right.id} overlaps {left.id}", at=(index,), accepted="periods that share no night"
                )
        return periods

    def pinned(self, night: date | None) -> RulePeriod | None:
        """Return the period that pins the rules of *night*, or None."""
        return next((item for item in self.periods if night and item.holds(night)), None)


class Settings(Model):
    """One installation: a pack, a workspace, an operator, and who is crawled."""

    pack: str
    workspace: Path
    operator: Operator
    agencies: tuple[Agency, ...] = Field(min_length=1)
    portals: tuple[Portal, ...] = ()
    permissions: tuple[Permission, ...] = ()
    crawl: CrawlSettings = CrawlSettings()
    schedule: Timetable | None = Field(None, description="when nights begin; lets `status` and `doctor` miss one")
    publish: Publish = Publish()
    rules: RuleChoice = RuleChoice()
    ledger: str | None = Field(
        None,
        repr=False,
        description="address of the ledger's database, such as postgresql+psycopg://odrc:${PASSWORD}@host/odrc; "
        "ledger.sqlite in the workspace if left out",
    )
    profile: str | None = Field(None, description="marking profile of the document; the pack's first if left out")
    people: tuple[Person, ...] = ()
    discoveries: tuple[Discovery, ...] = ()
    contests: ContestTimes = ContestTimes()
    periods: tuple[FrozenPeriod, ...] = ()
    signing: Signing = Signing()
    alerts: Alerts = Alerts()

    def agency(self, agency_id: str) -> Agency | None:
        """Return the agency of that id, or None."""
        return next((item for item in self.agencies if item.id == agency_id), None)
