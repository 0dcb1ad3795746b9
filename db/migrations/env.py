"""How Alembic runs: always on the connection that `db.engine` opened, in its transaction."""

from typing import Literal

from alembic import context
from sqlmodel import AutoString

import db.former
import db.screening_tables
import db.tables  # noqa: F401  # these fill the metadata
from db.columns import JSON_COLUMN, METADATA, UtcTime


def _render(_kind: str, item: object, _autogen: object) -> str | Literal[False]:
    """Our own column types by name; false leaves the rest to Alembic."""
    if item is JSON_COLUMN:
        return "JSON_COLUMN"
    if isinstance(item, AutoString):
        return "sa.String()"
    return "UtcTime()" if isinstance(item, UtcTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    compare_type=True,
    render_as_batch=True,  # SQLite alters a table by making it again
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()
