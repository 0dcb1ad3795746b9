"""The review log as text and back: everything that was said, and a line number for everything that cannot be read."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from annotation.exchange.log import entry_to_json, read_log, write_log
from annotation.session import Reviewer, accepted, corrected, decide, next_item, undo
from db.engine import session, snapshot
from db.events import Adjudicated, CellAdded, EntityMerged, Entry, Envelope, Event, Noted, Rejected, Undone
from db.log import history
from extractors.facts.evidence import Box, Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.values import Name, NotReported, Quantity

AT = datetime(2026, 11, 23, tzinfo=UTC)
PAPER = PaperId("2401.00001")
RUN = EntityId(PAPER, "run", "net")
HEADER = '{"line":"burden-log","version":1}'
HOSTILE = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40
) | st.sampled_from(
    ["=1+1", "\x1b[2J", "\u202ebad", 'a "quote", a comma', "line\nend", "\u2028", "x" * 10_000]
)


def decided(engine: Engine, who: Reviewer) -> None:
    """Two decisions, of which one is taken back."""
    for field in ("count", "accelerator"):
        with session(engine) as opened:
            item = next_item(opened, who, AT, only=CellKey(RUN, field))
            assert item is not None
            said = corrected(item, Quantity.exact(4, "devices")) if field == "count" else accepted(item)
            decide(opened, item, said, who, AT, uuid=str(uuid4()), reason="=because\n\u202e", seconds=2.5)
    with session(engine) as opened:
        undo(opened, who, AT, uuid=str(uuid4()))


def written(engine: Engine, who: Reviewer) -> list[str]:
    with snapshot(engine) as opened:
        return list(write_log(opened, who.judge))


def test_what_is_written_is_what_is_read(engine: Engine, reviewer: Reviewer) -> None:
    decided(engine, reviewer)
    log = read_log("\n".join(written(engine, reviewer)) + "\n")
    assert log.wrong == ()
    (past,) = log.papers
    with snapshot(engine) as opened:
        assert past.entries == tuple(reversed(history(opened)))
    assert (past.title, past.published) == ("A \x1b[2JNet", AT)
    assert [(minted.entity, minted.by) for minted in past.minted] == [(RUN, "burden-1")]
    assert log.numbers == {1: 4, 2: 5, 3: 6}


def test_each_line_says_the_cell_before_and_after(engine: Engine, reviewer: Reviewer) -> None:
    decided(engine, reviewer)
    _, _, _, count, hardware, taken_back = map(json.loads, written(engine, reviewer))
    assert [count[when]["status"] for when in ("before", "after")] == ["queued", "reviewed"]
    assert [count[when]["value"]["value"] for when in ("before", "after")] == [8, 4]
    assert [hardware[when]["reviewers"] for when in ("before", "after")] == [[], ["ann"]]
    assert [taken_back[when]["status"] for when in ("before", "after")] == ["reviewed", "queued"]
    assert (count["actor"], count["seconds"], count["reason"]) == ("ann", 2.5, "=because\n\u202e")


def test_a_log_of_nothing_has_only_its_first_line(engine: Engine, reviewer: Reviewer) -> None:
    assert written(engine, reviewer) == [HEADER]
    assert read_log(HEADER).papers == ()


PLACE = Evidence("1" * 64, 4, Box(4, 1.5, 2, 3, 4), "Training", "words", "rule")
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(Noted, HOSTILE),
    st.just(Rejected()),
    st.builds(Undone, st.integers(1, 9)),
    st.builds(Adjudicated, st.just(Name("v100", "V100")), st.just(PLACE), st.just((1, 2))),
    st.builds(
        CellAdded, st.builds(Quantity.exact, st.floats(1, 1e30), st.just("devices"), HOSTILE), st.just(PLACE)
    ),
    st.just(EntityMerged(EntityId(PAPER, "run", "other"))),
)
ENVELOPES = st.builds(
    Envelope,
    uuid=st.uuids().map(str),
    at=st.datetimes(timezones=st.just(UTC)),
    actor=HOSTILE.filter(bool).map(lambda text: text[:200]),
    actor_kind=st.sampled_from(["annotator", "senior", "author", "correction", "import", "machine"]),
    entity=st.just(RUN),
    field=st.none() | st.just("count"),
    slot=st.none() | st.integers(1, 3),
    expect=st.none() | st.integers(0, 9) | st.just(NotReported()) | st.just(Quantity.exact(8, "devices")),
    extractor=st.none() | HOSTILE,
    seconds=st.none() | st.floats(0, 1e6),
    reason=HOSTILE,
)


@given(st.builds(Entry, st.integers(1, 2**63 - 1), ENVELOPES, EVENTS))
def test_any_entry_comes_back_as_it_was(entry: Entry) -> None:
    log = read_log(f"{HEADER}\n{json.dumps(entry_to_json(entry))}\n")
    assert log.wrong == ()
    assert log.papers[0].entries == (entry,)


ENTRY = entry_to_json(Entry(1, Envelope("u1", AT, "ada", "annotator", RUN, "count"), Rejected()))


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("9" * 5000, "not JSON"),
        ("[]", "not an object"),
        ('{"line": "poem"}', "'poem' is unknown"),
        (json.dumps(ENTRY | {"kind": "guessed"}), "'guessed' is unknown"),
        (json.dumps(ENTRY | {"actor_kind": "king"}), "actor_kind"),
        (json.dumps(ENTRY | {"entity": "nothing"}), "not an entity id"),
        (json.dumps(ENTRY | {"at": "2026-11-23T00:00:00"}), "at: Input should have timezone info"),
        (json.dumps(ENTRY | {"seconds": float("nan")}), "seconds"),
        (json.dumps(ENTRY | {"seq": 2**70}), "seq"),
        (json.dumps(ENTRY | {"reason": "\ud800"}), "half characters"),
        (json.dumps(ENTRY | {"reason": "\0"}), "zero bytes"),
        (json.dumps(ENTRY | {"event": {"value": 1}}), "not a stored event"),
        (
            json.dumps(ENTRY | {"kind": "corrected", "event": {"value": 1, "evidence": 1}}),
            "not a stored event",
        ),
        (
            json.dumps(ENTRY | {"kind": "corrected", "event": {"value": None, "evidence": None}}),
            "instance of",
        ),
        (json.dumps(ENTRY | {"kind": "noted", "event": {"text": 1}}), "valid string"),
        (json.dumps(ENTRY | {"kind": "undone", "event": {"seq": "1"}}), "valid integer"),
        (json.dumps(ENTRY | {"kind": "entity-merged", "event": {"into": 1}}), "not a stored event"),
        (json.dumps(ENTRY | {"kind": "adjudicated", "event": {"between": 1}}), "not a stored event"),
        (json.dumps({"line": "entity", "entity": str(RUN)}), "by: Field required"),
    ],
)
def test_a_line_that_says_nothing_is_told_by_its_number(line: str, what: str) -> None:
    (wrong,) = read_log(f"{HEADER}\n\n{line}").wrong
    assert wrong.number == 3
    assert what in wrong.what


def test_an_entry_that_is_there_twice_is_told() -> None:
    (wrong,) = read_log("\n".join([HEADER, json.dumps(ENTRY), json.dumps(ENTRY)])).wrong
    assert (wrong.number, "twice" in wrong.what) == (3, True)


@pytest.mark.parametrize(
    "first", ["", "{}", "cell,seen,decision", '{"line":"burden-log","version":2}', json.dumps(ENTRY)]
)
def test_another_file_is_not_taken_for_a_log(first: str) -> None:
    assert read_log(f"{first}\n").wrong[0].number == 1
