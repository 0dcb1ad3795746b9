"""The model that a caption or a sentence names."""

import pytest

from extractors.ownership import Ownership
from extractors.rules.costed import first_named, is_model_name, is_of_others
from extractors.rules.stance import Stance

OWN = Ownership(("ZipNet", "Quill"))


@pytest.mark.parametrize(
    ("caption", "name"),
    [
        ("Settings of ZipNet-XL.", "ZipNet-XL"),
        ("Against BigNet, Quill is small.", "Quill"),
        ("Sizes of BigNet in GFLOPs.", "BigNet"),
        ("Depths of a ZipNet-L 3-layer configuration.", "ZipNet-L"),
        ("Accuracy on CIFAR-10 in FP16 on an A100.", None),
    ],
)
def test_a_caption_names_the_own_model_before_others(caption: str, name: str | None) -> None:
    assert first_named(caption, OWN) == name


@pytest.mark.parametrize("name", ["MAdds", "GFLOPs", "V100", "CIFAR-10", "LSTM"])
def test_units_devices_data_and_kinds_are_no_names(name: str) -> None:
    assert not is_model_name(name)


@pytest.mark.parametrize(
    ("before", "of_others"),
    [
        ("We support the training of models with \u223c", True),
        ("We compare it for large models of about ", True),
        ("We train models with ", False),
        ("We use all of our models with ", False),
    ],
)
def test_a_size_that_any_models_may_have_is_that_of_none(before: str, of_others: bool) -> None:
    said = dict.fromkeys(("cited", "other_work", "hypothetical"), 0.0)
    ours = Stance({**said, "own_sentence": 1.0, "used": 1.0, "training_word": 1.0})
    assert is_of_others(before, ours) is of_others
