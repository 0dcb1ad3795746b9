"""What archives and citation managers read: `CITATION.cff` (https://citation-file-format.github.io, 1.2.0) and `.zenodo.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape

from db.dataset.edition import DESCRIPTION, LICENCE_ID, METHOD, TITLE, Edition
from db.dataset.metadata.about import (
    CREATOR,
    KEYWORDS,
    LIMITS,
    METHOD_ARXIV,
    METHOD_AUTHORS,
    METHOD_TITLE,
    METHOD_YEAR,
    NAME,
)


def citation_file(edition: Edition) -> str:
    """The content of `CITATION.cff`, which is YAML; its texts are quoted as JSON quotes them, which YAML reads alike."""
    return "\n".join(_lines(edition)) + "\n"


def _lines(edition: Edition) -> Iterator[str]:
    yield "cff-version: 1.2.0"
    yield f"message: {_text('If you use this dataset, please cite it and the paper whose method it follows.')}"
    yield "type: dataset"
    yield f"title: {_text(f'{NAME}: {TITLE}')}"
    yield f"abstract: {_text(DESCRIPTION)}"
    yield f"version: {_text(edition.version)}"
    yield f"date-released: {_text(f'{edition.as_of:%Y-%m-%d}')}"
    yield f"license: {LICENCE_ID}"
    yield from ("authors:", f"  - name: {_text(CREATOR)}")
    yield from ("keywords:", *(f"  - {_text(word)}" for word in KEYWORDS))
    yield from ("references:", "  - type: article", f"    title: {_text(METHOD_TITLE)}", "    authors:")
    for family, given in METHOD_AUTHORS:
        yield from (f"      - family-names: {_text(family)}", f"        given-names: {_text(given)}")
    yield f"    year: {METHOD_YEAR}"
    yield f"    doi: {_text(f'10.48550/arXiv.{METHOD_ARXIV}')}"
    yield from ("    identifiers:", "      - type: other", f"        value: {_text(f'arXiv:{METHOD_ARXIV}')}")


def deposit(edition: Edition) -> dict[str, object]:
    """The content of `.zenodo.json`: what Zenodo asks of a deposit, and what DataCite keeps of it."""
    paragraphs = [DESCRIPTION, f"State of {edition.as_of:%Y-%m-%d}. The method is that of {METHOD}."]
    limits = "".join(f"<li>{escape(limit)}</li>" for limit in LIMITS)
    said = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return {
        "upload_type": "dataset",
        "title": f"{NAME}: {TITLE}",
        "description": f"{said}<p>Known limits:</p><ul>{limits}</ul>",
        "version": edition.version,
        "publication_date": f"{edition.as_of:%Y-%m-%d}",
        "access_right": "open",
        "license": LICENCE_ID.lower(),
        "creators": [{"name": CREATOR}],
        "keywords": list(KEYWORDS),
        "language": "eng",
        "related_identifiers": [
            {
                "identifier": f"arXiv:{METHOD_ARXIV}",
                "relation": "references",
                "resource_type": "publication-preprint",
                "scheme": "arxiv",
            }
        ],
    }


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
