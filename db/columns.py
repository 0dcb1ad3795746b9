"""What tables are made of: column types that mean the same on SQLite and PostgreSQL, names of constraints, checks.

Times are in UTC, and JSON has SQL's own NULL. The tables themselves are in `db.tables`.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, DateTime, Dialect, MetaData, TypeDecorator, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import SQLModel

from extractors.facts.errors import UsageError


class UtcTime(TypeDecorator[datetime]):
    """An aware time, stored in UTC; a naive one is refused, because nobody could say what it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """The time in UTC, as the database stores it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise UsageError(f"{value} has no time zone", remedy="Give times in UTC")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """The time with its zone, which SQLite does not store."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


JSON_COLUMN = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""A JSON document; None is SQL's NULL, so that constraints can ask for it."""

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Names are fixed, so that a migration can find on every engine what another made."""


def one_of(column: str, allowed: Iterable[str]) -> CheckConstraint:
    """That a column has one of a few words."""
    listed = ", ".join(f"'{word}'" for word in allowed)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def whole_sha256(column: str = "sha256") -> CheckConstraint:
    """That a hash has its 64 digits."""
    return CheckConstraint(f"length({column}) = 64", name=f"{column}_whole")


def only_where(condition: str) -> dict[str, Any]:
    """Of an index: that it has only some rows, for either engine."""
    return dict.fromkeys(("sqlite_where", "postgresql_where"), text(condition))


class Row(SQLModel):
    """A row of any table."""

    metadata = METADATA
