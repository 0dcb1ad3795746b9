"""Models of a paper: every name that a draft speaks of, each model once, with its costs.

Two printed names are one model if `Ownership.same` says so. A draft without a name speaks of the paper's one
proposed model where there is just one; otherwise costs belong to an unnamed model, and runs to the whole paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.drafts import Draft
from extractors.facts.evidence import Evidence
from extractors.facts.fields import FIELDS, Role, same_value
from extractors.facts.ids import EntityId, PaperId
from extractors.facts.records import Candidate
from extractors.facts.values import Name, Quantity, Value
from extractors.linking.proposals import Linked, agree_to, digits, proposals_of
from extractors.linking.slugs import SlugMint
from extractors.ownership import Ownership, name_key

UNNAMED = "unnamed"
_ROLE = "model.role"
_ROOM = 1.2
"""Counts of one model differ by rounding and by what is counted; beyond this factor they are of two sizes."""
NAME_RULE = "linking.model-name"


class ModelIndex:
    """The models of one paper by printed name; a name seen for the first time becomes a new model."""

    def __init__(self, ownership: Ownership, family: str | None = None) -> None:
        self._ownership, self._family = ownership, family
        self._mint = SlugMint()
        self._slugs: dict[str, str] = {}
        """Slug by printed name, in order of first mention; several prints may share a slug."""

    def slug(self, printed: str) -> str:
        """The slug of a model by one of its printed names."""
        if printed not in self._slugs:
            self._slugs[printed] = self._same(printed) or self._mint.mint(printed)
        return self._slugs[printed]

    def another(self, slug: str) -> str:
        """A slug for another model of a name that is taken."""
        return self._mint.mint(slug)

    def meant(self, mention: str | None) -> str | None:
        """The printed name a draft means: its own, or the paper's one proposed model; None if there is no one."""
        headline = self._ownership.headline
        return mention or (headline[0] if len(headline) == 1 else None)

    @property
    def headline(self) -> str | None:
        """The printed name of the family that the paper is about, where something is said of it."""
        return self._family if self._family in self._slugs else None

    def link(self, mention: str) -> Name:
        """The value of a link cell to the model of that name."""
        return Name(self.slug(mention), mention)

    def _same(self, printed: str) -> str | None:
        return next(
            (slug for known, slug in self._slugs.items() if self._ownership.same(known, printed)), None
        )


def link_models(
    paper: PaperId, drafts: Sequence[Draft], index: ModelIndex, ownership: Ownership
) -> tuple[Linked, ...]:
    """Proposals for the models that drafts of any kind name, with the costs that model drafts give them."""
    groups: dict[str, list[Draft]] = {}
    for draft in _recognised(drafts):
        printed = draft.mention if draft.kind == "run" or _is_foreign(draft) else index.meant(draft.mention)
        if printed is None and draft.kind == "model":
            printed = UNNAMED
        if printed is not None and draft.candidates:
            groups.setdefault(index.slug(printed), []).append(draft)
    found: list[Linked] = []
    for slug, group in groups.items():
        first, *others = _sizes([draft for draft in group if draft.kind == "model"]) or [[]]
        said = [draft for draft in group if draft.kind != "model" or draft in first]
        found += proposals_of(EntityId(paper, "model", slug), _with_identity(said, first, ownership))
        for size in others:
            entity = EntityId(paper, "model", index.another(slug))
            known = Ownership() if all(map(_is_foreign, size)) else ownership
            found += proposals_of(entity, _with_identity(size, size, known))
    return tuple(found)


def _sizes(costs: Sequence[Draft]) -> list[list[Draft]]:
    """The drafts of one name by the models they can be of: sizes of one design share a name, what others report too.

    The one that most places give comes first.
    """
    sizes: list[list[Draft]] = []
    for draft in costs:
        home = next((size for size in sizes if _one_model(draft, size)), None)
        if home is None:
            sizes.append([draft])
        else:
            home.append(draft)
    return sorted(sizes, key=lambda size: -len(size))


