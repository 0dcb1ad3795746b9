"""Which model the words around a table's rows name: those over its columns, at its corner, in a title or in the caption.

Rows that say only what was changed (`+ mixup`), a size (`large`) or a number (`24`) are of that model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.mentions import metric_hits
from extractors.ownership import Ownership
from extractors.rules.costed import models_in
from extractors.tables.citations import without_citations
from extractors.tables.name_parts import marked_in

_INTRODUCED = re.compile(
    r"(?:\b(?:on|for|using|with|by|in|to|all|of our)\s(?:the\s|an?\s)?|\()$", re.IGNORECASE
)
"""What stands before the model that a caption says its table is of."""
_DESCRIBED = re.compile(
    r"\s(?:\w+\s)?(?:performance|results?|configurations?|models?|networks?|detectors?|classifiers?|baselines?|system)\b"
)
_BASE = re.compile(
    r"\d|[A-Z]{2,}N\b|[Nn]et|BERT|former|(?<![A-Za-z])(?=[A-Za-z]*[a-z])[A-Z][A-Za-z]*[A-Z]|-[A-Z]{2}"
)
"""What names of models have that other short forms in headers do not."""
_FAMILY = re.compile(r"\b[A-Z][a-z]+\s$")
_BASELINE = re.compile(
    r"\b(?:our|the|as (?:our|the|a)) (?:\w+ )?baseline(?: (?:model|system|network|detector))? (?:is|uses|consists of) (?P<said>[^.;]{3,60})",
    re.IGNORECASE,
)
"""A sentence that says what rows called `baseline` are."""
_PLAIN = re.compile(r"Transformer(?: \((?:base|big)\)| (?:base|big)\b)?|Inception|Xception")
"""Names of networks that are words with a capital."""
_IN_BRACKETS = re.compile(r"\(([^()]+)\)$")


@dataclass(frozen=True, slots=True)
class PaperNames:
    """What a paper says of names, whatever table they stand in."""

    ownership: Ownership
    marked: frozenset[str] = frozenset()
    """The names that its sentences introduce with a mark as part of them: `ZipNet*`."""
    baseline: str = ""
    """The model that it calls its baseline, or empty."""

    @property
    def proposed(self) -> str:
        """The one model that the paper proposes; empty if there are several or none."""
        return self.ownership.headline[0] if len(self.ownership.headline) == 1 else ""


def names_of_paper(sentences: Sequence[str], ownership: Ownership) -> PaperNames:
    """What the sentences of a paper say of names."""
    bases = Bases(ownership)
    said = (found["said"] for text in sentences if "aseline" in text and (found := _BASELINE.search(text)))
    baselines = (bases.first_in(text) or _plain_in(text) for text in said)
    return PaperNames(ownership, marked_in(sentences), next(filter(None, baselines), ""))


def _plain_in(text: str) -> str:
    found = _PLAIN.search(text)
    return found[0] if found else ""


class Bases:
    """The models that texts of one paper name as what rows are changes of; a text is searched once."""

    def __init__(self, ownership: Ownership) -> None:
        self._ownership = ownership
        self._told: dict[str, str] = {}

    def may_be(self, name: str) -> bool:
        """Whether a name can be that of a network which is changed."""
        return bool(self._ownership.is_own(name) or (_BASE.search(name) and not metric_hits(name)))

    def first_in(self, text: str) -> str:
        """The first model that a header, a corner or a title names; empty if none."""
        if text not in self._told:
            said = without_citations(text)
            found = [name for name in models_in(said, self._ownership) if self.may_be(name[0])]
            self._told[text] = _with_family(found[0]) if found else ""
        return self._told[text]

    def titled(self, title: str) -> str:
        """The model that a title is the name of: `ResNet-50`, `Fine-tuning (ZipNet-B)`; empty if it says more than that."""
        said = without_citations(title).strip(" :")
        inside = _IN_BRACKETS.search(said)
        names = (_IN_BRACKETS.sub("", said).strip(), inside[1] if inside else "")
        return next((name for name in names if name and self._is_name(name)), "")

    def _is_name(self, text: str) -> bool:
        return any(found[0] == text and self.may_be(text) for found in models_in(text, self._ownership))

    def captioned(self, caption: str, labels: Sequence[str]) -> str:
        """The model that a caption says its table is of, which is none of those that the rows name.

        A proposed model comes before what it is built on: `ZipNet with a ResNet-50 backbone`.
        """
        said, listed = without_citations(caption), " ".join(labels)
        found = [
            name
            for name in models_in(said, self._ownership)
            if self.may_be(name[0]) and name[0] not in listed
        ]
        own = next((name[0] for name in found if self._ownership.is_own(name[0])), "")
        own = own.removesuffix("s") if own.removesuffix("s") in self._ownership.headline else own
        introduced = (_with_family(name) for name in found if _is_introduced(said, name))
        on = next(introduced, "")
        return f"{own} {on}".strip() if own not in on and on not in own else max(own, on, key=len)


def _is_introduced(text: str, name: re.Match[str]) -> bool:
    """Whether a caption names a model as what its table is of: `on ZipNet`, `ZipNet performance`."""
    start = name.end() - len(_with_family(name))
    return bool(_INTRODUCED.search(text, 0, start) or _DESCRIBED.match(text, name.end()))


def _with_family(name: re.Match[str]) -> str:
    """A name with the word in front of it that belongs to it: `Fast R-CNN`."""
    family = _FAMILY.search(name.string, 0, name.start()) if "CNN" in name[0] else None
    return f"{family[0] if family else ''}{name[0]}"
