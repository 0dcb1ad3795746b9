"""Opening a database, bringing it to the present schema, and transactions on it.

SQLite is the default and takes one writer at a time: a writing transaction begins immediately, so that two
writers wait for each other instead of failing in the middle. PostgreSQL comes by address and needs none of this.
Which rows there are is in `db.tables`; nothing else in the project opens a connection.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, OperationalError
from sqlmodel import Session

from extractors.facts.errors import StoreError, UsageError

BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another; a night's largest transaction takes well under a second, a first release of two million cells some 20 s."""

MIGRATION_LOCK = 2_007_055_58
"""Key of PostgreSQL's advisory lock, so that two processes starting at once migrate one after the other."""

_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def open_database(url: str) -> Engine:
    """An engine for `sqlite:///FILE` or `postgresql://...`; nothing is created or changed yet.

    Raises:
        UsageError: the address is not that of a database we can use.
    """
    address = _address(url)
    engine = create_engine(address, pool_pre_ping=address.get_backend_name() != "sqlite")
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def refuse_missing(engine: Engine) -> None:
    """Refuse to go on where there is no database, for who opens a file of SQLite makes it.

    Raises:
        UsageError: there is none.
    """
    file = engine.url.database or ""
    if engine.dialect.name == "sqlite" and not Path(file).is_file():
        raise UsageError(
            "there is no database yet", where=file, remedy="Run burden crawl or burden quickstart"
        )


@contextmanager
def session(engine: Engine) -> Iterator[Session]:
    """A writing transaction: committed at the end, rolled back as a whole if anything is raised.

    Raises:
        StoreError: the database cannot be reached or written, or another writer did not finish in time.
    """
    with _reporting(engine), Session(engine.execution_options(writes=True)) as opened, opened.begin():
        yield opened


@contextmanager
def rehearsal(engine: Engine) -> Iterator[Session]:
    """A writing transaction that is always rolled back, to see what it would change.

    Raises:
        StoreError: the database cannot be reached or written, or another writer did not finish in time.
    """
    with (
        _reporting(engine),
        Session(engine.execution_options(writes=True)) as opened,
        opened.begin() as begun,
    ):
        yield opened
        begun.rollback()


@contextmanager
def sole(engine: Engine, work: str) -> Iterator[bool]:
    """Whether nobody else on any machine is at some work, and keeps it so within the block; the lock dies with its process.

    Of PostgreSQL only: who shares an SQLite file is on one machine, where a lock of the folder does.

    Raises:
        StoreError: the database cannot be reached.
    """
    if engine.dialect.name != "postgresql":
        yield True
        return
    key = {"key": _sole_key(work)}
    with _reporting(engine), engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        taken = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), key).scalar_one()
        try:
            yield bool(taken)
        finally:
            if taken:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)


def is_taken(engine: Engine, work: str) -> bool:
    """Whether somebody holds the lock of `sole`, on whichever machine.

    Raises:
        StoreError: the database cannot be reached.
    """
    if engine.dialect.name != "postgresql":
        return False
    held = (
        "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
        " AND (classid::bigint << 32) | objid::bigint = :key"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
    )
    with _reporting(engine), engine.connect() as connection:
        return bool(connection.execute(text(held), {"key": _sole_key(work)}).scalar_one())


def _sole_key(work: str) -> int:
    """Key of PostgreSQL's advisory lock for a sort of work."""
    return int.from_bytes(sha256(f"burden {work}".encode()).digest()[:7])


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """A reading transaction: it sees one state of the database and waits for nobody.

    Raises:
        StoreError: the database cannot be reached.
    """
    options: dict[str, object] = {"writes": False}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with _reporting(engine), Session(engine.execution_options(**options)) as opened, opened.begin():
        yield opened


def migrate(engine: Engine) -> None:
    """Bring the database to the present schema; one that is there already is left alone.

    Raises:
        StoreError: the database cannot be written, or was made by a newer version of this program or by another one.
    """
    with _reporting(engine), engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        config = alembic_config(connection)
        if _refuse_newer(connection, config, _place(engine)):
            command.upgrade(config, "head")


def is_current(engine: Engine) -> bool:
    """Whether the database has the present schema; one that is older is left as it is.

    Raises:
        StoreError: the database cannot be read, or was made by a newer version of this program.
    """
    with _reporting(engine), engine.execution_options(writes=False).begin() as connection:
        return not _refuse_newer(connection, alembic_config(connection), _place(engine))


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration for a connection; the migrations are those of the package."""
    config = Config()
    config.set_main_option("script_location", "db:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _refuse_newer(connection: Connection, config: Config, place: str) -> bool:
    """Whether migrations are due."""
    script = ScriptDirectory.from_config(config)
    known = {revision.revision for revision in script.walk_revisions()}
    present = set(MigrationContext.configure(connection).get_current_heads())
    if not present <= known:
        raise StoreError(
            "this database was made by a newer version of burden",
            where=place,
            remedy="Update burden, or use another data folder",
        )
    if not present:
        _refuse_strange(connection, place)
    return present != set(script.get_heads())


def _refuse_strange(connection: Connection, place: str) -> None:
    """Who mistypes an address must not have our tables among those of somebody else."""
    others = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
    if others:
        raise StoreError(
            f"this database has tables of another program, such as {others[0]}",
            where=place,
            remedy="Give burden a database of its own",
        )


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise UsageError("not the address of a database", where=url, remedy=_ADDRESSES) from error
    driver = _DRIVERS.get(address.get_backend_name())
    if driver is None:
        raise UsageError(f"{address.get_backend_name()} is not supported", where=url, remedy=_ADDRESSES)
    return address.set(drivername=driver)


_TRIES = 20
"""Times that write-ahead logging may be in the way of others who turn it on."""
_ADDRESSES = "Use sqlite:///path/to/burden.db or postgresql://user@host/name"


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # Python's own transaction control would begin too late; `_begin_sqlite` does it.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    _write_ahead(connection)
    connection.execute("PRAGMA foreign_keys=ON")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn write-ahead logging on; several processes may find a new database at once.

    This does not wait for others as statements do (https://sqlite.org/wal.html): SQLite refuses it at once where somebody else is
    about to do the same. A transaction does wait, and once it is over the others are done, or one more try is.
    """
    for _ in range(_TRIES):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("COMMIT")
        else:
            return
    connection.execute("PRAGMA journal_mode=WAL")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _reporting(engine: Engine) -> Iterator[None]:
    """Turn the driver's complaints about the database itself into one clear sentence."""
    try:
        yield
    except DatabaseError as error:
        # subclasses other than this one are our own mistakes; the class itself is how SQLite reports a damaged file
        if type(error) not in {DatabaseError, OperationalError}:
            raise
        cause = _cause(error)
        remedy = next((told for words, told in _REMEDIES.items() if words in cause), _ELSE)
        raise StoreError(f"the database failed: {cause}", where=_place(engine), remedy=remedy) from error


_REMEDIES = {
    "database is locked": "Another process has been writing to it for long; try again, or see what it is",
    "database or disk is full": "Make room on its disk; what was stored before is kept",
    "disk I/O error": "Check that its disk is sound and has room",
}
"""What to do, by words of SQLite's."""
_ELSE = "Check that it is running and writable"


def _cause(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0] if error.orig else str(error)


def _place(engine: Engine) -> str:
    return engine.url.database or engine.url.render_as_string(hide_password=True)
