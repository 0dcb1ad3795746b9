"""A database is opened by its address, migrated once, and changed in whole transactions."""

import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Engine, inspect, text
from sqlalchemy.exc import DBAPIError, OperationalError

from db.columns import METADATA
from db.engine import alembic_config, is_taken, migrate, open_database, rehearsal, session, snapshot, sole
from db.tables import GateRow, PaperRow
from extractors.facts.errors import StoreError, UsageError

AT = datetime(2026, 11, 23, 4, 5, 6, tzinfo=UTC)


def gates(engine: Engine) -> list[str]:
    with snapshot(engine) as opened:
        return [row[0] for row in opened.connection().execute(text("SELECT host FROM gate ORDER BY host"))]


def test_migrations_make_exactly_the_tables_of_the_models(engine: Engine) -> None:
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    before = sorted(inspect(engine).get_table_names())
    migrate(engine)
    assert sorted(inspect(engine).get_table_names()) == before


def test_migrations_make_the_constraints_of_the_models(engine: Engine) -> None:
    made = inspect(engine)
    for table in METADATA.sorted_tables:
        checks = {check["name"]: check["sqltext"] for check in made.get_check_constraints(table.name)}
        expected = {str(c.name): str(c.sqltext) for c in table.constraints if isinstance(c, CheckConstraint)}
        assert set(checks) == set(expected), table.name
        if engine.dialect.name == "sqlite":  # the other words them anew
            assert checks == expected


def test_a_queue_survives_migrations_back_and_forth(engine: Engine) -> None:
    with engine.begin() as connection:
        for statement in (*LOGGED[:2], *QUEUED):
            connection.execute(text(statement))
    for revision in ("0002", "head"):
        step = command.downgrade if revision == "0002" else command.upgrade
        with engine.execution_options(writes=True).begin() as connection:
            step(alembic_config(connection), revision)
    with engine.begin() as connection:
        found = connection.execute(
            text("SELECT id, why, audit, n, holder FROM review_item JOIN review_slot ON item_id = id")
        )
        assert list(map(tuple, found)) == [(7, "uncertain", None, 1, "ada")]
        connection.execute(text("UPDATE review_item SET why = 'audit', audit = 'due'"))
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(text("INSERT INTO review_slot (item_id, n, role) VALUES (8, 1, 'opinion')"))


def test_what_was_screened_before_rules_had_versions_is_due_again_but_for_what_people_chose(
    engine: Engine,
) -> None:
    reasons = ("Speaks of faces.", "Added by ann.", "Chosen by the operator.")
    with engine.execution_options(writes=True).begin() as connection:
        command.downgrade(alembic_config(connection), "0009")
        connection.execute(text(PAPER))
        for version, reason in enumerate(reasons, 1):
            connection.execute(text(VERSION), {"version": version})
            connection.execute(text(SCREENED), {"version": version, "reason": reason})
    migrate(engine)
    with snapshot(engine) as opened:
        found = opened.connection().execute(text("SELECT is_due, rules FROM screening ORDER BY version"))
        assert [(bool(due), rules) for due, rules in found] == [(True, None), (False, None), (False, None)]


PAPER = (
    "INSERT INTO paper (paper_id, source, title, latest, first_seen) "
    "VALUES ('q', 'oai', '', 3, '2026-01-01 00:00:00')"
)
VERSION = (
    "INSERT INTO paper_version (paper_id, version, title, abstract, authors, categories, raw, seen_at) "
    "VALUES ('q', :version, '', '', '[]', '[]', '', '2026-01-01 00:00:00')"
)
SCREENED = (
    "INSERT INTO screening (paper_id, version, stage, decision, domains, reason, decided_at) "
    "VALUES ('q', :version, 'listing', 'relevant', '[]', :reason, '2026-01-01 00:00:00')"
)
QUEUED = (
    (
        "INSERT INTO cell (entity_id, field, paper_id, status, reviewers, last_seq) "
        "VALUES ('p/model/m', 'flops', 'p', 'queued', '[]', 0)"
    ),
    (
        "INSERT INTO review_item (id, paper_id, entity_id, field, why, rank, skips, opened_at) "
        "VALUES (7, 'p', 'p/model/m', 'flops', 'uncertain', 1, 0, '2026-01-01 00:00:00')"
    ),
    (
        "INSERT INTO review_slot (item_id, n, role, holder, lease_until) "
        "VALUES (7, 1, 'opinion', 'ada', '2026-01-01 00:00:00')"
    ),
)


