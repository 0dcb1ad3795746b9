"""What models cost: parameters and operations per pass, from sentences and tables, as drafts of models."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.context import Context
from extractors.documents.model import Document
from extractors.drafts import Draft
from extractors.facts.records import Candidate
from extractors.facts.values import Name, Quantity
from extractors.language import Sentence, tokens_of
from extractors.mentions import benchmark_hits
from extractors.ownership import KEYED, NAME, Ownership, may_be_model, says_cited
from extractors.places import place_of
from extractors.rules.accelerators import named_in
from extractors.rules.findings import Finding
from extractors.rules.operations import ADDS
from extractors.rules.registry import COSTS
from extractors.rules.stance import Hearing, Stance, hear
from extractors.tables.costs import table_drafts
from extractors.tables.owners import is_cited_name

_SAME_THING = re.compile(
    rf"\bFLOPs?\b\s?(?:\(|=|,?\s?(?:i\.e\.,?|that is,?|or|denotes?|refers? to|means?|(?:defined |measured |counted |given )?(?:as|in|by)|are|is)\s)"
    rf"(?:i\.e\.,?\s)?[^.;)\d]{{0,50}}?\b(?:{ADDS})\b(?![^.;)]{{0,30}}\b(?:two|2)\b)|\b(?:{ADDS})\s?\((?:i\.e\.,?\s|or\s)?FLOPs?\)",
    re.IGNORECASE,
)
_NAME, _KEYED = re.compile(NAME), re.compile(KEYED)
_COMPARED = re.compile(
    r"\b(?:compared? (?:to|with)|unlike|than|versus|vs\.?|rather than|instead of)\s(?:the\s)?$"
)
_NOT_MODELS = re.compile(
    r"(?:[KMGTPEZ]i?B|(?:[KMGBTPEZ]|Bn|Mega|Giga|Tera|Peta|Exa)?-?(?:FLOP|Flop|flop|MAC|OP|Op)s?|FP\d+|BF\d+|INT\d+|NVIDIA|Nvidia|DGX"
    r"|PyTorch|TensorFlow|Tensorflow|JAX|CUDA|cuDNN|Equation|Eq|Section|Table|Figure|Fig)\b"
)
"""Units, devices, frameworks and parts of the paper, which are printed as names are."""
_TURN = re.compile(r"\b(?:while|whereas|but|and)\b|[;.]\s")
_EXAMPLE = re.compile(r"\bexample\b", re.IGNORECASE)
_BOUND = re.compile(
    r"\b(?:up to|over|beyond|more than|less than|at least|in the (?:range|order) of|as (?:large|many|small) as|between|sizes? of)\s$",
    re.IGNORECASE,
)
"""What stands in front of a number that is no single model's."""
_REACH = 80
"""Characters between a model's name and its cost beyond which they are not tied."""


def cost_drafts(context: Context) -> tuple[Draft, ...]:
    """A draft for each place that says what a model costs."""
    document = context.document
    said = [draft for sentence in context.sentences for draft in _said(sentence, context)]
    found = (*said, *table_drafts(document, context.ownership, context.cited_anywhere, _known(said)))
    return tuple(map(_as_multiply_adds, found)) if flops_are_multiply_adds(document) else found


def _known(drafts: Sequence[Draft]) -> dict[str, list[float]]:
    """The numbers that drafts give for each field."""
    known: dict[str, list[float]] = {}
    for candidate in (candidate for draft in drafts for candidate in draft.candidates):
        if isinstance(candidate.value, Quantity):
            known.setdefault(candidate.path, []).append(candidate.value.value)
    return known


def flops_are_multiply_adds(document: Document) -> bool:
    """Whether the paper says that what it calls FLOPs are multiply-adds: `FLOPs (multiply-adds)`."""
    return any(_SAME_THING.search(paragraph.text) for paragraph in document.statements())


def _as_multiply_adds(draft: Draft) -> Draft:
    """A draft of a paper that counts multiply-adds and calls them FLOPs."""
    candidates = tuple(map(_renamed, draft.candidates))
    return draft if candidates == draft.candidates else replace(draft, candidates=candidates)


