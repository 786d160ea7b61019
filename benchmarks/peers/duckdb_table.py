"""DuckDB: the checked feed in a table of its own, sorted by place, and the dashboard's questions in its SQL.

A trend is of stocks of persons, whatever their sex and age, the last vintage of each; its unit is a month and a group.
"""

import sys

import duckdb

# The columns are text first and get their types in a second step: in one, the reader itself would fail on a bad cell.
LOAD = """
CREATE TEMP TABLE raw AS SELECT * FROM read_csv($observations, all_varchar = true, header = true);
CREATE TEMP TABLE place AS SELECT * FROM read_csv($places, all_varchar = true, header = true);
CREATE TABLE observations AS
SELECT DISTINCT * REPLACE (
    publication_date::DATE AS publication_date, period_start::DATE AS period_start, period_end::DATE AS period_end,
    value::BIGINT AS value, value_low::BIGINT AS value_low, value_high::BIGINT AS value_high
)
FROM raw
WHERE try_cast(publication_date AS DATE) IS NOT NULL
  AND try_cast(period_start AS DATE) IS NOT NULL
  AND try_cast(period_end AS DATE) IS NOT NULL
  AND regexp_full_match(value, '[0-9]+')
  AND country IN (SELECT "Location" FROM place)
  AND (admin1 IS NULL OR admin1 IN (SELECT "P-Code" FROM place))
  AND (admin2 IS NULL OR admin2 IN (SELECT "P-Code" FROM place))
ORDER BY country, admin1, admin2;
"""

_TREND = """
WITH latest AS (
    SELECT source, country, admin1, population_group, date_trunc('month', period_end)::DATE AS month, external_id,
        arg_max(value, publication_date) AS value
    FROM observations
    WHERE measure = 'stock' AND unit = 'persons' AND sex = 'all' AND age_group = 'all' AND {rows}
    GROUP BY ALL
)
SELECT {by}, sum(value)::BIGINT FROM latest GROUP BY ALL
"""

QUESTIONS = {
    "country trend": _TREND.format(rows="country = $country", by="month, population_group"),
    "region trend": _TREND.format(
        rows="country = $country AND admin1 IS NOT NULL", by="admin1, month, population_group"
    ),
    "as-of trend": _TREND.format(rows="country = $country AND publication_date <= $day", by="month, population_group"),
    "source comparison": _TREND.format(rows="admin1 = $region", by="source, month"),
    "filter options": "SELECT DISTINCT country, source, population_group FROM observations",
}
"""What the dashboard asks: of one country, of its regions, of the country as the world knew it on a day, of one region
by source, and what there is to choose from."""


def main(observations: str, places: str, target: str) -> None:
    """Load the feed into a new DuckDB file."""
    with duckdb.connect(target) as connection:
        for statement in duckdb.extract_statements(LOAD):
            named = {"observations": observations, "places": places}
            used = {name: told for name, told in named.items() if name in statement.named_parameters}
            connection.execute(statement, used)


if __name__ == "__main__":
    main(*sys.argv[1:])
