"""The neutral record: one data set as a catalogue describes it, whatever software the catalogue runs.

Adapters fill it from DCAT, CKAN, ISO 19139 or a portal's own JSON; rules read nothing else. A field that the catalogue
does not state stays empty: None or an empty tuple, never a guess. Texts are kept by language code; `und` where the
catalogue does not say which language it is.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

Texts = dict[str, str]
UNDETERMINED = "und"


class Standard(StrEnum):
    """The form in which the catalogue gave the record."""

    DCAT = "dcat"
    ISO_19139 = "iso19139"
    ISO_19115_3 = "iso19115-3"
    CKAN = "ckan"
    DATA_JSON = "data.json"
    SCHEMA_ORG = "schema.org"
    DUBLIN_CORE = "dublin-core"
    OWN = "own"


class Distribution(msgspec.Struct, frozen=True):
    """One form in which a data set is offered: address, declared format and media type as the catalogue writes them.

    `url` is where the bytes are, as far as the catalogue says so, else where the way to them begins; `access_url` is
    the latter where both are stated. `service` marks an interface that gives data on request: it is never fetched.
    """

    url: str
    format: str | None = None
    media_type: str | None = None
    titles: Texts = msgspec.field(default_factory=dict)
    licence: str | None = None
    modified: str | None = None
    size: int | None = None
    service: bool = False
    access_url: str | None = None
    issued: str | None = None
    conforms_to: tuple[str, ...] = ()


class Contact(msgspec.Struct, frozen=True):
    """Who answers for a data set. Presence only: names, mails and phones themselves stay in the archive."""

    has_name: bool = False
    has_mail: bool = False
    has_phone: bool = False
    organisation: str | None = None


class Field(msgspec.Struct, frozen=True):
    """One column of a data set as its passport describes it."""

    name: str
    type: str | None = None
    labels: Texts = msgspec.field(default_factory=dict)


class Extent(msgspec.Struct, frozen=True):
    """A bounding box in degrees as stated, sane or not: checks judge it."""

    west: float
    south: float
    east: float
    north: float


class Licence(msgspec.Struct, frozen=True):
    """What the catalogue says on re-use, as it says it: id, title, address and free text."""

    id: str | None = None
    title: str | None = None
    url: str | None = None
    text: str | None = None

    def stated(self) -> bool:
        """Tell whether anything is said at all."""
        return any((self.id, self.title, self.url, self.text))


class Record(msgspec.Struct, frozen=True):
    """One data set description. Dates, frequency and formats are as written; reading them is the facts' business.

    `capture` is the WARC record it was read from and `locator` the place in it; `fields` is None when the record model
    has no field list at all. `publisher_aliases` are further ids of the publisher, such as a short name in addresses;
    `current` is the catalogue's own word on whether the data are kept up to date; `kind` the type of resource it names
    (dataset, series, service). A `part` holds details that complete the record of the same id; in a record made of
    both, `details` is the WARC record of the part.
    """

    id: str
    portal: str
    capture: str
    locator: str = ""
    standard: Standard = Standard.OWN
    url: str | None = None
    publisher_id: str | None = None
    publisher_names: Texts = msgspec.field(default_factory=dict)
    titles: Texts = msgspec.field(default_factory=dict)
    descriptions: Texts = msgspec.field(default_factory=dict)
    keywords: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    contact: Contact = Contact()
    frequency: str | None = None
    issued: str | None = None
    modified: str | None = None
    metadata_modified: str | None = None
    temporal: tuple[str | None, str | None] | None = None
    extent: Extent | None = None
    reference_system: str | None = None
    licence: Licence = Licence()
    version: str | None = None
    status: str | None = None
    languages: tuple[str, ...] = ()
    fields: tuple[Field, ...] | None = None
    distributions: tuple[Distribution, ...] = ()
    downloads: int | None = None
    views: int | None = None
    publisher_aliases: tuple[str, ...] = ()
    kind: str | None = None
    current: bool | None = None
    access_rights: str | None = None
    conforms_to: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    part: bool = False
    details: str | None = None
