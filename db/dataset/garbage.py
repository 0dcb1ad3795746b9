"""The garbage collector, while very much is made and let go of."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = 100_000
"""Objects that are made and not let go of before the collector looks again; by default it looks after 700."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Within it the garbage collector looks seldom.

    Rows refer to nothing that refers to them, so that they are gone once nobody has them, without the collector: it would find nothing,
    and walk again and again through what stays to the end, which is more the more papers there are.
    """
    usual = gc.get_threshold()
    gc.set_threshold(_SELDOM, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
