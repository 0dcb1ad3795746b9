"""The comparison with the authors' rows says the same of a cell as a person would."""

import pytest

from analysis.authors import Table
from benchmarks.layouts import Verdict, pairs, verdict
from db.dataset.layouts.authors import layouts


@pytest.mark.parametrize(
    ("column", "theirs", "ours", "said"),
    [
        ("training_time_total_sec", "4.32E+05", "432000.0", "same"),
        ("training_tpu_ptp_gflops", "4.20E+05", "492000.0", "differs"),
        ("training_gpu_model", "Tesla V100 PCIe 32 GB", "NVIDIA Tesla V100", "same"),
        ("training_tpu_model", "Cloud TPU v3", "Google TPU v2", "differs"),
        ("training_time_total", "7 days", "7 days", "same"),
        ("training_gpu_amount", "8", "", "only theirs"),
        ("training_gpu_amount", "", "8", "only ours"),
        ("(TOP 1 score)", "78.57", "80.62", "differs"),
        ("(TOP 1 score)", "83.10", "83.1", "same"),
        ("year", "2020", "2019", "differs"),
    ],
)
def test_two_cells_are_compared_by_what_they_say(column: str, theirs: str, ours: str, said: Verdict) -> None:
    assert verdict(column, theirs, ours) == said


def test_the_row_with_the_nearest_score_of_the_same_paper_stands_for_it() -> None:
    theirs = Table("t", (), ({"paper_link": "https://arxiv.org/pdf/1512.02325v5.pdf", "title": "Nets", "name": "Net", "(BOX AP)": "28.80"},), (5,))  # fmt: skip
    ours = [
        {
            "title": "Nets that Net",
            "paper_link": f"https://arxiv.org/abs/{paper}",
            "name": name,
            "(BOX AP)": score,
        }
        for paper, name, score in (
            ("1512.02325", "A", "26.8"),
            ("1512.02325", "B", "28.8"),
            ("1512.02325", "C", ""),
            ("1512.02326", "D", "28.8"),
        )
    ]
    (pair,) = pairs(layouts()[1], theirs, Table("o", (), tuple(ours), (5, 6, 7, 8)))
    assert (pair.ours["name"], list(pair.verdicts())) == ("B", [("(BOX AP)", "same")])
