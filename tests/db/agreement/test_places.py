"""Figures stand over all, by family and by field; papers read as wholes stand apart."""

from db.agreement.places import place_order, places_of
from extractors.facts.fields import FIELDS


def test_places_go_from_all_over_families_to_fields() -> None:
    assert places_of(FIELDS["run.count"]) == ("all", "training", "run.count")
    assert sorted(["run.count", "training", "all", "model.name"], key=place_order) == [
        "all",
        "training",
        "model.name",
        "run.count",
    ]


def test_reading_a_paper_is_no_value_among_the_others() -> None:
    (whole,) = (field for field in FIELDS.values() if field.use == "whole")
    assert "all" not in places_of(whole)
