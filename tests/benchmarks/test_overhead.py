"""What a task costs is told as a share of a night, by what goes into one."""

from benchmarks.overhead import Overhead, summary


def test_the_share_grows_with_the_number_of_tasks() -> None:
    found = Overhead(task=0.05, p90=0.08, paper=1.0)
    assert round(found.share(6, 100), 4) == 0.003
    assert found.share(400, 100) == 20 / 120
    said = summary(found, 200, 20)
    assert said[1] == "a task around nothing: median 50.0 ms, p90 80.0 ms of 200"
    assert said[2].endswith("a task is 5.0% of it")
    assert said[-1].endswith("16.67% of a night of 100 papers")
