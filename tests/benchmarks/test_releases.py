"""The benchmark of releases builds real ones."""

from benchmarks.releases import measure


def test_a_release_of_invented_papers_has_all_their_cells() -> None:
    found = measure(30)
    assert (found.papers, found.cells) == (30, 600)
    assert found.seconds > 0 and found.peak > 0 and found.size > 100_000
