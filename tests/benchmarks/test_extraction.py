"""The measuring of rules and linking: it goes the way that a paper takes, and says what each stage took."""

from pathlib import Path

import pytest

from benchmarks.extraction import STAGES, extracted, measured, table
from extractors.documents.pdf import read_pdf
from extractors.paper import read_paper

PAPERS = sorted((Path(__file__).resolve().parents[2] / "flows" / "demo" / "papers").glob("*.pdf"))


def test_what_is_measured_is_what_a_paper_is_read_by() -> None:
    data = PAPERS[0].read_bytes()
    proposals = extracted(read_pdf(data))
    assert proposals
    assert proposals == read_paper(data).proposals


def test_every_stage_takes_time() -> None:
    seconds = measured([read_pdf(path.read_bytes()) for path in PAPERS])
    assert list(seconds) == list(STAGES)
    assert all(spent > 0 for spent in seconds.values())


@pytest.mark.parametrize(("seconds", "verdict"), [(0.1, "met"), (0.3, "MISSED")])
def test_the_median_round_decides(seconds: float, verdict: str) -> None:
    rounds = [dict.fromkeys(STAGES, spent) for spent in (0.01, seconds, 9.0)]
    lines = [line.split() for line in table(100, rounds)]
    assert lines[1] == ["sentences", f"{10 * seconds:.2f}"]
    assert lines[-1][0] == verdict
    assert len(lines) == len(STAGES) + 4
