"""What was found right on pages of the corpus counts beside what was labelled, and takes nothing away."""

from pathlib import Path

import pytest

from benchmarks.adjudicated import adjudicated
from benchmarks.corpus import Corpus


@pytest.mark.corpus
def test_values_are_added_to_labels_that_do_not_have_them(shared: Path) -> None:
    labels = Corpus(shared / "corpus").labels()
    known = adjudicated(labels)
    assert known.keys() == labels.keys()
    changed = {file for file in labels if known[file] != labels[file]}
    assert len(changed) == 4
    for file in changed:
        for path, values in known[file].values.items():
            before = labels[file].values.get(path, ())
            assert values[: len(before)] == before
            assert not set(values[len(before) :]) & set(before)
