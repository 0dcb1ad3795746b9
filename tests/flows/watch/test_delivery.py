"""Alarms go out whole by e-mail and by webhook, and what refuses them is one sentence without anybody's secrets."""

from datetime import UTC, datetime

import pytest

from db.alarms import KeptAlarm
from extractors.facts.errors import RefusedRequestError, SourceError, UnreachableError
from flows.clock import PlayedClock
from flows.settings import Settings
from flows.watch.delivery import News, channels, post, send_mail, tell
from tests.flows.watch.conftest import Hook, MailServer, Post

AT = datetime(2026, 3, 2, 3, 30, tzinfo=UTC)
CLOCK = PlayedClock(AT)


def alarm(id: int, message: str = "Nothing came.") -> KeptAlarm:
    return KeptAlarm(id, "atom", "silence", "listings", message, 1, AT, AT, None, None, None)


def settings_with(told: dict[str, object], **changed: object) -> Settings:
    return Settings.model_validate({"backoff_seconds": 0, "request_tries": 2} | told | changed)


def test_an_alarm_goes_out_by_every_way(told: dict[str, object], hook: Hook, mailbox: list[Post]) -> None:
    news = News("night", "nightly: done.", (alarm(1, "Größer als ×2"), alarm(2)))
    assert tell(channels(settings_with(told), CLOCK), news) == {"e-mail": None, "webhook": None}
    assert mailbox[0].sender == "burden@example.org"
    assert "Subject: burden: silence, listings, and 1 more" in mailbox[0].text
    assert "Größer als ×2" in hook.posts[0]["text"]
    assert [entry["id"] for entry in hook.posts[0]["alarms"]] == [1, 2]


def test_a_flood_is_cut(told: dict[str, object], hook: Hook) -> None:
    post(settings_with(told), News("night", "done.", tuple(map(alarm, range(100)))), CLOCK)
    assert "and 80 more: burden alarms" in hook.posts[0]["text"]


def test_a_line_break_in_an_alarm_does_not_become_a_header(
    told: dict[str, object], mailbox: list[Post]
) -> None:
    news = News("night", "done.", (alarm(1, "x\r\nBcc: somebody@example.org\r\n.\r\nMAIL"),))
    send_mail(settings_with(told), news, CLOCK)
    (mail,) = mailbox
    assert mail.to == ["ops@example.org", "second@example.org"]
    assert "Bcc" not in mail.text.partition("\n\n")[0]


@pytest.mark.parametrize(
    ("status", "headers"), [(404, {}), (302, {"Location": "http://127.0.0.1:9/"}), (500, {})]
)
def test_a_webhook_that_does_not_take_it_is_named_without_its_secret(
    told: dict[str, object], hook: Hook, status: int, headers: dict[str, str]
) -> None:
    hook.status, hook.headers = status, headers
    with pytest.raises(SourceError, match=str(status)) as refused:
        post(settings_with(told), News("night", "done.", (alarm(1),)), CLOCK)
    assert "secret" not in str(refused.value)


def test_a_mail_server_that_refuses_everybody_says_why(
    told: dict[str, object], mail_server: MailServer
) -> None:
    mail_server.refused |= {"ops@example.org", "second@example.org"}
    with pytest.raises(RefusedRequestError, match="nobody of that name"):
        send_mail(settings_with(told), News("night", "done.", (alarm(1),)), CLOCK)


def test_a_password_is_not_sent_where_the_server_offers_no_encryption(
    told: dict[str, object], mail_server: MailServer
) -> None:
    server = f"smtp+tls://ops:geheim@127.0.0.1:{mail_server.server_address[1]}"
    with pytest.raises((RefusedRequestError, UnreachableError)) as refused:
        send_mail(settings_with(told, alarm_mail_server=server), News("night", "done.", (alarm(1),)), CLOCK)
    assert "geheim" not in str(refused.value)
    assert mail_server.taken == []
