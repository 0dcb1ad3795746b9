"""What a database can tell of its own damage; that `burden doctor` finds it is in `tests/flows/doctor`."""

from collections import Counter

from sqlalchemy import Engine

from db.engine import is_current, snapshot
from db.soundness import blob_sizes, broken_references, damage, file_names, paper_ids


def test_an_empty_database_is_whole_on_every_engine(engine: Engine) -> None:
    assert is_current(engine)
    with snapshot(engine) as opened:
        assert damage(opened) == ()
        assert broken_references(opened) == Counter()
        assert (blob_sizes(opened), file_names(opened), paper_ids(opened)) == ({}, {}, [])
