"""How to read a release, in a few lines each; the tests run every one as it is printed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A way to read a release, from within its folder."""

    title: str
    language: str
    code: str


EXAMPLES = (
    Example(
        "pandas",
        "python",
        """\
import pandas as pd

runs = pd.read_parquet("training_runs.parquet").merge(pd.read_parquet("papers.parquet"), on="paper_id")
evidence = pd.read_parquet("evidence.parquet")
print(runs[["title", "accelerator", "count", "hardware_burden_flop"]])
print(evidence[evidence["row_id"].isin(runs["run_id"])][["row_id", "column_name", "value", "page", "quote"]])
""",
    ),
    Example(
        "polars",
        "python",
        """\
import polars as pl

results = pl.scan_parquet("results.parquet").join(pl.scan_parquet("papers.parquet"), on="paper_id")
print(results.filter(pl.col("error").is_not_null()).sort("error").select("title", "benchmark", "metric", "score", "error").collect())
""",
    ),
    Example(
        "DuckDB",
        "python",
        """\
import duckdb

print(duckdb.sql(\"\"\"
    SELECT benchmark, metric, count(*) AS scores, min(error) AS lowest_error
    FROM 'results.parquet' LEFT JOIN 'models.parquet' USING (model_id)
    GROUP BY ALL ORDER BY scores DESC, benchmark, metric
\"\"\"))
""",
    ),
    Example(
        "SQLite",
        "python",
        """\
import sqlite3

release = sqlite3.connect("file:burden.sqlite?mode=ro", uri=True)
for row in release.execute("SELECT name, parameters FROM models WHERE parameters IS NOT NULL ORDER BY parameters DESC LIMIT 10"):
    print(*row)
release.close()
""",
    ),
    Example("Datasette", "sh", "datasette burden.sqlite --metadata datasette.json\n"),
    Example(
        "Croissant",
        "python",
        """\
import mlcroissant

dataset = mlcroissant.Dataset("croissant.json")
print(next(iter(dataset.records("training_runs"))))
""",
    ),
)
"""In the order in which they are printed."""
