"""Tasks go to Label Studio as it takes them, and its export comes back as what people chose there."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from annotation.exchange.label_studio import read_annotations, write_config, write_tasks
from annotation.exchange.questions import OpenQuestions
from annotation.session import Reviewer, accepted, decide, next_item
from db.cells import Judge
from db.engine import session, snapshot
from db.events import Accepted, Corrected, DeclaredNotReported, Flagged, Rejected, Skipped
from extractors.facts.errors import ParseError
from extractors.facts.ids import CellKey
from tests.annotation.exchange.conftest import AT, JUDGE, cells_of, evil_database, give_all, log_of

Task = dict[str, Any]
COUNT = CellKey.parse("2401.00001/run/net#count")


def tasks_of(engine: Engine) -> list[Task]:
    with snapshot(engine) as opened:
        found: list[Task] = json.loads(write_tasks(OpenQuestions(opened, JUDGE), "2 abc", AT))
        return found


def result(name: str, kind: str, *values: str) -> Task:
    """One part of an annotation, as Label Studio writes it."""
    part = "choices" if kind == "choices" else "text"
    return {
        "id": "Dx_aB91ISN",
        "type": kind,
        "value": {part: list(values)},
        "origin": "manual",
        "to_name": "quote",
        "from_name": name,
    }


def annotated(task: Task, *results: Task, number: int = 1, **more: object) -> Task:
    """A task as an export has it."""
    annotation = {
        "id": number,
        "completed_by": 3,
        "result": list(results),
        "was_cancelled": False,
        "ground_truth": False,
        "created_at": "2026-11-24T10:00:00.000000Z",
        "updated_at": "2026-11-24T10:00:09.000000Z",
        "lead_time": 9.25,
        "task": number,
    }
    return {"id": number, "annotations": [annotation | more], "drafts": [], "project": 1, **task}


def field_of_task(task: Task) -> str:
    return str(task["data"]["cell"]).partition("#")[2]


def test_the_interface_shows_only_what_tasks_have_and_asks_for_what_comes_back(engine: Engine) -> None:
    view = ET.fromstring(write_config())
    (task, *_) = tasks_of(engine)
    shown = {part.get("value", "")[1:] for part in view.iter() if part.get("value", "").startswith("$")}
    assert shown <= set(task["data"])
    assert {"title", "meaning", "guideline", "proposed", "candidates", "quote", "where", "doubts"} <= shown
    named = {part.get("name"): part.tag for part in view.iter() if part.get("name")}
    assert named == {"quote": "Text", "decision": "Choices", "value": "TextArea", "reason": "TextArea"}
    choices = [part.get("value") for part in view.iter("Choice")]
    keys = [part.get("hotkey") for part in view.iter("Choice")]
    assert (len(set(choices)), len(set(keys))) == (len(choices), len(keys))
    predicted = task["predictions"][0]["result"][0]
    assert predicted["value"]["choices"][0] in choices
    assert named[predicted["from_name"]].lower() == predicted["type"]
    assert predicted["to_name"] == "quote"


def test_a_prediction_says_how_sure_which_model_is(engine: Engine) -> None:
    for task in tasks_of(engine):
        (prediction,) = task["predictions"]
        assert (prediction["model_version"], prediction["score"]) == ("2 abc", 0.5)


def test_of_what_people_disagree_about_nothing_is_suggested(
    engine: Engine, twice: Judge, reviewer: Reviewer, second: Reviewer
) -> None:
    for number, who in enumerate((reviewer, second)):
        with session(engine) as opened:
            item = next_item(opened, replace(who, judge=twice), AT, only=COUNT)
            assert item is not None
            decide(opened, item, accepted(item, number), who, AT, uuid=f"u{number}")
    (task,) = (task for task in tasks_of(engine) if field_of_task(task) == "count")
    assert task["predictions"] == []
    assert "ann said: 8 devices" in task["data"]["doubts"]
    assert "bob said: 4 devices" in task["data"]["doubts"]


def test_texts_of_strangers_are_harmless(evil: Engine) -> None:
    for task in tasks_of(evil):
        for text in task["data"].values():
            assert text.isprintable()
            assert len(text) < 700
        assert task["data"]["quote"][0] == "“"


ANSWERS: dict[str, Callable[[str], tuple[list[Task], type | None]]] = {
    "none": lambda _: ([], None),
    "accept": lambda _: ([result("decision", "choices", "accept")], Accepted),
    "reject": lambda _: (
        [result("decision", "choices", "reject"), result("reason", "textarea", "=1+1\n\x1b[2J so")],
        Rejected,
    ),
    "not reported": lambda _: ([result("decision", "choices", "not reported")], DeclaredNotReported),
    "skip": lambda _: ([result("decision", "choices", "skip")], Skipped),
    "flag": lambda _: ([result("decision", "choices", "flag")], Flagged),
    "correct": lambda field: (
        [
            result("value", "textarea", {"accelerator": "A100", "wall_time": "3.5 days"}.get(field, "64")),
            result("decision", "choices", "correct"),
        ],
        Corrected,
    ),
    "changed their mind": lambda _: (
        [result("value", "textarea", "64"), result("decision", "choices", "accept")],
        Accepted,
    ),
}


@given(st.lists(st.sampled_from(sorted(ANSWERS)), min_size=6, max_size=6))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_chosen_is_what_is_decided(reviewer: Reviewer, chosen: list[str]) -> None:
    with evil_database(reviewer) as engine:
        tasks = tasks_of(engine)
        said = [ANSWERS[word](field_of_task(task)) for word, task in zip(chosen, tasks, strict=True)]
        export = [
            annotated(task, *results, number=n)
            for n, (task, (results, _)) in enumerate(zip(tasks, said, strict=True), 1)
        ]
        answers = read_annotations(json.dumps(export))
        assert (answers.refused, answers.blank) == ((), chosen.count("none"))
        done = give_all(engine, answers, reviewer, "label-studio")
        assert all(result is True for _, result in done)
        kinds = {str(e.envelope.cell): type(e.event) for e in log_of(engine)}
        assert kinds == {
            task["data"]["cell"]: kind for task, (_, kind) in zip(tasks, said, strict=True) if kind
        }
        for entry in log_of(engine):
            assert (entry.envelope.seconds, entry.envelope.actor_kind) == (9.25, "import")
            assert entry.envelope.reason.isprintable()
        before = cells_of(engine, reviewer)
        assert all(result is False for _, result in give_all(engine, answers, reviewer, "label-studio"))
        assert cells_of(engine, reviewer) == before


def of_count(engine: Engine) -> Task:
    return next(task for task in tasks_of(engine) if field_of_task(task) == "count")


def test_an_answer_to_what_has_changed_is_refused(
    engine: Engine, reviewer: Reviewer, second: Reviewer
) -> None:
    export = json.dumps([annotated(of_count(engine), result("decision", "choices", "reject"))])
    with session(engine) as opened:
        item = next_item(opened, second, AT, only=CellKey.parse("2401.00001/run/net#count"))
        assert item is not None
        decide(opened, item, accepted(item, 1), second, AT, uuid="u1")
    before = cells_of(engine, reviewer)
    ((_, done),) = give_all(engine, read_annotations(export), reviewer, "label-studio")
    assert "no longer waits" in str(done)
    assert cells_of(engine, reviewer) == before


def test_a_skipped_task_is_no_answer(engine: Engine) -> None:
    task = annotated(of_count(engine), was_cancelled=True)
    answers = read_annotations(json.dumps([task]))
    assert (answers.given, answers.refused, answers.blank) == ((), (), 1)


@pytest.mark.parametrize(
    ("user", "who"), [(3, "3"), ("a@b.c", "a@b.c"), ({"id": 3, "email": "a@b.c"}, "a@b.c"), (None, "")]
)
def test_who_answered_is_told_as_the_export_tells_it(engine: Engine, user: object, who: str) -> None:
    task = annotated(of_count(engine), result("decision", "choices", "skip"), completed_by=user)
    assert read_annotations(json.dumps([task])).given[0].who == who


@pytest.mark.parametrize("lead_time", [-1, 1e9, "soon", None, True])
def test_a_time_that_cannot_be_is_none(engine: Engine, lead_time: object) -> None:
    task = annotated(of_count(engine), result("decision", "choices", "skip"), lead_time=lead_time)
    assert read_annotations(json.dumps([task])).given[0].seconds is None


def test_two_answers_of_one_person_are_none_and_of_two_people_are_two(engine: Engine) -> None:
    task = annotated(of_count(engine), result("decision", "choices", "skip"))
    other = annotated(of_count(engine), result("decision", "choices", "reject"), number=2)
    answers = read_annotations(json.dumps([task, other]))
    assert (len(answers.given), len(answers.refused)) == (0, 1)
    other["annotations"][0]["completed_by"] = 4
    assert len(read_annotations(json.dumps([task, other])).given) == 2


@pytest.mark.parametrize(
    ("results", "what"),
    [
        ([result("decision", "choices", "guess")], "'guess' is no decision"),
        ([result("decision", "choices", "correct")], "the right value is missing"),
        ([result("decision", "choices", "accept", "reject")], "is no decision"),
        ([result("reason", "textarea", "hm")], "is no decision"),
    ],
)
def test_an_annotation_that_says_nothing_is_told_by_its_number(
    engine: Engine, results: list[Task], what: str
) -> None:
    (refusal,) = read_annotations(json.dumps([annotated(of_count(engine), *results, number=7)])).refused
    assert refusal.place == "task 7, annotation 7"
    assert what in refusal.what


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", "[[]]", "cell,seen", '[{"cell": "a", "decision": "accept"}]', "[" * 100_000]
)
def test_another_file_is_not_taken_for_an_export(text: str) -> None:
    with pytest.raises(ParseError):
        read_annotations(text)


@pytest.mark.parametrize("data", [None, [], {"cell": 1}, {"cell": "a#b"}])
def test_a_task_of_something_else_is_told(data: object) -> None:
    task = annotated({"data": data}, result("decision", "choices", "accept"))
    (refusal,) = read_annotations(json.dumps([task])).refused
    assert "does not say which cell" in refusal.what


def test_an_export_of_nothing_says_nothing() -> None:
    assert read_annotations("[]").given == ()
