"""Places of paragraphs as features, and which of two places a fact is cited from."""

from collections.abc import Callable

import pytest

from extractors.documents.model import Document, Paragraph, Table
from extractors.places import place_of, place_of_table, remoteness


def made(section: str = "Training", region: str = "body", kind: str = "text") -> Paragraph:
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
    assert place_of(made(section))["in_passing"] == passing


def test_a_place_knows_its_region_and_kind() -> None:
    assert place_of(made(region="abstract"))["in_abstract"] == 1.0
    assert place_of(made(region="appendix"))["in_appendix"] == 1.0
    assert place_of(made(kind="footnote"))["in_footnote"] == 1.0
    assert place_of(made(kind="caption"))["in_caption"] == 1.0


def test_tables_are_nearest_and_the_abstract_is_farthest() -> None:
    table = {"in_table": 1.0}
    text, opening, abstract = (
        place_of(made()),
        place_of(made("1 Introduction")),
        place_of(made("", region="abstract")),
    )
    places = [abstract, opening, text, table]
    assert sorted(places, key=remoteness) == [table, text, opening, abstract]


@pytest.mark.parametrize(
    ("section", "region", "place"),
    [
        ("1 Introduction", "body", "in_passing"),
        ("A More results", "appendix", "in_appendix"),
        ("4 Experiments", "body", ""),
    ],
)
def test_a_table_stands_where_the_text_of_its_page_does(
    section: str,
    region: str,
    place: str,
    paragraph: Callable[..., Paragraph],
    document: Callable[..., Document],
    table: Callable[..., Table],
) -> None:
    grid = table([["Model", "Params"], ["ZipNet", "4M"]])
    paper = document(paragraph("Words of the page.", section, region=region), tables=[grid])
    found = place_of_table(paper, grid)
    assert [name for name, value in found.items() if value] == [*([place] if place else []), "in_table"]


def test_a_table_among_the_appendices_is_farther_than_the_text_of_the_main_part() -> None:
    appendix = {"in_table": 1.0, "in_appendix": 1.0}
    assert remoteness(place_of(made())) < remoteness(appendix)


def test_a_value_is_cited_from_where_it_is_told_rather_than_where_it_tells_models_apart() -> None:
    assert remoteness(place_of(made())) < remoteness({**place_of(made()), "attributive": 1.0})


def test_a_row_marked_as_the_papers_own_is_cited_before_the_same_without_a_mark() -> None:
    marked, bare = {"in_table": 1.0, "owner_certain": 1.0}, {"in_table": 1.0, "owner_certain": 0.0}
    assert remoteness(marked) < remoteness(bare)
