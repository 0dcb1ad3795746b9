from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.documents.model import Paragraph
from extractors.facts.values import Quantity
from extractors.language import sentences_of
from extractors.rules.batches import BATCH_SIZE, BatchSize


def read(paragraph: Paragraph, path: str) -> list[tuple[float, str]]:
    found = [
        finding.value(path) for sentence in sentences_of(paragraph) for finding in BatchSize().read(sentence)
    ]
    return [(value.value, value.unit) for value in found if isinstance(value, Quantity)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We use a mini-batch size of 256.", [(256, "examples")]),
        ("The batch size is set to 1,024.", [(1024, "examples")]),
        ("We train in batches of 4,096 tokens.", [(4096, "tokens")]),
        ("There are 64 images per batch.", [(64, "examples")]),
        ("The batch size is 32 per GPU.", []),
        ("We use a batch size of half that number.", []),
    ],
)
def test_the_batch_size_is_read_but_not_a_devices_share(
    text: str, expected: list[tuple[float, str]], paragraph: Callable[..., Paragraph]
) -> None:
    assert read(paragraph(text), BATCH_SIZE) == expected