def test_readings_and_proposals_survive_migrations_back_and_forth(engine: Engine) -> None:
    with engine.begin() as connection:
        for statement in (*LOGGED[:2], *READ):
            connection.execute(text(statement))
    for revision in ("0010", "head"):
        step = command.downgrade if revision == "0010" else command.upgrade
        with engine.execution_options(writes=True).begin() as connection:
            step(alembic_config(connection), revision)
    with engine.begin() as connection:
        query = "SELECT r.paper_id, p.paper_id, p.id, p.field FROM reading AS r JOIN proposal AS p ON p.sha256 = r.sha256"
        assert list(map(tuple, connection.execute(text(query)))) == [("p", "p", 41, "flops")]
        connection.execute(
            text(READ[-1].replace("(id, ", "(").replace("41, ", "").replace("flops", "params"))
        )
        newest = connection.execute(text("SELECT max(id) FROM proposal")).scalar()
    assert newest == 42, "numbers go on behind those that were"


READ = (
    f"INSERT INTO blob (sha256, size, stored_at) VALUES ('{'a' * 64}', 1, '2026-01-01 00:00:00')",
    (
        "INSERT INTO reading (sha256, extractor, paper_id, version, title, pages, problems, read_at) "
        f"VALUES ('{'a' * 64}', 'x', 'p', 1, '', 1, '[]', '2026-01-01 00:00:00')"
    ),
    (
        "INSERT INTO proposal (id, sha256, extractor, paper_id, entity_id, field, rank, value, evidence, features, reasons) "
        f"VALUES (41, '{'a' * 64}', 'x', 'p', 'p/model/m', 'flops', 0, '{{}}', '{{}}', '{{}}', '[]')"
    ),
)


