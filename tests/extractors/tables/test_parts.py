"""Cells with several numbers: which header each of them has."""

from extractors.tables.meaning import header_metrics
from extractors.tables.parts import parts_of_header


def test_a_number_alone_has_the_whole_header() -> None:
    assert parts_of_header(["WER", "clean / other"], 1, "", "") == (("WER", "clean / other"),)


def test_numbers_side_by_side_take_the_metrics_side_by_side() -> None:
    assert parts_of_header(["top-1 / top-5"], 2, "", "") == (("top-1",), ("top-5",))
    assert parts_of_header(["EM/F1", "dev"], 2, "", "") == (("EM", "dev"), ("F1", "dev"))
    assert parts_of_header(["AP"], 2, "", "COCO") == ()


def test_what_stands_before_the_metrics_or_in_the_header_of_a_pair_in_the_caption_is_kept() -> None:
    assert parts_of_header(["SQuAD (EM/F1)"], 2, "", "") == (("SQuAD", "EM"), ("SQuAD", "F1"))
    assert parts_of_header(["10%"], 2, "", "Top-1 / top-5 accuracy") == (
        ("10%", "Top-1"),
        ("10%", "top-5 accuracy"),
    )


def test_a_metric_that_is_not_ours_keeps_its_place_among_several() -> None:
    parts = parts_of_header(["mAP@0.5 / @0.7"], 2, "", "")
    assert [header_metrics(part) == ("untracked",) for part in parts] == [False, True]


def test_numbers_take_the_parts_of_the_data_in_their_header() -> None:
    assert parts_of_header(["dev (clean/other)"], 2, "", "") == (("dev clean",), ("dev other",))
    assert parts_of_header(["WER", "test-clean / test-other"], 2, "", "") == (
        ("WER", "test-clean"),
        ("WER", "test-other"),
    )


def test_what_stands_before_the_parts_holds_for_each() -> None:
    assert parts_of_header(["WSJ WER dev93 / eval92"], 2, "", "") == (
        ("WSJ WER", "dev93"),
        ("WSJ WER", "eval92"),
    )


def test_numbers_take_the_parts_that_their_row_or_the_caption_lists() -> None:
    assert parts_of_header(["ZipNet"], 2, "WSJ dev93 / eval92", "") == (
        ("ZipNet", "dev93"),
        ("ZipNet", "eval92"),
    )
    assert parts_of_header(["dev"], 2, "", "Cells have clean/other.") == (("dev", "clean"), ("dev", "other"))
    assert parts_of_header(["dev"], 3, "", "Cells have clean/other.") == ()


def test_two_ways_of_testing_are_the_same_part() -> None:
    assert parts_of_header(["SWB"], 2, "", "WER without / with a language model.") == (("SWB",), ("SWB",))
