"""Entries of the log go into JSON and come back as they were."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.events import (
    KINDS,
    Accepted,
    Adjudicated,
    CellAdded,
    Corrected,
    DeclaredNotReported,
    EntityAdded,
    EntityMerged,
    EntityRemoved,
    Envelope,
    Event,
    Flagged,
    Noted,
    ProposalKey,
    Rejected,
    Reopened,
    Skipped,
    Undone,
    event_from_json,
    event_to_json,
)
from extractors.facts.errors import ParseError
from extractors.facts.evidence import Box, Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.values import Name, NotReported, Quantity

RUN = EntityId(PaperId("2401.00001"), "run", "net")

values = st.one_of(
    st.just(NotReported()),
    st.floats(1, 1e30).map(lambda number: Quantity.exact(number, "s")),
    st.text(min_size=1).filter(str.strip).map(lambda text: Name(text, text)),
)
evidences = st.builds(
    Evidence,
    st.just("a" * 64),
    st.just(3),
    st.none() | st.just(Box(3, 1.5, 2, 3, 4)),
    st.text(max_size=20),
    st.text(min_size=1, max_size=160).filter(str.strip),
    st.just("test.rule"),
)
keys = st.builds(ProposalKey, st.just("a" * 64), st.just("burden-0.1.0"), st.integers(0, 9))
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Accepted, keys, values, evidences),
    st.builds(Corrected, values, evidences),
    st.builds(CellAdded, values, evidences),
    st.builds(Rejected),
    st.builds(DeclaredNotReported, st.none() | evidences),
    st.builds(
        Adjudicated, st.none() | values, st.none() | evidences, st.tuples(st.integers(1), st.integers(1))
    ),
    st.builds(Skipped),
    st.builds(Flagged),
    st.builds(Noted, st.text()),
    st.builds(EntityAdded),
    st.builds(EntityMerged, st.just(RUN)),
    st.builds(EntityRemoved),
    st.builds(Reopened, keys, values, evidences),
    st.builds(Undone, st.integers(1)),
)


@given(events)
def test_an_event_comes_back_as_it_was(event: Event) -> None:
    kind, body = event_to_json(event)
    assert event_from_json(kind, json.loads(json.dumps(body))) == event


def test_every_event_has_a_word() -> None:
    assert {part for union in Event.__args__ for part in getattr(union, "__args__", (union,))} == set(
        KINDS.values()
    )


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("forgotten", {}),
        ("corrected", {}),
        ("noted", {"words": "no such part"}),
        ("corrected", {"value": {"kind": "guess"}, "evidence": {}}),
        ("accepted", {"proposal": {"sha256": 1}}),
        ("entity-merged", {"into": "nowhere"}),
    ],
)
def test_what_is_not_an_event_is_refused(kind: str, body: dict[str, object]) -> None:
    with pytest.raises(ParseError):
        event_from_json(kind, body)


def test_an_envelope_is_about_a_cell_or_about_an_entity() -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    assert Envelope("u", at, "ada", "annotator", RUN, "count").cell == CellKey(RUN, "count")
    assert Envelope("u", at, "ada", "annotator", RUN).cell is None
