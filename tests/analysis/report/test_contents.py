from analysis.report.contents import Contents, stem
from analysis.study import Section


def test_a_benchmark_is_a_file_name_of_its_own() -> None:
    def named(benchmark: str) -> str:
        return stem(Section(benchmark, (), (), (), ""))

    assert named("imagenet-1k") == "imagenet-1k"
    assert named("../../etc/passwd") == "-..-etc-passwd"
    assert named("slopes") == "benchmark-slopes"
    assert named("...") == "benchmark"


def test_a_point_has_the_cells_that_it_is_made_of(contents: Contents) -> None:
    with_cells = [
        point for section in contents.study.sections for point in section.points if contents.cells(point)
    ]
    assert len(with_cells) == 1
    assert [cell.column_name for cell in contents.cells(with_cells[0])] == [
        "score",
        "wall_time_s",
        "count",
        "accelerator",
    ]


def test_the_line_that_filled_gaps_is_named(contents: Contents) -> None:
    assert contents.used == (3.1337, 0.8716)
    assert contents.names["glue"] == "GLUE"
