"""Names of models are told from what is printed like them."""

import pytest

from extractors.rules.models import NO_MODEL, excepted, model_in, names_model, subject_of, trained_one


@pytest.mark.parametrize(
    "name",
    [
        "GPUs",
        "MI250X",
        "A10G",
        "V100s",
        "GTX1080",
        "TITAN",
        "GFLOPs",
        "MACs",
        "FP16",
        "WMT14",
        "AdamW",
        "Fig",
    ],
)
def test_devices_units_optimisers_and_data_are_no_models(name: str) -> None:
    assert NO_MODEL.match(name)


@pytest.mark.parametrize("name", ["ZipNet", "MSDNet", "BNNet", "T5", "AdaNet", "Figaro", "GBERT", "Tabler"])
def test_a_model_may_begin_like_one_of_them(name: str) -> None:
    assert not NO_MODEL.match(name)


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("Training ZipNet-L takes 3 days on 8 GPUs.", "ZipNet-L"),
        ("The PlainNet-50 model was trained for 3 days.", "PlainNet-50"),
        ("We train the 7B model for 3 days.", "7B"),
        ("Training takes 3 days on MI250X GPUs for ImageNet.", None),
    ],
)
def test_a_sentence_names_the_model_that_it_trains(text: str, model: str | None) -> None:
    assert model_in(text, text.index("3 days"), ()) == model


@pytest.mark.parametrize(
    ("text", "models"),
    [
        ("Zip-L was trained on 64 GPUs for 9 days; Zip-S on one GPU for 2 days.", {"9 days": "Zip-L"}),
        ("Training takes 2 days for Zip-S and 3 days for Zip-L.", {"2 days": "Zip-S", "3 days": "Zip-L"}),
        ("Zip-L took 9 days, while Zip-S took 2 days.", {"9 days": "Zip-L", "2 days": "Zip-S"}),
        ("The large model was trained for 9 days.", {"9 days": "large"}),
    ],
)
def test_the_name_of_the_same_clause_is_nearer(text: str, models: dict[str, str]) -> None:
    assert {said: model_in(text, text.index(said), ()) for said in models} == models


def test_what_is_excepted_is_said_of_the_exception_alone() -> None:
    text = "All were trained on one GPU except Zip-XL, which used 8 GPUs."
    assert excepted(text, text.index("8 GPUs")) == "Zip-XL"
    assert excepted(text, text.index("one GPU")) is None
    assert model_in(text, text.index("one GPU"), ("Zip",)) is None


def test_the_subject_of_the_clause_is_trained() -> None:
    text = "ZipNet-XL was trained on 8 GPUs, while the rest used one GPU."
    assert subject_of(text, text.index("8 GPUs")) == "ZipNet-XL"
    assert subject_of(text, text.index("one GPU")) is None


def test_a_label_of_words_for_groups_names_no_model() -> None:
    assert names_model("ZipNet, fine-tuned")
    assert not names_model("without pretraining")


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("Zip-XL was trained on 8 GPUs.", "Zip-XL"),
        ("PlainNet trains in a day on 8 GPUs.", "PlainNet"),
        ("PlainNet, which was trained on 8 GPUs, is better.", "PlainNet"),
        ("ZipNet took a day on one GPU, and PlainNet-50 on 8 GPUs.", "PlainNet-50"),
        ("ZipNet was trained for a day, while we use 8 GPUs.", None),
        ("PyTorch was used on 8 GPUs.", None),
    ],
)
def test_the_subject_of_the_words_is_the_last_model_in_front_of_them(text: str, model: str | None) -> None:
    assert subject_of(text, text.index("8 GPUs")) == model


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("Training ZipNet at full resolution takes a day on 8 GPUs.", "ZipNet"),
        ("For ZipNet, pre-training took a day on 8 GPUs.", "ZipNet"),
        ("Training takes a day on 8 GPUs.", None),
        ("Training ZipNet takes a day, but we use 8 GPUs.", None),
    ],
)
def test_a_sentence_may_leave_open_who_trained_the_model(text: str, model: str | None) -> None:
    assert trained_one(text, text.index("8 GPUs")) == model
