"""Models that many papers compare with, by the papers that introduced them, read from `extractors/ontology/models.toml`.

A ResNet-50 in the paper on ResNet is its own; elsewhere it is somebody else's, whether a citation stands beside it or not.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter, ValidationError

from extractors.facts.errors import OntologyError

_SUBJECTS = TypeAdapter(dict[str, dict[str, list[str]]])
_NO_PART = re.compile(r"[^\w+.]|_")
_VARIANT = re.compile(
    r"""(?:[\s\-‐‑–_/.,]*+(?>
        \d+x\d+[a-z]? | \d+(?:\.\d+)?[gm]f | \d+(?:\.\d+)?\s?[x×] | \d+(?:\.\d+)?[a-z]? | v\d(?:\.\d)? | [x×]\s?\d+(?:\.\d+)?
        | fpn | dc5 | c4 | ms | \d+-?(?:stage|stack|layer)s? | tiny | nano | mini | small | base | medium | x{0,3}large | huge | giant | big | deep | wide | chat | instruct | vision
        | cased | uncased | x{1,3}[sl]? | [a-z]\d{1,3}[a-z]? | [smblhgtn]{1,2} | \([^()]{0,30}\) | [*†‡]
    ))*+\s*+""",
    re.VERBOSE | re.IGNORECASE,
)
"""What stands behind a name for a size or an edition: `-50`, `-B/16`, ` (big)`, `-7B-Instruct`. Nothing is tried twice, for strangers
wrote the names: each part is taken as the first kind that fits, and given back by none."""
_CAPITALS = re.compile(r"[A-Z]{3,}$")
"""Of a name that means a model where something is said to have been trained: `training of BLOOM took`, not `OPT for`."""
_TAKES = r"(?:has |had )?(?:took|takes|taken|needs|needed|used|uses|required|requires|consumed|consumes|cost|costs|spent|was trained|were trained|is trained)\b"
_TELLING = re.compile(r"\d|[a-z][A-Z]|[A-Z]{2}[a-z]")
"""Of a name that means a model wherever it is printed: `GPT-3` and `AlphaStar`, not `SAM` and `Switch`."""


def parse_known_models(text: str, where: str) -> Mapping[str, tuple[str, ...]]:
    """Titles by the names of the models that the papers introduced, from TOML: a table a subject, `"title" = ["Name", ...]`.

    Raises:
        OntologyError: not TOML, or not of this form.
    """
    try:
        subjects = _SUBJECTS.validate_python(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise OntologyError(f"not a list of models: {error}", where=where) from error
    found: dict[str, tuple[str, ...]] = {}
    for papers in subjects.values():
        for title, names in papers.items():
            for name in names:
                found[name] = (*found.get(name, ()), title)
    return found


@cache
def known_models() -> Mapping[str, tuple[str, ...]]:
    """Titles, or how they begin, of the papers that introduced well-known models, by the models' names without sizes."""
    where = "models.toml"
    return parse_known_models(
        files("extractors").joinpath("ontology", where).read_text(encoding="utf-8"), where
    )


def introduced_in(name: str) -> tuple[str, ...]:
    """Titles, or how they begin, of the papers that introduced a model as it is printed, in any size; none of others."""
    found = _pattern().match(name.strip())
    return known_models()[_names()[_key(found["name"])]] if found else ()


def is_of_another_paper(name: str, title: str) -> bool:
    """Whether a model as printed is well known and was introduced in a paper that is not called `title`."""
    known = introduced_in(name)
    return bool(known) and not any(_key(begins) in _key(title) for begins in known)


def known_subject_of(text: str) -> str | None:
    """The well-known model that a sentence begins with, gives as an example, or tells the costs of, by a name that can mean nothing else.

    `Deep Speech 2 was trained`, `models such as wav2vec 2.0 are`, `and GPT-3 175B needed`; not `a detector on a ResNet-50 has`.
    """
    found = _subject().search(text)
    return next(filter(None, found.groups())) if found else None


def papers_behind(names: Iterable[str]) -> int:
    """How many papers introduced the well-known models among some names."""
    return len({known for name in names if (known := introduced_in(name))})


@cache
def _names() -> Mapping[str, str]:
    return {_key(name): name for name in known_models()}


@cache
def _pattern() -> re.Pattern[str]:
    """A known name, blanks and hyphens aside, and what may stand behind it; the longest that fits."""
    longest_first = sorted(known_models(), key=len, reverse=True)
    names = "|".join(r"[\s\-‐‑–_]*".join(map(re.escape, _parts(name))) for name in longest_first)
    return re.compile(rf"(?P<name>{names}){_VARIANT.pattern}$", re.VERBOSE | re.IGNORECASE)


@cache
def _subject() -> re.Pattern[str]:
    """A known name as it is printed, where a sentence begins with it, gives it as an example, or says what its training took."""
    telling = _printed(filter(_TELLING.search, known_models()))
    capital = _printed(name for name in known_models() if _TELLING.search(name) or _CAPITALS.match(name))
    size = r"(?:[\s-]\d+(?:\.\d+)?[BMT])?"
    return re.compile(
        rf"(?:^|\b(?:such as|like)\s)(?:The\s)?(?P<name>{telling})(?![a-z-])"
        rf"|\b[Tt]raining (?:of |for )?(?:the )?(?P<trained>{capital})(?![a-z]){size}(?:\s\([^()]{{1,20}}\))? {_TAKES}"
        rf"|(?:,|;|\band|\bwhile|\bwhereas|\bbut) (?P<taking>{capital})(?![a-z]){size} {_TAKES}"
    )


def _printed(names: Iterable[str]) -> str:
    """Alternatives for names as papers print them, the longest first."""
    longest_first = sorted(names, key=len, reverse=True)
    return "|".join(r"[\s\-‐‑–_]?".join(map(re.escape, _parts(name))) for name in longest_first)


def _parts(name: str) -> list[str]:
    return [part for part in re.split(r"[\s\-_]+", name) if part]


def _key(text: str) -> str:
    return _NO_PART.sub("", text).casefold()
