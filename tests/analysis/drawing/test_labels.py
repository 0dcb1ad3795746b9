from itertools import combinations

import numpy as np
import pytest

from analysis.drawing.labels import Anchor, Plot, place

NO_LINES = np.empty((0, 2))


def crowd(seed: int, n: int = 60) -> tuple[list[Anchor], Plot]:
    spots = np.random.default_rng(seed).uniform((0.0, 0.0), (300.0, 200.0), (n, 2))
    anchors = [Anchor(float(x), float(y), f"Model-{at}") for at, (x, y) in enumerate(spots)]
    return anchors, Plot(300.0, 200.0, spots, NO_LINES)


@pytest.mark.parametrize("seed", range(8))
def test_no_name_is_on_another_on_a_point_or_outside(seed: int) -> None:
    anchors, plot = crowd(seed)
    placed = place(anchors, plot)
    assert placed
    for one, other in combinations(placed, 2):
        assert (
            one.box[0] >= other.box[2] or other.box[0] >= one.box[2]
            or one.box[1] >= other.box[3] or other.box[1] >= one.box[3]
        )  # fmt: skip
    for name in placed:
        left, top, right, bottom = name.box
        assert left >= 0.0 and top >= 0.0 and right <= 300.0 and bottom <= 200.0
        inside = (plot.points > (left, top)) & (plot.points < (right, bottom))
        assert not inside.all(axis=1).any()


def test_the_same_points_give_the_same_places() -> None:
    assert place(*crowd(1)) == place(*crowd(1))


def test_the_first_names_have_the_first_choice() -> None:
    spot = np.array([[150.0, 100.0]])
    anchors = [Anchor(150.0, 100.0, f"name {at}" * 3) for at in range(60)]
    placed = place(anchors, Plot(300.0, 200.0, spot, NO_LINES))
    assert placed[0].anchor is anchors[0]
    assert len(placed) < len(anchors), "names without a place are left out"


def test_a_name_keeps_off_a_line_where_it_can() -> None:
    along = np.column_stack([np.linspace(0.0, 300.0, 100), np.full(100, 90.0)])
    spot = np.array([[150.0, 100.0]])
    (name,) = place([Anchor(150.0, 100.0, "Net")], Plot(300.0, 200.0, spot, along))
    assert name.box[1] > 90.0


def test_a_name_away_from_its_point_has_a_line_to_it() -> None:
    ring = np.array(
        [[150.0 + 9.0 * np.cos(turn), 100.0 + 9.0 * np.sin(turn)] for turn in np.linspace(0, 6, 12)]
    )
    (name,) = place(
        [Anchor(150.0, 100.0, "Net")], Plot(300.0, 200.0, np.vstack([ring, [[150, 100]]]), NO_LINES)
    )
    assert name.has_leader
