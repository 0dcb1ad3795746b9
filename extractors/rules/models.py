"""Which model a statement about training is said of, as printed beside it.

Authors write `BERT-Large was trained`, `training ResNet-50 takes`, `we train our ZipNet on`. A name that the paper
announces as its own is preferred. Whether two names mean one model is decided by `extractors.ownership`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from extractors.ownership import is_benchmark
from extractors.rules.phases import is_parted

SIZES = re.compile(
    r"tiny|mini|small|base|medium|big|x*large|huge|giant|x+l|xs|teacher|student", re.IGNORECASE
)
"""Words that tell the sizes of one model from each other, and are its name where all are of one design."""
_NAME = r"(?P<name>(?:[A-Z][\w+]*[A-Z\d][\w+]*|[A-Z]\w+(?:-[A-Z\d][\w+]*)+)(?:[- ](?:[A-Z][\w+-]*|v?\d+[A-Za-z]?\b|base|large|small|tiny))?(?:/\d+)?)"
_SAID_OF = (
    re.compile(
        rf"\b(?:[Tt]rain(?:ing|ed|s)?|[Pp]re-?train(?:ing|ed)?|[Ff]ine-?tun(?:e|ing|ed))\s(?:of\s)?(?:the\s|our\s|an?\s)?{_NAME}"
    ),
    re.compile(
        rf"{_NAME}\s(?:model\s|network\s)?(?:is|was|are|were|can be|has been)\s(?:\w+\s)?(?:pre-?|re-?)?(?:trained|fine-?tuned)"
    ),
    re.compile(rf"{_NAME}\s(?:model\s|network\s)?(?:takes?|took|requires?|required|needs?|needed)\b"),
    re.compile(rf"\b(?:hours?|days?|weeks?|minutes|[GT]PUs?)\sfor\s(?:the\s|our\s)?{_NAME}"),
    re.compile(
        r"\b(?:[Tt]he|[Oo]ur|[Ee]ach|and|an?)\s(?P<name>\d+(?:\.\d+)?[MBT])(?:[\s-]parameter)?\s(?:model|network|variant)"
    ),
)
_SIZE = re.compile(
    rf"\b(?:the|our)\s(?:\w+\s)?(?P<name>{SIZES.pattern})\s(?:models?|networks?|variants?|configurations?|versions?|one)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\b(?P<name>[A-Z][\w+]*(?:-[\w+]+)*(?:\sv?\d(?:\.\d)?[BM]?|\s\d[\d.]*[BM]){0,2})\s(?:model\s|network\s)?"
    r"(?:(?:is|was|are|were|has been)\s(?:\w+\s)?(?:pre-?|re-?)?(?:trained|fine-?tuned)"
    r"|(?:us|requir|need|consum)(?:es|ed|s)\b|(?:took|takes|costs?|spent|spends|ran)\b)"
)
_ONE = rf"\b(?=[\w+/-]{{1,60}}(?![\w+/-])){_NAME}"
"""A name of reasonable length: of others it would take long to find out that they are none."""
NAMED = re.compile(_ONE)
"""Where a text prints what may be a model's name."""
_ACTED_ON = re.compile(
    rf"\b(?:[Pp]re-?|[Ff]ine-?|[Rr]e-?)?[Tt](?:raining|uning)\s(?:of\s)?(?:the\s|an?\s)?{_ONE}(?:\s(?!(?:and|or|we|our)\b)[\w.×-]+){{0,6}}?\s"
    r"(?:takes?|took|requires?|required|needs?|needed|costs?|consumes?|consumed)\b"
)
"""A model whose training is the subject: `Training Zip-XL at full resolution takes`."""
_TRAINS = re.compile(
    rf"{_ONE}(?:\s(?:models?|networks?))?(?:,?\s(?:which|that)\s(?:was|is|were|are))?,?\s"
    r"(?:(?:pre-?|re-?)?train(?:s|ed)?|fine-?tunes?)\s(?:in|for|on|within|with|over)\b"
)
"""A model that trains: `Zip-XL trains in`, `Zip-XL, which was trained on`."""
_GAPPED = re.compile(
    rf"(?:,|\band)\s{_ONE}\s(?:on|in|for|with)\s(?:(?:an?|about|some|only)\s)?(?:(?=\d|one|two|four|eight|single)|\Z)"
)
"""A model whose verb is that of the clause in front: `and Zip-XL on 32 chips`."""
_FOR = re.compile(rf"\b[Ff]or\s{_ONE},?\s(?:the\s)?(?:(?:pre-?|re-?)?training|fine-?tuning|search)\b")
"""A model that words are said for: `For Zip-XL, pre-training took`."""
_SUBJECTS, _OBJECTS = (_SUBJECT, _TRAINS, _GAPPED), (_ACTED_ON, _FOR)
_EXCEPTED = re.compile(
    r"\b(?:except(?:\sfor)?|apart from|other than|with the exception of)\s(?:the\s|our\s)?(?P<name>[A-Z][\w+]*(?:-[\w+]+)*)"
)
_AGAINST = re.compile(r"\b(?:while|whilst|whereas)\b", re.IGNORECASE)
"""Where a clause begins that speaks of another model."""
_NEXT_CLAUSE = re.compile(r";|\b(?:while|whilst|whereas)\b", re.IGNORECASE)
"""Where a clause begins whose names are not those of the words in front of it."""
_FAR = 100
"""Characters that the border of a clause counts for."""
_OWN = 60
"""Characters that a name is nearer for being the paper's own."""
_TURN = re.compile(r"\b(?:while|whereas|but|we|our|ours)\b|;", re.IGNORECASE)
_SIZED = re.compile(r"\b\d[\d.]*\s?[MBT]\b")
"""A size as a name: `7B`."""
NO_MODEL = re.compile(
    r"(?:(?:[GTC]PU|NVIDIA|Nvidia|DGX|Titan|TITAN|(?:[VPAHKMT]|MI)\d{2,3}[A-Za-z]?|[GR]TX(?:\d{3,4})?)s?"
    r"|(?:[KMGTPEZ]i?B|[kKMGT]?Wh?|(?:[KMGBTPEZ]|Bn|Mega|Giga|Tera|Peta|Exa)?-?(?:FLOP|Flop|flop|MAC|M-?Add|FMA|OP|Op)s?|FP\d+|BF\d+|INT\d+)"
    r"|SGD|AdamW?|LAMB|RMSProp|PyTorch|TensorFlow|Tensorflow|JAX|CUDA|cuDNN|BN|RoIs?"
    r"|ImageNet|COCO|MS|CIFAR|SQuAD|WMT\d*|GLUE|MNLI|LibriSpeech|VOC\d*|PASCAL|JFT|Equation|Eq|Section|Table|Figure|Fig)\b"
)
"""Devices, units, optimisers, frameworks, data sets and parts of the paper, which are printed as names are."""

