from __future__ import annotations

import pytest

from extractors.language import Label
from extractors.rules.machines import machines_in


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("on a DGX-1", ["NVIDIA DGX-1"]),
        ("on two NVIDIA DGX A100 nodes", ["NVIDIA DGX A100"]),
        ("a p3.16xlarge and a DGX-2", ["AWS p3.16xlarge", "NVIDIA DGX-2"]),
        ("16 DGX A100 GPUs", []),
        ("an ordinary machine", []),
    ],
)
def test_machines_are_found_by_name_unless_their_gpus_are_meant(text: str, ids: list[str]) -> None:
    assert [id for hit in machines_in(Label(text)) for id in hit.ids] == ids
