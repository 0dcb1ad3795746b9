from __future__ import annotations

import pytest

from extractors.facts.errors import OntologyError
from extractors.facts.systems import parse_systems, systems

MACHINE = """
[[system]]
id = "Acme Box"
names = ["Acme Box"]
parts = ["NVIDIA A100"]
count = 8
"""


def test_a_machine_is_so_many_of_a_part() -> None:
    (box,) = parse_systems(MACHINE, "test")
    assert (box.part.id, box.count) == ("NVIDIA A100", 8)


def test_a_machine_sold_with_one_part_or_another_says_only_the_kind() -> None:
    (box,) = parse_systems(MACHINE.replace('"NVIDIA A100"', '"NVIDIA A100", "NVIDIA H100"'), "test")
    assert (box.part.id, box.count) == ("GPU", 8)


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        (MACHINE.replace("NVIDIA A100", "Acme T100"), "unknown part"),
        (MACHINE.replace('"NVIDIA A100"', '"NVIDIA A100", "Google TPU v3"'), "two kinds"),
        (MACHINE.replace('"NVIDIA A100"', ""), "none"),
        (MACHINE.replace("count = 8", "count = 0"), "Acme Box"),
        (MACHINE.replace("count", "counts"), "counts"),
        (MACHINE + MACHINE, "stands for two systems"),
        ("[[system", "systems"),
    ],
)
def test_a_broken_machine_is_refused_with_its_reason(broken: str, complaint: str) -> None:
    with pytest.raises(OntologyError) as caught:
        parse_systems(broken, "machines.toml")
    assert complaint in str(caught.value)
    assert "machines.toml" in str(caught.value)


def test_the_packaged_machines_load() -> None:
    known = {system.id: (system.part.id, system.count) for system in systems()}
    assert known["NVIDIA DGX-1"] == ("GPU", 8)
    assert known["NVIDIA DGX-2"] == ("NVIDIA Tesla V100", 16)
    assert known["NVIDIA DGX A100"] == ("NVIDIA A100", 8)
