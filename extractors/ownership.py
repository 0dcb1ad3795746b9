"""Whose model is it: the names a paper proposes, and whether two printed names mean the same model.

Authors announce their models in the title ("BERT: ..."), and in the abstract ("we propose X", "called X"). Rows
of tables say "ours". A citation behind a name says it is somebody else's.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from extractors.documents.model import Document

NAME = r"(?P<name>(?:[A-Z][\w+-]*[A-Z\d][\w+-]*|[A-Z][a-z]+(?:-?[A-Z\d][\w+-]*)+)(?:[ -](?:v?\d+|[A-Z][\w+-]*))?)"
"""A name as models have them, group `name`: a capital or digit inside the word, perhaps a size or version behind."""

_ANNOUNCED = (
    re.compile(
        rf"\b(?:called|named|dubbed|termed|coined|denoted(?: as)?|refer to (?:it|this|our \w+) as) (?:the )?{NAME}"
    ),
    re.compile(
        rf"\b[Ww]e (?:\w+ ){{0,2}}(?:propose|present|introduce|develop|describe) (?:\w+ ){{0,2}}?{NAME}"
    ),
    re.compile(rf"\b[Oo]ur (?:\w+ ){{0,2}}(?:model|network|method|approach|system|architecture),? {NAME}"),
)
_TITLE = re.compile(rf"^{NAME}\s*:")
_CITED = re.compile(r"\[\s*\d+[\d,\s–-]*\]|\((?:[^()]*?\b(?:19|20)\d{2}[a-z]?)\)|\bet al\b")
_OURS = re.compile(r"\b(?:ours?|this (?:work|paper)|proposed)\b", re.IGNORECASE)
_DRESSING = re.compile(
    r"\((?:ours?|single(?: model)?|ensemble|this (?:work|paper))\)|[*†‡§¶]+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Ownership:
    """What a paper says about which models are its own."""

    headline: tuple[str, ...] = ()
    """Proposed models as printed, first announced first; may be empty."""

    def is_own(self, name: str | None) -> bool | None:
        """Whether a printed name is one of the paper's own models; None where nothing tells."""
        if name is None:
            return None
        if _OURS.search(name):
            return True
        if _CITED.search(name):
            return False
        key = name_key(name)
        return True if any(name_key(own) in key for own in self.headline) else None

    def same(self, a: str, b: str) -> bool:
        """Whether two printed names mean the same model, citations, marks and spelling aside."""
        return name_key(a) == name_key(b)


def says_cited(text: str) -> bool:
    """Whether a text cites somebody."""
    return bool(_CITED.search(text))


def name_key(name: str) -> str:
    """A name without citations, marks, case, blanks and hyphens: what two prints of one name share."""
    bare = _DRESSING.sub(" ", _CITED.sub(" ", name))
    plain = unicodedata.normalize("NFKC", bare).casefold()
    return re.sub(r"[^\w+.]+", "", plain) or plain.strip()


def own_models(document: Document) -> Ownership:
    """The models that the title and the abstract announce as this paper's own."""
    texts = [p.text for p in document.paragraphs if p.region in ("front", "abstract")]
    found = [match["name"] for match in [_TITLE.match(document.title)] if match]
    found += [match["name"] for text in texts for pattern in _ANNOUNCED for match in pattern.finditer(text)]
    distinct = {name_key(name): name for name in reversed(found)}
    return Ownership(tuple(reversed(distinct.values())))
