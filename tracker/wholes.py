"""Wholes and their parts: which rows of a frame may stand side by side."""

from typing import Any

import pandas as pd

from tracker.vocabulary import Role, Sex, Unit


def undivided(told: Any) -> Any:
    """Whether a row counts all persons of its group: not households, one sex, an age group or one crossing.

    Of a frame, which of its rows do.
    """
    whole = (told["sex"] == Sex.ALL) & (told["age"] == "all") & pd.isna(told["point_of_entry"])
    return whole & (told["unit"] == Unit.PERSONS)


def without_parts(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame without the parts of figures it holds: of the same source, place and date, by reason, origin or sex."""
    if frame.empty:
        return frame
    columns = [
        "source", "indicator", "measure", "population_group", "location_code", "unit", "reference_period_end",
    ]  # fmt: skip
    about = pd.Series(list(zip(*(frame[column] for column in columns), strict=True)), index=frame.index)
    is_part = frame["role"] == Role.CONTEXT
    return frame[~(is_part & about.isin(set(about[frame["role"] == Role.RECOMMENDED])))]
