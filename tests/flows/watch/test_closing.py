"""What happens when a night has ended: its report, its alarms, and everybody told, over real HTTP and real SMTP."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from db.alarms import open_alarms
from db.engine import session, snapshot
from db.runs import NIGHTLY, last_run, open_failures, reports_before
from db.tables import RunRow
from extractors.facts.errors import SilentSourceError, UnreachableError
from flows.clock import PlayedClock
from flows.demo.standin import Fault, StandIn
from flows.night import Night, Order, Summary, open_night, run
from flows.settings import Settings
from flows.steps import PLAIN
from flows.watch.closing import known_reports
from flows.watch.report import RunReport, report_from_json
from tests.flows.watch.conftest import Hook, Post

ONE_DAY = Order(since=date(2024, 3, 11), until=date(2024, 3, 11))
EMPTY = Order(since=date(2020, 1, 6), until=date(2020, 1, 8))
"""Working days on which the stand-in has no papers."""

Ran = Callable[..., Summary]


def report_of(engine: Engine) -> RunReport:
    with snapshot(engine) as opened:
        row = last_run(opened, NIGHTLY)
        assert row and row.report
        return report_from_json(row.report)


def test_a_night_leaves_its_report_with_its_row_and_in_the_logs(
    night: Ran, engine: Engine, settings: Settings
) -> None:
    summary = night(ONE_DAY)
    report = report_of(engine)
    steps = report.steps
    assert (report.key, report.outcome, report.source, report.error) == (summary.key, "done", "oai", "")
    assert steps.identified == steps.new == steps.screened == steps.chosen + sum(steps.excluded.values())
    assert steps.chosen == steps.fetched == report.backlog.to_read > 0 == report.backlog.to_fetch
    assert report.watermark_before is None is not report.watermark
    assert report.flow and report.whole
    assert report.flow["screened"].entered == steps.screened == report.whole["screened"].entered
    assert report.flow["screened"].ended == steps.excluded
    assert (
        report.flow["retrieved"].waiting == {"to be read": steps.fetched} == report.whole["retrieved"].waiting
    )
    assert set(report.seconds) == {"harvest", "screen", "route"}
    assert 0 < report.disk.stored < report.disk.total
    (written,) = settings.logs.glob("*.json")
    assert report_from_json(json.loads(written.read_text("utf-8"))) == report


def test_a_report_says_whether_the_harvest_listed_the_rest_of_another_only(
    night: Ran, engine: Engine, arxiv: StandIn
) -> None:
    arxiv.per_page = 2
    arxiv.misbehave(Fault("error-feed", path="/oai", after=1))
    night(Order(since=date(2024, 3, 1)))
    assert (report_of(engine).is_resumed, report_of(engine).steps.identified) == (False, 2)
    night(Order(since=date(2024, 3, 1)))
    assert report_of(engine).is_resumed


def test_alarms_are_raised_by_the_thresholds_of_the_settings(
    night: Ran, engine: Engine, settings: Settings, clock: PlayedClock
) -> None:
    own = settings.model_copy(update={"alarm_watermark_days": 60.0, "alarm_free_gigabytes": 1e7})
    with open_night(own, ONE_DAY, clock=clock) as opened_night:
        run(opened_night, PLAIN)
    with snapshot(engine) as opened:
        assert [alarm.kind for alarm in open_alarms(opened)] == ["disk"]


def test_a_night_on_which_nothing_came_raises_an_alarm_that_lasts(
    night: Ran, engine: Engine, clock: PlayedClock
) -> None:
    for _ in range(2):
        with pytest.raises(SilentSourceError):
            night(EMPTY)
        clock.sleep(86_400)  # a day later
    assert report_of(engine).error == "SilentSourceError"
    with snapshot(engine) as opened:
        (alarm,) = open_alarms(opened)
    assert (alarm.kind, alarm.source, alarm.nights) == ("silence", "oai", 2)


def test_a_night_that_a_person_stops_raises_nothing(night: Ran, engine: Engine) -> None:
    def stop(_: Night) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        night(do=replace(PLAIN, harvest=stop))
    with snapshot(engine) as opened:
        row = last_run(opened)
        assert row and row.outcome == "failed" and row.report is None
        assert open_alarms(opened) == ()


def test_nights_that_fail_one_after_the_other_are_an_alarm_and_one_alone_is_none(
    night: Ran, engine: Engine, arxiv: StandIn
) -> None:
    def away(_: Night) -> None:
        raise UnreachableError("no connection")

    seen = []
    for _ in range(2):
        with pytest.raises(UnreachableError):
            night(Order(), replace(PLAIN, harvest=away))
        with snapshot(engine) as opened:
            seen.append([alarm.kind for alarm in open_alarms(opened)])
    assert seen == [[], ["failed"]]


def test_alarms_are_told_once_by_every_way(
    night: Ran, engine: Engine, hook: Hook, mailbox: list[Post], told: dict[str, object]
) -> None:
    for _ in range(2):
        with pytest.raises(SilentSourceError):
            night(EMPTY, **told)
    (post,) = hook.posts
    (mail,) = mailbox
    assert [alarm["kind"] for alarm in post["alarms"]] == ["silence"]
    assert "[1] silence: The source listed nothing" in post["text"]
    assert mail.to == ["ops@example.org", "second@example.org"]
    assert "Subject: burden: silence, listings" in mail.text
    assert "burden alarms acknowledge" in mail.text


def test_what_could_not_be_told_is_a_failure_and_is_told_with_the_next_run(
    night: Ran, engine: Engine, hook: Hook, mailbox: list[Post], told: dict[str, object]
) -> None:
    hook.status = 403
    with pytest.raises(SilentSourceError):
        night(EMPTY, **told)
    with snapshot(engine) as opened:
        (failure,) = open_failures(opened, "deliver")
        assert failure.subject == "webhook"
        assert "403" in failure.reason
        assert "secret" not in failure.reason
    hook.status = 200
    with pytest.raises(SilentSourceError):
        night(EMPTY, **told)
    assert len(hook.posts) == 2
    with snapshot(engine) as opened:
        assert not open_failures(opened, "deliver")


def test_nobody_there_to_be_told_does_not_end_the_night(night: Ran, engine: Engine) -> None:
    away = {
        "alarm_mail_to": ("ops@example.org",),
        "alarm_mail_from": "burden@example.org",
        "alarm_mail_server": "smtp://127.0.0.1:9",
        "alarm_webhook_url": "http://127.0.0.1:9/hook/secret",
    }
    with pytest.raises(SilentSourceError):
        night(EMPTY, **away)
    with snapshot(engine) as opened:
        failures = open_failures(opened, "deliver")
        assert [failure.subject for failure in failures] == ["e-mail", "webhook"]
        assert not any("secret" in failure.reason for failure in failures)


def test_figures_are_written_where_the_settings_say_and_a_full_disk_does_not_end_the_night(
    night: Ran, engine: Engine, settings: Settings
) -> None:
    file = settings.data_dir / "burden.prom"
    assert night(ONE_DAY, metrics_file=file).outcome == "done"
    assert 'burden_run_outcome{outcome="done"} 1\n' in file.read_text("utf-8")
    assert night(ONE_DAY, metrics_file=file / "no folder").outcome == "done"
    with snapshot(engine) as opened:
        (failure,) = open_failures(opened, "write")
        assert failure.subject == "metrics"


def test_reports_of_another_layout_are_no_history(engine: Engine, night: Ran, clock: PlayedClock) -> None:
    night(ONE_DAY)
    night(ONE_DAY)
    with session(engine) as opened:
        row = last_run(opened)
        assert row and row.report
        row.report = row.report | {"layout": 99}
        opened.add(row)
    with snapshot(engine) as opened:
        plain = reports_before(opened, NIGHTLY, clock.now() + timedelta(days=1), 10)
        assert (len(plain), len(known_reports(plain))) == (2, 1)
        assert opened.get(RunRow, known_reports(plain)[0].key)
