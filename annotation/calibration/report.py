"""The report of a calibration as files: Markdown with a picture for each field, and everything as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from annotation.calibration.calibrating import Calibration
from annotation.calibration.figures import draw
from annotation.calibration.measures import Figures
from annotation.calibration.trial import (
    COVERAGES,
    Accepted,
    Outcome,
    accepted,
    figures,
    groups,
    risk_at,
    told,
)
from extractors.confidence import Proof, model_to_json
from extractors.facts.errors import UsageError
from extractors.facts.fields import FIELDS
from extractors.promise import border, reviews_needed

Json = dict[str, object]

FEWEST = 50
"""Judged values from which a field has figures of its own."""
_HEAD = (
    "| | judged | right | skill | calibration error (95% band) | risk area | published unseen | right of these (bound)"
    " | of all right | border | reviews needed |"
)


@dataclass(frozen=True, slots=True)
class Group:
    """A family, or a field with enough judged values, under trial."""

    outcomes: tuple[Outcome, ...]
    figures: Figures
    accepted: Accepted
    proofs: tuple[Proof, ...]
    """Of a family without any, each field has its own."""
    border: float | None
    """Probability from which its values are published unseen; None: nothing is proven."""
    reviews_needed: int | None
    """How many more would prove the promise; None: no number would at the present precision."""

    @property
    def verdict(self) -> tuple[str, str]:
        """The border and the reviews that are needed, in words."""
        if not self.proofs:
            return "by field", "by field"
        border = "nothing is proven" if self.border is None else f"{self.border:.2f}"
        return border, words_for(self.reviews_needed)


def groups_of(done: Calibration) -> dict[str, Group]:
    """Families, then fields, of which enough values were judged."""
    return {
        name: _group(done, name, outcomes)
        for name, outcomes in groups(done.trial).items()
        if len(outcomes) >= FEWEST
    }


def _group(done: Calibration, name: str, outcomes: Sequence[Outcome]) -> Group:
    path = name if name in FIELDS else outcomes[0].judgement.path
    proofs = done.model.proofs(path) if name in FIELDS else done.model.pools.get(name, ())
    least = border(proofs, done.promise)
    return Group(
        tuple(outcomes),
        figures(outcomes),
        accepted(outcomes),
        proofs,
        least,
        reviews_needed(proofs, done.promise.precision),
    )


def as_json(done: Calibration) -> Json:
    """Everything but the pictures."""
    return {
        "model": {"version": done.model.version, "sha256": done.model.sha256, "papers": len(done.model.seen)},
        "promise": asdict(done.promise),
        "judged": len(done.trial),
        "comparison": {**asdict(done.comparison), "objections": list(done.refused)},
        "groups": {name: _as_json(group) for name, group in groups_of(done).items()},
    }


def _as_json(group: Group) -> Json:
    return {
        **asdict(group.figures),
        "calibrated": group.figures.is_calibrated,
        "accepted": asdict(group.accepted),
        "border": group.border,
        "reviews_needed": group.reviews_needed,
        "risk_by_coverage": {f"{share:.1f}": risk_at(group.outcomes, share) for share in COVERAGES},
    }


def write(done: Calibration, folder: Path) -> tuple[str, ...]:
    """Writes report.md, calibration.json, model.json and the pictures, and returns their names, the report first.

    Raises:
        UsageError: the folder cannot be made or written to.
    """
    found = groups_of(done)
    files = {
        "report.md": "\n".join(_markdown(done, found)).encode() + b"\n",
        "calibration.json": json.dumps(as_json(done), indent=2, sort_keys=True).encode() + b"\n",
        "model.json": model_to_json(done.model).encode() + b"\n",
        **{_picture_name(name): _picture(name, group) for name, group in found.items()},
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise UsageError(
            f"the report cannot be written: {error.strerror}",
            where=str(folder),
            remedy="Give a folder that can be written to",
        ) from error
    return tuple(files)


def _picture_name(group: str) -> str:
    return f"{group.replace('.', '-')}.png"


def _picture(name: str, group: Group) -> bytes:
    return draw(f"{name}: {len(group.outcomes)} judged values", told(group.outcomes), group.border)


def _markdown(done: Calibration, found: Mapping[str, Group]) -> Iterator[str]:
    papers = len({outcome.judgement.paper for outcome in done.trial})
    yield f"# Calibration of confidence model {done.model.version}"
    yield ""
    yield f"{len(done.trial)} judged values of {papers} papers. Every value was judged by a model, and every border drawn by proofs, that had"
    yield f"not seen its paper. Promised precision: {done.promise.precision:.0%}."
    yield ""
    yield from _compared(done)
    yield ""
    yield _HEAD
    yield "|---" * _HEAD.count(" | ") + "|---|"
    yield from (_row(name, group) for name, group in found.items())
    yield ""
    yield from _risk_table(found)
    for name in found:
        yield from ("", f"![{name}]({_picture_name(name)})")


def _compared(done: Calibration) -> Iterator[str]:
    whole, of = (
        done.comparison.whole,
        "papers that neither saw" if done.comparison.unseen else "papers that both were fitted to",
    )
    yield f"Brier score over {whole.values} values of {of}: {whole.new:.4f}, the present model {whole.present:.4f} (standard error of the difference {whole.error:.4f})."
    for objection in done.refused:
        yield f"\n**Refused:** {objection}."


def _row(name: str, found: Group) -> str:
    figures, kept = found.figures, found.accepted
    cells = (
        name,
        str(figures.judged),
        f"{figures.base_rate:.3f}",
        f"{figures.skill:.3f}",
        f"{figures.calibration_error:.3f} ({figures.calibration_band:.3f})",
        f"{figures.risk_area:.3f}",
        str(kept.values),
        f"{kept.precision:.3f} ({kept.bound:.3f})" if kept.values else "-",
        f"{kept.recall:.3f}",
        *found.verdict,
    )
    return "| " + " | ".join(cells) + " |"


def words_for(needed: int | None) -> str:
    """How many reviews are needed, in words: none where the promise is proven."""
    if needed is None:
        return "no number would do at this precision"
    return f"about {needed}" if needed else "none"


def _risk_table(found: Mapping[str, Group]) -> Iterator[str]:
    yield "Share wrong among the surest part of the values:"
    yield ""
    yield "| | " + " | ".join(f"{share:.0%}" for share in COVERAGES) + " |"
    yield "|---" * (len(COVERAGES) + 1) + "|"
    for name, group in found.items():
        risk = (f"{risk_at(group.outcomes, share):.3f}" for share in COVERAGES)
        yield f"| {name} | " + " | ".join(risk) + " |"
