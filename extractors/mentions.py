"""Benchmarks, metrics, splits and settings where a text names them.

Here printed names become ids of the catalogue. One name may stand for several benchmarks (COCO for boxes and
keypoints, ImageNet for classification and generation) and one word for several metrics (`top-1` for accuracy and
error); what stands around them decides, and that is `settle` and `extractors.tables.meaning`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from extractors.facts.benchmarks import Benchmark, Metric, catalogue
from extractors.facts.fields import Setting
from extractors.phrases import Hit, Phrases

UNTRACKED = "untracked"
"""Stands for a metric or a fact that is in no benchmark of the catalogue."""
COMMON_SPLITS = frozenset({"test", "val", "dev"})
"""Parts that many benchmarks have."""
OTHER_DATA = "other-data"
"""Stands for a data set that is no benchmark of the catalogue."""

_SETTINGS: Mapping[Setting, tuple[str, ...]] = {
    "ensemble": ("ensemble", "ensembles", "ensembling", "ens.", "ens", "multi-model", "model averaging", "ROVER", "system combination", "model combination"),
    "multi-crop": (
        "multi-crop", "multi crop", "10-crop", "ten-crop", "10 crop", "10-view", "12-crop", "144-crop", "144 crops",
        "multi-view", "10 crops", "dense crops",
    ),
    "multi-scale": ("multi-scale", "multiscale", "multiple scales", "several scales", "three scales", "five scales", "six scales", "multi-scale testing", "multi-scale training and testing", "test-time augmentation", "TTA", "ms test"),
    "single": ("single-crop", "single crop", "1-crop", "single model", "single-model", "single-scale", "single", "sgl", "sgl."),
}  # fmt: skip
_NO_SETTINGS = (
    "single-person",
    "single person",
    "single-stage",
    "single-shot",
    "single-task",
    "single-image",
    "single GPU",
    "single machine",
    "single precision",
    "single run",
    "single-branch",
    "single-path",
    "single-head",
    "single-level",
    "single-layer",
    "multi-scale training",
    "multi-scale train",
    "multi-scale trained",
    "multi-scale features",
    "multi-scale feature",
    "multi-scale feature maps",
    "multi-scale fusion",
    "multi-scale context",
    "multi-scale representations",
)
_SEVERAL = re.compile(
    r"(?<![\w.,-])(?:[2-9]|[1-9]\d) (?:(?:\w+ )?(?:CNN|[Nn]et(?:work)?|[Mm]odel)s\b|systems (?:combined|averaged|fused)\b)"
    r"|^(?:[2-9]|[1-9]\d)\s?[x\u00d7]\s[A-Z]\w*[A-Z\d]"
    r"|^(?:[Pp]roposed, |[Ff]ull |[Oo]ur )?[Cc]ombination\b(?! of\b)"
)
"""Several models of a kind: `7 CNNs`, and `5 × ZipNet` where a label begins so; `block × 6` is how deep a model is. A row `Combination` is of all systems above it."""
_COMBINED = re.compile(
    r"\b(?:combin|averag|fus)\w+ (?:of |the (?:probabilities|predictions|outputs|scores) of )?(?:\d+|two|three|four|five|six|seven|eight|ten) (?:\w+ )?"
    r"(?:systems|models|networks|nets|LSTMs|CNNs|transformers)\b",
    re.IGNORECASE,
)
"""Several models that are asked together: `a combination of three systems`, `averaging five models`."""
_TRAINED_ON = re.compile(
    r"\b(?:pre-?)?(?:train|fine-?tun)\w* (?:\w+ )?(?:on|with|using)\b.*?(?=\band\b|[,;]|\.\s|\.?$)"
    r"|\b(?:us\w+|with|adds?) (?:the )?(?:[\w-]+ ){1,3}(?:for|in|during|to) (?:the )?training\b",
    re.IGNORECASE,
)
"""What models were trained on, which is not the split that they are measured on."""
_NONE_OF = re.compile(
    r"\b(?:no|not|non|without|w/o|neither|nor|instead of|rather than|omit\w*)[\s-](?:(?:any|use|using|an?|the|of)\s){0,2}$",
    re.IGNORECASE,
)
"""What stands before a way of testing that was not used: `no ensembling`, `without multi-scale testing`."""
_THRESHOLD = re.compile(r"(?<=A[PR])[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]{2,3}")
"""The threshold of `AP\u2075\u2070`, which is set like the mark of a note."""
_LOWERED = str.maketrans("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079", "0123456789")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The catalogue compiled for searching."""

    benchmarks: Mapping[str, Benchmark]
    metrics: Mapping[str, Metric]
    benchmark_names: Phrases
    metric_names: Phrases
    settings: Phrases
    companions: Mapping[str, Phrases]
    excludes: Mapping[str, Phrases]
    others: Mapping[str, Phrases]
    cues: Mapping[str, Phrases]
    splits: Mapping[str, Phrases]


