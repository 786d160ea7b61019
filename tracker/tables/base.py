"""What the tables share: naming of constraints, the UTC instant, and CHECKs made from the vocabulary."""

from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from sqlalchemy import CheckConstraint, Date, DateTime, Dialect, Integer, MetaData
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Declarative base; every constraint gets a name, so a migration can find it again."""

    metadata = MetaData(naming_convention=NAMES)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no zone, so it is taken off on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive datetime: nobody knows which moment it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Day(TypeDecorator[date]):
    """A day. SQLite has no dates; there it is the whole number 20241208, a third of the size of its text."""

    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """A whole number on SQLite, a date elsewhere."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else Date())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        """As the database keeps it."""
        if value is None or dialect.name != "sqlite":
            return value
        return value.year * 10_000 + value.month * 100 + value.day

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        """As a date again."""
        if value is None or dialect.name != "sqlite":
            return cast("date | None", value)
        return date(value // 10_000, value // 100 % 100, value % 100)


class day_number(FunctionElement[int]):  # noqa: N801
    """A `Day` column as the whole number 20241208."""

    type = Integer()
    inherit_cache = True


@compiles(day_number, "sqlite")
def _sqlite_number(element: Any, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(day_number, "postgresql")
def _postgresql_number(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST(to_char({compiler.process(element.clauses, **options)}, 'YYYYMMDD') AS INTEGER)"


EPOCH = date(1970, 1, 1).toordinal()


def ordinals(numbers: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Days written like 20241208 as proleptic ordinals; 0 stays 0."""
    months = (numbers // 10_000 - 1970) * 12 + numbers // 100 % 100 - 1
    days = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + numbers % 100 - 1
    found: npt.NDArray[Any] = np.where(numbers == 0, 0, days + EPOCH)
    return found


def day_numbers(ordinals: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Proleptic ordinals as days written like 20241208."""
    days = (ordinals - EPOCH).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    month, day = months.astype(np.int64), (days - months.astype("datetime64[D]")).astype(np.int64)
    found: npt.NDArray[Any] = (month // 12 + 1970) * 10_000 + (month % 12 + 1) * 100 + day + 1
    return found


class utc_day(FunctionElement[date]):  # noqa: N801
    """The UTC day of an `Instant` column, whatever the time zone of the database's session."""

    type = Day()
    inherit_cache = True


@compiles(utc_day, "sqlite")
def _sqlite_day(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST(strftime('%Y%m%d', {compiler.process(element.clauses, **options)}) AS INTEGER)"


@compiles(utc_day, "postgresql")
def _postgresql_day(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST(({compiler.process(element.clauses, **options)}) AT TIME ZONE 'UTC' AS DATE)"


def one_of(column: str, words: type[Enum], *more: str) -> CheckConstraint:
    """A CHECK that ``column`` holds one of the vocabulary's words (null passes)."""
    allowed: list[Any] = [*(word.value for word in words), *more]
    listed = ", ".join(repr(word) for word in allowed)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def either(column: str, words: type[Enum]) -> CheckConstraint:
    """The same as `one_of`, for tables of millions of rows: SQLite sorts the list of an IN anew for every row."""
    return CheckConstraint(" OR ".join(f"{column} = {word.value!r}" for word in words), name=column)


def not_negative(*columns: str) -> CheckConstraint:
    """A CHECK that none of the columns is below zero (null passes)."""
    return CheckConstraint(" AND ".join(f"({c} IS NULL OR {c} >= 0)" for c in columns), name="not_negative")
