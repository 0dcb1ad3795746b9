"""The comparison with the authors' tables: which paper a row of theirs is of, and when a headline is theirs."""

from pathlib import Path

import pytest

from analysis.authors import WIDE_FILES
from benchmarks.authors import Theirs, compare, lines, of_papers, their_scores
from benchmarks.corpus import Json
from extractors.facts.errors import UsageError

THEIRS = Theirs("imagenet-1k", "top1_accuracy", "Wide Gate", "Gates That Are Wide", "", 81.25)


def _result(value: float, metric: str = "top1_accuracy", *, best: bool = True) -> Json:
    return {
        "benchmark": "imagenet-1k",
        "metric": metric,
        "split": "val",
        "setting": "single",
        "model": "Gate-50",
        "normalised": value,
        "best_own": best,
        "page": 7,
    }


def test_each_score_of_their_table_is_one_under_our_ids(tmp_path: Path) -> None:
    header = "name,title,paper_link,(TOP 1 score),(TOP 5 score)"
    rows = ["heading,,,,"] * 3 + [
        "Gate-50,Gates,https://arxiv.org/abs/2101.00001v2,81.25,",
        "Gate-9,Gates,,,95",
    ]
    (tmp_path / WIDE_FILES["imagenet"]).write_text("\n".join([header, *rows]) + "\n")
    found = [(item.benchmark, item.metric, item.model, item.value) for item in their_scores(tmp_path)]
    assert found == [
        ("imagenet-1k", "top1_accuracy", "Gate-50", 81.25),
        ("imagenet-1k", "top5_accuracy", "Gate-9", 95.0),
    ]


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        list(their_scores(tmp_path))


@pytest.mark.parametrize(
    ("title", "link"),
    [
        ("another title", "http://arxiv.org/pdf/2101.00001v3.pdf"),
        ("GATES that are Wide!", "https://papers.example/gates.html"),
    ],
)
def test_a_row_is_of_the_paper_that_its_link_or_its_title_names(title: str, link: str) -> None:
    papers: list[Json] = [
        {"file": "a.pdf", "arxiv_id": "2101.00001", "title": "Gates that are wide"},
        {"file": "b.pdf", "arxiv_id": None, "title": "Gates"},
    ]
    theirs = Theirs("imagenet-1k", "top1_accuracy", "Gate-50", title, link, 81.25)
    assert of_papers([theirs], papers) == {"a.pdf": [theirs]}


def test_a_row_of_another_paper_is_left_out() -> None:
    assert of_papers([THEIRS], [{"file": "b.pdf", "arxiv_id": "2101.00002", "title": "Gates"}]) == {}


@pytest.mark.parametrize("result", [_result(81.2), _result(18.75, "top1_error")])
def test_a_headline_is_theirs_whether_printed_as_accuracy_or_as_error(result: Json) -> None:
    assert compare("a.pdf", THEIRS, [_result(70.0), result]).verdict == "equal"


def test_a_score_that_is_no_headline_is_told_as_read() -> None:
    found = compare("a.pdf", THEIRS, [_result(83.0), _result(81.25, best=False)])
    assert (found.verdict, found.read, round(found.difference, 2)) == ("differs", True, 1.75)


def test_scores_of_another_metric_are_no_answer() -> None:
    found = compare("a.pdf", THEIRS, [_result(81.25, "top5_accuracy")])
    assert (found.verdict, found.read) == ("nothing read", False)


def test_the_table_has_a_line_a_score_and_counts_the_verdicts() -> None:
    items = [compare("a.pdf", THEIRS, [_result(81.25)]), compare("b.pdf", THEIRS, [])]
    shown = list(lines(items))
    assert len(shown) == 4
    assert "equal: Gate-50, val, single" in shown[1]
    assert shown[-1] == "2 scores of 2 papers: equal 1, nothing read 1"
