"""A paper driven by keys: what a person adds, changes and takes out is in the database, with its place, and can be taken back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from textual import events
from textual.pilot import Pilot

from annotation.adding import Signed, Stated, delete_value, merge, set_value
from annotation.screen.paper.desk import PaperDoors
from annotation.session import Reviewer
from annotation.typed import parse_typed
from db.engine import session, snapshot
from db.events import Accepted, Corrected, DeclaredNotReported, EntityRemoved, Rejected
from db.log import history
from extractors.facts.evidence import Evidence
from extractors.facts.fields import FIELDS
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.values import Quantity
from flows.clock import PlayedClock
from flows.paper_desk import DatabasePaperDesk
from flows.passages import Passages
from tests.annotation.screen.paper.conftest import (
    AT,
    JUDGE,
    PAPER,
    TUNED,
    cell_of,
    entity_of,
    keys,
    play,
    press,
    read_completely_now,
    shown,
    still,
    view,
)

RUN = EntityId(PAPER, "run", "larkspur-101.training")
FLOPS = CellKey(EntityId(PAPER, "model", "larkspur-101"), "flops")
COUNT = CellKey(RUN, "count")
TO_FLOPS = ("/", *"larkspur-101 flops", "enter")
TO_COUNT = ("/", *"larkspur-101.training count", "enter")
NEW_RUN = ("a", "2", "tab", *"finet", "tab", *"epochs", "tab", *"40", "tab")
"""A new run of the model at the cursor: its phase and its epochs, up to the page."""
ADDED = CellKey(EntityId(PAPER, "run", "larkspur-101.finetuning"), "epochs")


def newest(engine: Engine) -> Any:
    with snapshot(engine) as opened:
        return history(opened, limit=1)[0]


# Adding


def test_a_run_is_added_with_the_place_of_its_words(desk: DatabasePaperDesk, engine: Engine) -> None:
    seen = keys(desk, *NEW_RUN, "3", "tab", *TUNED, "enter")
    assert f"Saved: {ADDED.entity}" in seen
    assert "added by ann" in seen
    epochs = cell_of(engine, ADDED)
    evidence = epochs.state.evidence
    assert isinstance(epochs.state.value, Quantity)
    assert (epochs.state.value.value, epochs.state.reviewers) == (40, ("ann",))
    assert evidence is not None and evidence.box is not None
    assert (evidence.page, evidence.box.page, evidence.quote) == (3, 3, TUNED)
    run = entity_of(engine, ADDED.entity)
    assert run.named("phase") == "finetuning" and run.named("model") == "larkspur-101"


def test_a_quote_that_is_not_on_the_page_is_refused_and_the_like_is_offered(
    desk: DatabasePaperDesk, engine: Engine
) -> None:
    seen: list[str] = []

    async def script(pilot: Pilot[None]) -> None:
        await press(pilot, *NEW_RUN, "3", "tab", *"Fine-tuning lasts for 41 epochs with a batch of 128")
        seen.append(shown(pilot.app))
        await press(pilot, "enter")
        seen.append(shown(pilot.app))
        assert view(engine).entity(ADDED.entity) is None
        await press(pilot, "ctrl+y", "enter")

    play(desk, script)
    assert "× quote" in seen[0] and f"not there. Ctrl-Y takes “{TUNED}" in " ".join(seen[0].split())
    assert "not there" in seen[1]
    evidence = cell_of(engine, ADDED).state.evidence
    assert evidence is not None and evidence.quote.startswith(TUNED)


def test_words_of_another_page_are_offered_with_that_page(desk: DatabasePaperDesk, engine: Engine) -> None:
    seen: list[str] = []

    async def script(pilot: Pilot[None]) -> None:
        await press(pilot, *NEW_RUN, "1", "tab", *TUNED)
        seen.append(shown(pilot.app))
        await press(pilot, "ctrl+y", "enter")

    play(desk, script)
    assert "Ctrl-Y takes page 3" in seen[0]
    evidence = cell_of(engine, ADDED).state.evidence
    assert evidence is not None and evidence.page == 3


def test_a_second_value_of_the_same_sentence_needs_its_words_no_second_time(
    desk: DatabasePaperDesk, engine: Engine
) -> None:
    keys(desk, *NEW_RUN, "3", "tab", *TUNED, "enter", "a", "1", *"batch_size", "tab", *"128", "enter")
    batch = cell_of(engine, CellKey(ADDED.entity, "batch_size"))
    epochs = cell_of(engine, ADDED)
    assert isinstance(batch.state.value, Quantity) and batch.state.value.value == 128
    assert batch.state.evidence is not None and epochs.state.evidence is not None
    assert batch.state.evidence.quote == TUNED
    assert batch.state.evidence.box != epochs.state.evidence.box, "each value has the box of its own words"


def test_a_model_and_a_result_are_added(desk: DatabasePaperDesk, engine: Engine) -> None:
    words = "accuracy increases from 88.0% to 89.9%"
    model = ("a", "4", *"Larkspur-Tuned", "tab", "tab", "3", "tab", *TUNED, "enter")
    result = ("a", "3", "tab", *"imagenet-1k", "tab", *"top1_acc", "tab", "tab", "tab", *"89.9")
    keys(desk, *model, *result, "tab", "ctrl+u", "2", "tab", "ctrl+u", *words, "enter")
    added = EntityId(PAPER, "result", "larkspur-tuned.imagenet-1k")
    found = entity_of(engine, added)
    assert (found.named("model"), found.named("metric")) == ("larkspur-tuned", "top1_accuracy")
    assert cell_of(engine, CellKey(added, "score")).state.value == parse_typed(FIELDS["result.score"], "89.9")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("a", "2", "enter"), "epochs, steps"),
        (("a", "2", "tab", *"xyz", "enter"), "one of pretraining"),
        (("a", "2", "tab", "tab", *"steps", "tab", *"many", "tab"), "× value"),
        (("a", "3", *"x", "enter"), "is no model here"),
        ((*NEW_RUN, "9", "9", "tab", *TUNED, "enter"), "Ctrl-Y takes page 3"),
        ((*NEW_RUN, *"three", "enter"), "is no page"),
        ((*NEW_RUN, "3", "tab", "enter"), "the quote is missing"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_added(
    typed: tuple[str, ...], told: str, desk: DatabasePaperDesk, engine: Engine
) -> None:
    before = view(engine)
    assert told in keys(desk, *typed)
    assert view(engine) == before


def test_words_that_come_faster_than_the_screen_looks_for_them_are_looked_for_once(
    desk: DatabasePaperDesk, engine: Engine
) -> None:
    async def script(pilot: Pilot[None]) -> None:
        await press(pilot, *NEW_RUN, "3", "tab")
        for character in TUNED:  # as a slow line brings them, all at once
            pilot.app.post_message(events.Key(character, character))
        await still(pilot)
        await press(pilot, "enter")

    play(desk, script)
    assert cell_of(engine, ADDED).state.evidence is not None


# Editing


def test_a_value_is_edited_where_it_stands(desk: DatabasePaperDesk, engine: Engine) -> None:
    before = cell_of(engine, COUNT).state.evidence
    keys(desk, *TO_COUNT, "enter", "ctrl+u", *"16", "enter")
    after = cell_of(engine, COUNT).state
    assert after.value == Quantity.exact(16, "devices", "16")
    assert isinstance(newest(engine).event, Corrected)
    assert after.evidence is not None and before is not None
    assert (after.evidence.page, after.evidence.box, after.evidence.quote, after.evidence.rule) == (
        before.page,
        before.box,
        before.quote,
        "annotator",
    )


def test_a_value_is_read_as_it_is_typed(desk: DatabasePaperDesk, engine: Engine) -> None:
    to_time = ("/", *"larkspur-101.training wall_time", "enter", "e", "ctrl+u")
    assert "=  259,200 s" in keys(desk, *to_time, *"3 days")
    assert "not yet" in keys(desk, *to_time, *"soon")
    refused = keys(desk, *to_time, *"soon", "enter")
    assert "no: 'soon' is not a value of run.wall_time" in refused
    assert newest_or_none(engine) is None


def newest_or_none(engine: Engine) -> Any:
    with snapshot(engine) as opened:
        return next(iter(history(opened, limit=1)), None)


def test_a_result_is_edited_on_its_one_line(desk: DatabasePaperDesk, engine: Engine) -> None:
    keys(desk, "/", *"result larkspur-101 top1", "enter", "e", "ctrl+u", *"82.4", "enter")
    entry = newest(engine)
    assert entry.envelope.field == "score" and entry.envelope.entity.kind == "result"


# Taking out, and back


def test_a_value_is_rejected_with_a_reason_shown_and_restored(
    desk: DatabasePaperDesk, engine: Engine
) -> None:
    seen: list[str] = []

    async def script(pilot: Pilot[None]) -> None:
        await press(pilot, *TO_FLOPS, "d", "3")
        assert isinstance(newest(engine).event, Rejected)
        seen.append(shown(pilot.app))
        await press(pilot, *TO_FLOPS)
        seen.append(shown(pilot.app))
        await press(pilot, "r")

    play(desk, script)
    assert "rejected by ann" not in seen[0]
    assert "× rejected by ann" in seen[1] and "ann: another quantity" in seen[1]
    assert isinstance(newest(engine).event, Accepted)
    assert cell_of(engine, FLOPS).state.status == "reviewed"


def test_a_result_is_removed_after_a_yes_and_comes_back(desk: DatabasePaperDesk, engine: Engine) -> None:
    found = next(entity.id for entity in view(engine).entities if entity.id.kind == "result")
    to_result = ("/", *f"result {found.slug}", "enter")
    keys(desk, *to_result, "d", "1", "n")
    assert not entity_of(engine, found).is_gone
    keys(desk, *to_result, "d", "1", "y")
    assert entity_of(engine, found).is_gone
    assert isinstance(newest(engine).event, EntityRemoved)
    seen = keys(desk, "x", "end", "r", "1")
    assert f"Restored: {found}" in seen
    assert not entity_of(engine, found).is_gone


def test_a_model_that_owns_results_is_not_removed(desk: DatabasePaperDesk, engine: Engine) -> None:
    assert "belong to larkspur-101" in keys(desk, "d")
    assert newest_or_none(engine) is None


def test_undo_goes_back_any_number_of_steps_in_this_paper(desk: DatabasePaperDesk, engine: Engine) -> None:
    before = view(engine)
    seen = keys(
        desk, *TO_FLOPS, "d", "1", *TO_COUNT, "e", "ctrl+u", *"9", "enter", "w", "y", "u", "u", "u", "u"
    )
    assert "nothing of yours to take back" in seen
    after = view(engine)
    states = [
        [(cell.state.value, cell.state.status) for cell in entity.cells]
        for paper in (before, after)
        for entity in paper.entities
        if entity.id.kind != "paper"
    ]
    assert states[: len(states) // 2] == states[len(states) // 2 :]
    assert read_completely_now(engine) == ()


def test_an_added_run_is_taken_back_whole(desk: DatabasePaperDesk, engine: Engine) -> None:
    keys(desk, *NEW_RUN, "3", "tab", *TUNED, "enter", "u")
    assert entity_of(engine, ADDED.entity).removed


# Merging and linking


def test_two_runs_are_merged_after_a_yes(desk: DatabasePaperDesk, engine: Engine) -> None:
    keys(desk, "/", *"run larkspur-101.training", "enter", "m", *"larkspur-50", "enter", "y")
    assert entity_of(engine, RUN).merged_into == EntityId(PAPER, "run", "larkspur-50.training")


def test_a_run_is_linked_to_another_model(desk: DatabasePaperDesk, engine: Engine) -> None:
    keys(desk, *TO_COUNT, "l", *"larkspur-26", "enter")
    assert entity_of(engine, RUN).named("model") == "larkspur-26"


# Read completely


def test_who_read_all_of_it_says_so(desk: DatabasePaperDesk, engine: Engine) -> None:
    assert "not read completely" in keys(desk, "w", "n")
    seen = keys(desk, "w", "y")
    assert "read completely by ann, 2026-11-23" in seen
    assert read_completely_now(engine) == (PAPER,)
    assert isinstance(newest(engine).event, DeclaredNotReported)
    assert "It was read completely by ann" in keys(desk, "w")


# Two people


def test_what_somebody_decided_meanwhile_is_shown_and_not_overwritten(
    desk: DatabasePaperDesk, engine: Engine
) -> None:
    told: list[str] = []

    def bob(change: Callable[[Any, Signed], object]) -> None:
        told.append("")
        with session(engine) as opened:
            change(opened, Signed(Reviewer("bob", JUDGE), AT, f"bob-{len(told)}", "misread"))

    async def script(pilot: Pilot[None]) -> None:
        await press(pilot, *TO_FLOPS, "d")
        bob(lambda opened, signed: delete_value(opened, signed, FLOPS, expect=None))
        await press(pilot, "1")
        assert "Not saved" in shown(pilot.app) and "as it is now" in shown(pilot.app)
        assert cell_of(engine, FLOPS).state.reviewers == ("bob",)
        await press(pilot, *TO_COUNT, "e", "ctrl+u", *"16")
        evidence = cell_of(engine, COUNT).state.evidence
        assert evidence is not None
        stated = Stated(Quantity.exact(4, "devices", "4"), evidence)
        bob(lambda opened, signed: set_value(opened, signed, COUNT, stated, expect=None))
        await press(pilot, "enter")
        assert "changed since it was looked at. Enter takes yours" in " ".join(shown(pilot.app).split())
        assert cell_of(engine, COUNT).state.value == Quantity.exact(4, "devices", "4")
        await press(pilot, "enter")

    play(desk, script)
    assert cell_of(engine, COUNT).state.value == Quantity.exact(16, "devices", "16")


def test_what_somebody_merged_away_meanwhile_is_not_edited(desk: DatabasePaperDesk, engine: Engine) -> None:
    async def script(pilot: Pilot[None]) -> None:
        await press(pilot, *TO_COUNT, "e", "ctrl+u", *"16")
        with session(engine) as opened:
            signed = Signed(Reviewer("bob", JUDGE), AT, "bob")
            merge(opened, signed, RUN, EntityId(PAPER, "run", "larkspur-50.training"), expect=None)
        await press(pilot, "enter")
        assert "merged or removed" in shown(pilot.app) or "changed since" in shown(pilot.app)

    play(desk, script)
    assert entity_of(engine, RUN).merged_into is not None


def test_keys_typed_while_a_change_is_written_wait_their_turn(
    engine: Engine, passages: Passages, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    class SlowDesk(DatabasePaperDesk):
        def change(self, *args: Any, **kwargs: Any) -> Any:
            assert gate.wait(60)
            return super().change(*args, **kwargs)

    slow = SlowDesk(engine, Reviewer("ann", JUDGE), PlayedClock(AT, 100.0), passages)

    async def script(pilot: Pilot[None]) -> None:
        await press(pilot, *TO_FLOPS)
        for key in ("d", "1", "w", "y"):
            pilot.app.post_message(events.Key(key, key))
        await pilot.pause(0.6)
        assert "One moment" in shown(pilot.app)
        gate.set()
        await still(pilot)

    play(slow, script)
    assert cell_of(engine, FLOPS).is_rejected
    assert read_completely_now(engine) == (PAPER,)


# Looking around


@pytest.mark.parametrize(("key", "told"), [("Q", "“Q” is no key here"), ("tab", "tab is no key here")])
def test_a_key_that_means_nothing_says_so(key: str, told: str, desk: DatabasePaperDesk) -> None:
    assert told in keys(desk, key)


def test_what_is_folded_is_hidden_and_found(desk: DatabasePaperDesk) -> None:
    folded = keys(desk, "left")
    assert "▸ model larkspur-101" in folded and "wall time" not in folded
    assert "wall time" in keys(desk, "left", *TO_COUNT)
    assert "wall time" in keys(desk, "left", "right")


def test_doors_are_given_the_place_of_the_line(desk: DatabasePaperDesk, engine: Engine) -> None:
    opened: list[tuple[PaperId, int]] = []

    async def door(_app: object, paper: PaperId, evidence: Evidence) -> str:
        opened.append((paper, evidence.page))
        return "opened \x1b[2J it"

    seen: list[str] = []

    async def script(pilot: Pilot[None]) -> None:
        await press(pilot, *TO_COUNT, "v", "o")
        seen.append(shown(pilot.app))

    play(desk, script, doors=PaperDoors(door, door))
    assert opened == [(PAPER, 2), (PAPER, 2)]
    assert "opened  [2J it" in seen[0]
    assert "cannot be opened here" in keys(desk, *TO_COUNT, "v")


def test_pasted_words_fill_a_line_and_are_never_keys(desk: DatabasePaperDesk, engine: Engine) -> None:
    async def script(pilot: Pilot[None]) -> None:
        pilot.app.post_message(events.Paste("wy"))
        await still(pilot)
        assert "not taken for keys" in shown(pilot.app)
        await press(pilot, *NEW_RUN, "3", "tab")
        pilot.app.post_message(events.Paste(TUNED.replace(" with", "\n  with")))
        await still(pilot)
        await press(pilot, "enter")

    play(desk, script)
    assert cell_of(engine, ADDED).state.evidence is not None
