"""Reads machines that stand for their accelerators: `two DGX-2 nodes` are 32 V100, `a p3.16xlarge` is eight.

Only where the sentence names no accelerator itself: what the authors say is in their machine wins over what its maker
put there. Which machine has what is data, in `facts.systems`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import ClassVar

from extractors.facts.errors import ParseError
from extractors.facts.parsing import NUMBER_IN, parse_number
from extractors.facts.systems import System, systems
from extractors.facts.values import Name, Quantity
from extractors.language import Sentence
from extractors.phrases import Hit
from extractors.rules.accelerators import named_in
from extractors.rules.devices import ACCELERATOR, COUNT
from extractors.rules.findings import Fact, Finding
from extractors.rules.machines import machines_in

_MAKERS = "NVIDIA|AWS|Amazon|EC2|Azure|Google|Graphcore"
_HOW_MANY = re.compile(
    rf"(?<![\w.])(?:an?\s)?(?P<number>single|{NUMBER_IN})(?:\s?[x×])?\s(?:(?:{_MAKERS})\s)*$",
    re.IGNORECASE,
)
_MOST = 10_000
"""Machines beyond which a number is something else."""


class SystemCount:
    """Reads the accelerators of a machine by its name: `a DGX-1`, `four p3.16xlarge instances`."""

    name: ClassVar[str] = "training.system"
    example: ClassVar[str] = "We trained it on two DGX-1 machines."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each machine that the sentence names, with a count where it says how many machines."""
        hits = machines_in(sentence)
        if not hits or _says_its_parts(sentence, hits):
            return
        for hit in hits:
            yield _finding(self.name, sentence, hit)


def _says_its_parts(sentence: Sentence, hits: tuple[Hit, ...]) -> bool:
    """Whether an accelerator is named beside the machines; the one in `DGX A100` is part of a machine's name."""
    tokens = sentence.tokens
    starts = [tokens[named.start].idx for named in named_in(tokens)]
    return any(not any(hit.start <= start < hit.end for hit in hits) for start in starts)


@cache
def _by_id() -> dict[str, System]:
    return {system.id: system for system in systems()}


def _finding(rule: str, sentence: Sentence, hit: Hit) -> Finding:
    system, text = _by_id()[hit.ids[0]], sentence.text
    start, end = sentence.start + hit.start, sentence.start + hit.end
    facts = [Fact(ACCELERATOR, Name(system.part.id, text[hit.start : hit.end]), start, end)]
    before = _HOW_MANY.search(text[: hit.start])
    machines = _machines(before["number"]) if before else None
    vague = before is not None and before["number"].lower() in {"a", "an"}
    if before and machines:
        printed = text[before.start() : hit.end]
        count = Quantity.exact(float(machines * system.count), "devices", printed)
        facts.append(Fact(COUNT, count, sentence.start + before.start(), end))
    generic = system.part.id == system.part.kind
    return Finding(rule, tuple(facts), {"generic_name": float(generic), "vague_count": float(vague)})


def _machines(printed: str) -> int | None:
    try:
        number = parse_number(printed)
    except ParseError:
        return None
    return int(number) if number == int(number) and 1 <= number <= _MOST else None
