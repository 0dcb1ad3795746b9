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
from extractors.language import Sentence
from extractors.places import place_of
from extractors.rules.costed import is_elsewhere, is_of_others, models_beside
from extractors.rules.findings import Finding
from extractors.rules.hearing import Hearing, hear
from extractors.rules.operations import ADDS
from extractors.rules.registry import COSTS
from extractors.rules.stance import Stance
from extractors.tables.costs import table_drafts

_SAME_THING = re.compile(
    rf"\bFLOPs?\b\s?(?:\(|=|,?\s?(?:i\.e\.,?|that is,?|or|denotes?|refers? to|means?|(?:defined |measured |counted |given )?(?:as|in|by)|are|is)\s)"
    rf"(?:i\.e\.,?\s)?[^.;)\d]{{0,50}}?\b(?:{ADDS})\b(?![^.;)]{{0,30}}\b(?:two|2)\b)|\b(?:{ADDS})\s?\((?:i\.e\.,?\s|or\s)?FLOPs?\)"
    rf"|\b(?:{ADDS})\s(?:(?:is|are|was|were)\s)?(?:count(?:s|ed)?\s)?(?:as\s)?(?:one|a single|1)\s(?:FLOP|floating[\s-]point operation)\b(?!\sby\b)",
    re.IGNORECASE,
)


def cost_drafts(context: Context) -> tuple[Draft, ...]:
    """A draft for each place that says what a model costs."""
    said = [draft for sentence in context.sentences for draft in _said(sentence, context)]
    found = (*said, *table_drafts(context, _known(said)))
    return tuple(map(_as_multiply_adds, found)) if flops_are_multiply_adds(context.document) else found


def _known(drafts: Sequence[Draft]) -> dict[str, list[float]]:
    """The numbers that drafts give for each field."""
    known: dict[str, list[float]] = {}
    for candidate in (candidate for draft in drafts for candidate in draft.candidates):
        if isinstance(candidate.value, Quantity):
            known.setdefault(candidate.path, []).append(candidate.value.value)
    return known


def flops_are_multiply_adds(document: Document) -> bool:
    """Whether the paper says that what it calls FLOPs are multiply-adds: `FLOPs (multiply-adds)`."""
    texts = (paragraph.text for paragraph in document.statements())
    return any(_SAME_THING.search(text) for text in texts if "flop" in text.lower())


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
        findings = list(rule.read(sentence))
        models = models_beside(sentence, findings, context.ownership) if findings else []
        for finding, model in zip(findings, models, strict=True):
            hearing = hearing or hear(sentence, ())
            stance = hearing.stance(finding.start, finding.end)
            yield _draft(sentence, finding, model, context, stance)


def _draft(
    sentence: Sentence, finding: Finding, model: tuple[str | None, bool], context: Context, stance: Stance
) -> Draft:
    paragraph, document, (mention, cited) = sentence.paragraph, context.document, model
    before = sentence.text[: finding.start - sentence.start]
    cited = cited or is_elsewhere(mention, before, context.ownership, context.cited_anywhere)
    if not context.ownership.is_own(mention):
        cited = cited or is_of_others(before, stance)
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
