import numpy as np
import pytest

from analysis.pooling import Pooling, pool
from analysis.regressions import NoFit
from analysis.sample import Sample

MEAN, SPREAD = 0.06, 0.02
SIZES = (4, 6, 10, 20, 40)


def planted(seed: int, spread: float = SPREAD, sizes: tuple[int, ...] = SIZES) -> tuple[Sample, np.ndarray]:
    """Benchmarks whose slopes scatter about their mean, each at another level, and those slopes."""
    random = np.random.default_rng(seed)
    slopes = random.normal(MEAN, spread, len(sizes))
    names = np.repeat([f"benchmark {at}" for at in range(len(sizes))], sizes)
    which = np.repeat(np.arange(len(sizes)), sizes)
    logs = random.uniform(18.0, 24.0, len(names)) + 0.2 * which
    performance = 0.5 + 0.1 * which + slopes[which] * (logs - 18.0) + random.normal(0.0, 0.05, len(names))
    papers = tuple(str(row) for row in range(len(names)))
    error = np.clip(10.0**-performance, 1e-6, 1.0)
    return Sample(10.0**logs, error, papers, tuple(map(str, names)), logs * np.nan), slopes


def pooled(found: Pooling | NoFit) -> Pooling:
    assert isinstance(found, Pooling), found
    return found


def test_intervals_hold_the_planted_slopes_and_their_mean() -> None:
    means, own = [], []
    for seed in range(100):
        sample, slopes = planted(seed)
        if isinstance(found := pool(sample), Pooling):
            means.append(found.low <= MEAN <= found.high)
            own += [
                item.low <= slope <= item.high for item, slope in zip(found.benchmarks, slopes, strict=True)
            ]
    assert len(means) >= 97, "the optimiser gives up on few"
    assert np.mean(means) >= 0.9
    assert np.mean(own) >= 0.9


def test_slopes_are_drawn_to_the_mean_and_those_of_few_points_most() -> None:
    sample, _ = planted(1)
    found = pooled(pool(sample))
    for item in found.benchmarks:
        assert abs(item.pooled - found.slope) <= abs(item.alone - found.slope) + 1e-9
    kept = [(item.pooled - found.slope) / (item.alone - found.slope) for item in found.benchmarks]
    assert kept[0] < kept[-1]


def test_pooled_slopes_are_nearer_the_truth_than_slopes_alone() -> None:
    alone = among = 0.0
    for seed in range(15):
        sample, slopes = planted(seed, spread=0.01)
        items = pooled(pool(sample)).benchmarks
        alone += sum((item.alone - slope) ** 2 for item, slope in zip(items, slopes, strict=True))
        among += sum((item.pooled - slope) ** 2 for item, slope in zip(items, slopes, strict=True))
    assert among < alone


def test_benchmarks_of_two_points_are_left_out_in_words() -> None:
    found = pooled(pool(planted(0, sizes=(2, 10, 10, 10))[0], convention="chips"))
    assert found.left_out == ("benchmark 0: 2 points",)
    rows = list(found.rows())
    assert [row["benchmark"] for row in rows] == ["all", "benchmark 1", "benchmark 2", "benchmark 3"]
    assert {row["convention"] for row in rows} == {"chips"}


@pytest.mark.parametrize(
    ("sizes", "reason"),
    [((20, 20), "2 benchmarks have 3 points or more, of at least 3"), ((2, 2, 2), "0 benchmarks have")],
)
def test_too_few_benchmarks_are_not_pooled(sizes: tuple[int, ...], reason: str) -> None:
    found = pool(planted(0, sizes=sizes)[0])
    assert isinstance(found, NoFit)
    assert found.reason.startswith(reason)
