"""Reads which data a training was on, by its name: `we train on ImageNet`, `the CIFAR-10 training set`.

The names are those of the ontology of benchmarks. A name beside training is not trained on by that: papers compare,
test, and take what others pre-trained. How large a set is, and the name beside a size, is read in `rules.training_sizes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import ClassVar

from extractors.facts.benchmarks import catalogue
from extractors.facts.ids import slugify
from extractors.facts.values import Name
from extractors.language import Sentence
from extractors.phrases import Hit, Phrases
from extractors.rules.findings import Fact, Finding

TRAINING_SET = "run.training_set"

TRAIN_IN = r"(?:pre-?|re-?)?train(?:ing|ed|s|val)?|fine-?tun(?:e[ds]?|ing)"
"""Words for training, as parts of a pattern."""
TRAINS = re.compile(rf"\b(?:{TRAIN_IN})\b", re.IGNORECASE)
_TRAINED_ON = re.compile(
    rf"\b(?:{TRAIN_IN})\s(?:(?!and\b)[\w-]+\s){{0,4}}?(?:on|using|with|over)\s(?:the\s|both\s|full\s|all\s|of\s|only\s)*$",
    re.IGNORECASE,
)
_SET_BEHIND = re.compile(
    r"[\w\s-]{0,12}\btrain(?:ing|val)?\s(?:set|data|split|images|corpus)\b", re.IGNORECASE
)
AGAINST = re.compile(
    r"\b(?:similar(?:ly)? to|unlike|than(?: on)?|instead of|(?:not|never)\s(?:\w+\s){0,5}?on|without(?: [\w-]+){0,2} on)\s(?:the\s)?$",
    re.IGNORECASE,
)
"""In front of a name that is compared with, or that is said not to be trained on."""
_ANOTHERS = re.compile(r"(?<!we )(?<!then )(?<!first )(?<!also )\bpre-?trained\b[\w\s-]*$", re.IGNORECASE)
"""In front of a name: somebody pre-trained on it, and the paper takes what came of it."""
_REACH = 80
"""Characters in front of a name within which training is said to be on it."""


class TrainingSet:
    """Reads the data set that training is said to be on, where no size is given: `we train on ImageNet`."""

    name: ClassVar[str] = "resources.training-set"
    example: ClassVar[str] = "We train on ImageNet."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each data set that is trained on."""
        text = sentence.text
        if not sentence.has("train", "tun") or not TRAINS.search(text):
            return
        for hit in data_sets_in(text):
            front = text[max(0, hit.start - _REACH) : hit.start]
            trained = _TRAINED_ON.search(front)
            spoken = _SET_BEHIND.match(text, hit.end) or (trained and not _ANOTHERS.search(front))
            if spoken and not AGAINST.search(front):
                yield Finding(self.name, (named(sentence, hit),))


def data_sets_in(text: str) -> list[Hit]:
    """The data sets that a text names, without those parts of them that nothing is trained on."""
    return [
        hit
        for hit in _names().find(text)
        if not re.search(r"[\[(]|test|minival|\bdev\b", text[hit.start : hit.end])
    ]


def named(sentence: Sentence, hit: Hit) -> Fact:
    """The name of a data set as a fact, where it is printed."""
    printed = sentence.text[hit.start : hit.end]
    return Fact(TRAINING_SET, Name(hit.ids[0], printed), sentence.start + hit.start, sentence.start + hit.end)


@cache
def _names() -> Phrases:
    """Names of data sets with slugs: the first name of a benchmark stands for its other names."""
    slugs = {name: slugify(name) for name in catalogue().other_data}
    slugs |= {
        name: slugify(item.aliases[0]) for item in reversed(catalogue().benchmark) for name in item.aliases
    }
    return Phrases({name: (slug,) for name, slug in slugs.items()})