_LABEL_WORD = re.compile(r"[^\W\d_][\w.+-]*")
_SAYS_NO_MODEL = re.compile(
    r"an?|and|at|for|in|no|not|of|on|the|to|with|without|w/o|single|values?|settings?|config(?:uration)?|default|results?|total|average|mean|baseline"
    r"|methods?|approach|models?|networks?|parallelism|(?:pre|post|mid)?-?train(?:ing)?|(?:fine-?)?tun(?:e|ing)|search|sft|rlhf|dpo|alignment|annealing|(?:long-?)?context|extension|phase|stage|steps?|epochs?|hours|days"
    r"|time|cost|[mb]illion|param(?:eter)?s?|[gt]pus?|batch|size|data(?:set)?|task|number"
)
"""Words that name a group, a setting or a phase; a label of nothing else is no model's name."""


def names_model(label: str) -> bool:
    """Whether the label of a table's row can be a model's name: not a number, a data set or a word for a group."""
    words = [word.lower() for word in _LABEL_WORD.findall(label)]
    telling = [word for word in words if not _SAYS_NO_MODEL.fullmatch(word)]
    if not telling or is_benchmark(label):
        return _SIZED.search(label) is not None and not telling
    return any(c.isupper() or c.isdigit() for c in label) or any(map(SIZES.fullmatch, telling))


