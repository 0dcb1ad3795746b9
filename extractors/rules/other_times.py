"""What the words beside a time say that it is, where it is no run's: a step's share, an amount of data, a date, a bound.

A time of a run is told in `rules.durations`; the time of one epoch or step is read in `rules.paces`.
"""

from __future__ import annotations

import re

_EACH_UNIT = (
    "step|iteration|update|epoch|batch|mini-?batch|image|img|frame|sample|example|sentence|query|sequence|class|token|video|move|turn|game"
    "|run of inference"
)
"""What a run has many of: the time of one is not the run's."""
_SHARE_BEHIND = re.compile(
    rf"\s?(?:\([^)]*\)\s?)?(?:of (?:pre-?)?training\s)?(?:(?:for|per|/|on|in)\s?(?:each|every|a|an|one)?\s?(?:training\s|forward\s|single\s)?(?:{_EACH_UNIT})s?\b"
    rf"|(?:each|every)\s(?:(?:training|full|single)\s)?(?:{_EACH_UNIT})s?\b|every\b|for (?:the |all )?[\d.,]+k?\s(?:\w+\s)?(?:images|sentences|videos|examples)\b)",
    re.IGNORECASE,
)
_SHARE_BEFORE = re.compile(
    rf"\b(?:(?<!for )(?:each|every|per|one|an?|single)\s(?:\w+\s)?(?:{_EACH_UNIT})\b(?!\s(?:size|data|set|corpus|collection|model|classif|recogni))(?:(?!\b(?:total|whole|entire|overall|full)\b)[^.;])*\b(?:takes?|took|requires?|lasts?|in|is)"
    r"|every|per|each|first|(?<!converges )(?<!converged )after)\s(?:about|around|roughly|approximately|approx\.|only|~|∼|≈)?\s?$",
    re.IGNORECASE,
)
_DATA_BEHIND = re.compile(
    r"[\s-]*(?:(?:worth|long|of)\s(?:\w+[\s-]){0,4}?(?:speech|audio|video|videos|data|recordings?|footage|music|transcribed|"
    r"labell?ed|unlabell?ed|dataset|(?:training|internal) sets?|corpus|gameplay|game|play|experience|real|demonstrations?|simulated)\b"
    r"|of\s(?!(?:\w+\s)?(?:(?:pre-?)?train|fine-?\s?tun|search|optimi|learn|wall|comput|process|run|GPU|TPU|CPU|real|self-?play|work)\w*)[a-z-]+ing\b"
    r"|(?:subset|set|data|dataset|corpus|split|setup|setting|(?:of )?libri\w*|speech|audio|(?:noisy|clean)\b|ago|old|later|long)\b)",
    re.IGNORECASE,
)
_DATA_BEFORE = re.compile(
    r"\b(?:cover|span|compris|contain|consist|record|collect|gather|follow|captur|observ|warm)\w*\s(?:[a-z]+\s){0,3}$",
    re.IGNORECASE,
)
"""In front of a span of time that data cover, or the rate of learning rises over."""
_DATE_BEFORE = re.compile(r"\b(?:last|past|recent|previous|every|next|coming)\s$", re.IGNORECASE)
_YEARS = re.compile(r"\byears?\b", re.IGNORECASE)
_FROM, _TO = re.compile(r"\bfrom\s(?:about\s|around\s)?$", re.IGNORECASE), re.compile(r"\s(?:down\s)?to\b")
_FRONT, _BEHIND = 120, 60
"""Characters that are looked at on either side."""


def is_other_time(text: str, start: int, end: int) -> bool:
    """Whether words beside a duration say that it is a step's time, an amount of data or a date."""
    front, behind, printed = text[max(0, start - _FRONT) : start], text[end : end + _BEHIND], text[start:end]
    is_share = _SHARE_BEHIND.match(behind) or _SHARE_BEFORE.search(front)
    is_data = _DATA_BEHIND.match(behind) or _DATA_BEFORE.search(front)
    is_date = _DATE_BEFORE.search(front) or _YEARS.search(printed) or printed.endswith("Second")
    return bool(is_share or is_data or is_date) or is_reduced(text, start, end)


def is_reduced(text: str, start: int, end: int) -> bool:
    """Whether an amount is what another was reduced from: `from 1,800 GPU days to 4`, `from 3 days to 76 minutes`."""
    return bool(_FROM.search(text, 0, start) and _TO.match(text, end))


_WORK = r"(?:experiments?|runs|trials|ablations|experimentation)"
_TOGETHER = re.compile(
    rf"\b{_WORK}\b[^.;]{{0,80}}?\b(?:together|altogether|combined|in total|overall|including (?:\w+\s){{0,2}}(?:failed|preliminary|discarded|unsuccessful))\b"
    rf"|\b(?:together|altogether|in total|overall|total (?:\w+\s){{0,4}}(?:of|for) (?:all|the entire|the whole))[\s,]+(?:[\w-]+\s){{0,4}}?{_WORK}\b",
    re.IGNORECASE,
)
"""All experiments of a paper, whose time is no run's."""
_BRACKETS = re.compile(r"\([^()]*\)")


def is_time_of_all(text: str, start: int, end: int) -> bool:
    """Whether the words around a time sum up that of all experiments; what brackets say is said of what is in them."""
    said = _BRACKETS.sub(lambda found: found[0] if found.start() < end and start < found.end() else " ", text)
    inside = next(
        (found[0] for found in _BRACKETS.finditer(text) if found.start() < start < found.end()), said
    )
    return bool(_TOGETHER.search(inside))
