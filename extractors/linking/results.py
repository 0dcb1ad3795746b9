"""Results: one per model, benchmark, metric, split, setting and score, however often the paper prints it.

A sentence that repeats a table's number is that table's result, also where it names the model otherwise or not. So is a
row of a study or of the appendix that repeats one of the paper's results: they print again what they start from or end with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from extractors.drafts import Draft
from extractors.facts.fields import FIELDS, same_value
from extractors.facts.ids import EntityId, PaperId
from extractors.facts.records import Candidate
from extractors.facts.values import Name, Quantity, Value
from extractors.linking.models import ModelIndex
from extractors.linking.proposals import Linked, proposals_of
from extractors.linking.slugs import SlugMint
from extractors.mentions import may_mean

_SCORE = FIELDS["result.score"]
_IDENTITY = ("result.model", "result.benchmark", "result.metric", "result.split", "result.setting")


def link_results(paper: PaperId, drafts: Sequence[Draft], index: ModelIndex) -> tuple[Linked, ...]:
    """Proposals for the results that the drafts state."""
    linked = [_with_model(draft, index) for draft in drafts if draft.kind == "result"]
    groups: dict[tuple[str, ...], list[Draft]] = {}
    for draft in sorted(linked, key=_place):
        home = _repeated(draft, groups)
        known = _without_names(draft, groups[home][0]) if home else draft
        groups.setdefault(home or (*_identity(draft), _printed_score(draft)), []).append(known)
    mint, found = SlugMint(), list[Linked]()
    for parts, group in groups.items():
        slug = mint.mint(*(part for part in parts[: len(_IDENTITY)] if part != "unspecified"))
        found += proposals_of(EntityId(paper, "result", slug), group)
    return tuple(found)


def _place(draft: Draft) -> int:
    """Tables of results first, then those of studies and of the appendix, then sentences."""
    return 2 if not draft.features.get("in_table") else int(_is_aside(draft))


def _is_aside(draft: Draft) -> bool:
    """Whether a row stands in a study of variants or in the appendix."""
    return bool(draft.features.get("ablation") or draft.features.get("in_appendix"))


def _repeated(draft: Draft, groups: Mapping[tuple[str, ...], list[Draft]]) -> tuple[str, ...] | None:
    """The group of table rows whose number a sentence or a row of a further table repeats."""
    score, said = _score(draft), _identity(draft)
    row = bool(draft.features.get("in_table"))
    if score is None or (row and not _is_aside(draft)):
        return None
    loose = not row and (not said[3] or bool(draft.features.get("split_assumed")))
    found = []
    for parts, group in groups.items():
        if row and (parts[4] != said[4] or _is_aside(group[0])):
            continue
        alike = parts[1] == said[1] and (parts[2] == said[2] or (not row and may_mean(said[2], parts[2])))
        if not (alike and (parts[3] == said[3] or loose)):
            continue
        known = _score(group[0]) if group[0].features.get("in_table") else None
        if known and same_value(_SCORE, score, known):
            found.append(parts)
    return min(found, key=lambda parts: (parts[2] != said[2], parts[3] != said[3]), default=None)


def _without_names(draft: Draft, row: Draft) -> Draft:
    """What repeats a row's number, without what the row knows best: whose it is, on what, and beside other rows how good."""
    told = {candidate.path for candidate in row.candidates} & set(_IDENTITY)
    if draft.features.get("in_table"):
        told |= {"result.standing", "result.model"}
    return replace(draft, candidates=tuple(c for c in draft.candidates if c.path not in told))


def _printed_score(draft: Draft) -> str:
    """The score as part of a group's key: rows of one name with different scores are different configurations."""
    score = _score(draft)
    return f"{score.value:g}" if isinstance(score, Quantity) else ""


def _score(draft: Draft) -> Value | None:
    return next((c.value for c in draft.candidates if c.path == _SCORE.path), None)


def _with_model(draft: Draft, index: ModelIndex) -> Draft:
    printed = index.meant(draft.mention)
    if printed is None or not draft.candidates:
        return draft
    link = Candidate("result.model", index.link(printed), draft.candidates[0].evidence)
    return replace(draft, candidates=(link, *draft.candidates))


def _identity(draft: Draft) -> tuple[str, ...]:
    names = {c.path: c.value.id for c in reversed(draft.candidates) if isinstance(c.value, Name)}
    return tuple(names.get(path, "") for path in _IDENTITY)
