"""A file of corrections is taken as a whole or not at all, once, and only where what it expects is there."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from annotation.exchange.answers import Refusal
from annotation.exchange.corrections import LONGEST, Asked, Correction, asked, read_corrections, take
from annotation.session import Reviewer
from db.cells import CellState
from db.engine import session, snapshot
from db.events import CellAdded, Corrected, DeclaredNotReported, Entry, Envelope, Rejected, Undone
from db.log import append, history, last_seq
from db.refresh import cell_state, doctor
from extractors.facts.errors import ParseError
from extractors.facts.evidence import Box, Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.values import Quantity

AT = datetime(2026, 12, 1, tzinfo=UTC)
RUN = "2401.00001/run/net"
COUNT = CellKey.parse(f"{RUN}#count")
ONE = f"""
- cell: {RUN}#count
  value: 16
  expect: 8
  reason: two nodes of eight
  by: grace
"""
Take = Callable[..., tuple[list[bool], list[Refusal]]]


@pytest.fixture
def importing(engine: Engine, reviewer: Reviewer) -> Take:
    """Imports a file as the command does."""

    def run(text: str) -> tuple[list[bool], list[Refusal]]:
        corrections, wrong = read_corrections(text)
        assert wrong == ()
        with snapshot(engine) as opened:
            cited, nowhere = asked(opened, corrections)
        assert nowhere == []
        places = {one.correction.uuid: place_of(one) for one in cited}
        with session(engine) as opened:
            taken, refused = take(opened, corrections, reviewer, AT, places)
            if refused:
                opened.rollback()
        return taken, refused

    return run


def place_of(one: Asked) -> Evidence:
    """Where the words stand, as finding them in the file tells (`flows.citing`)."""
    page = one.citation.page or 0
    return Evidence(one.sha256, page, Box(page, 72, 90, 290, 101), "5 Training", one.citation.quote, "typed")


def cell(engine: Engine, key: CellKey = COUNT) -> CellState | None:
    with snapshot(engine) as opened:
        return cell_state(opened, key)


def log(engine: Engine) -> tuple[Entry, ...]:
    with snapshot(engine) as opened:
        return history(opened)


def changed(text: str, **parts: str) -> str:
    for name, value in parts.items():
        text = "".join(
            f"  {name}: {value}\n" if line.strip().startswith(f"{name}:") else line
            for line in text.splitlines(keepends=True)
        )
    return text


def test_a_correction_decides_the_cell_with_its_reason(
    engine: Engine, reviewer: Reviewer, importing: Take
) -> None:
    assert importing(ONE) == ([True], [])
    found = cell(engine)
    assert found is not None
    assert (found.status, found.value) == ("reviewed", Quantity.exact(16, "devices", "16"))
    assert found.reviewers == ("correction by grace",)
    assert found.evidence is not None
    assert (found.evidence.rule, found.evidence.quote) == ("correction", "We used eight V100s.")
    (entry,) = log(engine)
    assert entry.envelope.actor_kind == "correction"
    assert entry.envelope.reason == "two nodes of eight; imported by ann"
    with snapshot(engine) as opened:
        assert doctor(opened, reviewer.judge) == ()


def test_taking_a_file_twice_is_taking_it_once(engine: Engine, importing: Take) -> None:
    importing(ONE)
    assert importing(ONE) == ([False], [])
    assert len(log(engine)) == 1


def test_what_was_taken_back_is_not_taken_again(engine: Engine, reviewer: Reviewer, importing: Take) -> None:
    importing(ONE)
    with session(engine) as opened:
        envelope = Envelope("u", AT, "sam", "senior", COUNT.entity, COUNT.field, reason="a slip")
        append(opened, envelope, Undone(last_seq(opened)), reviewer.judge)
    assert importing(ONE) == ([False], [])
    found = cell(engine)
    assert found is not None
    assert found.status == "queued"


def test_what_is_expected_and_not_there_refuses_the_whole_file(engine: Engine, importing: Take) -> None:
    good = f"- {{cell: {RUN}#wall_time, value: 2 days, expect: 1 day, reason: printed, by: grace}}\n"
    _, refused = importing(changed(ONE, expect="4") + good)
    assert [one.place for one in refused] == ["line 2"]
    assert "holds 8 devices" in refused[0].what
    assert "expects 4" in refused[0].what
    assert log(engine) == ()


def test_a_cell_that_changed_meanwhile_refuses_too(
    engine: Engine, reviewer: Reviewer, importing: Take
) -> None:
    with session(engine) as opened:
        place = Evidence("1" * 64, 4, None, "", "We used eight V100s.", "annotator")
        envelope = Envelope("u", AT, "bob", "annotator", COUNT.entity, COUNT.field)
        append(opened, envelope, Corrected(Quantity.exact(4, "devices"), place), reviewer.judge)
    _, refused = importing(ONE)
    assert "holds 4 devices" in refused[0].what


@pytest.mark.parametrize(
    ("value", "expect", "event"),
    [
        ("nothing", "8", Rejected),
        ("not reported", "eight", DeclaredNotReported),
        ("16 chips", "8 devices", Corrected),
    ],
)
def test_words_for_no_value(
    engine: Engine, importing: Take, value: str, expect: str, event: type[object]
) -> None:
    taken, refused = importing(changed(ONE, value=value, expect=expect))
    if refused:
        assert expect == "eight"
        return
    assert taken == [True]
    assert isinstance(log(engine)[0].event, event)


def test_a_value_that_nobody_read_needs_a_place(engine: Engine, importing: Take) -> None:
    added = changed(ONE.replace("#count", "#epochs"), value="90", expect="nothing")
    _, refused = importing(added)
    assert "no place in the paper is known" in refused[0].what
    cited = added + "  evidence: {page: 6, quote: We train for 90 epochs.}\n"
    assert importing(cited) == ([True], [])
    event = log(engine)[0].event
    assert isinstance(event, CellAdded)
    assert (event.evidence.page, event.evidence.quote) == (6, "We train for 90 epochs.")


def test_cited_words_have_their_box(engine: Engine, importing: Take) -> None:
    assert importing(ONE + "  evidence: {page: 6, quote: sixteen devices}\n") == ([True], [])
    found = cell(engine)
    assert found is not None and found.evidence is not None
    assert (found.evidence.box, found.evidence.anchor) == (Box(6, 72, 90, 290, 101), "5 Training")
    assert found.evidence.rule == "correction"


def test_what_is_here_already_is_not_looked_for_again(engine: Engine, importing: Take) -> None:
    text = ONE + "  evidence: {page: 6, quote: sixteen devices}\n"
    importing(text)
    with snapshot(engine) as opened:
        assert asked(opened, read_corrections(text)[0]) == ([], [])
    assert importing(text) == ([False], [])


def test_words_that_nobody_found_are_no_evidence(engine: Engine, reviewer: Reviewer) -> None:
    corrections, _ = read_corrections(ONE + "  evidence: {page: 6, quote: sixteen devices}\n")
    with session(engine) as opened:
        _, refused = take(opened, corrections, reviewer, AT, {})
        opened.rollback()
    assert "was read from another file meanwhile" in refused[0].what


def test_a_name_is_expected_by_its_id_or_its_print(engine: Engine, importing: Take) -> None:
    for expect, value in (("V100s", "A100"), ("NVIDIA A100", "V100")):
        said = f"- {{cell: {RUN}#accelerator, value: {value}, expect: {expect}, reason: r, by: grace}}\n"
        taken, refused = importing(said)
        assert (taken, refused) == ([True], []), refused


def test_unknown_cells_and_values_are_refused_with_their_lines(importing: Take) -> None:
    unknown = "- {cell: 2401.00001/run/other#count, value: 8, expect: nothing, reason: r, by: g}\n"
    nowhere = "- {cell: 2499.00001/run/net#count, value: 8, expect: nothing, reason: r, by: g}\n"
    wrong = f"- {{cell: {RUN}#count, value: 8.5, expect: 8, reason: r, by: g}}\n"
    _, refused = importing(unknown + nowhere + wrong)
    said = {one.place: one.what for one in refused}
    assert "line 1" in said
    assert "there is no paper 2499.00001" in said["line 2"]
    assert "no whole number" in said["line 3"]


# The file


def test_scalars_are_taken_as_they_are_written() -> None:
    text = f"- {{cell: {RUN}#count, value: 010, expect: no, reason: 1:30, by: 2026-11-20, source: ~}}"
    ((found,), _) = read_corrections(text)
    assert (found.value, found.expect, found.reason, found.by, found.source) == (
        "010", "no", "1:30", "2026-11-20", "~",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("- 8\n", "it is no correction"),
        (ONE.replace("  by: grace\n", ""), "by is missing"),
        (ONE + "  colour: red\n", "'colour' is not known"),
        (ONE + "  by: ada\n", "by stands there twice"),
        (ONE.replace("#count", ""), ""),
        (ONE.replace("#count", "#colour"), ""),
        (ONE.replace("value: 16", "value: [16]"), "value is no text"),
        (ONE.replace("two nodes", "x" * (LONGEST + 1)), "reason has more than"),
        (ONE + "  evidence: {page: 0, quote: q}\n", "evidence is a page"),
        (ONE + "  evidence: {page: 1}\n", "evidence is a page"),
        (ONE + "  evidence: page 1\n", "it is no correction"),
        (ONE + ONE, "is corrected at line 2 already"),
    ],
)
def test_what_is_no_correction_is_listed_with_its_line(text: str, what: str) -> None:
    _, (refused,) = read_corrections(text)
    assert refused.place.startswith("line ")
    assert what in refused.what


@pytest.mark.parametrize(
    "text", ["a: 1", "{", "just words", "- &a [*a, *b]", "\t- x", "!!python/name:os.system x", "[" * 20_000]
)
def test_what_is_no_list_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(ParseError):
        read_corrections(text)


def test_tags_make_no_objects() -> None:
    text = ONE.replace("value: 16", "value: !!python/object/apply:os.system [exit]")
    _, (refused,) = read_corrections(text)
    assert "value is no text" in refused.what


def test_aliases_do_not_multiply() -> None:
    lines = ["- &a0 x"] + [f"- &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    _, refused = read_corrections("\n".join(lines))
    assert len(refused) == 30


def test_strangers_words_are_made_harmless() -> None:
    ((found,), _) = read_corrections(
        ONE.replace("two nodes", '"\\x1b[31mtwo\\u202e nodes"').replace(" of eight", "")
    )
    assert found.reason == "[31mtwo nodes"


def test_an_entry_has_the_same_name_wherever_it_stands() -> None:
    ((one,), _), ((other,), _) = read_corrections(ONE), read_corrections("# a remark\n\n" + ONE)
    assert one.place != other.place
    assert one.uuid == other.uuid
    assert one.uuid != Correction("line 2", one.cell, "17", one.expect, one.reason, one.by).uuid


def test_ids_of_other_papers_are_no_trouble() -> None:
    key = CellKey(EntityId(PaperId("doi:10.1/a"), "run", "r"), "count")
    ((found,), _) = read_corrections(ONE.replace(f"{RUN}#count", str(key)))
    assert found.cell == str(key)
