"""Citation managers and archives are told who, what and when, in what their own rules ask for.

`citation-file-format-1.2.0.json` is the schema of the Citation File Format 1.2.0 as its authors publish it, unchanged
(https://citation-file-format.github.io/1.2.0/schema.json, CC BY 4.0). Zenodo has no schema; what its documentation of deposits says
(https://developers.zenodo.org/#representation) is written down here, as far as it bears on what we use. DataCite's mandatory properties are identifier and
publisher, which Zenodo gives, and creator, title, year and type, which it takes from there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from lxml import html

CFF = Path(__file__).with_name("citation-file-format-1.2.0.json")
_TEXT = {"type": "string", "minLength": 1}
_RELATIONS = (
    "isCitedBy cites isSupplementTo isSupplementedBy isContinuedBy continues isDescribedBy describes hasMetadata isMetadataFor isNewVersionOf "
    "isPreviousVersionOf isPartOf hasPart isReferencedBy references isDocumentedBy documents isCompiledBy compiles isVariantFormOf isOriginalFormof "
    "isIdenticalTo isAlternateIdentifier isReviewedBy reviews isDerivedFrom isSourceOf requires isRequiredBy isObsoletedBy obsoletes"
)
ZENODO: Mapping[str, Any] = {
    "type": "object",
    "required": [
        "upload_type",
        "publication_date",
        "title",
        "creators",
        "description",
        "access_right",
        "license",
    ],
    "additionalProperties": False,
    "properties": {
        "upload_type": {"const": "dataset"},
        "publication_date": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
        "title": _TEXT,
        "creators": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name"],
                "additionalProperties": False,
                "properties": {"name": _TEXT, "affiliation": _TEXT, "orcid": _TEXT, "gnd": _TEXT},
            },
        },
        "description": _TEXT,
        "access_right": {"enum": ["open", "embargoed", "restricted", "closed"]},
        "license": {"type": "string", "pattern": r"^[a-z0-9.-]+$"},
        "keywords": {"type": "array", "items": _TEXT, "uniqueItems": True},
        "related_identifiers": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["identifier", "relation"],
                "additionalProperties": False,
                "properties": {
                    "identifier": _TEXT,
                    "relation": {"enum": _RELATIONS.split()},
                    "resource_type": {
                        "enum": ["publication-article", "publication-preprint", "dataset", "software"]
                    },
                    "scheme": {"enum": ["arxiv", "doi", "url"]},
                },
            },
        },
        "version": _TEXT,
        "language": {"type": "string", "pattern": "^[a-z]{3}$"},
    },
}
TAGS = "a abbr acronym b blockquote br caption code div em i li ol p pre span strike strong sub sup table tbody td th thead tr u ul"
"""What Zenodo leaves in a description."""


def wrong(said: object, schema: Mapping[str, Any]) -> list[str]:
    found: Iterator[Any] = Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER).iter_errors(
        said
    )
    return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in found]


def plain(text: str) -> Any:
    """What YAML says as the schema means it, in which a date is text."""
    return json.loads(json.dumps(yaml.safe_load(text), default=str))


@pytest.fixture
def cited(release: Path) -> dict[str, Any]:
    found: dict[str, Any] = plain((release / "CITATION.cff").read_text("utf-8"))
    return found


@pytest.fixture
def deposit(release: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((release / ".zenodo.json").read_text("utf-8"))
    return found


def test_citation_files_say_who_what_and_when(cited: dict[str, Any], deposit: dict[str, Any]) -> None:
    assert (cited["cff-version"], cited["type"], cited["version"]) == ("1.2.0", "dataset", "0.1.0")
    assert cited["license"] == "CC-BY-4.0" and cited["authors"] and cited["date-released"] == "2026-11-20"
    assert (deposit["version"], deposit["license"]) == ("0.1.0", "cc-by-4.0")
    assert deposit["publication_date"] == cited["date-released"]


def test_the_citation_file_is_one_by_the_schema_of_its_format(cited: dict[str, Any]) -> None:
    schema = json.loads(CFF.read_text("utf-8"))
    assert wrong(cited, schema) == []
    assert wrong(cited | {"authors": []}, schema) and wrong(cited | {"colour": "blue"}, schema)


def test_the_citation_file_of_the_repository_is_one_too(repository: Path) -> None:
    said = plain((repository / "CITATION.cff").read_text("utf-8"))
    assert wrong(said, json.loads(CFF.read_text("utf-8"))) == []


def test_the_paper_that_is_to_be_cited_too_can_be_found(
    cited: dict[str, Any], deposit: dict[str, Any]
) -> None:
    (reference,) = cited["references"]
    assert re.fullmatch(r"10\.48550/arXiv\.2007\.05558", reference["doi"])
    (related,) = deposit["related_identifiers"]
    assert (related["identifier"], related["relation"]) == ("arXiv:2007.05558", "references")


def test_zenodo_takes_the_deposit(deposit: dict[str, Any]) -> None:
    assert wrong(deposit, ZENODO) == []
    assert date.fromisoformat(deposit["publication_date"]).year == 2026
    tags = {part.tag for part in html.fragment_fromstring(deposit["description"], create_parent="div").iter()}
    assert tags <= set(TAGS.split())


def test_datacite_finds_what_it_asks_for(deposit: dict[str, Any]) -> None:
    assert all(creator["name"].strip() for creator in deposit["creators"])
    assert deposit["title"].strip() and deposit["publication_date"][:4].isdigit()
    assert deposit["upload_type"] == "dataset"
