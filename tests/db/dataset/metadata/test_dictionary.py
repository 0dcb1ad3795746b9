"""The dictionary in the documents is the one that the schema gives."""

from pathlib import Path

from db.dataset.metadata.dictionary import dictionary
from db.dataset.schema import CHANGES, TABLES


def test_the_documents_have_the_dictionary_of_this_schema(repository: Path) -> None:
    written = (repository / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert written == dictionary(), (
        "write db.dataset.metadata.dictionary.dictionary() to docs/data-dictionary.md"
    )


def test_it_explains_every_column_of_every_table() -> None:
    sections = dictionary().split("\n## ")[1:]
    assert [section.split("\n")[0] for section in sections] == [table.name for table in (*TABLES, CHANGES)]
    for table, section in zip((*TABLES, CHANGES), sections, strict=True):
        assert all(f"| `{column.name}` |" in section for column in table.columns)
