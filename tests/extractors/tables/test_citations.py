"""Names that are cited, whatever stands behind them."""

from __future__ import annotations

import pytest

from extractors.tables.citations import cited_names, is_cited_name


def test_names_with_a_citation_behind_them_are_found() -> None:
    names = cited_names(["We compare with OldNet [12], Big Model (Author, 2016) and KeyNet [AUT+17]."])
    assert names >= {"oldnet", "bigmodel", "keynet"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("They collect games in the Plover framework [3].", "plover"),
        ("This follows the OldNet architecture (Author, 2016).", "oldnet"),
        ("The BigNet models [3, 4] are large.", "bignet"),
    ],
)
def test_a_word_for_its_kind_may_stand_between_a_name_and_its_citation(text: str, name: str) -> None:
    assert cited_names([text]) == {name}


@pytest.mark.parametrize(
    ("name", "cited"),
    [
        ("T5-Large", True),
        ("T5 base", True),
        ("T5X", False),
        ("CitedNet-101", True),
        ("Net", False),
        ("OCN-16", True),
    ],
)
def test_a_cited_name_may_have_a_size_behind_it(name: str, cited: bool) -> None:
    assert is_cited_name(name, frozenset({"t5", "citednet", "ocn", "widenet50"})) is cited