def _one_model(draft: Draft, size: Sequence[Draft]) -> bool:
    """Whether no cost of a draft is so far from what a model is known to have that it counts another one."""
    for candidate in draft.candidates:
        known = next(((c, d) for d in size for c in d.candidates if c.path == candidate.path), None)
        if known is None or same_value(FIELDS[candidate.path], known[0].value, candidate.value):
            continue
        room = _ROOM if _is_foreign(draft) == _is_foreign(known[1]) else 1.0
        if not _near(known[0].value, candidate.value, room):
            return False
    return True


def _near(a: Value, b: Value, room: float) -> bool:
    if not (isinstance(a, Quantity) and isinstance(b, Quantity)):
        return True
    return max(a.value, b.value) <= room * min(a.value, b.value)


def _is_foreign(draft: Draft) -> bool:
    return any(candidate.path == _ROLE for candidate in draft.candidates)


def _recognised(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, with sentences that repeat a table's cost given to the model of that row.

    `The largest variant has 52M parameters` is the row with 52M, if the sentence names no model or names the row's
    by a part of its name.
    """
    rows = [draft for draft in drafts if draft.kind == "model" and draft.features.get("in_table")]
    return [
        _as_row(draft, rows) if draft.kind == "model" and draft not in rows else draft for draft in drafts
    ]


def _as_row(draft: Draft, rows: Sequence[Draft]) -> Draft:
    for row in rows:
        if row.mention and _related(draft.mention, row) and _same_cost(draft, row):
            return replace(draft, mention=row.mention)
    return draft


def _related(said: str | None, row: Draft) -> bool:
    """Whether a name can mean a row: it has no more than the row's, or the row is the paper's own and says less."""
    if said is None or row.mention is None:
        return said is None
    name, label = name_key(said), name_key(row.mention)
    return name in label or (label in name and not _is_foreign(row))


def _same_cost(a: Draft, b: Draft) -> bool:
    return any(
        one.path == other.path and _same_print(one.value, other.value)
        for one in a.candidates
        for other in b.candidates
        if FIELDS[one.path].use == "fact"
    )


def _same_print(a: Value, b: Value) -> bool:
    """Whether two costs are the same, to the digits of the one that prints fewer."""
    return isinstance(a, Quantity) and isinstance(b, Quantity) and agree_to(a, b, min(digits(a), digits(b)))


def _with_identity(group: Sequence[Draft], costs: Sequence[Draft], ownership: Ownership) -> list[Draft]:
    """Costs after the name and role of their model; once that is settled, single places have no say in whose it is."""
    identity = _identity(group, ownership)
    return [identity, *(map(_without_role, costs) if identity.candidates else costs)]


def _without_role(draft: Draft) -> Draft:
    return replace(draft, candidates=tuple(c for c in draft.candidates if c.path != _ROLE))


def _identity(group: Sequence[Draft], ownership: Ownership) -> Draft:
    """Name and role, with the place of the first statement about the model as evidence."""
    named = next((draft for draft in group if draft.mention), None)
    if named is None or named.mention is None:
        return Draft("model", None, ())
    evidence = _renamed(named.candidates[0].evidence)
    role = _role(named.mention, group, ownership)
    name = Candidate("model.name", Name(named.mention, named.mention), evidence)
    return Draft("model", named.mention, (name, Candidate(_ROLE, Name(role, named.mention), evidence)))


def _renamed(evidence: Evidence) -> Evidence:
    return Evidence(evidence.sha256, evidence.page, evidence.box, evidence.anchor, evidence.quote, NAME_RULE)


def _role(printed: str, group: Sequence[Draft], ownership: Ownership) -> Role:
    """Whose a model is: by its name, else by what most places say that give its costs, tables before sentences."""
    if any(ownership.same(printed, headline) for headline in ownership.headline):
        return "headline"
    own = ownership.is_own(printed)
    costs = [draft for draft in group if draft.kind == "model"]
    told = [draft for draft in costs if draft.features.get("in_table")] or costs
    if told and not own:
        return "baseline" if 2 * sum(map(_is_foreign, told)) >= len(told) else "own"
    return "baseline" if own is False else "own"
