"""Where a paper takes the place of another that is the same file, what people decided comes along and says where it was said."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from annotation.session import Reviewer, answers_of, take_back, undo
from db.agreement.agreed import answered_twice
from db.audit import audited
from db.cells import CellState, Judge
from db.engine import session
from db.events import (
    Accepted,
    Adjudicated,
    CellAdded,
    Corrected,
    DeclaredNotReported,
    EntityAdded,
    EntityMerged,
    EntityRemoved,
    Entry,
    Envelope,
    Event,
    Flagged,
    ProposalKey,
    Rejected,
    Reopened,
    Undone,
    repeated,
)
from db.judgements import judgements
from db.log import append, history
from db.papers import Listing, Withdrawal, record_file, record_listings, record_withdrawals
from db.policy import ReviewPolicy
from db.queue import claim, waiting
from db.readings import Saved, save
from db.refresh import doctor, states_of
from db.tables import ReadingRow
from db.whole import Recall, read_completely, recall, rest_of
from extractors.confidence import Linear
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, EntityKind, PaperId
from extractors.facts.records import Proposal, Reading, Rival
from extractors.facts.values import Name, Quantity, Value
from extractors.promise import Promise
from tests.models import model_of

AT = datetime(2026, 11, 23, tzinfo=UTC)
FIRST, SECOND, THIRD = PaperId("doi:10.1000/net"), PaperId("2401.00001"), PaperId("2401.00003")
SAME, OTHER = "a" * 64, "b" * 64
FAMILY = Linear(0.0, {"sure": 9.0, "unsure": 0.5})
MODEL = model_of({"training": FAMILY, "costs": FAMILY, "scores": FAMILY})
JUDGE = Judge.of(MODEL, Promise(0.9, 0.1))
TWICE = Judge.of(MODEL, Promise(0.9, 0.1), ReviewPolicy(second_share=1.0))
AUDITING = Judge.of(MODEL, Promise(0.9, 0.1, audit_share=1.0))


def devices(number: float) -> Quantity:
    return Quantity.exact(number, "devices")


def words(sha256: str = SAME) -> Evidence:
    return Evidence(sha256, 1, None, "Training", "on 8 devices", "test.rule")


def run(paper: PaperId, slug: str = "net", kind: EntityKind = "run") -> EntityId:
    return EntityId(paper, kind, slug)


def count(paper: PaperId, slug: str = "net") -> CellKey:
    return CellKey(run(paper, slug), "count")


def came(opened: Session, paper: PaperId, sha256: str = SAME, days: int = 0, version: int = 1) -> None:
    record_listings(opened, "test", [Listing(paper, version, "A Net", "", (), (), AT, AT, b"")], AT)
    record_file(opened, paper, version, sha256=sha256, size=1, at=AT + timedelta(days=days))


def found(
    paper: PaperId, value: Value, *rivals: Value, slug: str = "net", sha256: str = SAME, mood: str = "unsure"
) -> Proposal:
    others = tuple(Rival(rival, words(sha256)) for rival in rivals)
    return Proposal(count(paper, slug), value, words(sha256), others, features={mood: 1.0})


def read(
    opened: Session,
    paper: PaperId,
    *proposals: Proposal,
    sha256: str = SAME,
    extractor: str = "burden-1",
    days: int = 1,
    judge: Judge = JUDGE,
    version: int = 1,
) -> Saved:
    reading = Reading(sha256, extractor, paper, "A Net", 9, proposals or (found(paper, devices(8)),))
    saved = save(opened, reading, judge, AT + timedelta(days=days), version=version)
    assert doctor(opened, judge) == ()
    return saved


_numbers = iter(range(10_000))


def say(
    opened: Session,
    about: CellKey | EntityId,
    event: Event,
    *,
    who: str = "ann",
    slot: int | None = None,
    judge: Judge = JUDGE,
    reason: str = "",
    days: int = 2,
) -> int:
    entity, field = (about.entity, about.field) if isinstance(about, CellKey) else (about, None)
    if slot is not None:
        assert isinstance(about, CellKey)
        held = claim(opened, who, AT + timedelta(days=days), timedelta(minutes=5), only=about)
        assert held is not None and held.slot == slot
    envelope = Envelope(
        f"uuid-{next(_numbers)}", AT + timedelta(days=days), who, "annotator", entity, field, slot,
        seconds=7.0, reason=reason,
    )  # fmt: skip
    return append(opened, envelope, event, judge)


def withdraw(opened: Session, paper: PaperId = FIRST) -> None:
    record_withdrawals(opened, [Withdrawal(paper, AT, "An error.")])


def state(opened: Session, key: CellKey) -> CellState:
    return next(found for found in states_of(opened, key.entity.paper) if found.key == key)


def log_of(opened: Session, paper: PaperId) -> list[Entry]:
    return [entry for entry in reversed(history(opened)) if entry.envelope.entity.paper == paper]


@pytest.fixture
def opened(engine: Engine) -> Iterator[Session]:
    """Two papers of one file, of which the first was read."""
    with session(engine) as writing:
        came(writing, FIRST)
        came(writing, SECOND, days=1)
        read(writing, FIRST)
        yield writing


def test_a_decision_of_the_first_is_one_of_the_second_by_who_made_it_then(opened: Session) -> None:
    say(opened, count(FIRST), Corrected(devices(16), words()), slot=1, reason="The table says so")
    before = state(opened, count(FIRST))
    withdraw(opened)
    saved = read(opened, SECOND, days=3)
    assert (saved.first, saved.taken_over) == (FIRST, 1)
    after = state(opened, count(SECOND))
    assert replace(after, key=before.key, last_seq=before.last_seq) == before
    assert after.reviewers == ("ann",)
    assert [change.after for change in saved.changes] == list(states_of(opened, SECOND))
    assert count(SECOND) not in {item.key for item in waiting(opened)}


def test_the_log_tells_which_entry_is_repeated_of_which_paper_and_that_nobody_looked_again(
    opened: Session,
) -> None:
    say(opened, count(FIRST), Corrected(devices(16), words()), reason="The table says so")
    say(opened, count(FIRST), Corrected(devices(32), words()))
    withdraw(opened)
    read(opened, SECOND, days=3)
    first, again = log_of(opened, FIRST), log_of(opened, SECOND)
    assert [entry.envelope.reason for entry in again] == [
        "The table says so; said of doi:10.1000/net, the same file",
        "said of doi:10.1000/net, the same file",
    ]
    assert [entry.envelope.uuid for entry in again] == [repeated(e.envelope.uuid, SECOND) for e in first]
    assert [entry.envelope.is_repeated for entry in (*first, *again)] == [False, False, True, True]
    assert {entry.envelope.seconds for entry in again} == {None}
    assert [entry.envelope.at for entry in again] == [entry.envelope.at for entry in first]


# What is taken over


def test_two_blind_opinions_stay_two_and_a_second_one_that_is_missing_is_still_asked_of_somebody_else(
    engine: Engine,
) -> None:
    with session(engine) as opened:
        came(opened, FIRST)
        came(opened, SECOND, days=1)
        read(opened, FIRST, found(FIRST, devices(8)), found(FIRST, devices(8), slug="two"), judge=TWICE)
        say(opened, count(FIRST), Corrected(devices(16), words()), slot=1, judge=TWICE)
        say(opened, count(FIRST), Corrected(devices(16), words()), who="bob", slot=2, judge=TWICE)
        say(opened, count(FIRST, "two"), Corrected(devices(16), words()), slot=1, judge=TWICE)
        withdraw(opened)
        read(opened, SECOND, found(SECOND, devices(8)), found(SECOND, devices(8), slug="two"), judge=TWICE)
        assert state(opened, count(SECOND)).status == "double-reviewed"
        key, at = count(SECOND, "two"), AT + timedelta(days=4)
        assert [item.key for item in waiting(opened) if item.key.entity.paper == SECOND] == [key]
        assert claim(opened, "ann", at, timedelta(1), only=key) is None, "she was heard"
        held = claim(opened, "cat", at, timedelta(1), only=key)
        assert held is not None and held.slot == 2


def test_what_people_disagreed_on_and_what_was_settled_is_so_of_the_second(engine: Engine) -> None:
    with session(engine) as opened:
        came(opened, FIRST)
        came(opened, SECOND, days=1)
        read(opened, FIRST, found(FIRST, devices(8)), found(FIRST, devices(8), slug="two"), judge=TWICE)
        one = two = 0
        for slug in ("net", "two"):
            one = say(opened, count(FIRST, slug), Corrected(devices(16), words()), slot=1, judge=TWICE)
            two = say(opened, count(FIRST, slug), Rejected(), who="bob", slot=2, judge=TWICE)
        held = claim(opened, "cat", AT, timedelta(9), only=count(FIRST, "two"), role="adjudication")
        assert held is not None
        envelope = Envelope(
            "settled", AT + timedelta(2), "cat", "senior", run(FIRST, "two"), "count", held.slot
        )
        append(opened, envelope, Adjudicated(devices(4), words(), (one, two)), TWICE)
        withdraw(opened)
        read(opened, SECOND, found(SECOND, devices(8)), found(SECOND, devices(8), slug="two"), judge=TWICE)
        assert (state(opened, count(SECOND)).status, state(opened, count(SECOND)).look) == (
            "queued",
            "reviewers-disagree",
        )
        settled = state(opened, count(SECOND, "two"))
        assert (settled.status, settled.value) == ("adjudicated", devices(4))
        heard = {entry.seq for entry in log_of(opened, SECOND)}
        ruling = next(e.event for e in log_of(opened, SECOND) if isinstance(e.event, Adjudicated))
        assert set(ruling.between) <= heard
        at = AT + timedelta(4)
        assert claim(opened, "ann", at, timedelta(1), only=count(SECOND), role="adjudication") is None
        assert claim(opened, "cat", at, timedelta(1), only=count(SECOND), role="adjudication") is not None


def test_models_that_people_added_merged_and_removed_are_so_of_the_second(opened: Session) -> None:
    read(
        opened, FIRST, found(FIRST, devices(8)), found(FIRST, devices(9), slug="two"),
        found(FIRST, devices(5), slug="three"), extractor="burden-2",
    )  # fmt: skip
    say(opened, run(FIRST, "mine"), EntityAdded())
    say(opened, count(FIRST, "mine"), CellAdded(devices(64), words()))
    say(opened, run(FIRST, "two"), EntityMerged(run(FIRST)))
    say(opened, run(FIRST, "three"), EntityRemoved())
    withdraw(opened)
    read(
        opened, SECOND, found(SECOND, devices(8)), found(SECOND, devices(9), slug="two"),
        found(SECOND, devices(5), slug="three"), extractor="burden-2",
    )  # fmt: skip
    mine = state(opened, count(SECOND, "mine"))
    assert (mine.status, mine.value) == ("reviewed", devices(64))
    assert state(opened, count(SECOND, "two")).status == "void"
    assert state(opened, count(SECOND, "three")).status == "void"


def test_what_was_taken_back_stays_taken_back_and_a_flag_stays_up(opened: Session) -> None:
    seq = say(opened, count(FIRST), Corrected(devices(16), words()))
    say(opened, count(FIRST), Undone(seq))
    say(opened, count(FIRST), Flagged(), reason="Which of the two?")
    withdraw(opened)
    read(opened, SECOND)
    after = state(opened, count(SECOND))
    assert (after.value, after.look) == (devices(8), "flagged")
    assert [(item.why) for item in waiting(opened) if item.key == count(SECOND)] == ["flagged"]


def test_the_second_keeps_the_names_that_the_first_had_for_its_models(opened: Session) -> None:
    say(opened, count(FIRST), Accepted(ProposalKey(SAME, "burden-1"), devices(8), words()))
    withdraw(opened)
    saved = read(opened, SECOND, found(SECOND, devices(8), slug="network"), extractor="burden-2")
    assert saved.minted == () and saved.matched == (run(SECOND),), "as its older reading came along"
    assert state(opened, count(SECOND)).status == "reviewed"


def test_a_model_that_the_extractor_of_now_misses_keeps_what_people_decided(opened: Session) -> None:
    say(opened, count(FIRST), Accepted(ProposalKey(SAME, "burden-1"), devices(8), words()))
    withdraw(opened)
    saved = read(
        opened,
        SECOND,
        replace(found(SECOND, devices(512)), cell=count(SECOND, "other-training")),
        extractor="burden-2",
    )
    assert state(opened, count(SECOND)).value == devices(8)
    assert saved.taken_over == 1


def test_a_reading_that_says_what_nobody_had_seen_asks_again_and_the_decision_stands(opened: Session) -> None:
    say(opened, count(FIRST), Accepted(ProposalKey(SAME, "burden-1"), devices(8), words()))
    withdraw(opened)
    saved = read(opened, SECOND, found(SECOND, devices(99)), extractor="burden-2", days=4)
    after = state(opened, count(SECOND))
    assert (after.value, after.status, after.look) == (devices(8), "reviewed", "machine-disagrees")
    assert saved.reopened == (count(SECOND),)


def test_that_a_reading_of_the_first_disagreed_and_nobody_answered_comes_along(opened: Session) -> None:
    say(opened, count(FIRST), Accepted(ProposalKey(SAME, "burden-1"), devices(8), words()))
    read(opened, FIRST, found(FIRST, devices(99)), extractor="burden-2", days=3)
    withdraw(opened)
    read(opened, SECOND, found(SECOND, devices(99)), extractor="burden-2", days=4)
    after = state(opened, count(SECOND))
    assert (after.value, after.look) == (devices(8), "machine-disagrees")
    assert [type(entry.event) for entry in log_of(opened, SECOND)] == [Accepted, Reopened]


def test_a_third_takes_over_what_the_second_took_over_and_what_was_decided_of_it(opened: Session) -> None:
    came(opened, THIRD, days=2)
    say(opened, count(FIRST), Corrected(devices(16), words()))
    withdraw(opened)
    read(opened, SECOND, days=3)
    say(opened, count(SECOND), Corrected(devices(32), words()), who="bob", days=4)
    withdraw(opened, SECOND)
    assert read(opened, THIRD, days=5).first == SECOND
    assert state(opened, count(THIRD)).value == devices(32)
    assert [entry.envelope.uuid.count("@") for entry in log_of(opened, THIRD)] == [1, 1]


# What is not


def test_what_people_decided_of_another_file_of_the_first_is_not_taken_over(engine: Engine) -> None:
    with session(engine) as opened:
        came(opened, FIRST, OTHER)
        read(opened, FIRST, found(FIRST, devices(8), sha256=OTHER), sha256=OTHER)
        say(opened, count(FIRST), Accepted(ProposalKey(OTHER, "burden-1"), devices(8), words(OTHER)))
        came(opened, FIRST, SAME, days=3, version=2)
        read(opened, FIRST, found(FIRST, devices(8)), found(FIRST, devices(9), slug="two"), days=3, version=2)
        say(opened, count(FIRST, "two"), Rejected(), days=4)
        came(opened, SECOND, days=5)
        withdraw(opened)
        read(opened, SECOND, found(SECOND, devices(8)), found(SECOND, devices(9), slug="two"), days=6)
        assert state(opened, count(SECOND)).decided_at is None
        assert state(opened, count(SECOND, "two")).status == "rejected"


def test_what_was_decided_before_the_first_got_another_file_is(opened: Session) -> None:
    say(opened, count(FIRST), Corrected(devices(16), words()))
    came(opened, FIRST, OTHER, days=3, version=2)
    read(opened, FIRST, found(FIRST, devices(8), sha256=OTHER), sha256=OTHER, days=3, version=2)
    say(opened, count(FIRST), Corrected(devices(20), words(OTHER)), days=4)
    read(opened, SECOND, days=5)
    assert state(opened, count(SECOND)).value == devices(16)
    assert state(opened, count(FIRST)).value == devices(20)


def test_a_link_to_a_model_that_another_file_brought_is_left_out_and_the_rest_is_taken(
    opened: Session,
) -> None:
    mine, later = EntityId(FIRST, "model", "mine"), EntityId(FIRST, "model", "later")
    say(opened, mine, EntityAdded())
    say(opened, CellKey(run(FIRST), "model"), CellAdded(Name("mine", "mine"), words()))
    read(opened, FIRST, found(FIRST, devices(8)), found(FIRST, devices(9), slug="two"), extractor="burden-2")
    came(opened, FIRST, OTHER, days=3, version=2)
    read(opened, FIRST, found(FIRST, devices(8), sha256=OTHER), sha256=OTHER, days=3, version=2)
    say(opened, later, EntityAdded(), days=4)
    say(opened, CellKey(run(FIRST, "two"), "model"), CellAdded(Name("later", "later"), words()), days=4)
    withdraw(opened)
    assert read(opened, SECOND, days=5, extractor="burden-2").taken_over == 2
    assert state(opened, CellKey(run(SECOND), "model")).value == Name("mine", "mine")
    assert CellKey(run(SECOND, "two"), "model") not in {one.key for one in states_of(opened, SECOND)}


def test_a_paper_that_has_a_log_of_its_own_takes_nothing_over(engine: Engine) -> None:
    with session(engine) as opened:
        came(opened, FIRST)
        came(opened, SECOND, OTHER, days=1)
        read(opened, FIRST)
        say(opened, count(FIRST), Corrected(devices(16), words()))
        read(opened, SECOND, found(SECOND, devices(8), sha256=OTHER), sha256=OTHER)
        came(opened, SECOND, SAME, days=2, version=2)
        withdraw(opened)
        assert read(opened, SECOND, days=3, version=2).first is None
        assert state(opened, count(SECOND)).decided_at is None


# Each look is counted once


def test_a_decision_that_is_repeated_is_no_second_judgement_and_no_second_audit(engine: Engine) -> None:
    with session(engine) as opened:
        came(opened, FIRST)
        came(opened, SECOND, days=1)
        read(opened, FIRST, found(FIRST, devices(8), mood="sure"), judge=AUDITING)
        say(opened, count(FIRST), Corrected(devices(16), words()), slot=1, judge=AUDITING)
        before = list(judgements(opened, 1.0)), dict(audited(opened))
        assert (len(before[0]), before[1]["training"].decided) == (1, 1)
        withdraw(opened)
        read(opened, SECOND, found(SECOND, devices(8), mood="sure"), days=3, judge=AUDITING)
        assert state(opened, count(SECOND)).value == devices(16)
        assert (list(judgements(opened, 1.0)), dict(audited(opened))) == before


def test_two_answers_that_are_repeated_agree_once(engine: Engine) -> None:
    with session(engine) as opened:
        came(opened, FIRST)
        came(opened, SECOND, days=1)
        read(opened, FIRST, judge=TWICE)
        for slot, who in enumerate(("ann", "bob"), 1):
            say(opened, count(FIRST), Corrected(devices(16), words()), who=who, slot=slot, judge=TWICE)
        before = answered_twice(opened)
        assert [question.key for question in before] == [count(FIRST)]
        withdraw(opened)
        read(opened, SECOND, days=3, judge=TWICE)
        assert state(opened, count(SECOND)).value == devices(16)
        assert answered_twice(opened) == before


def test_a_paper_that_was_read_completely_for_two_counts_once_and_is_the_one_that_stands(
    opened: Session,
) -> None:
    say(opened, count(FIRST), Corrected(devices(16), words()))
    say(opened, rest_of(FIRST), DeclaredNotReported())
    assert (read_completely(opened), recall(opened)) == ((FIRST,), {"training": Recall(1, 0)})
    withdraw(opened)
    came(opened, THIRD, days=2)
    read(opened, SECOND, days=3)
    assert (read_completely(opened), recall(opened)) == ((SECOND,), {"training": Recall(1, 0)})
    withdraw(opened, SECOND)
    read(opened, THIRD, days=4)
    assert (read_completely(opened), recall(opened)) == ((THIRD,), {"training": Recall(1, 0)})


def test_older_readings_of_the_file_come_along_as_readings_of_the_second(opened: Session) -> None:
    say(opened, count(FIRST), Corrected(devices(16), words()))
    withdraw(opened)
    read(opened, SECOND, extractor="burden-2", days=3)
    rows = opened.exec(select(ReadingRow).where(ReadingRow.paper_id == SECOND)).all()
    assert sorted(row.extractor for row in rows) == ["burden-1", "burden-2"]


def test_who_undoes_their_last_answer_means_the_one_that_they_gave_and_may_name_the_repeated_one(
    opened: Session,
) -> None:
    ann = Reviewer("ann", JUDGE)
    say(opened, count(FIRST), Corrected(devices(16), words()), slot=1)
    came(opened, FIRST, OTHER, days=3, version=2)
    read(opened, FIRST, found(FIRST, devices(8), sha256=OTHER), sha256=OTHER, days=3, version=2)
    assert read(opened, SECOND, days=4).taken_over == 1
    assert len(answers_of(opened, "ann", 0)) == 1, "she answered once"
    assert undo(opened, ann, AT + timedelta(5), uuid="undone") == count(FIRST)
    assert undo(opened, ann, AT + timedelta(5), uuid="undone again") is None
    (again,) = log_of(opened, SECOND)
    take_back(opened, again.seq, ann, AT + timedelta(5), uuid="named")
    assert state(opened, count(SECOND)).status == "queued"