@cache
def vocabulary() -> Vocabulary:
    """The packaged catalogue, compiled once per process."""
    known = catalogue()
    names = [(one.id, one.aliases) for one in known.benchmark]
    over: dict[str, tuple[str, ...]] = {name: () for one in known.benchmark for name in one.neighbours}
    over |= dict.fromkeys(known.other_data, (OTHER_DATA,))
    metrics = [(one.id, one.aliases) for one in known.metric]
    return Vocabulary(
        known.benchmarks(),
        known.metrics(),
        Phrases({**over, **_merged(names)}),
        Phrases(_merged([(UNTRACKED, known.untracked), *metrics])),
        Phrases({**_merged(_SETTINGS.items()), **dict.fromkeys(_NO_SETTINGS, ())}),
        {one.id: Phrases.of([(one.id, one.companions)]) for one in known.benchmark if one.companions},
        {one.id: Phrases.of([(one.id, one.excludes)]) for one in known.benchmark if one.excludes},
        {one.id: Phrases.of([(one.id, one.others)]) for one in known.benchmark if one.others},
        {one.id: Phrases.of([(one.id, one.cues)]) for one in known.metric if one.cues},
        {one.id: Phrases.of(one.splits.items()) for one in known.benchmark if one.splits},
    )


def _merged(named: Iterable[tuple[str, Iterable[str]]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for id, phrases in named:
        for phrase in phrases:
            found[phrase] = (*found.get(phrase, ()), id)
    return found


def settle(ids: Iterable[str], near: str, wide: str, title: str = "") -> tuple[str, ...]:
    """Those of the benchmarks that the surroundings allow; `OTHER_DATA` where they say that none of them is meant.

    Args:
        ids: benchmarks that a name may stand for.
        near: the text next to the name; what it excludes is out.
        wide: the text in which a benchmark's companion has to stand.
        title: the paper's title; of benchmarks with one name that one is meant whose companion stands in it.
    """
    words = vocabulary()
    ids = tuple(ids)
    titled = [id for id in ids if id in words.companions and words.companions[id].find(title)]
    if titled and len(ids) > len(titled):
        return tuple(titled)
    kept, excluded = list[str](), list[str]()
    for id in ids:
        if id == OTHER_DATA:
            kept.append(id)
            continue
        alone = id not in words.companions or words.companions[id].find(wide)
        if id in words.excludes and words.excludes[id].find(near):
            excluded.append(id)
        elif alone:
            kept.append(id)
    return tuple(kept) or ((OTHER_DATA,) if excluded else ())


def benchmark_hits(text: str, wide: str = "", title: str = "") -> tuple[Hit, ...]:
    """The benchmarks that a text names, `OTHER_DATA` among them, with what the text itself excludes left out."""
    hits = vocabulary().benchmark_names.find(text)
    settled = (
        Hit(settle(hit.ids, text, f"{text}\n{wide}", title), hit.start, hit.end) for hit in hits if hit.ids
    )
    return tuple(hit for hit in settled if hit.ids)


def names_other_part(benchmark: str, texts: Iterable[str]) -> bool:
    """Whether a header or row says that it is about another part of the data than the tracked one."""
    others = vocabulary().others.get(benchmark)
    return others is not None and any(others.find(text) for text in texts)


def metric_hits(text: str) -> tuple[Hit, ...]:
    """The metrics that a text names; `UNTRACKED` among the ids of what is none of ours."""
    return vocabulary().metric_names.find(_THRESHOLD.sub(lambda raised: raised[0].translate(_LOWERED), text))


def may_mean(said: str, printed: str) -> bool:
    """Whether a sentence's `mAP` can be what a table prints under a threshold of its own."""
    return said.endswith("_ap") and printed in ("ap50", "ap75")


def cue_count(metric: str, text: str) -> int:
    """How many different words of a text speak for a metric among those with the same alias."""
    cues = vocabulary().cues.get(metric)
    return len({text[hit.start : hit.end].lower() for hit in cues.find(text)}) if cues else 0


def split_in(benchmark: str, text: str, *, last: bool = False) -> str | None:
    """The part of a benchmark that a text names first, or last."""
    names = vocabulary().splits.get(benchmark)
    found = names.ids(_TRAINED_ON.sub(" ", text)) if names else ()
    return found[-1 if last else 0] if found else None


def split_around(benchmark: str, text: str) -> str | None:
    """The part of a benchmark that a text names first; of parts that only this benchmark has, if it names but one.

    A caption that lists them explains its columns: `SWB and CH are the parts of Hub5'00`.
    """
    names = vocabulary().splits.get(benchmark)
    found = tuple(dict.fromkeys(names.ids(_TRAINED_ON.sub(" ", text)))) if names else ()
    return found[0] if found and (len(found) == 1 or found[0] in COMMON_SPLITS) else None


def setting_in(text: str) -> Setting | None:
    """How the result was obtained, where a text says; several models together are an ensemble."""
    if _SEVERAL.search(text) or _COMBINED.search(text):
        return "ensemble"
    hits = vocabulary().settings.find(text)
    found = {id for hit in hits if not _NONE_OF.search(text, 0, hit.start) for id in hit.ids}
    return next((setting for setting in _SETTINGS if setting in found), None)
