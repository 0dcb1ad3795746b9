"""Errors are sentences for people, one tree, and survive the way home from a worker process."""

import pickle

import pytest

from extractors.facts import errors
from extractors.facts.errors import BurdenError

TREE = sorted(
    (item for item in vars(errors).values() if isinstance(item, type) and issubclass(item, BurdenError)),
    key=lambda item: item.__name__,
)


@pytest.mark.parametrize("kind", TREE)
def test_an_error_survives_pickling_with_its_parts(kind: type[BurdenError]) -> None:
    error = kind("nothing came", where="page 3", remedy="Try again")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.what, again.where, again.remedy) == (
        kind,
        "nothing came",
        "page 3",
        "Try again",
    )
    assert str(again) == "nothing came (page 3). Try again."


def test_an_error_without_place_or_advice_is_still_a_sentence() -> None:
    assert str(BurdenError("it failed")) == "it failed."


@pytest.mark.parametrize("kind", TREE)
def test_the_tree_in_the_docstring_names_every_error(kind: type[BurdenError]) -> None:
    assert kind.__name__ in (errors.__doc__ or "")


@pytest.mark.parametrize("kind", TREE)
def test_every_error_ends_a_command_with_a_failure(kind: type[BurdenError]) -> None:
    assert kind.exit_code in (1, 2, 4)
