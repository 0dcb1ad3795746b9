"""The lines of papers of all kinds: of which nothing is known, with hundreds of results, with words that mean harm."""

from __future__ import annotations

from pathlib import Path

from db.engine import open_database, session
from db.papers import Listing, record_listings
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Quantity
from flows.passages import Passages
from tests.annotation.screen.paper.conftest import (
    AT,
    PAPER,
    fill,
    keys,
    place_of,
)
from tests.databases import migrated


def test_a_paper_of_which_nothing_is_known_can_be_filled(tmp_path: Path, passages: Passages) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    migrated(engine)
    with session(engine) as opened:
        record_listings(opened, "test", [Listing(PAPER, 1, "", "", (), (), AT, None, b"")], AT)
    empty = place_of("ann", engine, passages)
    seen = keys(empty)
    assert "Nothing is known of it" in seen and "no file" in seen and "without a title" in seen
    lost = keys(empty, *"edmlvorzxj", "left", "space", "enter", "u")
    assert "There is nothing of yours to take back in this paper" in lost
    refused = keys(
        empty, "a", "1", "tab", "tab", *"epochs", "tab", *"40", "tab", "1", "tab", *"any words", "enter"
    )
    assert "is not here or cannot be read" in " ".join(refused.split())
    assert "read completely by ann" in keys(empty, "w", "y")
    engine.dispose()


def test_three_hundred_results_are_scrolled_found_and_folded(tmp_path: Path, passages: Passages) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'many.sqlite'}")
    migrated(engine)
    proposals = tuple(
        Proposal(
            CellKey(EntityId(PAPER, "result", f"network-{row:03}.imagenet"), "score"),
            Quantity.exact(row / 10, "percent", f"{row / 10}"),
            Evidence("3" * 64, 6, None, "Table 2", f"Network {row} | {row / 10}", "test.table"),
        )
        for row in range(300)
    )
    fill(engine, Reading("3" * 64, "burden-1", PAPER, "Many", 9, proposals))
    many = place_of("ann", engine, passages)
    seen = keys(many, "end")
    assert "network-299.imagenet" in seen and "300 values" in seen
    seen = keys(many, "/", *"network-150", "enter", "right", "down")
    assert "network-150.imagenet" in seen and ">    score" in seen
    seen = keys(many, "z", "end", "k")
    assert "network-299.imagenet" in seen
    engine.dispose()


def test_hostile_words_can_neither_steer_the_terminal_nor_be_markup(
    tmp_path: Path, passages: Passages, sample: tuple[Path, Reading]
) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'hostile.sqlite'}")
    migrated(engine)
    proposal = Proposal(
        CellKey(EntityId(PAPER, "run", "net"), "count"),
        Quantity.exact(8, "devices", "[@click=app.quit]8[/]\x1b[2J"),
        Evidence(sample[1].sha256, 1, None, "\x1b]0;x\x07", "\x1b[31mred\u202e[bold]", "test.rule"),
        reasons=("\x1b[5mdoubt[/bold]",),
    )
    fill(
        engine,
        Reading(sample[1].sha256, "burden-1", PAPER, "", 1, (proposal,)),
        "[red]A \x1b[2JNet[/red]\u202e",
    )
    hostile = place_of("ann", engine, passages)
    for typed in ((), ("down",), ("down", "e"), ("down", "d"), ("/",), ("m",)):
        seen = keys(hostile, *typed)
        assert not {"\x1b", "\x07", "\u202e"} & set(seen)
    assert "[red]A  [2JNet[/red]" in keys(hostile)
    engine.dispose()
