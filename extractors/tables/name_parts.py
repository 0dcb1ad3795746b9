"""What of a printed label is the name of a model, and what is said of it besides.

Labels carry citations, tick marks, `(ours)`, how many models were averaged, and marks of notes. None of these is part of a
name; a mark is, where the table prints the same name without it too: `ZipNet` and `ZipNet*` are two models.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from extractors.tables.citations import says_cited, without_citations

_WORK = r"(?:ours?|this (?:work|paper)|our (?:work|(?:re-?)?implementation|impl\.?|(?:re-?)?runs?|model|method)|proposed|single(?: model)?|ensemble)"
_ROLE = re.compile(
    rf"\({_WORK}(?:,? (?:19|20)\d\d)?\)|\[(?:ours?|this work)\]|^ours?\s?[,:]\s|[✓✗✔✘√…]|\.{{3}}",
    re.IGNORECASE,
)
"""Whose and how, and marks of what is switched on."""
_COUNT = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten)"
_AVERAGED = re.compile(
    rf"\s*\((?:(?:an? )?ensembles?(?: of {_COUNT}[^()]{{0,20}})?|(?:ensemble of )?{_COUNT}[\s-](?:models?|nets|networks|systems)(?: ensemble)?)\)"
    rf"|^{_COUNT}\s?[x\u00d7]\s(?=[A-Z])|,\s(?:an? )?ensemble(?: of {_COUNT}[^,()]{{0,20}})?$|,\s(?:single(?: model| system)?|{_COUNT} (?:systems|models) combined)$|(?<=[A-Z\d)])[\s-][Ee]nsemble$"
)
"""That several models of one name answered together."""
_BROKEN = re.compile(r"(?<=[^\W\d_])[-\u2010] (?=[^\W\d_])")
"""The end of a line inside a hyphenated name."""
_ASTERISKS = str.maketrans({"\u2217": "*", "\u22c6": "*", "\u2605": "*"})
_MARKS = re.compile(r"(?<=[\w)+])\s?[*\u2020\u2021\u00a7\u00b6]+(?!\w)")
_MARKED_IN_TEXT = re.compile(r"(?<!\w)[A-Z][\w.+/-]*\w[*\u2020\u2021](?!\w)")
_DEFINES = re.compile(
    r"\b(?:denoted?|call(?:ed)?|named?|dubbed|termed|refer(?:red)? to|are the models?|is the model|marked)\b"
)
OURS = re.compile(
    r"(?:ours(?!\w)|(?:(?:the |our )?(?:proposed|full|final|complete)(?: (?:model|method|approach|system|network|detector|version))?"
    r"|our (?:model|method|approach|system|network|detector|architecture)|this (?:work|paper))(?=\s*(?:$|[(+,&\u2212]|w/|with\b))),?\s*",
    re.IGNORECASE,
)
"""A row that says whose it is in place of a name, and perhaps what was changed of it."""
_OWN_IN_BRACKETS = re.compile(r"\((?P<name>[^()]+)\)")


def clean(label: str, marks: str = "", marked: frozenset[str] = frozenset()) -> str:
    """A label without what is no part of a name.

    Args:
        label: as printed.
        marks: those that tell names of its table apart.
        marked: the names that the text prints with a mark.
    """
    text = _ROLE.sub(" ", without_citations(label)).translate(_ASTERISKS)
    text = _BROKEN.sub("-", " ".join(text.split()))
    kept = _MARKS.sub(lambda found: _kept(found, marks, marked), text)
    name = _AVERAGED.sub("", kept).strip(" ,")
    return " ".join((name or kept).split())


def _kept(found: re.Match[str], marks: str, marked: frozenset[str]) -> str:
    """The marks behind a word that are part of a name."""
    word = f"{found.string[: found.start()].rpartition(' ')[2]}{found[0].strip()}"
    return found[0].strip() if word in marked else "".join(mark for mark in found[0] if mark in marks)


def telling_marks(labels: Iterable[str]) -> str:
    """The marks that tell names of a table apart: some label stands in it with the mark and without.

    A label that cites is somebody else's, and a mark tells the authors' own run from it: it is no part of a name.
    """
    own = [_ROLE.sub(" ", label).translate(_ASTERISKS) for label in labels if not says_cited(label)]
    bare = {_packed(label) for label in own if not _MARKS.search(label)}
    beside = (
        mark for label in own for mark in _MARKS.findall(label) if _packed(_MARKS.sub("", label)) in bare
    )
    return "".join(dict.fromkeys("".join(beside).replace(" ", "")))


def _packed(label: str) -> str:
    return label.replace(" ", "")


def marked_in(sentences: Iterable[str]) -> frozenset[str]:
    """The names with marks that sentences introduce: `the models are denoted as ZipNet*`."""
    return frozenset(_marked_in(sentences))


def _marked_in(sentences: Iterable[str]) -> Iterator[str]:
    for sentence in sentences:
        text = sentence.translate(_ASTERISKS)
        if ("*" in text or "\u2020" in text or "\u2021" in text) and _DEFINES.search(text):
            yield from _MARKED_IN_TEXT.findall(text)


def named_for_ours(label: str, own: str) -> str:
    """A label with the proposed model's name for `ours`, `proposed` or `full model`.

    Args:
        label: the label, cleaned.
        own: the name of the model that the paper proposes, or empty.
    """
    said = OURS.match(label)
    if said is None or not own:
        return label
    rest = label[said.end() :].strip()
    inside = _OWN_IN_BRACKETS.fullmatch(rest)
    if inside and inside["name"].casefold() == own.casefold():
        return own
    joint = "" if rest.startswith("-") and not rest.startswith("- ") else " "
    return f"{own}{joint}{rest}".strip()
