"""The file of cues: it loads, what breaks its rules is refused, and what the code asks for is in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from extractors.documents.model import Paragraph
from extractors.facts.errors import OntologyError
from extractors.language import Label, sentences_of
from extractors.rules.cues import cues, parse_cues
from extractors.rules.hearing import hear

MakeParagraph = Callable[..., Paragraph]

CUE = """
[cue.lent]
meaning = "tells of hardware that was lent"
points = -1.5
reason = "the sentence tells of a loan"
phrases = ["lent|lend* to? us"]
except = ["lend* a hand"]

[relation]
nearer = { points = -2.0, reason = "it stands nearer" }
"""


def test_a_cue_takes_a_few_lines() -> None:
    read = parse_cues(CUE, "test")
    assert read.counting_at("sentence") == ("lent",)
    assert read.weights["lent"].points == -1.5
    assert read["lent"].places(Label("They lent us a machine.")) == ((5, 12),)


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        (CUE.replace("meaning", "means"), "lent.mean"),
        (CUE.replace("-1.5", '"few"'), "points"),
        (CUE.replace('"lent|lend* to? us"', ""), "a cue needs phrases or openings"),
        (CUE.replace("to?", "TO?"), "'TO' is no word of the notation"),
        (CUE.replace("lend* a hand", "..."), "says too little"),
        (CUE.replace("points = -1.5", 'at = "end"'), "lent.at"),
        (CUE.replace("nearer =", "lent ="), "'lent' is both a cue and a relation"),
        ("[cue.lent", "not TOML"),
    ],
)
def test_a_broken_cue_is_refused_with_its_reason(broken: str, complaint: str) -> None:
    with pytest.raises(OntologyError) as caught:
        parse_cues(broken, "loans.toml")
    assert complaint in str(caught.value)
    assert "loans.toml" in str(caught.value)


def test_every_cue_says_what_it_means() -> None:
    assert not [
        name for name, entry in cues().entries.items() if not re.fullmatch(r"[a-z].*[^.]", entry.meaning)
    ]


def test_a_reason_without_points_would_never_be_read() -> None:
    assert not [name for name, entry in cues().entries.items() if entry.reason and entry.points is None]


def test_every_cue_is_asked_for(repository: Path) -> None:
    code = "".join(path.read_text("utf-8") for path in (repository / "extractors").rglob("*.py"))
    idle = [
        name for name, entry in cues().entries.items() if entry.points is None and f'"{name}"' not in code
    ]
    assert not idle


def test_every_relation_is_heard_or_found(repository: Path) -> None:
    code = "".join(path.read_text("utf-8") for path in (repository / "extractors" / "rules").glob("*.py"))
    assert not [name for name in cues().weights if name not in cues().entries and f'"{name}"' not in code]


def test_all_that_is_heard_counts(paragraph: MakeParagraph) -> None:
    (sentence,) = sentences_of(paragraph("We train on 8 GPUs."))
    assert hear(sentence, ()).stance(0, 2).features.keys() <= cues().weights.keys()
