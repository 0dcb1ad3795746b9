"""The PRISMA flow is drawn from the rows that a release has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.dataset.metadata.flow import below, beside, in_words, steps

if TYPE_CHECKING:
    from tests.db.dataset.conftest import World


def test_each_step_has_a_box_and_what_ended_another(world: World) -> None:
    world.read("2403.00042")
    world.read("2403.00042", version=2)
    found = steps(world.whole().tables["screening"])
    assert [(step.name, step.entered) for step in found][:2] == [("identified", 2), ("screened", 1)]
    assert found[0].ended == (("duplicate: a newer version is there", 1),)
    for drawing in (beside(found), below(found)):
        texts = [line.text for box in drawing.boxes for line in box.lines]
        assert texts.count("n = 1") == 6 and "Went no further: n = 1" in texts
        assert all(
            box.x + box.width <= drawing.width and box.y + box.height <= drawing.height
            for box in drawing.boxes
        )
    assert in_words(found).startswith("Papers by step: identified 2, screened 1")
