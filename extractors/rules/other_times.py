"""What the words beside a time say that it is, where it is no run's: a step's share, an amount of data, a date, a sum of all.

The words are in `ontology/cues.toml`, and here is where they must stand. A time of a run is told in `rules.durations`; the
time of one epoch or step is read in `rules.paces`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.facts.parsing import DURATION_IN
from extractors.rules.beside import all_behind, behind, in_front
from extractors.rules.cue_search import Place
from extractors.rules.heard import Heard

_YEARS = re.compile(r"\byears?\b", re.IGNORECASE)
_FROM, _TO = re.compile(r"\bfrom\s(?:about\s|around\s)?$", re.IGNORECASE), re.compile(r"\s(?:down\s)?to\b")
_ASIDE = re.compile(r"\s?\([^()]*\)")
_BRACKETS = re.compile(r"\([^()]*\)")
_SHARES = re.compile(
    rf"\b{DURATION_IN}\s(?:[\w-]+\s){{1,6}}?(?:and|or|against|versus|vs\.?|but)\s(?:about\s|[~≈])?$"
)
"""In front of a time: another that is set beside it, `17 minutes with Zip and`."""
_FRONT = 120
"""Characters in front of a time in which what it is a share of is named."""


def is_other_time(heard: Heard, place: Place) -> bool:
    """Whether words beside a duration say that it is a step's time, an amount of data or a date."""
    printed = heard.text[slice(*place)]
    is_share = _is_share_behind(heard, place) or _is_share_in_front(heard, place)
    is_data = behind(heard, "data_behind", place) or in_front(heard, "data_in_front", place)
    is_date = in_front(heard, "date_in_front", place) or _YEARS.search(printed) or printed.endswith("Second")
    return bool(is_share or is_data or is_date) or is_reduced(heard.text, *place)


def _is_share_behind(heard: Heard, place: Place) -> bool:
    """`20 minutes per epoch`, `90 seconds (on average) for each image`."""
    aside = _ASIDE.match(heard.text, place[1])
    ends = {place[1], aside.end() if aside else place[1]}
    for end in ends:
        each = all_behind(heard, "each_behind", (place[0], end))
        if behind(heard, "share_behind", (place[0], end)) or any(
            behind(heard, "one_of_many", found) for found in each
        ):
            return True
    return False


def _is_share_in_front(heard: Heard, place: Place) -> bool:
    """`every 2 hours`, `each step with its checkpoint takes 4 seconds`."""
    if in_front(heard, "share_in_front", place):
        return True
    for found in heard.before("one_of_many", place):
        near = found[0] >= place[0] - _FRONT and in_front(heard, "each_in_front", found)
        if near and _takes(heard, found[1], place):
            return True
    return False


def _takes(heard: Heard, start: int, place: Place) -> bool:
    """Whether what is named in front of an offset is said to take the time, and not the whole of it."""
    clause = heard.text[start : place[0]]
    if re.search("[.;]", clause) or heard.between("whole", start, place[0]):
        return False
    goes_on = _SHARES.search(clause)
    return in_front(heard, "share_taking", place) or (
        goes_on is not None and in_front(heard, "share_taking", (start + goes_on.start(), place[0]))
    )


def is_reduced(text: str, start: int, end: int) -> bool:
    """Whether an amount is what another was reduced from: `from 1,800 GPU days to 4`, `from 3 days to 76 minutes`."""
    return bool(_FROM.search(text, 0, start) and _TO.match(text, end))


def is_time_of_all(heard: Heard, place: Place) -> bool:
    """Whether the words around a time sum up that of all experiments; what brackets say is said of what is in them."""
    brackets = [found.span() for found in _BRACKETS.finditer(heard.text)]
    home = _home(brackets, place)
    return any(_home(brackets, found) == home for found in heard.places("of_everything"))


def _home(brackets: Sequence[Place], place: Place) -> Place | None:
    """The brackets that a place stands in."""
    return next((one for one in brackets if one[0] < place[0] and place[1] < one[1]), None)
