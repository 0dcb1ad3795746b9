"""The collector looks as often as before once the work is done, however it ended."""

import gc

import pytest

from db.dataset.garbage import seldom_collected


def test_the_collector_looks_seldom_only_meanwhile() -> None:
    usual = gc.get_threshold()
    with seldom_collected():
        assert gc.isenabled()
        assert gc.get_threshold()[0] > usual[0]
    assert gc.get_threshold() == usual


def test_the_collector_is_as_it_was_after_an_error() -> None:
    usual = gc.get_threshold()
    with pytest.raises(ZeroDivisionError), seldom_collected():
        raise ZeroDivisionError
    assert gc.get_threshold() == usual
