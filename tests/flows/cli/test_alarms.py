"""`burden alarms` and `burden failures` as an operator types them."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from db.alarms import Sign, raise_alarms
from db.engine import session
from db.runs import record_failure
from extractors.facts.errors import DamagedDocumentError
from flows.cli import main
from flows.settings import Settings, environment_of
from tests.databases import migrated

AT = datetime(2026, 3, 2, 3, 30, tzinfo=UTC)
Burden = Callable[..., tuple[int, str, str]]


@pytest.fixture
def burden(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Burden:
    """The command in this process, over a database with two alarms and a failure."""
    for name, value in environment_of(settings).items():
        monkeypatch.setenv(name, value)
    settings.data_dir.mkdir()
    migrated(engine)
    with session(engine) as opened:
        signs = [Sign("silence", "listings", "Nothing \x1b[31mcame."), Sign("disk", "data folder", "Full.")]
        raise_alarms(opened, "atom", signs, AT)
        record_failure(opened, "fetch", "2401.00001v1", DamagedDocumentError("cut off"), AT)

    def ran(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["burden", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return ran


def test_alarms_are_listed_until_somebody_has_seen_them(burden: Burden) -> None:
    code, out, _ = burden("alarms")
    assert code == 0
    assert [line.split()[:3] for line in out.splitlines()] == [
        ["1", "2026-03-02", "silence:"],
        ["2", "2026-03-02", "disk:"],
    ]
    assert "\x1b" not in out
    _, out, _ = burden("alarms", "acknowledge", "1", "2", "--as", "ada")
    assert out.count("seen by ada") == 2
    assert burden("alarms")[1] == (
        "No alarm that nobody has seen; 2 that somebody has seen last still: burden alarms --all\n"
    )
    found = json.loads(burden("alarms", "--all", "--json")[1])["alarms"]
    assert [alarm["acknowledged_by"] for alarm in found] == ["ada", "ada"]


def test_an_alarm_that_is_not_there_is_an_error_and_nothing_is_noted(burden: Burden) -> None:
    code, _, err = burden("alarms", "acknowledge", "1", "9", "--as", "ada")
    assert (code, "there is no alarm 9" in err) == (1, True)
    assert len(burden("alarms")[1].splitlines()) == 2


@pytest.mark.parametrize("command", ["alarms", "failures", "queue"])
def test_who_looks_in_the_wrong_folder_is_not_told_that_all_is_well(
    burden: Burden, command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It made a new database there, and said that there were none."""
    elsewhere = tmp_path / "elsewhere"
    monkeypatch.setenv("BURDEN_DATA_DIR", str(elsewhere))
    monkeypatch.setenv("BURDEN_DATABASE_URL", "")
    code, out, err = burden(command)
    assert (code, out, "there is no database yet" in err) == (2, "", True)
    assert not elsewhere.exists()


def test_failures_are_listed_until_somebody_has_seen_them(burden: Burden) -> None:
    assert "2401.00001v1, fetch: cut off" in burden("failures")[1]
    assert burden("failures", "acknowledge", "1", "--as", "ada")[1] == "1 seen by ada.\n"
    assert burden("failures")[1] == "No failures.\n"
    assert json.loads(burden("failures", "--json")[1]) == {"failures": []}


def test_status_shows_what_is_red(burden: Burden) -> None:
    found = json.loads(burden("status", "--json")[1])
    assert [alarm["kind"] for alarm in found["alarms"]] == ["silence", "disk"]
    text = burden("status")[1]
    assert "2: disk, Full." in text
    assert "over since" not in text
    assert "GB free" in text


def test_status_tells_of_an_alarm_that_it_is_over(burden: Burden, engine: Engine) -> None:
    with session(engine) as opened:
        raise_alarms(opened, "atom", [Sign("disk", "data folder", "Full.")], AT + timedelta(days=1))
    assert "1: silence, Nothing" in burden("status")[1]
    assert burden("status")[1].count("(over since 2026-03-03)") == 1
