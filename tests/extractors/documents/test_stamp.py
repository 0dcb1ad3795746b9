"""arXiv's stamp, from characters; how it is found on a page is tested with whole PDFs."""

import pytest

from extractors.documents.characters import Character, Characters
from extractors.documents.model import Stamp
from extractors.documents.stamp import is_stamp, stamp_in
from extractors.facts.ids import ArxivId


def spelt(text: str) -> Characters:
    return Characters.of([Character(text, 0, 1, 0, 20, "F", 1.57)])


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("arXiv:2401.01234v12 [cs.CL] 5 Jan 2024", Stamp(ArxivId.parse("2401.01234v12"), "", "cs.CL", "5 Jan 2024")),
        ("arXiv:2401.01234v2[cs.CL]5Jan2024", Stamp(ArxivId.parse("2401.01234v2"), "", "cs.CL", "5Jan2024")),
        ("arXiv:math.GT/0309136v1 [math.GT] 8 Sep 2003", Stamp(ArxivId.parse("math.GT/0309136v1"), "", "math.GT", "8 Sep 2003")),
        ("arXiv:submit/0123456 [cs.LG] 15 Dec 2022", Stamp(None, "0123456", "cs.LG", "15 Dec 2022")),
    ],
)  # fmt: skip
def test_a_stamp_names_paper_or_submission_category_and_day(printed: str, expected: Stamp) -> None:
    assert stamp_in(spelt(f"0.2 0.4 Loss {printed}")) == expected
    assert is_stamp(printed)


@pytest.mark.parametrize(
    "printed", ["", "arXiv:2401.01234v2", "arXiv preprint arXiv:2401.01234, 2024", "Loss"]
)
def test_other_turned_text_is_no_stamp(printed: str) -> None:
    assert stamp_in(spelt(printed)) is None
    assert not is_stamp(printed)