def model_in(text: str, place: int, own: Sequence[str]) -> str | None:
    """The model that a sentence speaks of, as printed, or its size where nothing else is said; None if it names no model.

    Args:
        text: the sentence.
        place: offset of the words it is said with; the nearest name is meant.
        own: names that the paper announces as its own.
    """
    known = [
        found
        for name in own
        for found in announced(name).finditer(text)
        if not _NEXT_CLAUSE.search(text, place, found.start())
    ]
    said = [
        found
        for pattern in _SAID_OF
        for found in pattern.finditer(text)
        if not (NO_MODEL.match(found["name"]) or is_benchmark(found["name"]))
        and not _AGAINST.search(text, found.end("name"), place)
        and not _NEXT_CLAUSE.search(text, place, found.start("name"))
    ]
    apart = [match.span("name") for match in _EXCEPTED.finditer(text, place)]
    known, said = ([found for found in names if found.span("name") not in apart] for names in (known, said))
    sized = [] if known or said else _of_sizes(text, place)
    ranked = [(_gap(text, found, place), found) for found in (*known, *said, *sized)]
    ranked = [(gap - _OWN * (found in known), found) for gap, found in ranked]
    found = min(ranked, key=lambda item: item[0], default=(0, None))[1]
    return found["name"].rstrip(" -,.") if found else None


def _of_sizes(text: str, place: int) -> list[re.Match[str]]:
    return [found for found in _SIZE.finditer(text) if not _NEXT_CLAUSE.search(text, place, found.start())]


def _gap(text: str, found: re.Match[str], place: int) -> int:
    """Characters between a name, with the words that say what is said of it, and a fact; other clauses are farther."""
    if found.start() <= place <= found.end():
        return 0
    near = min(found.start(), found.end(), key=lambda edge: abs(edge - place))
    return abs(near - place) + _FAR * is_parted(text, near, place)


def subject_of(text: str, place: int) -> str | None:
    """The model that is the subject of the words at an offset: `Zip-XL was trained on`; a new clause has its own."""
    return _nearest(_SUBJECTS, text, place)


def trained_one(text: str, place: int) -> str | None:
    """The model of whose training the words at an offset tell without saying who trained it: `Training Zip-XL takes`."""
    return _nearest(_OBJECTS, text, place)


def _nearest(patterns: Sequence[re.Pattern[str]], text: str, place: int) -> str | None:
    found = [
        match
        for pattern in patterns
        for match in pattern.finditer(text, 0, place)
        if not (NO_MODEL.match(match["name"]) or _TURN.search(text, match.end(), place))
    ]
    return max(found, key=lambda match: match.end())["name"] if found else None


def excepted(text: str, place: int) -> str | None:
    """The model of which alone the words at an offset are said: `all on one GPU except Zip-XL, which used 8 GPUs`."""
    found = [match for match in _EXCEPTED.finditer(text, 0, place) if ";" not in text[match.end() : place]]
    return found[-1]["name"] if found else None


@lru_cache(maxsize=256)
def announced(name: str) -> re.Pattern[str]:
    """Where a text prints a name that the paper announces, perhaps with a size behind it."""
    suffix = rf"(?:[-\s]?(?:(?i:{SIZES.pattern})(?![^\W_])|[A-Z]?\d(?:[\w.]*\w)?)|-[STMBLHGX]\b)?"
    return re.compile(rf"(?<!\w)(?P<name>{re.escape(name)}{suffix})(?!\w)")
