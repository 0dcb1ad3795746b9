"""Facts survive the way to JSON and back, and foreign JSON is checked."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.facts.codec import (
    Json,
    evidence_from_json,
    evidence_from_text,
    evidence_to_json,
    reading_from_json,
    reading_to_json,
    value_from_json,
    value_from_text,
    value_to_json,
)
from extractors.facts.errors import ParseError
from extractors.facts.evidence import QUOTE_LIMIT, Box, Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Problem, Proposal, Reading, Rival
from extractors.facts.values import Name, NotReported, Quantity, Value

finite = st.floats(allow_nan=False, allow_infinity=False, width=32)
printable = st.text(st.characters(exclude_categories=["Cs"]))
filled = printable.filter(str.strip)
quantities = (
    st.tuples(finite, finite, finite)
    .map(sorted)
    .flatmap(
        lambda three: st.builds(
            Quantity, st.just(three[1]), st.just(three[0]), st.just(three[2]), filled, printable
        )
    )
)
values = st.one_of(quantities, st.builds(Name, filled, printable), st.just(NotReported()))
boxes = st.builds(lambda x, y, w, h: Box(3, x, y, x + w, y + h), *[st.floats(0, 600)] * 4)
quotes = filled.map(lambda text: text.strip()[:QUOTE_LIMIT]).filter(str.strip)
evidences = st.builds(
    Evidence, st.just("a" * 64), st.just(3), st.none() | boxes, printable, quotes, printable
)


@given(values)
def test_a_value_reads_back_what_it_wrote(value: Value) -> None:
    assert value_from_json(json.loads(json.dumps(value_to_json(value)))) == value


@given(values)
def test_a_value_is_the_same_from_its_text(value: Value) -> None:
    assert value_from_text(json.dumps(value_to_json(value))) == value


@given(evidences)
def test_evidence_is_the_same_from_its_text(evidence: Evidence) -> None:
    assert evidence_from_text(json.dumps(evidence_to_json(evidence))) == evidence


@pytest.mark.parametrize(
    "text", ["[]", "null", '{"kind": "colour"}', '{"kind": "name", "id": " ", "printed": ""}']
)
def test_a_text_that_is_no_fact_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        value_from_text(text)
    with pytest.raises(ParseError):
        evidence_from_text(text)


def test_a_text_that_is_no_json_is_told_apart() -> None:
    with pytest.raises(json.JSONDecodeError):
        value_from_text("{")
    with pytest.raises(json.JSONDecodeError):
        evidence_from_text("{")


def test_a_character_that_is_half_of_one_survives_the_text_as_it_does_the_object() -> None:
    data = {"kind": "name", "id": "net", "printed": "\ud800"}
    assert value_from_text(json.dumps(data)) == value_from_json(dict(data))


said = st.builds(Rival, values, evidences, st.dictionaries(printable, finite, max_size=2))
cells = st.builds(
    CellKey,
    st.sampled_from(
        [
            EntityId(PaperId("hep-th/9901001"), "run", "net.training"),
            EntityId(PaperId("2401.00001"), "model", "net"),
        ]
    ),
    st.sampled_from(["count", "name"]),
)
proposals = st.builds(
    lambda cell, own, rivals, reasons: Proposal(
        cell, own.value, own.evidence, tuple(rivals), own.features, tuple(reasons)
    ),
    cells,
    said,
    st.lists(said, max_size=2),
    st.lists(printable, max_size=2),
)
readings = st.builds(
    lambda proposed, title: Reading(
        "a" * 64,
        "burden-1",
        PaperId("2401.00001"),
        title,
        9,
        tuple(proposed),
        (Problem("document", title, 3),),
    ),
    st.lists(proposals, max_size=2),
    printable,
)


@given(readings)
def test_a_reading_reads_back_what_it_wrote(reading: Reading) -> None:
    assert reading_from_json(json.loads(json.dumps(reading_to_json(reading)))) == reading


def test_what_is_no_reading_is_refused() -> None:
    with pytest.raises(ParseError):
        reading_from_json({"sha256": "a" * 64, "proposals": [{"cell": "nowhere"}]})


@given(evidences)
def test_evidence_reads_back_what_it_wrote(evidence: Evidence) -> None:
    assert evidence_from_json(json.loads(json.dumps(evidence_to_json(evidence)))) == evidence


def test_a_box_names_its_sides() -> None:
    evidence = Evidence("a" * 64, 3, Box(3, 1.0, 2.0, 30.0, 12.5), "Table 1", "8 GPUs", "rule")
    box = {"page": 3, "x0": 1.0, "top": 2.0, "x1": 30.0, "bottom": 12.5}
    assert evidence_to_json(evidence)["box"] == box


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"kind": "guess"},
        {"kind": "quantity", "value": "many"},
        {"kind": "name", "id": "", "printed": "x"},
        {"kind": "quantity", "value": 5, "low": 6, "high": 7, "unit": "s", "printed": "5"},
    ],
)
def test_what_is_not_a_value_is_refused(data: Json) -> None:
    with pytest.raises(ParseError):
        value_from_json(data)


def test_what_is_not_evidence_is_refused_with_the_key_at_fault() -> None:
    with pytest.raises(ParseError, match="page"):
        evidence_from_json(
            {"sha256": "a", "page": "three", "box": None, "anchor": "", "quote": "q", "rule": "r"}
        )
