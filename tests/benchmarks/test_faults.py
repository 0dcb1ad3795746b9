"""Every kind of bad state is caught by its name before anything is published, and the sound ground passes."""

from pathlib import Path

import pytest

from benchmarks.faults import FAULTS, Fault, attempt, sound
from benchmarks.ground import make_template


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound database with a release."""
    folder = tmp_path_factory.mktemp("faults") / "template"
    make_template(folder)
    return folder


def test_the_ground_without_a_fault_is_sound(tmp_path: Path) -> None:
    found = sound(tmp_path)
    assert [check.name for check in found.checks if check.refuses] == []
    assert (found.version, found.new) == ("0.2.0", True)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_bad_state_is_caught_by_name_and_leaves_nothing(
    template: Path, tmp_path: Path, fault: Fault
) -> None:
    found = attempt(template, tmp_path / "ground", fault)
    assert fault.caught_by in found.refused_by
    assert found.clean


def test_no_two_faults_are_the_same() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 30
