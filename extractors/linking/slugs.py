"""Provisional slugs within one reading: readable, unique, and the same for the same reading."""

from __future__ import annotations

from collections.abc import Iterable

from extractors.facts.ids import SLUG_LIMIT, slugify


class SlugMint:
    """Hands out slugs of one kind of entity, each once, and none that is taken already."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def mint(self, *parts: str) -> str:
        """A slug of the parts that say something, joined by dots; a number behind where it is taken."""
        wanted = ".".join(slugify(part) for part in parts if part)[:SLUG_LIMIT].strip(".-") or "unnamed"
        slug, number = wanted, 1
        while slug in self._taken:
            number += 1
            slug = wanted[: SLUG_LIMIT - 5].rstrip(".-") + f"-{number}"
        self._taken.add(slug)
        return slug
