"""Places of paragraphs as features, and which of two places a fact is cited from."""

import pytest

from extractors.documents.model import Paragraph
from extractors.places import place_of, remoteness


def paragraph(section: str = "Training", region: str = "body", kind: str = "text") -> Paragraph:
    return Paragraph(kind, region, section, (), "", ())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("section", "passing"),
    [
        ("1 Introduction", 1.0),
        ("6 Conclusion and Future Work", 1.0),
        ("2 Related Work", 1.0),
        ("5.1 Training details", 0.0),
        ("Experiments", 0.0),
        ("", 0.0),
    ],
)
def test_sections_that_repeat_what_others_tell_are_known(section: str, passing: float) -> None:
    assert place_of(paragraph(section))["in_passing"] == passing


def test_a_place_knows_its_region_and_kind() -> None:
    assert place_of(paragraph(region="abstract"))["in_abstract"] == 1.0
    assert place_of(paragraph(region="appendix"))["in_appendix"] == 1.0
    assert place_of(paragraph(kind="footnote"))["in_footnote"] == 1.0
    assert place_of(paragraph(kind="caption"))["in_caption"] == 1.0


def test_tables_are_nearest_and_the_abstract_is_farthest() -> None:
    table = {"in_table": 1.0}
    text, opening, abstract = (
        place_of(paragraph()),
        place_of(paragraph("1 Introduction")),
        place_of(paragraph("", region="abstract")),
    )
    places = [abstract, opening, text, table]
    assert sorted(places, key=remoteness) == [table, text, opening, abstract]
