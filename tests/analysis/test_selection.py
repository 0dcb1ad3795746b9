import numpy as np
import pytest

from analysis.regressions import NoFit
from analysis.selection import Reported, Weighted, coverage, weigh

SLOPE = 0.06


def planted(seed: int, n: int = 300, strength: float = 3.0) -> list[Reported]:
    """Papers of which those with small errors report their burden more often."""
    random = np.random.default_rng(seed)
    logs = random.normal(21.0, 1.0, n)
    performance = -0.7 + SLOPE * logs + random.normal(0.0, 0.08, n)
    odds = strength * (performance - performance.mean()) / performance.std()
    reports = random.uniform(size=n) < 1.0 / (1.0 + np.exp(-odds))
    return [
        Reported(
            float(10.0 ** -performance[at]),
            float(10.0 ** logs[at]) if reports[at] else None,
            2015.0 + at % 6,
            10.0 ** (6 + at % 3),
        )
        for at in range(n)
    ]


def weighted(found: Weighted | NoFit) -> Weighted:
    assert isinstance(found, Weighted), found
    return found


def test_weights_bring_the_slope_nearer_the_truth_where_good_papers_report() -> None:
    found = [weighted(weigh(planted(seed, strength=1.5))) for seed in range(100)]
    plain, mended = (
        abs(np.mean([getattr(item, name) for item in found]) - SLOPE) for name in ("slope", "weighted")
    )
    assert mended < plain / 2.0


def test_weighted_intervals_hold_the_planted_slope_where_reporting_leans_on_errors() -> None:
    found = [weighted(weigh(planted(seed, strength=1.0))) for seed in range(100)]
    assert sum(item.low <= SLOPE <= item.high for item in found) >= 90


def test_where_all_report_weights_change_nothing() -> None:
    papers = [item for item in planted(0) if item.burden is not None]
    found = weighted(weigh(papers, convention="chips"))
    assert found.weighted == pytest.approx(found.slope)
    assert found.effective == pytest.approx(len(papers))
    assert found.convention == "chips"


def test_coverage_counts_by_year_size_and_origin() -> None:
    papers = [Reported(0.1, 1e20, 2019.0, 3e6, "theirs"), Reported(0.2, None, 2019.5, None, "theirs")]
    assert list(coverage(papers)) == [
        {"by": "year", "group": "2019", "papers": 2, "reporting": 1, "share": 0.5},
        {"by": "size", "group": "10^6 parameters", "papers": 1, "reporting": 1, "share": 1.0},
        {"by": "size", "group": "not known", "papers": 1, "reporting": 0, "share": 0.0},
        {"by": "origin", "group": "theirs", "papers": 2, "reporting": 1, "share": 0.5},
    ]


def test_groups_stand_in_the_order_of_their_sizes() -> None:
    papers = [Reported(0.1, None, None, size) for size in (None, 1e10, 1e6)]
    sizes = [row["group"] for row in coverage(papers) if row["by"] == "size"]
    assert sizes == ["10^6 parameters", "10^10 parameters", "not known"]


def test_papers_without_a_year_have_no_weight() -> None:
    dated = planted(0)
    undated = [Reported(item.error, item.burden, None) for item in dated[:40]]
    assert weigh([*dated, *undated]) == weigh(dated)


def test_where_errors_tell_completely_who_reports_nobody_is_weighed() -> None:
    papers = [Reported(0.01 * at, 1e20 * at if at < 20 else None, 2019.0) for at in range(1, 40)]
    assert isinstance(found := weigh(papers), NoFit)
    assert "tell completely who reports" in found.reason


def test_few_reporting_papers_are_no_line() -> None:
    assert weigh([Reported(0.1, 1e20, 2019.0)]) == NoFit(1, "1 papers report, of at least 8")
