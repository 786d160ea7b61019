"""Rows of our own sheets, as the files a person may keep them in, and loading them."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Engine

from ingest.report import RunReport
from ingest.run import run_source
from tests.samples import payload, workbook
from tracker.records import Payload
from tracker.vocabulary import Trigger

Row = Mapping[str, Any]

IDPS = {
    "indicator": "population", "measure": "stock", "population_group": "IDP", "location_code": "SY02", "value": 41200,
    "reference_period_end": "2024-11-30", "asserted_by": "Made Office",
}  # fmt: skip
STATUS = {
    "country": "SYR", "neighbour": "LBN", "point_of_entry": "Masnaa", "status": "partial",
    "reference_period_end": "2024-12-09", "asserted_by": "Made Office",
}  # fmt: skip
TRUCKS = {
    "indicator": "aid_trucks", "location_code": "SY07", "value": 14, "unit": "trucks",
    "reference_period_end": "2024-12-09", "asserted_by": "Made Office",
}  # fmt: skip


def as_csv(rows: Sequence[Row], delimiter: str = ",", name: str = "figures.csv") -> Payload:
    """The rows as CSV; what is null is an empty cell."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return payload(file.getvalue(), name)


def as_workbook(rows: Sequence[Row]) -> Payload:
    """The rows as a person keeps them: a title above the header, and the header in words."""
    header = [name.replace("_", " ").capitalize() for name in rows[0]]
    cells = [["Our figures"], [], header, *([*row.values()] for row in rows)]
    return payload(workbook({"Notes": [["Read me"]], "Figures": cells}), "figures.xlsx")


def as_ndjson(rows: Sequence[Row]) -> Payload:
    """The rows, a JSON object a line."""
    return payload("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n", "figures.ndjson")


def as_parquet(rows: Sequence[Row]) -> Payload:
    """The rows as Parquet, whose columns have types."""
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([dict(row) for row in rows]), file)
    return payload(file.getvalue(), "figures.parquet")


def load(store: Engine, folder: Path, sheet: Any, *rows: Row, name: str = "office.csv") -> RunReport:
    """Load rows as one file."""
    every = dict.fromkeys(column for row in rows for column in row)
    saved = as_csv([{column: row.get(column) for column in every} for row in rows], name=name)
    return run_source(store, folder, sheet, [saved], Trigger.FILE, lambda _: None)
