"""Well-known models are told in every size and print, and only they."""

import pytest

from extractors.facts.errors import OntologyError
from extractors.facts.known_models import (
    introduced_in,
    is_of_another_paper,
    known_models,
    known_subject_of,
    papers_behind,
    parse_known_models,
)


@pytest.mark.parametrize("name", sorted(known_models()))
def test_every_name_is_told_by_itself_and_with_a_size(name: str) -> None:
    assert introduced_in(name) == known_models()[name]
    assert introduced_in(f"{name}-101") == introduced_in(f"{name} (big)")


@pytest.mark.parametrize(
    ("printed", "begins"),
    [
        ("ResNet50", "Deep Residual Learning"),
        ("VGG-16", "Very Deep Convolutional Networks"),
        ("ViT-B/16", "An Image is Worth"),
        ("BERTLARGE", "BERT"),
        ("BERT-base (teacher)", "BERT"),
        ("Llama 3.1 70B", "The Llama 3 Herd"),
        ("Qwen2-VL-7B", "Qwen2-VL"),
        ("MobileNetV2 1.4x", "MobileNetV2"),
        ("Faster R-CNN", "Faster R-CNN"),
        ("ALBERT xxlarge", "ALBERT"),
    ],
)
def test_a_size_or_an_edition_may_stand_behind_the_name(printed: str, begins: str) -> None:
    (title,) = introduced_in(printed)
    assert title.startswith(begins)


@pytest.mark.parametrize(
    "printed",
    ["ZipNet", "ResNet-50 + FPN", "MoEfication", "Switchback", "ResNet-50-ZipPool", "GPT-style", "", "50"],
)
def test_a_name_that_goes_on_is_another(printed: str) -> None:
    assert introduced_in(printed) == ()


@pytest.mark.parametrize("behind", ["1", "s", "1s", "x", "-1", "1.", "(", "base"])
def test_a_long_name_of_a_stranger_is_refused_at_once(behind: str) -> None:
    """Fourteen digits took four seconds, and each further one twice as long."""
    assert introduced_in(f"ResNet-{behind * 2000}~") == ()


def test_a_model_is_at_home_in_the_paper_that_introduced_it() -> None:
    assert not is_of_another_paper(
        "AlphaZero", "Mastering Chess and Shogi by Self-Play with a General Algorithm"
    )
    assert not is_of_another_paper(
        "AlphaZero", "A general reinforcement learning algorithm that masters chess"
    )
    assert is_of_another_paper("AlphaZero", "MuZero")
    assert not is_of_another_paper("ZipNet", "MuZero")


def test_sizes_of_one_model_are_of_one_paper() -> None:
    assert papers_behind(["ResNet-50", "ResNet-101", "VGG-16", "ZipNet", "ZipNet-L"]) == 2


@pytest.mark.parametrize("text", ["[vision", "[vision]\n'A Title' = 'ZipNet'", "title = 3"])
def test_a_file_of_another_form_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(OntologyError, match="not a list of models"):
        parse_known_models(text, "models.toml")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Training of BLOOM (176B) took 4 months", "BLOOM"),
        ("OldNet took a day, and Llama 3 70B needed 2 months", "Llama 3"),
        ("Training for OPT took 2 months", "OPT"),
        ("we opt for training; OPT is named", None),
        ("a detector on a ResNet-50 took 2 days", None),
    ],
)
def test_a_sentence_tells_of_a_known_model_where_it_says_what_its_training_took(
    text: str, name: str | None
) -> None:
    assert known_subject_of(text) == name


@pytest.mark.parametrize("name", ["Faster R-CNN R50-FPN 1x", "RegNetY-16GF", "RetinaNet R101-FPN"])
def test_backbones_and_schedules_behind_a_name_are_variants_of_it(name: str) -> None:
    assert is_of_another_paper(name, "Thin layers")
