"""An item as plain JSON, with all that the screen shows, for scripts and for whoever cannot use a screen."""

from __future__ import annotations

from annotation.opinions import Opinion
from annotation.page import link
from annotation.session import Item
from annotation.values import reason_to_look, show
from db.cells import CellState
from db.refresh import Option
from extractors.facts.codec import Json, evidence_to_json, value_to_json


def item_to_json(item: Item) -> Json:
    """An item; its `candidates` are numbered as `--candidate` takes them, the proposed value first."""
    return {
        "cell": str(item.key),
        "field": item.field.path,
        "meaning": item.field.meaning,
        "guideline": item.field.guideline,
        "paper": item.key.entity.paper,
        "title": item.title,
        "published": item.published.isoformat() if item.published else None,
        "link": link(item.key.entity.paper) or None,
        "why": item.claim.why,
        "said": reason_to_look(item.claim.why),
        "role": item.claim.role,
        "held_until": item.claim.until.isoformat(),
        "seq": item.state.last_seq,
        "probability": item.state.probability,
        "value": value_to_json(item.state.value) if item.state.value is not None else None,
        "shown": show(item.state.value),
        "evidence": evidence_to_json(item.evidence) if item.evidence else None,
        "candidates": [_option(number, option) for number, option in enumerate(item.options, 1)],
        "opinions": [_opinion(opinion) for opinion in item.opinions],
        "beside": [_cell(state) for state in item.siblings],
        "decided": [_cell(state) for state in item.decided],
    }


def _option(number: int, option: Option) -> Json:
    return {
        "candidate": number,
        "value": value_to_json(option.value),
        "shown": show(option.value),
        "evidence": evidence_to_json(option.evidence),
        "reasons": list(option.reasons),
    }


def _opinion(opinion: Opinion) -> Json:
    return {
        "who": opinion.who,
        "value": value_to_json(opinion.value) if opinion.value is not None else None,
        "shown": opinion.said,
        "evidence": evidence_to_json(opinion.evidence) if opinion.evidence else None,
        "reason": opinion.reason,
        "at": opinion.at.isoformat(),
    }


def _cell(state: CellState) -> Json:
    return {
        "cell": str(state.key),
        "value": value_to_json(state.value) if state.value is not None else None,
        "shown": show(state.value),
        "status": state.status,
        "reviewers": list(state.reviewers),
    }
