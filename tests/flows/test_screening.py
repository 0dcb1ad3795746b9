"""The night screens by the rules that the settings name, batch by batch, and again when they change."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

import db.screenings
from db.engine import session, snapshot
from db.overview import overview
from db.papers import record_file, to_fetch
from db.screenings import screening_of
from extractors.facts.errors import OntologyError, UsageError
from extractors.facts.ids import PaperId
from extractors.screening import packaged_rules
from flows.night import Night, Summary
from flows.screening_rules import rules_of
from flows.settings import Settings
from flows.steps import PLAIN

Ran = Callable[..., Summary]
NOW = datetime(2024, 4, 2, tzinfo=UTC)
BORDERS = "relevant = {border}\nuncertain = {border}\n"
REST = """
listed.elsewhere = { points = 0, reason = "is listed" }
words.net = { points = 1, reason = "names nets", phrases = ["network"] }
benchmarks = { points = 1, reason = "names a benchmark" }
silent = { points = 0, reason = "is silent" }
domain.faces = { name = "faces", points = 1, phrases = ["face"] }
"""


@pytest.fixture
def rules(tmp_path: Path) -> Callable[[float], Path]:
    """Rules with a border, as a file."""

    def made(border: float) -> Path:
        file = tmp_path / "rules.toml"
        file.write_text(BORDERS.format(border=border) + REST, "utf-8")
        return file

    return made


def _nothing(_: Night) -> None: ...


UNFETCHED = replace(PLAIN, read=_nothing, fall_back=_nothing, route=_nothing, close=_nothing)
"""The night up to screening."""


def wanted(engine: Engine) -> set[str]:
    with snapshot(engine) as opened:
        return {file.paper_id for file in to_fetch(opened)}


def test_a_change_of_rules_brings_in_what_was_left_out_and_drops_nothing_that_is_here(
    night: Ran, engine: Engine, rules: Callable[[float], Path]
) -> None:
    first = night(do=UNFETCHED)
    chosen = wanted(engine)
    assert len(chosen) == first.counts["relevant"] < first.counts["listed"]
    assert night(do=UNFETCHED, screening_rules=rules(0)).counts["relevant"] == first.counts["listed"]
    assert wanted(engine) > chosen
    with session(engine) as opened:
        here = PaperId(min(chosen))
        record_file(opened, here, 1, sha256="a" * 64, size=1, at=NOW)
    strict = night(do=UNFETCHED, screening_rules=rules(99))
    assert (strict.counts["relevant"], strict.counts["irrelevant"]) == (1, first.counts["listed"] - 1)
    assert wanted(engine) == set()
    with snapshot(engine) as opened:
        assert screening_of(opened, here) == ("relevant", "Kept, because its file is here.")


def test_a_night_screens_more_papers_than_one_transaction_takes(
    night: Ran, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db.screenings.to_screen, "__defaults__", (2,))
    summary = night(do=UNFETCHED)
    with snapshot(engine) as opened:
        assert sum(overview(opened).screened.values()) == summary.counts["listed"] > 2


def test_the_rules_are_the_packaged_ones_or_those_of_the_settings(
    settings: Settings, rules: Callable[[float], Path]
) -> None:
    assert rules_of(settings) is packaged_rules()
    own = settings.model_copy(update={"screening_rules": rules(5)})
    assert rules_of(own).file.relevant == 5


def test_rules_that_cannot_be_read_are_told_with_their_place(settings: Settings, tmp_path: Path) -> None:
    missing = settings.model_copy(update={"screening_rules": tmp_path / "none.toml"})
    with pytest.raises(UsageError, match="cannot be read"):
        rules_of(missing)
    broken = tmp_path / "broken.toml"
    broken.write_text("relevant = 1", "utf-8")
    with pytest.raises(OntologyError, match=r"broken\.toml"):
        rules_of(settings.model_copy(update={"screening_rules": broken}))
