"""The benchmark of releases builds real ones."""

from benchmarks.releases import measure


def test_releases_of_invented_papers_have_all_their_cells_and_all_that_changed() -> None:
    found = measure(150)
    assert (found.papers, found.cells) == (150, 3000)
    assert found.changed == 4  # two scores of two papers
    assert found.seconds > 0 and found.again > 0 and found.peak > 0 and found.size > 100_000
    assert str(found).startswith("150 papers, 3,000 cells: ")
