"""Every recorded payload has a source that reads it, or is no figures' payload and says what it is."""

from pathlib import Path

import pytest

from ingest.contract import discover
from tests.samples import RECORDED, parsed, recorded
from tracker.errors import SourceChanged

READ_BY = {
    "acaps/humanitarian_access_*": "acaps_humanitarian_access",
    "acaps/inform_severity_*": "acaps_inform_severity",
    "acled/*": "acled_conflict_events",
    "awsd/*": "aid_worker_security_database",
    "border-cobap/*": "cobap_border_policies",
    "border-syria/status_snapshots.json": "syria_crossings",
    "border-ukraine/*": "ocha_ukraine_border_crossings",
    "hdx-hapi/hapi_conflict_events_*": "acled_conflict_events",
    "hdx-hapi/hapi_humanitarian_needs_*": "hdx_hapi_humanitarian_needs",
    "hdx-hapi/hapi_idps_*": "hdx_hapi_idps",
    "hdx-hapi/hapi_returnees_*": "hdx_hapi_returnees",
    "idmc-gidd/conflicts_*": "idmc_gidd",
    "idmc-gidd/disaggregation_*": "idmc_gidd_disaggregation",
    "idmc-gidd/disasters_*": "idmc_gidd_disasters",
    "idmc-gidd/hdx_*": "idmc_gidd",
    "idmc-idu/*": "idmc_idu",
    "insecurity-insight/aid_worker_kika_2020*": "insecurity_insight_aid_workers",
    "insecurity-insight/aid_worker_kika_incidents*": "insecurity_insight_aid_workers",
    "insecurity-insight/aid_worker_kika_overview*": "insecurity_insight_aid_workers_overview",
    "insecurity-insight/explosive_weapons_*": "insecurity_insight_explosive_weapons",
    "insecurity-insight/food_security_*": "insecurity_insight_food_security",
    "iom-dtm-api/v?_admin*": "iom_dtm",
    "iom-dtm-workbooks/*": "dtm_workbook",
    "iom-missing-migrants/*": "iom_missing_migrants",
    "ocha-access/*": "ocha_access_indicators",
    "pcodes/afg_*": "ocha_pcodes",
    "pcodes/global_pcodes_*": "ocha_pcodes",
    "reliefweb/*": "reliefweb_disasters",
    "unhcr-odp/[!g]*": "unhcr_situations",
    "unhcr-prmn/*": "unhcr_prmn_somalia",
    "unhcr-statistics/asylum_*": "unhcr_asylum",
    "unhcr-statistics/demographics_*": "unhcr_demographics",
    "unhcr-statistics/hdx_demographics*": "unhcr_demographics",
    "unhcr-statistics/hdx_end_year_*": "unhcr_population",
    "unhcr-statistics/population_*": "unhcr_population",
}
NO_FIGURES = {
    "border-syria/[!s]*": "syria_crossings",
    "border-syria/sources.json": "syria_crossings",
    "hdx-ckan/*": "ocha_ukraine_border_crossings",
    "iom-dtm-api/v3_*_list.json": "iom_dtm",
    "pcodes/global_pcode_lengths.csv": "ocha_pcodes",
    "unhcr-odp/geo_id_to_iso3.csv": "unhcr_situations",
    "unhcr-statistics/countries.json": "unhcr_population",
}
"""Lists, catalogues and tables beside the figures, and the source a person would most likely try them with."""

pytestmark = pytest.mark.recorded


def _files(patterns: dict[str, str]) -> list[tuple[str, str]]:
    found = {
        str(path.relative_to(RECORDED)): code for pattern, code in patterns.items() for path in RECORDED.glob(pattern)
    }
    return sorted(found.items())


@pytest.mark.parametrize(("name", "code"), _files(READ_BY))
def test_recording_is_read(name: str, code: str) -> None:
    """A payload that a source promised to read, and gives up on, is a country without figures."""
    module = discover()[code]
    rows = parsed(module, recorded(name))
    # Every row came to something: figures, a reason, or cells that say nothing.
    assert rows or module.SOURCE.may_be_empty
    assert any(row.figures for row in rows) or module.SOURCE.may_be_empty


@pytest.mark.parametrize(("name", "code"), _files(NO_FIGURES))
def test_other_payload_is_refused_with_a_reason(name: str, code: str) -> None:
    """A catalogue that is read as a list of nothing looks like good news."""
    with pytest.raises(SourceChanged, match=Path(name).name):
        parsed(discover()[code], recorded(name))


def test_no_recording_is_left_out() -> None:
    """A recording nobody reads is a promise nobody checked."""
    known = {name for name, _ in _files(READ_BY) + _files(NO_FIGURES)}
    there = {str(path.relative_to(RECORDED)) for path in RECORDED.rglob("*") if path.is_file()}
    assert there - known == {"README.md"}
