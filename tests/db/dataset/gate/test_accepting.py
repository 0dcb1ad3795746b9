"""A check may fail once if somebody says why, and only one of those that a person can know better than."""

import pytest

from db.dataset.checks import Check
from db.dataset.gate.accepting import accept
from extractors.facts.errors import UsageError

GONE = Check("shrinkage", "", True, False, 3, 0, "", acceptable=True)
KEYS = Check("keys", "", True, False, 1, 0, "")
FINE = Check("coverage", "", True, True, 0, 0, "", acceptable=True)


def test_an_accepted_check_no_longer_refuses_and_keeps_the_reason() -> None:
    (found,) = accept([GONE], {"shrinkage": " The promise was raised. "})
    assert (found.refuses, found.success, found.accepted) == (False, False, "The promise was raised.")


def test_what_holds_needs_no_acceptance() -> None:
    assert accept([FINE], {"coverage": "why"}) == (FINE,)


def test_other_checks_refuse_as_before() -> None:
    assert [check.refuses for check in accept([GONE, KEYS], {"shrinkage": "why"})] == [False, True]


def test_a_structural_check_is_never_accepted() -> None:
    with pytest.raises(UsageError, match="keys may never fail") as refused:
        accept([GONE, KEYS], {"keys": "why"})
    assert refused.value.remedy == "These may be accepted: shrinkage"


def test_an_unknown_check_and_a_missing_reason_are_refused() -> None:
    with pytest.raises(UsageError, match="no check 'weather'"):
        accept([GONE], {"weather": "why"})
    with pytest.raises(UsageError, match="for a reason"):
        accept([GONE], {"shrinkage": " "})
