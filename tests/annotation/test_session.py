"""A decision changes its cell, undo restores it, and nobody decides what somebody else holds."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from threading import Thread
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from annotation.page import Progress, render
from annotation.session import (
    LEASE,
    Answer,
    Item,
    Reviewer,
    accepted,
    corrected,
    decide,
    give_back,
    held_item,
    keep,
    next_item,
    undo,
)
from db.cells import CellState, Judge
from db.engine import session
from db.events import (
    Corrected,
    DeclaredNotReported,
    EntityRemoved,
    Envelope,
    Flagged,
    Rejected,
    Skipped,
    Undone,
)
from db.log import append, history
from db.queue import open_items
from db.readings import save
from db.refresh import cell_state
from extractors.facts.errors import ConflictError, UsageError
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Reading
from extractors.facts.values import NotReported, Quantity
from tests.annotation.conftest import PROPOSALS, SHA256

AT = datetime(2026, 11, 23, tzinfo=UTC)
PAPER = PaperId("2401.00001")
RUN = EntityId(PAPER, "run", "net")


def take(
    engine: Engine, who: Reviewer, field: str | None = None, avoid: set[int] | None = None
) -> Item | None:
    only = CellKey.parse(f"2401.00001/run/net#{field}") if field else None
    with session(engine) as opened:
        return next_item(opened, who, AT, only=only, avoid=avoid or set())


def wanted(engine: Engine, who: Reviewer, field: str) -> Item:
    item = take(engine, who, field)
    assert item is not None
    return item


def answer(engine: Engine, item: Item, said: Answer, who: Reviewer, reason: str = "") -> CellState:
    with session(engine) as opened:
        decide(opened, item, said, who, AT, uuid=str(uuid4()), reason=reason)
        state = cell_state(opened, item.key)
    assert state is not None
    return state


def test_an_item_carries_what_is_needed_to_decide_it(engine: Engine, reviewer: Reviewer) -> None:
    item = wanted(engine, reviewer, "count")
    assert [option.value for option in item.options] == [
        Quantity.exact(8, "devices", "eight"),
        Quantity.exact(4, "devices"),
    ]
    assert item.options[0].reasons == ("a doubt",)
    assert item.evidence is not None
    assert (item.evidence.page, item.evidence.quote) == (4, "We used eight V100s.")
    assert {cell.key.field for cell in item.siblings} == {"accelerator", "wall_time"}
    assert (item.field.path, item.state.status) == ("run.count", "queued")


@pytest.mark.parametrize(
    ("said", "status", "value"),
    [
        (accepted, "reviewed", Quantity.exact(8, "devices", "eight")),
        (lambda item: accepted(item, 1), "reviewed", Quantity.exact(4, "devices")),
        (lambda item: corrected(item, Quantity.exact(16, "chips")), "reviewed", Quantity.exact(16, "chips")),
        (lambda _: Rejected(), "rejected", None),
        (lambda item: DeclaredNotReported(item.evidence), "reviewed", NotReported()),
    ],
)
def test_a_decision_changes_the_cell_and_undo_restores_it(
    said: Callable[[Item], Answer], status: str, value: object, engine: Engine, reviewer: Reviewer
) -> None:
    item = wanted(engine, reviewer, "count")
    state = answer(engine, item, said(item), reviewer, "because")
    assert state.status == status
    if value is not None:
        assert state.value == value
        assert state.reviewers == ("ann",)
    with session(engine) as opened:
        assert undo(opened, reviewer, AT, uuid=str(uuid4())) == item.key
        restored = cell_state(opened, item.key)
    assert restored is not None
    assert (restored.status, restored.value) == ("queued", item.state.value)
    assert take(engine, reviewer, "count") is not None


def test_undo_goes_back_step_by_step(engine: Engine, reviewer: Reviewer) -> None:
    for field in ("count", "accelerator"):
        item = wanted(engine, reviewer, field)
        answer(engine, item, accepted(item), reviewer)
    undone = []
    for _ in range(3):
        with session(engine) as opened:
            undone.append(undo(opened, reviewer, AT, uuid=str(uuid4())))
    assert undone == [CellKey(RUN, "accelerator"), CellKey(RUN, "count"), None]


def test_nobody_takes_back_what_somebody_else_decided(
    engine: Engine, reviewer: Reviewer, second: Reviewer
) -> None:
    item = wanted(engine, reviewer, "count")
    answer(engine, item, accepted(item), reviewer)
    with session(engine) as opened:
        assert undo(opened, second, AT, uuid=str(uuid4())) is None


def test_two_people_never_hold_one_item(engine: Engine, reviewer: Reviewer, second: Reviewer) -> None:
    held = [take(engine, who) for who in (reviewer, second)]
    keys = [item.key for item in held if item]
    assert len(set(keys)) == 2


def test_people_at_once_decide_each_item_once(engine: Engine, reviewer: Reviewer) -> None:
    decided: list[CellKey] = []

    def work(who: Reviewer) -> None:
        while item := take(engine, who):
            answer(engine, item, accepted(item), who)
            decided.append(item.key)

    threads = [Thread(target=work, args=(Reviewer(f"ann-{n}", reviewer.judge),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(key.field for key in decided) == ["accelerator", "count", "wall_time"]


def test_nobody_takes_back_what_a_senior_took_back(engine: Engine, reviewer: Reviewer) -> None:
    item = wanted(engine, reviewer, "count")
    with session(engine) as opened:
        seq = decide(opened, item, accepted(item), reviewer, AT, uuid=str(uuid4()))
        envelope = Envelope(
            str(uuid4()), AT, "sen", "senior", item.key.entity, item.key.field, reason="hasty"
        )
        append(opened, envelope, Undone(seq), reviewer.judge)
        assert undo(opened, reviewer, AT, uuid=str(uuid4())) is None


@pytest.mark.parametrize(
    ("values", "told"), [(0, "None is proposed"), (1, "There is only value 1"), (3, "Choose 1 to 3")]
)
def test_a_number_that_no_value_has_is_refused_with_those_that_have_one(
    engine: Engine, reviewer: Reviewer, values: int, told: str
) -> None:
    item = wanted(engine, reviewer, "count")
    item = replace(item, options=(item.options * 2)[:values])
    with pytest.raises(UsageError, match=f"there is no value 7. {told}"):
        accepted(item, 6)


def test_an_item_given_back_is_free_for_the_next(
    engine: Engine, reviewer: Reviewer, second: Reviewer
) -> None:
    item = wanted(engine, reviewer, "count")
    assert take(engine, second, "count") is None
    with session(engine) as opened:
        give_back(opened, item)
    assert take(engine, second, "count") is not None


def test_two_sessions_of_one_person_never_show_the_same_item(engine: Engine, reviewer: Reviewer) -> None:
    one, two = replace(reviewer, sitting="one"), replace(reviewer, sitting="two")
    first, second, command = take(engine, one), take(engine, two), take(engine, reviewer)
    assert first is not None
    assert second is not None
    assert command is not None
    assert len({first.key, second.key, command.key}) == 3
    assert take(engine, two, first.key.field) is None, "nor if it is asked for by name"
    again = take(engine, two)
    assert again is not None
    assert again.key == second.key, "what is held here is what comes here"
    with session(engine) as opened:
        assert held_item(opened, reviewer, AT).item.key == command.key


def test_a_session_that_died_leaves_its_item_to_the_others_of_the_same_person_when_its_lease_ends(
    engine: Engine, reviewer: Reviewer
) -> None:
    item = take(engine, replace(reviewer, sitting="one"), "count")
    assert item is not None
    with session(engine) as opened:
        other = next_item(opened, replace(reviewer, sitting="two"), AT + LEASE, only=item.key)
        assert other is not None
        with pytest.raises(ConflictError, match="this session of ann no longer holds"):
            keep(opened, item, AT + LEASE)
        give_back(opened, item)
        assert held_item(opened, replace(reviewer, sitting="two"), AT + LEASE).item.key == item.key


def test_what_is_taken_back_in_another_session_comes_there(engine: Engine, reviewer: Reviewer) -> None:
    one, two = replace(reviewer, sitting="one"), replace(reviewer, sitting="two")
    item = take(engine, one, "count")
    assert item is not None
    answer(engine, item, accepted(item), one)
    with session(engine) as opened:
        assert undo(opened, two, AT, uuid=str(uuid4())) == item.key
    assert take(engine, two, "count") is not None
    assert take(engine, one, "count") is None


def test_a_skipped_item_comes_back_after_the_others(engine: Engine, reviewer: Reviewer) -> None:
    first = take(engine, reviewer)
    assert first is not None
    answer(engine, first, Skipped(), reviewer)
    seen = {first.claim.item_id}
    order = []
    while item := take(engine, reviewer, avoid=seen):
        seen.add(item.claim.item_id)
        order.append(item.key)
    assert len(order) == 2
    assert first.key not in order
    assert take(engine, reviewer, first.key.field) is not None


def test_a_flagged_item_waits_for_a_senior(engine: Engine, reviewer: Reviewer) -> None:
    item = wanted(engine, reviewer, "count")
    answer(engine, item, Flagged(), reviewer, "odd")
    assert take(engine, Reviewer("eve", reviewer.judge), "count") is None
    assert take(engine, Reviewer("sen", reviewer.judge, senior=True), "count") is not None


def test_an_answer_to_what_has_changed_is_refused(engine: Engine, reviewer: Reviewer) -> None:
    item = wanted(engine, reviewer, "count")
    answer(engine, item, accepted(item), reviewer)
    with pytest.raises(ConflictError):
        answer(engine, item, Rejected(), reviewer, "late")


def test_a_number_without_a_value_is_refused(engine: Engine, reviewer: Reviewer) -> None:
    with pytest.raises(UsageError, match="no value 3"):
        accepted(wanted(engine, reviewer, "count"), 2)


# More than one person


@pytest.fixture
def pair(twice: Judge, reviewer: Reviewer, second: Reviewer) -> tuple[Reviewer, Reviewer]:
    """Two annotators, where everything is decided twice."""
    return replace(reviewer, judge=twice), replace(second, judge=twice)


def test_a_second_opinion_is_blind(engine: Engine, pair: tuple[Reviewer, Reviewer]) -> None:
    first, second = pair
    item = wanted(engine, first, "count")
    answer(engine, item, accepted(item, 1), first)
    seen = wanted(engine, second, "count")
    assert (seen.state.status, seen.state.value, seen.state.reviewers) == ("queued", item.state.value, ())
    assert seen.opinions == ()
    assert "ann" not in "\n".join(render(seen, Progress(0, 1)))
    assert answer(engine, seen, accepted(seen, 1), second).status == "double-reviewed"


def test_two_who_look_at_the_same_time_both_are_heard(
    engine: Engine, pair: tuple[Reviewer, Reviewer]
) -> None:
    held = [wanted(engine, who, "count") for who in pair]
    first, state = (answer(engine, item, accepted(item), who) for who, item in zip(pair, held, strict=True))
    assert first.status == "reviewed"
    assert (state.status, state.reviewers) == ("double-reviewed", ("ann", "bob"))


def test_a_blind_opinion_on_a_value_that_was_read_anew_is_refused(
    engine: Engine, pair: tuple[Reviewer, Reviewer]
) -> None:
    item = wanted(engine, pair[0], "count")
    with session(engine) as opened:
        outside = Envelope(str(uuid4()), AT, "sen", "senior", RUN, "count")
        append(opened, outside, Rejected(), pair[0].judge)
    with pytest.raises(ConflictError):
        answer(engine, item, accepted(item), pair[0])


def test_who_follows_one_who_took_a_differing_opinion_back_is_blind_too(
    engine: Engine, pair: tuple[Reviewer, Reviewer]
) -> None:
    for number, who in enumerate(pair):
        item = wanted(engine, who, "count")
        answer(engine, item, accepted(item, number), who)
    with session(engine) as opened:
        undo(opened, pair[1], AT + LEASE, uuid="taken back")
    third = Reviewer("cyd", pair[0].judge)
    assert take(engine, replace(third, role="adjudication"), "count") is None
    seen = wanted(engine, third, "count")
    assert (seen.claim.why, seen.state.status, seen.state.reviewers, seen.opinions) == (
        "uncertain",
        "queued",
        (),
        (),
    )
    assert answer(engine, seen, accepted(seen), third).status == "double-reviewed"


def test_who_looks_while_another_takes_a_blind_opinion_back_is_not_refused(
    engine: Engine, pair: tuple[Reviewer, Reviewer]
) -> None:
    first, second = (wanted(engine, who, "count") for who in pair)
    answer(engine, first, accepted(first), pair[0])
    with session(engine) as opened:
        undo(opened, pair[0], AT, uuid="taken back")
    assert answer(engine, second, accepted(second), pair[1]).reviewers == ("bob",)


def test_a_flagged_value_is_decided_blind_too(engine: Engine, pair: tuple[Reviewer, Reviewer]) -> None:
    first, second = (wanted(engine, who, "count") for who in pair)
    answer(engine, first, accepted(first), pair[0])
    answer(engine, second, Flagged(), pair[1], "odd")
    senior = Reviewer("sen", pair[0].judge, senior=True)
    seen = wanted(engine, senior, "count")
    assert (seen.claim.why, seen.state.status, seen.state.reviewers) == ("flagged", "queued", ())
    assert answer(engine, seen, accepted(seen), senior).status == "double-reviewed"


def test_a_half_done_double_review_ends_with_its_entity_and_comes_back_with_it(
    engine: Engine, pair: tuple[Reviewer, Reviewer]
) -> None:
    item = wanted(engine, pair[0], "count")
    answer(engine, item, accepted(item), pair[0])
    with session(engine) as opened:
        gone = Envelope("gone", AT, "ann", "annotator", RUN)
        seq = append(opened, gone, EntityRemoved(), pair[0].judge)
        assert open_items(opened) == 0
    with session(engine) as opened:
        append(opened, Envelope("back", AT, "ann", "annotator", RUN), Undone(seq), pair[0].judge)
    seen = wanted(engine, pair[1], "count")
    assert (seen.claim.slot, seen.state.reviewers) == (2, ())
    assert answer(engine, seen, accepted(seen), pair[1]).status == "double-reviewed"


@pytest.mark.parametrize(
    ("said", "status", "value"),
    [
        (accepted, "adjudicated", Quantity.exact(8, "devices", "eight")),
        (lambda _: Rejected(), "rejected", None),
        (lambda item: DeclaredNotReported(item.evidence), "adjudicated", NotReported()),
    ],
)
def test_opinions_that_differ_are_settled_by_somebody_else(
    said: Callable[[Item], Answer],
    status: str,
    value: object,
    engine: Engine,
    pair: tuple[Reviewer, Reviewer],
) -> None:
    for number, who in enumerate(pair):
        item = wanted(engine, who, "count")
        answer(engine, item, accepted(item, number), who, f"reason {number}")
    judge = pair[0].judge
    assert take(engine, replace(pair[0], role="adjudication"), "count") is None
    third = Reviewer("cyd", judge, role="adjudication")
    item = wanted(engine, third, "count")
    assert [(opinion.who, opinion.reason) for opinion in item.opinions] == [
        ("ann", "reason 0"),
        ("bob", "reason 1"),
    ]
    shown = "\n".join(render(item, Progress(0, 1)))
    assert "ann said: 8 devices, printed “eight” (p. 4, 4.1 Training), because reason 0" in shown
    assert "bob said: 4 devices (p. 4, 4.1 Training), because reason 1" in shown
    state = answer(engine, item, said(item), third)
    assert (state.status, state.value) == (status, value)
    assert state.reviewers == ("ann", "bob", "cyd")


def test_by_commands_nobody_settles_what_changed_since_it_was_shown(
    engine: Engine, pair: tuple[Reviewer, Reviewer]
) -> None:
    for number, who in enumerate(pair):
        item = wanted(engine, who, "count")
        answer(engine, item, accepted(item, number), who)
    third = Reviewer("cyd", pair[0].judge, role="adjudication")
    shown, later = wanted(engine, third, "count"), AT + LEASE / 2
    with session(engine) as opened:
        words = shown.options[0].evidence
        said = Envelope("u1", later, "ann", "annotator", RUN, "count", slot=1)
        append(opened, said, Corrected(Quantity.exact(16, "devices"), words), third.judge)
    with pytest.raises(ConflictError, match="has changed since it was shown"), session(engine) as opened:
        held_item(opened, third, later)
    with session(engine) as opened:
        assert next_item(opened, third, later) is not None
        assert held_item(opened, third, later).item.options[0].value == Quantity.exact(16, "devices")


def test_by_commands_a_blind_opinion_may_follow_another(
    engine: Engine, pair: tuple[Reviewer, Reviewer]
) -> None:
    items = [wanted(engine, who, "count") for who in pair]
    with session(engine) as opened:
        decide(opened, items[0], accepted(items[0]), pair[0], AT + LEASE / 2, uuid="u1")
        assert held_item(opened, pair[1], AT + LEASE / 2, items[1].key).item.key == items[1].key


def test_by_commands_nobody_decides_what_was_read_anew_since_it_was_shown(
    engine: Engine, reviewer: Reviewer
) -> None:
    item = wanted(engine, reviewer, "count")
    with session(engine) as opened:
        anew = (PROPOSALS[0], replace(PROPOSALS[1], value=Quantity.exact(32, "devices")), PROPOSALS[2])
        save(opened, Reading(SHA256, "burden-2", PAPER, "A Net", 9, anew), reviewer.judge, AT + LEASE / 2)
    with pytest.raises(ConflictError, match="has changed since it was shown"), session(engine) as opened:
        held_item(opened, reviewer, AT + LEASE / 2, item.key)


def test_a_lease_is_held_as_long_as_somebody_looks(
    engine: Engine, reviewer: Reviewer, second: Reviewer
) -> None:
    item = wanted(engine, reviewer, "count")
    with session(engine) as opened:
        keep(opened, item, AT + LEASE)
        assert next_item(opened, second, AT + LEASE, only=item.key) is None
        assert next_item(opened, second, AT + 2 * LEASE, only=item.key) is not None
        with pytest.raises(ConflictError, match="no longer holds"):
            keep(opened, item, AT + 2 * LEASE)


def test_a_decision_says_which_extractor_had_read_the_value(engine: Engine, reviewer: Reviewer) -> None:
    item = wanted(engine, reviewer, "count")
    answer(engine, item, accepted(item), reviewer)
    with session(engine) as opened:
        (entry,) = history(opened, key=item.key)
    assert entry.envelope.extractor == "burden-1"


def test_an_adjudicator_can_choose_what_one_of_two_typed(
    engine: Engine, pair: tuple[Reviewer, Reviewer]
) -> None:
    first = wanted(engine, pair[0], "count")
    answer(engine, first, corrected(first, Quantity.exact(16, "devices")), pair[0])
    second = wanted(engine, pair[1], "count")
    answer(engine, second, DeclaredNotReported(), pair[1])
    third = Reviewer("cyd", pair[0].judge, role="adjudication")
    item = wanted(engine, third, "count")
    assert [option.value for option in item.options] == [
        Quantity.exact(16, "devices"),
        Quantity.exact(8, "devices", "eight"),
        Quantity.exact(4, "devices"),
    ]
    assert "bob said: not reported" in "\n".join(render(item, Progress(0, 1)))
    with session(engine) as opened:
        assert [open_items(opened, "adjudication"), open_items(opened)] == [
            1,
            1 + open_items(opened, "opinion"),
        ]
    assert answer(engine, item, accepted(item), third).value == Quantity.exact(16, "devices")


def test_nothing_beside_an_item_tells_what_somebody_said_whose_second_is_still_asked(
    engine: Engine, pair: tuple[Reviewer, Reviewer]
) -> None:
    first, second = pair
    item = wanted(engine, first, "count")
    answer(engine, item, corrected(item, Quantity.exact(64, "devices")), first)
    beside = wanted(engine, second, "wall_time")
    (count,) = (state for state in beside.siblings if state.key.field == "count")
    assert (count.value, count.reviewers, count.status) == (item.options[0].value, (), "queued")
    again = wanted(engine, second, "count")
    answer(engine, again, corrected(again, Quantity.exact(64, "devices")), second)
    beside = wanted(engine, replace(second, sitting="other"), "accelerator")
    (count,) = (state for state in beside.siblings if state.key.field == "count")
    assert (count.value, count.reviewers) == (Quantity.exact(64, "devices"), ("ann", "bob"))
