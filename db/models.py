"""Confidence models in the database: those that judged anything, and the one that is chosen to judge from now on.

Where none was chosen, the packaged one judges. What a choice means for cells that another model had judged is in
`db.rejudging`; how models are fitted and compared is `annotation`'s.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from sqlmodel import Session, col, select

from db.cells import Judge
from db.policy import ONE_OPINION, ReviewPolicy
from db.tables import ModelRow
from extractors.confidence import Model, default_model, model_from_json, model_to_json
from extractors.facts.errors import ConflictError
from extractors.promise import Promise


def current(session: Session) -> Model:
    """The model that judges: the one chosen last, else the packaged one."""
    row = _chosen_last(session)
    return _parsed(row.body) if row else default_model()


def chosen_at(session: Session) -> datetime | None:
    """When the model that judges was chosen; None where it is the packaged one because none was."""
    row = _chosen_last(session)
    return row.chosen_at if row else None


def judge_of(session: Session, promise: Promise, policy: ReviewPolicy = ONE_OPINION) -> Judge:
    """Who judges by the present model, a promise and a policy."""
    row = _chosen_last(session)
    return _judge(row.body if row else None, promise, policy)


def choose(session: Session, model: Model, at: datetime) -> None:
    """Let a model judge from now on; one that judged before may be chosen again.

    Args:
        session: a writing transaction.
        model: the model.
        at: now.

    Raises:
        ConflictError: the last choice is not before now, so that this one would count for nothing.
    """
    last = chosen_at(session)
    if last is not None and last >= at:
        raise ConflictError(
            f"a confidence model was chosen at {last:%Y-%m-%d %H:%M:%S}, which is not yet past",
            remedy="Set this machine's clock",
        )
    row = session.get(ModelRow, model.sha256) or _row(model, at)
    row.chosen_at = at
    session.add(row)
    session.flush()


def keep(session: Session, judge: Judge, at: datetime) -> None:
    """Store the model that judges, for the cells that name it; one that is there already is left alone."""
    if session.exec(select(ModelRow.sha256).where(ModelRow.sha256 == judge.sha256)).first() is None:
        session.add(_row(judge.model, at))
        session.flush()


def _row(model: Model, at: datetime) -> ModelRow:
    return ModelRow(sha256=model.sha256, version=model.version, body=model_to_json(model), installed_at=at)


def _chosen_last(session: Session) -> ModelRow | None:
    query = select(ModelRow).where(col(ModelRow.chosen_at).is_not(None))
    return session.exec(query.order_by(col(ModelRow.chosen_at).desc()).limit(1)).first()


@lru_cache(maxsize=4)
def _parsed(body: str) -> Model:
    return model_from_json(body)


@lru_cache(maxsize=4)
def _judge(body: str | None, promise: Promise, policy: ReviewPolicy) -> Judge:
    return Judge.of(_parsed(body) if body else default_model(), promise, policy)
