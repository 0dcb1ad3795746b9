"""Every registered rule shows its habit by an example, and by a golden file that says what it reads from each sentence.

A golden file has a sentence a paragraph; indented below it, what the rule reads: field, value in its unit, print. After a
change that is meant, `pytest tests/extractors/rules/test_registry.py --write-goldens` writes them anew, and the
difference is what a reviewer looks at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from extractors.documents.model import Paragraph
from extractors.facts.values import Name, Quantity
from extractors.language import sentences_of
from extractors.rules.findings import Fact, Rule
from extractors.rules.registry import ALL

GOLDENS = Path(__file__).with_name("goldens")
LEAST = 6
"""Sentences of a golden file."""

MakeParagraph = Callable[..., Paragraph]


@pytest.fixture(params=ALL, ids=lambda rule: rule.name)
def rule(request: pytest.FixtureRequest) -> Rule:
    found: Rule = request.param
    return found


def golden(rule: Rule) -> Path:
    return GOLDENS / f"{rule.name}.txt"


def sentences_in(text: str) -> list[str]:
    return [block.splitlines()[0] for block in text.strip().split("\n\n") if block]


def rendered(rule: Rule, texts: list[str], paragraph: MakeParagraph) -> str:
    blocks = ("\n".join((text, *_lines(rule, paragraph(text)))) for text in texts)
    return "\n\n".join(blocks) + "\n"


def _lines(rule: Rule, said: Paragraph) -> Iterator[str]:
    findings = [finding for sentence in sentences_of(said) for finding in rule.read(sentence)]
    for finding in findings:
        yield from (f"    {_line(fact, said.text)}" for fact in finding.facts)
    if not findings:
        yield "    nothing"


def _line(fact: Fact, text: str) -> str:
    value = fact.value
    shown = value.id if isinstance(value, Name) else _quantity(value) if isinstance(value, Quantity) else "-"
    return f"{fact.path} = {shown}  |{text[fact.start : fact.end]}|"


def _quantity(value: Quantity) -> str:
    spread = "" if value.low == value.high else f" ({value.low:g} to {value.high:g})"
    return f"{value.value:.10g}{spread} {value.unit}"


def test_its_golden_file_says_what_it_reads(
    rule: Rule, paragraph: MakeParagraph, request: pytest.FixtureRequest
) -> None:
    path = golden(rule)
    texts = sentences_in(path.read_text("utf-8")) if path.exists() else []
    now = rendered(rule, list(dict.fromkeys((rule.example, *texts))), paragraph)
    if request.config.getoption("--write-goldens"):
        path.write_text(now, "utf-8")
    assert path.read_text("utf-8") == now


def test_its_example_is_read(rule: Rule, paragraph: MakeParagraph) -> None:
    (sentence,) = sentences_of(paragraph(rule.example))
    assert list(rule.read(sentence))


def test_its_golden_file_has_sentences_that_it_reads_and_one_that_it_does_not(rule: Rule) -> None:
    text = golden(rule).read_text("utf-8")
    assert len(sentences_in(text)) >= LEAST
    assert "\n    nothing\n" in text


def test_its_first_words_say_what_it_reads(rule: Rule) -> None:
    assert (type(rule).__doc__ or "").startswith("Reads ")


def test_no_two_rules_have_one_name() -> None:
    assert len({rule.name for rule in ALL}) == len(ALL)


def test_every_golden_file_has_its_rule() -> None:
    assert {path.stem for path in GOLDENS.iterdir()} == {rule.name for rule in ALL}
