"""Known licences and what the Open Definition says of them: the SPDX list and this project's own table, typed."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path

import msgspec

FOLDER = Path(__file__).with_name("vendor") / "licences"


class OpenStatus(StrEnum):
    """What the Open Definition says: conforms, does not, nobody ruled; or the field says that nothing is stated."""

    APPROVED = "approved"
    REJECTED = "rejected"
    NOT_REVIEWED = "not_reviewed"
    NONE = "none"


class KnownLicence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One licence with its other spellings; an address stands for everything below it."""

    id: str
    status: OpenStatus
    title: str
    ids: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()


class CreativeCommons(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How titles write the family's name, its elements (by, nc, nd, sa) and its public domain tools."""

    names: tuple[str, ...]
    elements: dict[str, tuple[str, ...]]
    zero: tuple[str, ...]
    mark: tuple[str, ...]


class LicenceTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The project's own table."""

    licences: tuple[KnownLicence, ...]
    spdx_ids: dict[str, tuple[str, ...]]
    creative_commons: CreativeCommons
    lists: tuple[str, ...]


class NoticeFormulas(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Formulas of rights notices by language: rights reserved, re-use forbidden, and how builders name themselves."""

    reserved: dict[str, tuple[str, ...]]
    forbidden: dict[str, tuple[str, ...]]
    builders: dict[str, tuple[str, ...]]


class SpdxLicence(msgspec.Struct, frozen=True):
    """One licence of the SPDX list."""

    name: str
    url: str = ""
    osi_approved: bool = msgspec.field(name="osiApproved", default=False)


@cache
def licence_table() -> LicenceTable:
    """Return the project's own table."""
    return msgspec.yaml.decode((FOLDER / "licences.yaml").read_bytes(), type=LicenceTable)


@cache
def spdx_licences() -> dict[str, SpdxLicence]:
    """Return the SPDX list by identifier."""
    return msgspec.json.decode((FOLDER / "spdx.json").read_bytes(), type=dict[str, SpdxLicence])


@cache
def notice_formulas() -> NoticeFormulas:
    """Return the formulas of rights notices."""
    return msgspec.yaml.decode((FOLDER / "notices.yaml").read_bytes(), type=NoticeFormulas)
