from __future__ import annotations

from checks.facts.metadata import sdmx
from checks.facts.metadata.sdmx import SdmxFacts

MESSAGE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"
STRUCTURE = f"""<mes:Structure xmlns:mes="{MESSAGE}" xmlns:str="{MESSAGE}/structure"><mes:Structures>
<str:DataStructure id="PRICES"><str:DataStructureComponents><str:DimensionList>
<str:Dimension id="FREQ"/><str:Dimension id="REF_AREA"/><str:TimeDimension id="TIME_PERIOD"/></str:DimensionList>
<str:AttributeList><str:Attribute id="UNIT_MEASURE"/></str:AttributeList>
</str:DataStructureComponents></str:DataStructure></mes:Structures></mes:Structure>"""
GENERIC = f"""<mes:GenericData xmlns:mes="{MESSAGE}" xmlns:gen="{MESSAGE}/generic"><mes:DataSet>
<gen:Series><gen:SeriesKey><gen:Value id="REF_AREA" value="KZ75"/><gen:Value id="INDICATOR" value="CPI"/></gen:SeriesKey>
<gen:Obs><gen:ObsDimension value="2026-01"/><gen:ObsValue value="1.2"/></gen:Obs></gen:Series></mes:DataSet></mes:GenericData>"""
COMPACT = f"""<mes:StructureSpecificData xmlns:mes="{MESSAGE}"><mes:DataSet>
<Series REF_AREA="KZ75" UNIT="PC"><Obs TIME_PERIOD="2026-01" OBS_VALUE="1.2"/></Series></mes:DataSet></mes:StructureSpecificData>"""


def facts(text: str) -> SdmxFacts:
    found = sdmx.read(text.encode())
    assert found is not None
    return found


def test_a_structure_names_its_dimensions() -> None:
    found = facts(STRUCTURE)
    assert found.dimensions == ("FREQ", "REF_AREA", "TIME_PERIOD")
    assert (found.by_area, found.has_period, found.has_unit) == (True, True, True)


def test_series_carry_theirs() -> None:
    found = facts(GENERIC)
    assert (found.series, found.by_area, found.has_period, found.has_unit) == (1, True, True, False)


def test_compact_series_carry_theirs_as_attributes() -> None:
    found = facts(COMPACT)
    assert (found.by_area, found.has_unit) == (True, True)


def test_an_aggregate_has_no_area() -> None:
    assert not facts(STRUCTURE.replace('<str:Dimension id="REF_AREA"/>', "")).by_area


def test_another_document_is_none() -> None:
    assert sdmx.read(b"<feed xmlns='http://www.w3.org/2005/Atom'/>") is None
