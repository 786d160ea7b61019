"""The page of our own sheets, as Markdown: their columns from the modules that read them, and the mapping file."""

from collections.abc import Mapping
from typing import Any

from ingest.contract import SourceModule, is_sheet

COMMAND = "./run sources --markdown sheets > docs/sheets.md"

HEAD = f"""<!-- Made by `{COMMAND}`; the columns stand in ingest/sources/*_sheet.py and ingest/tidy.py. -->

# The sheets

What no other source brings, a person can write down: displacement, statuses of borders and crossings, constraints on
aid. Fill in a template, or write a mapping for a table you have, and load it:

```
./run ingest displacement_sheet --from FILE
./run ingest displacement_sheet --from FILE --mapping mapping.toml
```

## What holds for every sheet

- **Files.** CSV (UTF-8; comma, semicolon or tab), XLSX, NDJSON (a JSON object a line) and Parquet say the same.
  Rows above the header of a workbook do no harm; "Reference period end" is `reference_period_end`.
- **Empty is not zero.** An empty cell, `-` and `n/a` mean "not reported". `0` means that somebody counted none. `*` and
  `<5` mean that the number is kept confidential.
- **Numbers** are written plainly: `41200`, not `41,200`.
- **Dates** are `2024-12-08`, `2024-12` or `2024`, and are known that exactly. A date with the day first is refused.
- **Who says so** stands in `asserted_by`. What two bodies say of one thing are two series, and both stand.
- **A row that cannot be read** is set aside with the reason, and the others are loaded: `./run status SHEET`.
- **A column with another name** is told in a warning and not read. A needed column that is missing stops the file.
- **Again.** The same rows are loaded once. The same row with another number is a revision; the former one is kept.
"""

MAPPING = """## A table in somebody else's form

A mapping is a small file (TOML) beside the table. It has up to four parts:

- `required`: a list of our columns; a row in which one of them is not filled is set aside.
- `[columns]`: our column = theirs, spelt as in their header. Of a list, the first cell that is filled counts; an empty
  list (`[]`) means that theirs of this name is something else. `"{Round} {Operation}"` puts several cells together.
- `[constants]`: our column = what holds for every row, or wherever their cell is empty.
- `[values.COLUMN]`: their word = ours. A word that is not listed stays as it is; `""` makes it empty.

A column of theirs that has our name is read without being listed. The mapping is archived with the file, so that the
file can be read the same way for ever. A mapping that names a column neither side has is refused, with exit code 2.

This table

```csv
Country,Governorate,District,IDPs (ind.),How known,Date of round,Agency
SYR,Idleb,,41200,counted,2024-11-30,Example Agency
SYR,Aleppo,,18000,estimated,2024-11-30,Example Agency
SYR,Homs,,n/a,,2024-11-30,Example Agency
```

with this mapping

```toml
[columns]
iso3 = "Country"
location_name = ["District", "Governorate"]
value = "IDPs (ind.)"
qualifier = "How known"
reference_period_end = "Date of round"
asserted_by = "Agency"

[constants]
indicator = "population"
measure = "stock"
population_group = "IDP"

[values.qualifier]
counted = "exact"
estimated = "approx"
```

is two figures: 41,200 displaced people in Idleb and about 18,000 in Aleppo, on 30 November 2024, according to Example
Agency. The row of Homs is set aside: nobody reported a number.
"""


def sheets_page(modules: Mapping[str, SourceModule]) -> str:
    """What holds for every sheet, each sheet's columns, and the mapping."""
    return "\n".join([HEAD, *(_section(module) for module in modules.values() if is_sheet(module)), MAPPING])


def _section(module: Any) -> str:
    source, rows = module.SOURCE, []
    for column, meaning in module.COLUMNS.items():
        needed = "yes" if column in module.REQUIRED else ""
        rows.append(f"| `{column}` | {needed} | {meaning} |")
    template = f"[templates/{source.code}.csv](templates/{source.code}.csv)"
    return "\n".join(
        [
            f"## {source.name} (`{source.code}`)\n",
            f"{source.measures} {source.grain} {source.traps} Template: {template}; its rows are examples.\n",
            "| column | needed | meaning |",
            "| --- | --- | --- |",
            *rows,
            "",
        ]
    )
