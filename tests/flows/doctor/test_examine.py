"""Each kind of damage is found by name, and mended where that can be done without asking."""

import sqlite3
from pathlib import Path
from typing import get_args

import pytest
from alembic import command
from sqlalchemy import Engine

from db.engine import alembic_config, session
from db.papers import Listing, record_file, record_listings
from db.refetching import to_fetch_again
from db.tables import CellRow
from extractors.facts.errors import UsageError
from flows.clock import SystemClock
from flows.doctor.examine import Asked, examine
from flows.lock import Work, locked
from flows.settings import Settings
from tests.flows.doctor.conftest import BYTES, PAPER, RUN, SHA256, Doctor, Leave, aged, file_of, named, wrong


def test_of_a_sound_installation_every_check_is_ok(sound: Settings, doctor: Doctor) -> None:
    found = doctor(offline=False)
    assert {check.outcome for check in found.checks} == {"ok"}
    assert (found.outcome, found.mended) == ("ok", ())
    assert {
        "settings", "contact", "hosts", "versions", "disk", "database", "schema", "foreign keys", "cell cache",
        "orphan files", "missing files", "damaged files", "clock",
    } < {check.name for check in found.checks}  # fmt: skip


def test_a_variable_that_is_no_setting_is_a_warning_with_the_one_that_is_meant(
    sound: Settings, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A misspelled setting was left out of account without a word."""
    monkeypatch.setenv("BURDEN_CATEGORY", "cs.LG")
    monkeypatch.setenv("BURDEN_SETTINGS", "burden.toml")
    (check,) = (one for one in doctor().checks if one.name == "settings")
    assert (check.outcome, check.what) == (
        "warn",
        "these are no settings: BURDEN_CATEGORY (is BURDEN_CATEGORIES meant?)",
    )


def test_looking_without_a_database_makes_nothing(settings: Settings, doctor: Doctor) -> None:
    found = doctor(mend=True)
    assert wrong(found) == {"disk": "warn", "database": "warn"}
    assert not settings.data_dir.exists()


def test_files_without_a_row_are_found_and_removed(sound: Settings, doctor: Doctor, leave: Leave) -> None:
    orphan = leave(b"fetched by a night that was killed")
    half = file_of(sound, SHA256).with_name(f"{SHA256}#1")
    half.write_bytes(b"%PDF")
    aged(half)
    found = doctor()
    assert wrong(found) == {"orphan files": "warn"}
    assert orphan.name in named(found, "orphan files").what
    assert orphan.exists()
    found = doctor(mend=True)
    assert [sentence.partition(": ")[0].rpartition("/")[2] for sentence in found.mended] == [
        orphan.name,
        half.name,
    ]
    assert wrong(found) == {}
    assert [path.name for path in Path(sound.store).rglob("*") if path.is_file()] == [SHA256]


def test_the_files_of_another_database_are_not_removed(sound: Settings, doctor: Doctor, leave: Leave) -> None:
    others = [leave(b"fetched for another database"), leave(b"and this one too")]
    found = doctor(mend=True)
    assert (wrong(found), found.mended) == ({"orphan files": "fail"}, ())
    assert "BURDEN_DATABASE_URL" in named(found, "orphan files").remedy
    assert all(path.exists() for path in others)


def test_a_file_that_is_just_arriving_and_what_is_not_ours_are_left_alone(
    sound: Settings, doctor: Doctor, leave: Leave
) -> None:
    young, notes = leave(b"its row comes in a moment"), Path(sound.store) / "notes.txt"
    young.touch()
    notes.write_text("somebody's")
    aged(notes)
    found = doctor(mend=True)
    assert (wrong(found), found.mended) == ({}, ())
    assert young.exists()
    assert notes.exists()


def test_a_row_without_its_file_is_found_and_queued_to_be_fetched_again(
    sound: Settings, doctor: Doctor, engine: Engine
) -> None:
    file_of(sound, SHA256).unlink()
    found = doctor()
    assert wrong(found) == {"missing files": "fail"}
    assert f"{PAPER}v1.pdf ({SHA256})" in named(found, "missing files").what
    found = doctor(mend=True)
    assert wrong(found) == {"missing files": "warn"}
    assert found.mended == (f"{PAPER}v1.pdf: queued to be fetched again ({SHA256})",)
    assert doctor(mend=True).mended == (), "it is queued already"
    with session(engine) as opened:
        assert [file.sha256 for file in to_fetch_again(opened)] == [SHA256]


def test_of_a_store_that_is_rather_another_ones_nothing_is_fetched_again(
    sound: Settings, doctor: Doctor, engine: Engine
) -> None:
    now = SystemClock().now()
    with session(engine) as opened:
        for version in range(2, 20):
            record_listings(opened, "test", [Listing(PAPER, version, "", "", (), (), now, now, b"")], now)
            record_file(opened, PAPER, version, sha256=f"{version:064}", size=1, at=now)
    found = doctor(mend=True)
    assert (wrong(found), found.mended) == ({"missing files": "fail"}, ())
    assert "BURDEN_STORE_URL" in named(found, "missing files").remedy


@pytest.mark.parametrize("data", [BYTES[:-3], BYTES[:-1] + b"?"], ids=["cut off", "changed"])
def test_a_file_that_is_not_what_was_stored_is_found(sound: Settings, doctor: Doctor, data: bytes) -> None:
    file_of(sound, SHA256).write_bytes(data)
    assert wrong(doctor()) == {"damaged files": "fail"}
    assert wrong(doctor(mend=True)) == {"damaged files": "warn"}
    assert file_of(sound, SHA256).read_bytes() == data, "until there is a better one"


def test_a_stale_cell_is_found_and_made_anew(sound: Settings, engine: Engine, doctor: Doctor) -> None:
    with session(engine) as opened:
        row = opened.get_one(CellRow, (str(RUN), "count"))
        row.last_seq, before = 7, row.last_seq
    assert wrong(doctor()) == {"cell cache": "fail"}
    found = doctor(mend=True)
    assert (wrong(found), found.mended) == ({}, (f"{PAPER}: 1 stale cells made anew",))
    with session(engine) as opened:
        assert opened.get_one(CellRow, (str(RUN), "count")).last_seq == before


def test_cells_of_another_promise_are_a_warning_until_the_next_night(sound: Settings, doctor: Doctor) -> None:
    other = {"promised_precision": 0.0, "reject_below": 1.0}
    assert wrong(doctor(**other)) == {"cell cache": "warn"}
    found = doctor(mend=True, **other)
    assert (wrong(found), len(found.mended)) == ({}, 1)


def test_rows_that_name_rows_that_are_not_there_are_found(
    sound: Settings, doctor: Doctor, engine: Engine
) -> None:
    other = sqlite3.connect(str(engine.url.database))  # which enforces nothing
    with other:
        other.execute("DELETE FROM blob")
    other.close()
    found = doctor()
    assert wrong(found)["foreign keys"] == "fail"
    assert "1 of file → blob" in named(found, "foreign keys").what


def test_an_older_schema_is_a_warning_and_left_as_it_is(
    sound: Settings, doctor: Doctor, engine: Engine
) -> None:
    with engine.execution_options(writes=True).begin() as connection:
        command.downgrade(alembic_config(connection), "-1")
    for _ in range(2):
        assert wrong(doctor(mend=True)) == {"schema": "warn"}


def test_a_newer_schema_is_a_failure(sound: Settings, doctor: Doctor, engine: Engine) -> None:
    with engine.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    found = doctor()
    assert wrong(found) == {"database": "fail"}
    assert "newer version" in named(found, "database").what


def test_a_file_that_is_no_database_is_a_failure(sound: Settings, doctor: Doctor, engine: Engine) -> None:
    engine.dispose()
    Path(str(engine.url.database)).write_bytes(b"not a database" * 1000)
    assert wrong(doctor(mend=True, offline=False)) == {"database": "fail"}


def test_damage_within_the_database_is_found(sound: Settings, doctor: Doctor, engine: Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
        root, size = (
            connection.exec_driver_sql(
                "SELECT rootpage FROM sqlite_master WHERE name = 'ix_proposal_cell'"
            ).scalar_one(),
            connection.exec_driver_sql("PRAGMA page_size").scalar_one(),
        )
    engine.dispose()
    with Path(str(engine.url.database)).open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(bytes(size))
    assert wrong(doctor(mend=True))["database"] == "fail"


def test_an_address_of_no_database_is_a_failure(sound: Settings, doctor: Doctor) -> None:
    assert wrong(doctor(database_url="oracle://somewhere")) == {"database": "fail"}


def test_settings_that_cannot_be_read_are_a_failure() -> None:
    def load() -> Settings:
        raise UsageError("unknown setting 'contct'", where="burden.toml")

    found = examine(load, Asked(), SystemClock())
    assert wrong(found) == {"settings": "fail"}
    assert named(found, "settings").what == "unknown setting 'contct' (burden.toml)"


@pytest.mark.parametrize("work", get_args(Work))
def test_nothing_is_mended_while_a_run_is_at_work(
    work: Work, sound: Settings, doctor: Doctor, leave: Leave
) -> None:
    orphan = leave(b"needed in a moment")
    with locked(sound.data_dir, work):
        found = doctor(mend=True)
    assert wrong(found) == {"orphan files": "warn", "mending": "fail"}
    assert orphan.exists()


def test_a_store_that_cannot_be_opened_hides_no_other_check(sound: Settings, doctor: Doctor) -> None:
    found = doctor(store_url="carrier-pigeon://home")
    assert wrong(found) == {"store": "fail"}
    assert named(found, "cell cache").outcome == "ok"


def test_a_sample_says_how_much_was_looked_at(sound: Settings, doctor: Doctor) -> None:
    assert "1 of 1 papers looked at" in named(doctor(every=False), "cell cache").what
