"""A chosen model judges from now on, and brings what another judged up to date, paper by paper."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from db.cells import Judge
from db.engine import session, snapshot
from db.events import Accepted, Envelope, ProposalKey
from db.log import append
from db.models import choose, chosen_at, current, judge_of
from db.papers import Listing, record_file, record_listings
from db.readings import save
from db.refresh import doctor
from db.rejudging import judged_otherwise, rejudge
from db.tables import CellRow
from extractors.confidence import Linear, Model, default_model
from extractors.facts.errors import ConflictError
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Name, Quantity, Value
from extractors.promise import Promise
from tests.models import model_of

AT = datetime(2026, 11, 23, tzinfo=UTC)
PROMISE = Promise(0.9, 0.1, audit_share=0.0)
PAPERS = [PaperId(f"2401.0000{n}") for n in range(3)]


def model(log_odds: float) -> Model:
    return model_of({"training": Linear(log_odds)}, version=f"at {log_odds}")


def judge(log_odds: float = 0.0, promise: Promise = PROMISE) -> Judge:
    return Judge.of(model(log_odds), promise)


@pytest.fixture
def papers(engine: Engine) -> Engine:
    """Papers with a run each, whose count waits as it is as likely as not."""
    with session(engine) as opened:
        for number, paper in enumerate(PAPERS):
            run, sha256 = EntityId(paper, "run", "net"), f"{number:064}"
            values: dict[str, Value] = {
                "phase": Name("training", "train"),
                "count": Quantity.exact(8, "devices"),
            }
            words = Evidence(sha256, 1, None, "Training", "on 8 GPUs", "test.rule")
            facts = tuple(Proposal(CellKey(run, field), value, words) for field, value in values.items())
            record_listings(opened, "test", [Listing(paper, 1, "A Net", "", (), (), AT, AT, b"")], AT)
            record_file(opened, paper, 1, sha256=sha256, size=1, at=AT)
            save(opened, Reading(sha256, "burden-1", paper, "A Net", 9, facts), judge(), AT)
    return engine


def test_the_packaged_model_judges_until_one_is_chosen(engine: Engine) -> None:
    with session(engine) as opened:
        assert (current(opened), chosen_at(opened)) == (default_model(), None)
        assert judge_of(opened, PROMISE) == Judge.of(default_model(), PROMISE)
        choose(opened, model(1.0), AT)
        assert (current(opened), chosen_at(opened)) == (model(1.0), AT)
        assert judge_of(opened, PROMISE) == judge(1.0)


def test_the_newest_choice_counts_and_may_go_back(engine: Engine) -> None:
    for number, chosen in enumerate((1.0, 2.0, 1.0)):
        with session(engine) as opened:
            choose(opened, model(chosen), AT + timedelta(days=number))
    with snapshot(engine) as opened:
        assert current(opened) == model(1.0)


def test_a_choice_that_would_count_for_nothing_is_refused(engine: Engine) -> None:
    with session(engine) as opened:
        choose(opened, model(1.0), AT)
        with pytest.raises(ConflictError, match="Set this machine's clock"):
            choose(opened, model(2.0), AT - timedelta(seconds=1))


def test_a_model_that_judged_was_not_thereby_chosen(papers: Engine) -> None:
    with snapshot(papers) as opened:
        assert current(opened) == default_model()


@pytest.mark.parametrize(
    "other",
    [
        judge(1.0),
        judge(promise=Promise(0.4, 0.1, 0.0)),
        judge(promise=Promise(0.9, 0.6)),
        judge(promise=Promise(0.4, 0.1, 1.0)),
    ],
)
def test_papers_that_another_model_or_promise_judged_are_found_until_they_are_judged_again(
    other: Judge, papers: Engine
) -> None:
    with snapshot(papers) as opened:
        assert judged_otherwise(opened, judge()) == ()
        assert judged_otherwise(opened, other) == tuple(PAPERS)
    assert list(rejudge(papers, other, AT)) == PAPERS
    with snapshot(papers) as opened:
        assert judged_otherwise(opened, other) == ()
        assert doctor(opened, other) == ()


def test_another_share_of_audits_asks_for_them(papers: Engine) -> None:
    bold = judge(promise=Promise(0.4, 0.1, 0.0))
    all_audited = judge(promise=Promise(0.4, 0.1, 1.0))
    assert list(rejudge(papers, bold, AT)) == PAPERS
    assert list(rejudge(papers, all_audited, AT)) == PAPERS
    assert list(rejudge(papers, bold, AT)) == PAPERS


def test_what_people_decided_names_the_new_model_too(papers: Engine) -> None:
    run = EntityId(PAPERS[0], "run", "net")
    words = Evidence(f"{0:064}", 1, None, "Training", "on 8 GPUs", "test.rule")
    right = Accepted(ProposalKey(words.sha256, "burden-1"), Quantity.exact(8, "devices"), words)
    list(rejudge(papers, judge(1.0), AT))
    with session(papers) as opened:
        append(opened, Envelope(str(uuid4()), AT, "ada", "annotator", run, "count"), right, judge(1.0))
        opened.get_one(CellRow, (str(run), "count")).model_sha = judge().sha256
    assert list(rejudge(papers, judge(1.0), AT)) == PAPERS[:1]
    with snapshot(papers) as opened:
        assert doctor(opened, judge(1.0)) == ()


def test_who_is_stopped_goes_on_from_there(papers: Engine) -> None:
    at_work = rejudge(papers, judge(1.0), AT)
    assert next(at_work) == PAPERS[0]
    with snapshot(papers) as opened:
        assert judged_otherwise(opened, judge(1.0)) == tuple(PAPERS[1:])
    assert list(rejudge(papers, judge(1.0), AT)) == PAPERS[1:]
