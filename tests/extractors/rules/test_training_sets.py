"""The name of the data that was trained on is read; names that stand beside training for other reasons are not."""

from collections.abc import Callable

import pytest

from extractors.documents.model import Paragraph
from extractors.facts.values import Name
from extractors.language import sentences_of
from extractors.rules.training_sets import TRAINING_SET, TrainingSet
from extractors.rules.training_sizes import TrainingSetSize


def names(paragraph: Paragraph) -> list[str]:
    values = [
        finding.value(TRAINING_SET)
        for sentence in sentences_of(paragraph)
        for rule in (TrainingSetSize(), TrainingSet())
        for finding in rule.read(sentence)
    ]
    return list(dict.fromkeys(value.id for value in values if isinstance(value, Name)))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("We train on ImageNet.", "imagenet"),
        ("All models are trained on the COCO train2017 split.", "coco"),
        ("On CIFAR-10 we have 50k training images.", "cifar-10"),
        ("It was trained on 34B tokens of C4.", "c4"),
        ("We fine-tune the model on SQuAD v1.1 for two epochs.", "squad-1.1"),
        ("The MNIST training set is used.", "mnist"),
        ("We pre-trained the net on the JFT-300M dataset.", "jft-300m"),
        ("Training on MS COCO takes longer.", "coco"),
        ("For VOC 2007 testing we take the 16k trainval images in VOC 2012.", "voc-2012"),
        ("For Cityscapes we train on the fine set (2975 images).", "cityscapes"),
    ],
)
def test_the_name_of_a_training_set_is_read(
    text: str, name: str, paragraph: Callable[..., Paragraph]
) -> None:
    assert names(paragraph(text)) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "We report accuracy on ImageNet.",
        "The backbone is a public one pre-trained on ImageNet.",
        "We train our model and test on COCO minival.",
        "ImageNet is large.",
        "Similar to CIFAR-10, ours has 16,522 training images.",
        "We do not train this model on DBpedia.",
        "We train without pre-training on COCO.",
        "We train longer than others do for COCO.",
    ],
)
def test_a_name_beside_training_is_not_trained_on(text: str, paragraph: Callable[..., Paragraph]) -> None:
    assert names(paragraph(text)) == []
