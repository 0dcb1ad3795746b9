"""Papers are read in worker processes, in order; one that fails costs itself and nobody else."""

from collections.abc import Iterator
from pathlib import Path

from extractors.facts.errors import DamagedDocumentError, NotADocumentError, OversizedDocumentError
from extractors.facts.ids import PaperId
from extractors.facts.records import Reading
from flows.workers import FailedPaper, Job, read_many

PAPERS = Path(__file__).resolve().parents[2] / "flows" / "demo" / "papers"
SAMPLES = sorted(PAPERS.glob("*.pdf"))[:3]


def test_readings_come_in_the_order_of_the_jobs() -> None:
    jobs = [Job(path.name, path) for path in SAMPLES]
    outcomes = list(read_many(jobs, workers=2))
    assert [job.subject for job, _ in outcomes] == [path.name for path in SAMPLES]
    assert all(isinstance(outcome, Reading) for _, outcome in outcomes)


def test_a_paper_that_fails_is_named_and_the_others_are_read() -> None:
    jobs = [Job("broken", b"%PDF-1.7 nothing"), Job("page", b"<html>"), Job("gone", Path("gone.pdf"))]
    outcomes = [outcome for _, outcome in read_many([*jobs, Job("good", SAMPLES[0])], workers=2)]
    assert isinstance(outcomes[-1], Reading)
    failures = [outcome for outcome in outcomes[:-1] if isinstance(outcome, FailedPaper)]
    assert [failure.subject for failure in failures] == ["broken", "page", "gone"]
    kinds = [DamagedDocumentError, NotADocumentError, DamagedDocumentError]
    assert [type(failure.error) for failure in failures] == kinds
    assert all(failure.subject in str(failure.error) for failure in failures)


def test_a_paper_that_takes_too_long_is_stopped() -> None:
    (outcome,) = [outcome for _, outcome in read_many([Job("slow", SAMPLES[0])], workers=1, timeout=0.01)]
    assert isinstance(outcome, FailedPaper)
    assert isinstance(outcome.error, OversizedDocumentError)


def test_the_paper_is_the_one_that_was_asked_for_or_the_one_the_stamp_names() -> None:
    jobs = [Job("asked", SAMPLES[0], PaperId("2007.05558")), Job("stamped", SAMPLES[0])]
    papers = [outcome.paper for _, outcome in read_many(jobs) if isinstance(outcome, Reading)]
    assert papers == ["2007.05558", SAMPLES[0].stem[:-2]]


def test_jobs_are_taken_as_they_are_needed() -> None:
    taken: list[int] = []

    def endless() -> Iterator[Job]:
        while True:
            taken.append(len(taken))
            yield Job("again", b"not a paper")

    first = next(iter(read_many(endless(), workers=1)))
    assert isinstance(first[1], FailedPaper)
    assert len(taken) <= 4
