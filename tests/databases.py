"""Empty databases of the present schema, quickly: one is migrated in each process, the others are its copies."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from db.engine import migrate, open_database


def migrated(engine: Engine) -> None:
    """Give an SQLite database that is not there yet the present schema, as `db.engine.migrate` does."""
    file = Path(engine.url.database or "")
    assert engine.dialect.name == "sqlite" and not file.exists()
    file.write_bytes(_template())


@cache
def _template() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "burden.sqlite"
        engine = open_database(f"sqlite:///{file}")
        migrate(engine)
        engine.dispose()
        return file.read_bytes()
