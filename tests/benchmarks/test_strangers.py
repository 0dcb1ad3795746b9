"""The invented papers that a model is tried on are all labelled, and can be typeset anywhere."""

from benchmarks.strangers import labels, sources, typeset


def test_every_stranger_is_labelled_and_every_label_has_its_paper() -> None:
    assert sorted(labels()) == [f"{path.stem}.pdf" for path in sources()]
    assert len(sources()) == 20


def test_a_stranger_is_typeset_to_the_same_bytes() -> None:
    source = sources()[0]
    first = typeset(source)
    assert first.startswith(b"%PDF")
    assert typeset(source) == first