def test_two_processes_that_start_at_once_both_find_a_migrated_database(tmp_path: Path) -> None:
    engines = [open_database(f"sqlite:///{tmp_path / 'new.db'}") for _ in range(4)]
    threads = [threading.Thread(target=migrate, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "cell" in inspect(engines[0]).get_table_names()
    for engine in engines:
        engine.dispose()


def test_all_who_find_a_new_database_at_once_can_open_it(tmp_path: Path) -> None:
    """Write-ahead logging is turned on by whoever comes first, and SQLite lets nobody wait for that."""
    together, failed = threading.Barrier(6), list[Exception]()

    def connect(engine: Engine) -> None:
        together.wait()
        try:
            with engine.connect() as connection:
                assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        except Exception as error:  # noqa: BLE001
            failed.append(error)

    for number in range(60):
        engines = [open_database(f"sqlite:///{tmp_path / f'{number}.db'}") for _ in range(together.parties)]
        threads = [threading.Thread(target=connect, args=(engine,)) for engine in engines]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for engine in engines:
            engine.dispose()
    assert failed == []


def test_a_database_of_a_newer_version_is_refused(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"newer version of burden .*Update burden"):
        migrate(engine)


def test_a_database_of_another_program_is_refused_and_gets_no_table(tmp_path: Path) -> None:
    """Tables of ours were made among its own, without a word."""
    file = tmp_path / "theirs.db"
    with closing(sqlite3.connect(file)) as theirs:
        theirs.execute("CREATE TABLE customer (name TEXT)")
        theirs.commit()
    engine = open_database(f"sqlite:///{file}")
    with pytest.raises(StoreError, match=r"tables of another program, such as customer .*of its own"):
        migrate(engine)
    assert inspect(engine).get_table_names() == ["customer"]
    engine.dispose()


def test_a_session_commits_at_its_end(engine: Engine) -> None:
    with session(engine) as opened:
        opened.add(GateRow(host="a.example", next_at=AT))
    assert gates(engine) == ["a.example"]


def test_a_session_that_fails_leaves_nothing(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), session(engine) as opened:  # noqa: PT012
        opened.add(GateRow(host="a.example", next_at=AT))
        opened.flush()
        _ = 1 / 0
    assert gates(engine) == []


def test_a_rehearsal_shows_what_it_would_change_and_leaves_nothing(engine: Engine) -> None:
    with rehearsal(engine) as opened:
        opened.add(PaperRow(paper_id="2401.00001", source="test", title="", latest=1, first_seen=AT))
        opened.flush()
        assert opened.get(PaperRow, "2401.00001")
    with snapshot(engine) as opened:
        assert opened.get(PaperRow, "2401.00001") is None


def test_a_work_is_held_by_one_at_a_time_on_all_machines(postgresql_engine: Engine) -> None:
    with sole(postgresql_engine, "crawl") as first, sole(postgresql_engine, "crawl") as second:
        assert (first, second) == (True, False)
        with sole(postgresql_engine, "backfill") as other:
            assert other
        assert is_taken(postgresql_engine, "crawl")
        assert not is_taken(postgresql_engine, "backfill")
    assert not is_taken(postgresql_engine, "crawl")
    with sole(postgresql_engine, "crawl") as again:
        assert again, "it ends with its block"


def test_a_snapshot_does_not_see_what_is_written_meanwhile(engine: Engine) -> None:
    with snapshot(engine) as reader:
        query = text("SELECT count(*) FROM gate")
        assert reader.connection().execute(query).scalar() == 0
        with session(engine) as writer:
            writer.add(GateRow(host="a.example", next_at=AT))
        assert reader.connection().execute(query).scalar() == 0


def test_a_time_comes_back_in_utc(engine: Engine) -> None:
    with session(engine) as opened:
        opened.add(GateRow(host="a.example", next_at=AT))
    with snapshot(engine) as opened:
        row = opened.get(GateRow, "a.example")
        assert row is not None and row.next_at is not None
        assert (row.next_at, row.next_at.utcoffset()) == (AT, AT.utcoffset())


def test_a_time_without_a_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(Exception, match="has no time zone"), session(engine) as opened:
        opened.add(GateRow(host="a.example", next_at=AT.replace(tzinfo=None)))


@pytest.mark.parametrize("change", ["UPDATE event SET reason = 'better'", "DELETE FROM event"])
def test_the_review_log_can_only_grow(engine: Engine, change: str) -> None:
    with engine.begin() as connection:
        for statement in LOGGED:
            connection.execute(text(statement))
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(change))


LOGGED = (
    "INSERT INTO paper (paper_id, source, title, latest, first_seen) VALUES ('p', 's', 't', 1, '2026-01-01 00:00:00')",
    (
        "INSERT INTO entity (entity_id, paper_id, kind, slug, minted_by, minted_at, removed) "
        "VALUES ('p/model/m', 'p', 'model', 'm', 'x', '2026-01-01 00:00:00', false)"
    ),
    (
        "INSERT INTO event (uuid, at, actor, actor_kind, entity_id, reason, kind, body) "
        "VALUES ('u', '2026-01-01 00:00:00', 'a', 'annotator', 'p/model/m', '', 'noted', '{}')"
    ),
)


@pytest.mark.parametrize("url", ["mysql://host/name", "not an address", "oracle://x"])
def test_an_address_of_something_else_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="sqlite:///"):
        open_database(url)


def test_a_database_in_a_place_that_cannot_be_written_is_one_clear_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("not a folder")
    with pytest.raises(StoreError, match=r"the database failed: .*Check that it is running and writable"):
        migrate(open_database(f"sqlite:///{blocked / 'burden.db'}"))


@pytest.mark.parametrize(
    ("what", "remedy"),
    [
        ("database is locked", "Another process has been writing"),
        ("database or disk is full", "Make room"),
        ("disk I/O error", "has room"),
    ],
)
def test_what_to_do_depends_on_what_failed(what: str, remedy: str, engine: Engine) -> None:
    """Of a full disk it said to check that the database was running."""
    with pytest.raises(StoreError, match=f"the database failed: {what}.*{remedy}"), session(engine):
        raise OperationalError("COMMIT", {}, sqlite3.OperationalError(what))


def test_a_file_that_is_no_database_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "burden.db").write_text(
        "a shopping list, long enough to be taken for a header of a database" * 9
    )
    with pytest.raises(StoreError, match="the database failed: file is not a database"):
        migrate(open_database(f"sqlite:///{tmp_path / 'burden.db'}"))
