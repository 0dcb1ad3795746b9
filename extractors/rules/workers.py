"""Reads a number of workers where the sentence names no accelerator: `with 32 replicas`, `on 16 workers`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from extractors.language import Sentence
from extractors.rules.accelerators import names_any
from extractors.rules.devices import COUNT, whole
from extractors.rules.findings import Finding
from extractors.rules.patterns import Patterns

_WORDS = ("replicas", "workers", "accelerators", "devices")
_WORKERS = Patterns(
    {
        # 32 replicas; 16 synchronous workers
        "workers": [[{"LIKE_NUM": True}, {"IS_ALPHA": True, "OP": "?"}, {"LOWER": {"IN": list(_WORDS)}}]],
    }
)


class WorkerCount:
    """Reads a number of workers where no accelerator is named: `with 32 replicas`, `on 16 workers`."""

    name: ClassVar[str] = "training.worker-count"
    example: ClassVar[str] = "We train with 32 replicas."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding, without an accelerator."""
        if not sentence.has(*_WORDS) or names_any(sentence):
            return
        tokens = sentence.tokens
        start, end = min(_WORKERS.find(tokens)["workers"], default=(0, 0))
        value = whole(tokens[start].text, "devices") if end else None
        if value is not None and value.value > 1:
            span = tokens[start:end]
            yield Finding.of(
                self.name, sentence, COUNT, value, (span.start_char, span.end_char), generic_name=1.0
            )
