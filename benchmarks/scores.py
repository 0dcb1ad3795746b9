"""Extraction accuracy: `burden extract` over the whole corpus, judged by the corpus's own script."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.corpus import Corpus, readings
from extractors.confidence import default_model
from extractors.guide import to_guide
from extractors.promise import Promise


def report(corpus: Corpus) -> None:
    """Print the scorer's table for all papers."""
    with tempfile.TemporaryDirectory() as folder:
        predicted = Path(folder) / "predicted.jsonl"
        with predicted.open("w", encoding="utf-8") as lines:
            for file, reading in readings(corpus):
                lines.write(json.dumps(to_guide(reading, file, default_model(), Promise())) + "\n")
        script, gold, pdfs = corpus.folder / "score.py", corpus.folder / "gold.jsonl", corpus.folder / "pdf"
        subprocess.run([sys.executable, script, gold, predicted, "--pdf", pdfs], check=True)
