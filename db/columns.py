"""Column types that mean the same on SQLite and PostgreSQL: times in UTC, and JSON with SQL's own NULL."""

from datetime import UTC, datetime

from sqlalchemy import JSON, DateTime, Dialect, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB

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
