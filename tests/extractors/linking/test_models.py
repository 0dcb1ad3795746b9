"""What the models of scores are called, in invented papers of a few words and one table: written without a look at what is read."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile
from pathlib import Path

import pytest

from extractors.context import context_of
from extractors.documents.model import Document, Paragraph, Table
from extractors.facts.values import Name, Quantity
from extractors.linking import link
from extractors.paper import drafts_of, paper_id

STYLES = Path(__file__).with_name("name_styles.txt").read_text("utf-8").strip().split("\n\n")
"""Papers; lines with `=` give a score and the name of its model."""


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.splitlines()[0])
def test_scores_are_of_models_by_name(
    style: str,
    paragraph: Callable[..., Paragraph],
    document: Callable[..., Document],
    styled_tables: Callable[[list[str]], list[Table]],
) -> None:
    _, abstract, *lines = style.splitlines()
    texts = takewhile(lambda line: not line.startswith("table "), lines)
    body = [paragraph(text, "Experiments") for text in texts]
    paper = document(paragraph(abstract, region="abstract"), *body, tables=styled_tables(lines))
    read = _named(paper)
    wanted = [line.removeprefix("= ").split(" ", 1) for line in lines if line.startswith("= ")]
    assert {score: read.get(score) for score, _ in wanted} == {score: {name} for score, name in wanted}


def _named(paper: Document) -> dict[str, set[str]]:
    """The names of the models that have each score."""
    context = context_of(paper)
    proposals = link(paper_id(paper), drafts_of(context), context.ownership)
    values = {(str(found.cell.entity), found.cell.field): found.value for found in proposals}
    read: dict[str, set[str]] = {}
    for (entity, field), score in values.items():
        if field == "score" and isinstance(score, Quantity):
            model = values[entity, "model"]
            assert isinstance(model, Name)
            name = values[f"{paper_id(paper)}/model/{model.id}", "name"]
            read.setdefault(f"{score.value:g}", set()).add(str(getattr(name, "printed", "")))
    return read
