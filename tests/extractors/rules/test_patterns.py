from __future__ import annotations

from extractors.language import tokens_of
from extractors.rules.patterns import Patterns

PATTERNS = Patterns({"pair": [[{"LIKE_NUM": True}, {"LOWER": "x"}]], "end": [[{"ORTH": "."}]]})


def test_matches_are_given_by_the_name_of_their_pattern() -> None:
    assert PATTERNS.find(tokens_of("4 x 5 x 6.")) == {"pair": [(0, 2), (2, 4)], "end": [(5, 6)]}


def test_a_name_without_a_match_is_there_too() -> None:
    assert PATTERNS.find(tokens_of("no number")) == {"pair": [], "end": []}
