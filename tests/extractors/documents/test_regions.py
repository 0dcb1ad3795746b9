"""Regions and sections by titles, in the orders in which papers have them."""

from collections.abc import Sequence

import pytest

from extractors.documents.regions import Outline

ENTRY = "[1] A. Writer. A paper that was read before. 2019."


def regions(*blocks: str) -> list[str]:
    """The region after each block; titles begin with `#`."""
    outline = Outline()
    found: list[str] = []
    for block in blocks:
        if block.startswith("#"):
            outline.heading(block[1:])
        else:
            outline.text(block, "")
        found.append(outline.region)
    return found


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (
            ["#Abstract", "#1 Introduction", "#References", "#A Details"],
            ["abstract", "body", "references", "appendix"],
        ),
        (["#ABSTRACT", "#I. INTRODUCTION", "#REFERENCES"], ["abstract", "body", "references"]),
        (["Abstract. We read.", "#1 Introduction"], ["abstract", "body"]),
        (
            ["#1 Introduction", "#5 Conclusion", "#A Proofs", "#References"],
            ["body", "body", "appendix", "references"],
        ),
        (["#1 Introduction", "#A Simple Baseline"], ["body", "body"]),
        (["#1 Introduction", "#Acknowledgments", ENTRY], ["body", "acknowledgements", "references"]),
        (["#Acknowledgments", "[1] A. Writer, A paper"], ["acknowledgements", "references"]),
        (["#References", "#Supplementary Material", "#1 Data"], ["references", "appendix", "appendix"]),
        (["#References", "#7. Further Results"], ["references", "appendix"]),
        (["#References", "#Methods", "#Acknowledgements"], ["references", "appendix", "acknowledgements"]),
        (["#1 Introduction", "#8. References"], ["body", "references"]),
        (
            ["#Contents", "#1 Introduction", "#A Details 17", "#1. Introduction", "#2 Methods"],
            ["front", "front", "front", "body", "body"],
        ),
        (["#Contents", "#1 Introduction", "word " * 50, "#2 Data"], ["front", "front", "front", "body"]),
        (["#1 Introduction", "[1] The Show is an album of 2002."], ["body", "body"]),
    ],
)
def test_titles_tell_the_regions(titles: Sequence[str], expected: Sequence[str]) -> None:
    assert regions(*titles) == expected


def test_a_title_in_a_paragraph_names_its_section_below_the_section() -> None:
    outline = Outline()
    outline.heading("4 Experiments")
    outline.text("Training. We train.", "Training")
    assert outline.section == "4 Experiments / Training"
    outline.text("We go on.", "")
    assert outline.section == "4 Experiments / Training"
    outline.heading("5 Results")
    assert outline.section == "5 Results"


def test_thanks_may_stand_in_a_paragraph_of_the_last_section() -> None:
    outline = Outline()
    outline.heading("5 Conclusion")
    outline.text("Acknowledgments. We thank all.", "Acknowledgments")
    assert outline.region == "acknowledgements"


def test_what_stands_beside_the_references_is_none_of_them() -> None:
    outline = Outline()
    outline.heading("1 Introduction")
    assert outline.beside() == ("body", "1 Introduction")
    outline.heading("References")
    assert outline.beside() == ("body", "")
    outline.heading("A Details")
    assert outline.beside() == ("appendix", "A Details")
