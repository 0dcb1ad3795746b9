"""What waits as a project of Label Studio, and the project's export back as decisions.

Tasks are in Label Studio's JSON: `data` with what is shown, `predictions` with the proposed answer, the probability as its
score and the confidence model as its version (https://labelstud.io/guide/task_format). The labelling interface is XML whose
names the answers come back under; its choices are the same for all tasks, because those of a task are not checked on import.
An annotation that was skipped is no answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from xml.etree import ElementTree as ET

from annotation.exchange.answers import Answer, Answers, Refusal, choice, look, once
from annotation.exchange.files import parse_json
from annotation.exchange.questions import CANDIDATES, Question, shown, tidy
from extractors.facts.errors import BurdenError, ParseError

_CHOICES = (
    "accept",
    *(f"candidate {n}" for n in range(2, CANDIDATES + 1)),
    "correct",
    "not reported",
    "reject",
    "skip",
    "flag",
)
_HOTKEYS = {
    "accept": "a",
    **{f"candidate {n}": str(n) for n in range(2, CANDIDATES + 1)},
    "correct": "c",
    "not reported": "n",
    "reject": "r",
    "skip": "s",
    "flag": "f",
}
_SHOWN = (
    ("$title", "4"),
    ("$entity", "5"),
    ("$meaning", "5"),
    ("$guideline", "6"),
    ("$proposed", "4"),
    ("$candidates", "6"),
    ("$where", "6"),
)
"""Texts above the quote, with the level of their heading."""
_OBJECT = "quote"


def write_config() -> str:
    """The labelling interface."""
    view = ET.Element("View")
    for value, size in _SHOWN:
        ET.SubElement(view, "Header", value=value, size=size)
    ET.SubElement(view, "Text", name=_OBJECT, value="$quote", valueType="text", selectionEnabled="false")
    ET.SubElement(view, "Header", value="$doubts", size="6")
    decision = ET.SubElement(
        view,
        "Choices",
        name="decision",
        toName=_OBJECT,
        choice="single-radio",
        required="true",
        showInline="true",
    )
    for word in _CHOICES:
        ET.SubElement(decision, "Choice", value=word, hotkey=_HOTKEYS[word])
    correction = ET.SubElement(
        view, "View", visibleWhen="choice-selected", whenTagName="decision", whenChoiceValue="correct"
    )
    ET.SubElement(
        correction, "TextArea", name="value", toName=_OBJECT, rows="1", maxSubmissions="1",
        placeholder="The right value, as 3.5 days, 8 or 340M",
    )  # fmt: skip
    ET.SubElement(
        view, "TextArea", name="reason", toName=_OBJECT, rows="2", maxSubmissions="1", placeholder="Why",
    )  # fmt: skip
    ET.indent(view)
    return ET.tostring(view, encoding="unicode") + "\n"


def write_tasks(questions: Iterable[Question], model: str, at: datetime) -> str:
    """The tasks, for Label Studio's Import.

    Args:
        questions: one task each.
        model: the version of the confidence model, and the start of its hash.
        at: now.
    """
    tasks = [_task(shown(question, at), question, model) for question in questions]
    return json.dumps(tasks, ensure_ascii=False, indent=1) + "\n"


def _task(texts: Mapping[str, str], question: Question, model: str) -> dict[str, object]:
    entity = question.key.entity
    data = {
        **texts,
        "entity": f"{entity.kind} {entity.slug}",
        "proposed": f"Proposed: {texts['proposed']}",
        "candidates": f"Candidates: {texts['candidates'] or 'none'}",
        "where": f"Page {texts['page']}, {texts['link'] or texts['paper']}",
        # in quotes, so that no stranger's text is the address of something to fetch
        "quote": f"“{texts['quote']}”",
        "doubts": "; ".join(filter(None, [texts["why"], texts["said"], texts["reasons"], _before(texts)])),
    }
    accept = {
        "id": "proposed",
        "from_name": "decision",
        "to_name": _OBJECT,
        "type": "choices",
        "value": {"choices": ["accept"]},
    }
    prediction: dict[str, object] = {"model_version": model, "result": [accept]}
    if question.probability is not None:
        prediction["score"] = round(question.probability, 4)
    # what one of two people said who disagree is nothing to suggest to a third
    return {"data": data, "predictions": [] if question.opinions else [prediction]}


def _before(texts: Mapping[str, str]) -> str:
    return f"decided before: {texts['decided']}" if texts["decided"] else ""


def read_annotations(text: str) -> Answers:
    """The answers of a project that was exported as JSON.

    Raises:
        ParseError: it is not such an export.
    """
    tasks = parse_json(text)
    if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        raise ParseError("this is not an export of Label Studio", remedy="Export the project as JSON")
    if tasks and not any("data" in task for task in tasks):
        raise ParseError(
            "these tasks have no data, as in an export as JSON-MIN", remedy="Export the project as JSON"
        )
    given: list[Answer] = []
    refused: list[Refusal] = []
    blank = 0
    for number, task in enumerate(tasks, 1):
        annotations = [item for item in _listed(task.get("annotations")) if not item.get("was_cancelled")]
        blank += not annotations
        for annotation in annotations:
            place = _place(number, task, annotation)
            try:
                answer = _answer(place, task.get("data"), annotation)
            except BurdenError as error:
                refused.append(Refusal(place, str(error)))
                continue
            if answer is not None:
                given.append(answer)
            else:
                blank += 1
    return once(Answers(tuple(given), tuple(refused), blank))


def _place(number: int, task: Mapping[str, object], annotation: Mapping[str, object]) -> str:
    ids = [task.get("id", number), annotation.get("id", "?")]
    return "task {}, annotation {}".format(*(tidy(str(id), 40) for id in ids))


def _answer(place: str, data: object, annotation: Mapping[str, object]) -> Answer | None:
    cell, seen = (_text(data.get(name)) for name in ("cell", "seen")) if isinstance(data, dict) else ("", "")
    if not cell or not seen:
        raise ParseError("the task does not say which cell it asks about")
    told = dict(_results(annotation))
    value, reason = told.get("value", ""), told.get("reason", "")
    # the field of a correction keeps what was typed when another choice is made
    decision = told.get("decision", "")
    meant = choice(decision, value if decision in ("", "correct") else "", reason)
    if meant is None:
        return None
    word, number = meant
    value = value if word == "correct" else ""
    who, seconds = _who(annotation.get("completed_by")), look(annotation.get("lead_time"))
    return Answer(place, cell, seen, word, number, tidy(value), reason, who, seconds)


def _results(annotation: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What was answered under which name."""
    for result in _listed(annotation.get("result")):
        name, value = result.get("from_name"), result.get("value")
        if isinstance(name, str) and isinstance(value, dict):
            parts = value.get("choices", value.get("text"))
            yield name, " ".join(map(_text, parts)) if isinstance(parts, list) else _text(parts)


def _who(user: object) -> str:
    """Who answered: their address where the export tells it, else their number."""
    if isinstance(user, dict):
        user = user.get("email") or user.get("id")
    return tidy(str(user), 200) if isinstance(user, str | int) else ""


def _text(item: object) -> str:
    return item.strip() if isinstance(item, str) else ""


def _listed(items: object) -> list[dict[str, object]]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
