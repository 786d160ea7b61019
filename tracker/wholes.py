"""Wholes and their parts: which rows of a frame may stand side by side."""

import pandas as pd

from tracker.vocabulary import Role, Sex, Unit


def undivided(frame: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows count all persons of their group: not households, one sex, an age group or one crossing."""
    whole = (frame["sex"] == Sex.ALL) & (frame["age"] == "all") & frame["point_of_entry"].isna()
    return whole & (frame["unit"] == Unit.PERSONS)


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