def _renamed(candidate: Candidate) -> Candidate:
    if candidate.path != "model.flops" or not isinstance(candidate.value, Quantity):
        return candidate
    value = replace(candidate.value, unit="multiply-add")
    features = {**candidate.features, "called_flops": 1.0}
    return replace(candidate, path="model.multiply_adds", value=value, features=features)


def _said(sentence: Sentence, context: Context) -> Iterator[Draft]:
    hearing: Hearing | None = None
    for rule in COSTS:
        for finding in rule.read(sentence):
            hearing = hearing or hear(sentence, ())
            stance = hearing.stance(finding.start, finding.end)
            yield _draft(sentence, finding, context, stance)


def _draft(sentence: Sentence, finding: Finding, context: Context, stance: Stance) -> Draft:
    paragraph, document = sentence.paragraph, context.document
    mention, cited = _model_beside(sentence, finding, context.ownership)
    cited = cited or _is_elsewhere(mention, context.ownership, context.cited_anywhere)
    if not context.ownership.is_own(mention):
        cited = cited or _is_of_others(sentence.text[: finding.start - sentence.start], stance)
    evidence = paragraph.evidence(document.sha256, finding.rule, finding.start, finding.end)
    candidates = [Candidate(fact.path, fact.value, evidence, mention) for fact in finding.facts]
    if cited:
        candidates.append(Candidate("model.role", Name("baseline", mention or "baseline"), evidence))
    features = {
        **place_of(paragraph),
        **finding.features,
        "named": float(mention is not None),
        "cited": float(cited),
    }
    reasons = ("a citation or comparison stands beside it",) if cited else ()
    return Draft("model", mention, tuple(candidates), features, reasons)


def _is_of_others(before: str, stance: Stance) -> bool:
    """Whether the sentence speaks of other people's models, of none in particular or of what could be."""
    if stance.features["cited"] or stance.features["other_work"]:
        return True
    if stance.features["own_sentence"] and stance.features["used"]:
        return False
    return bool(stance.features["hypothetical"] or _EXAMPLE.search(before)) or (
        not stance.features["own_sentence"] and bool(_BOUND.search(before))
    )


def _is_elsewhere(mention: str | None, ownership: Ownership, foreign: frozenset[str]) -> bool:
    """Whether a model is cited somewhere and not among those this paper proposes."""
    return (
        mention is not None
        and bool(ownership.headline)
        and not ownership.is_own(mention)
        and is_cited_name(mention, foreign)
    )


def _model_beside(sentence: Sentence, finding: Finding, ownership: Ownership) -> tuple[str | None, bool]:
    """The model a cost is said of, by the nearest name, and whether that is somebody else's."""
    text, start = sentence.text, finding.start - sentence.start
    end = finding.end - sentence.start
    names = [found for found in _NAME.finditer(_KEYED.sub(_blank, text)) if _is_model(found["name"])]
    gaps = [(_gap(text, start, end, found), found) for found in names]
    near = sorted((gap, found.start(), found) for gap, found in gaps if 0 <= gap <= _REACH)
    if not near:
        return None, says_cited(text) and not ownership.headline
    name = near[0][2]
    behind = text[name.end() : name.end() + 30]
    foreign = says_cited(behind) or bool(_COMPARED.search(text[: name.start()]))
    return name["name"], foreign and ownership.is_own(name["name"]) is not True


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _gap(text: str, start: int, end: int, name: re.Match[str]) -> int:
    """How far a name is from a cost: in front of it, or behind, where only the next word is near: `a 7B-parameter X`.

    Behind the beginning of another clause it is out of reach.
    """
    if name.end() <= start:
        return start - name.end()
    between = text[end : name.start()]
    if _TURN.search(between):
        return _REACH + 1
    return 2 * len(between) + 20 if between.strip() else 0


def _is_model(name: str) -> bool:
    words = name.split()
    first = words[0]
    if _NOT_MODELS.match(first) or not (may_be_model(name) and may_be_model(first)):
        return False
    return not (named_in(tokens_of(name)) or benchmark_hits(name))
