"""Papers are read in worker processes, in order; one that fails costs itself and nobody else."""

import multiprocessing
import os
import signal
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from multiprocessing.process import BaseProcess
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from extractors.facts.errors import DamagedDocumentError, NotADocumentError, OversizedDocumentError
from extractors.facts.ids import PaperId
from extractors.facts.records import Reading
from flows.workers import FailedPaper, Job, Work, read_many, run_many

PAPERS = Path(__file__).resolve().parents[2] / "flows" / "demo" / "papers"
SAMPLES = sorted(PAPERS.glob("*.pdf"))[:3]
limited = pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its memory")


@cache
def bomb() -> bytes:
    """A PDF whose only content is blanks, some two hundred times as long as the file, and that has no table of its objects."""
    packed = zlib.compressobj(1)
    blanks = b"".join(packed.compress(b" " * 1_000_000) for _ in range(600)) + packed.flush()
    return (
        b"%%PDF-1.5\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>\nendobj\n"
        b"4 0 obj\n<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream\nendobj\n"
        b"trailer\n<< /Root 1 0 R /Size 5 >>\n%%%%EOF\n"
    ) % (len(blanks), blanks)


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """A file that never gives a byte to whoever opens it."""
    path = tmp_path / "endless.pdf"
    os.mkfifo(path)
    return path


def failures(outcomes: list[tuple[Job, Reading | FailedPaper]]) -> dict[str, Exception]:
    return {job.subject: outcome.error for job, outcome in outcomes if isinstance(outcome, FailedPaper)}


def test_readings_come_in_the_order_of_the_jobs() -> None:
    jobs = [Job(path.name, path) for path in SAMPLES]
    outcomes = list(read_many(jobs, workers=2))
    assert [job.subject for job, _ in outcomes] == [path.name for path in SAMPLES]
    assert all(isinstance(outcome, Reading) for _, outcome in outcomes)


def test_a_page_is_read_with_the_pdf_that_its_evidence_is_placed_in(page: bytes) -> None:
    alone, placed = Job("alone", page), Job("placed", page, companion=SAMPLES[0].read_bytes())
    outcomes = [outcome for _, outcome in read_many([alone, placed], workers=1)]
    readings = [outcome for outcome in outcomes if isinstance(outcome, Reading)]
    boxed = [sum(p.evidence.box is not None for p in reading.proposals) for reading in readings]
    assert (len(readings), boxed[0], boxed[1] > 0) == (2, 0, True)


def test_a_paper_that_fails_is_named_and_the_others_are_read() -> None:
    jobs = [Job("broken", b"%PDF-1.7 nothing"), Job("page", b"<html>"), Job("gone", Path("gone.pdf"))]
    outcomes = [outcome for _, outcome in read_many([*jobs, Job("good", SAMPLES[0])], workers=2)]
    assert isinstance(outcomes[-1], Reading)
    failures = [outcome for outcome in outcomes[:-1] if isinstance(outcome, FailedPaper)]
    assert [failure.subject for failure in failures] == ["broken", "page", "gone"]
    kinds = [DamagedDocumentError, NotADocumentError, DamagedDocumentError]
    assert [type(failure.error) for failure in failures] == kinds
    assert all(failure.subject in str(failure.error) for failure in failures)


def measuring() -> Work[int]:
    return lambda _, data: len(data)


def test_a_paper_that_takes_for_ever_is_stopped_and_the_next_one_is_read(endless: Path) -> None:
    jobs = [Job("endless", endless), Job("good", b"of six")]
    (_, stopped), (_, read) = run_many(measuring, jobs, workers=1, timeout=4)
    assert isinstance(stopped, FailedPaper) and isinstance(stopped.error, OversizedDocumentError)
    assert str(stopped.error) == "reading took longer than 4 s and was stopped (endless)."
    assert read == 6


@limited
def test_python_without_memory_is_said_like_the_librarys_abort() -> None:
    (error,) = failures(list(read_many([Job("small", SAMPLES[0])], workers=1, memory=16))).values()
    assert isinstance(error, OversizedDocumentError)


@pytest.mark.parametrize(
    ("by", "kind"), [(signal.SIGSEGV, DamagedDocumentError), (signal.SIGKILL, OversizedDocumentError)]
)
def test_a_crash_costs_one_paper(by: signal.Signals, kind: type[Exception], endless: Path) -> None:
    others = set(multiprocessing.active_children())
    crash = threading.Thread(target=kill_who_reads, args=(endless, by, others))
    crash.start()
    found = failures(list(read_many([Job("crashed", endless), Job("good", SAMPLES[0])], workers=1)))
    crash.join()
    assert [(subject, type(error)) for subject, error in found.items()] == [("crashed", kind)]
    assert by.name in str(found["crashed"])


def kill_who_reads(path: Path, by: signal.Signals, others: set[BaseProcess]) -> None:
    with path.open("wb"):  # waits until somebody has it open to read
        for child in set(multiprocessing.active_children()) - others:
            os.kill(child.pid or 0, by)
            child.join()


@limited
def test_papers_that_take_all_memory_are_refused_and_the_others_are_read() -> None:
    jobs = [Job(f"bomb {n}" if n % 2 else f"good {n}", bomb() if n % 2 else SAMPLES[0]) for n in range(8)]
    found = failures(list(read_many(jobs, workers=2, memory=400)))
    assert list(found) == [f"bomb {n}" for n in range(1, 8, 2)]
    assert {type(error) for error in found.values()} == {OversizedDocumentError}
    assert "more than the 400 MB of memory allowed (bomb 1)" in str(found["bomb 1"])


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


_STOPPED = """
import sys
from pathlib import Path
from flows.workers import Job, read_many

if __name__ == "__main__":
    try:
        list(read_many([Job("endless", Path(sys.argv[1]))], workers=1))
    except KeyboardInterrupt:
        print("stopped")
"""


@limited
@pytest.mark.parametrize("while_it", ["loads the reader", "reads"])
def test_who_stops_it_at_the_terminal_sees_no_traceback_of_any_worker(
    endless: Path, tmp_path: Path, while_it: str
) -> None:
    """Ctrl-C goes to all processes, and each worker filled the screen."""
    program = tmp_path / "stopped.py"
    program.write_text(_STOPPED)
    command, pipes = [sys.executable, str(program), str(endless)], {"stdout": PIPE, "stderr": PIPE}
    with Popen(command, text=True, start_new_session=True, **pipes) as running:  # type: ignore[call-overload]
        if while_it == "reads":
            with endless.open("wb"):  # waits until somebody opens it to read
                os.killpg(running.pid, signal.SIGINT)
                said = running.communicate()
        else:
            for _ in range(600):  # until the process that loads it has begun
                if any(map(_ignores_interrupts, _members(running.pid))):
                    break
                time.sleep(0.05)
            os.killpg(running.pid, signal.SIGINT)
            said = running.communicate()
    assert said == ("stopped\n", "")


def _members(group: int) -> Iterator[int]:
    """The processes of a group, but its first."""
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (member := int(entry.name)) != group == os.getpgid(member):
                yield member


def _ignores_interrupts(process: int) -> bool:
    """Whether a process is the one that workers are forked from, and has got as far."""
    with suppress(OSError):
        if b"forkserver" not in Path(f"/proc/{process}/cmdline").read_bytes():
            return False
        status = Path(f"/proc/{process}/status").read_text("ascii", "replace")
        ignored = int(status.partition("SigIgn:")[2].split()[0], 16)
        return bool(ignored & 1 << (signal.SIGINT - 1))
    return False
