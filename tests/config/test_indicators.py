from __future__ import annotations

from config.indicators import indicators

# Level and way of summing up, as decided for each of the 42.
EXPECTED = """\
machine_readable agency share
image_only agency share
lang_coverage agency share
lang_quality agency share
freshness_weekly agency cadence
freshness_static agency share
freshness_declared agency share
passport_complete agency share
metadata_standard portal share
spatial_identifiers body share
sdds_pages body worst
open_licence agency share
copyright_notice agency worst
opendata_agency_page agency exists
inventory_list agency share
portal_catalogue portal worst
portal_stat_section portal exists
user_submission portal exists
budget_participation body exists
event_cadence body evidence
public_hearings agency exists
press_section agency exists
feedback_channel agency exists
social_accounts agency exists
broadcast_live body exists
mobile_version portal worst
apps_showcase portal exists
provenance_link agency share
reports_scatter country evidence
legal_acts_free agency share
paid_information agency worst
aggregated_indicators body share
key_datasets country share
legal_basis country evidence
strategy_keywords country evidence
web_presence agency exists
archive_access body exists
findability agency evidence
usage_counters portal evidence
responsible_named agency share
shared_platform country evidence
events_keywords country evidence
"""


def test_the_42_indicators_with_level_and_sum() -> None:
    found = "".join(f"{item.id} {item.level} {item.sum}\n" for item in indicators().values())
    assert found == EXPECTED
    assert len(indicators()) == 42


def test_each_says_how_its_evidence_reads() -> None:
    for item in indicators().values():
        assert all([item.title, item.where, item.plus, item.minus, item.zero, item.not_observed]), item.id
        assert all(len(text) > 5 for text in item.used_by), item.id
