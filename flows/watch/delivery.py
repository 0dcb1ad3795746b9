"""Telling people of alarms: by e-mail and by a webhook, whichever the settings name.

An alarm is told once. What could not be told is told again with the next run, and that it could not is a failure of its own;
a night never ends because of it. What is said comes from papers only in so far as names of fields and rules do, and goes out as
plain text.
"""

from __future__ import annotations

import json
import smtplib
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

import requests

from db.alarms import KeptAlarm
from extractors.facts.errors import BurdenError, RefusedRequestError, SourceError, UnreachableError
from flows.clock import Clock
from flows.http import polite_session
from flows.settings import Politeness, Settings

_SECONDS = 30.0
_CHECK = "Check BURDEN_ALARM_WEBHOOK_URL"
_SHOWN = 20
"""Alarms of one night that are told in full."""


@dataclass(frozen=True, slots=True)
class News:
    """What people are told after a run."""

    run_key: str
    line: str
    """The run in one line."""
    alarms: tuple[KeptAlarm, ...]

    @property
    def subject(self) -> str:
        """In a few words."""
        first, more = self.alarms[0], len(self.alarms) - 1
        return f"burden: {first.kind}, {first.subject}" + (f", and {more} more" if more else "")

    @property
    def text(self) -> str:
        """In full, as plain text."""
        shown = [f"[{alarm.id}] {alarm.kind}: {alarm.message}" for alarm in self.alarms[:_SHOWN]]
        if len(self.alarms) > _SHOWN:
            shown.append(f"and {len(self.alarms) - _SHOWN} more: burden alarms")
        how = "They stay red until somebody says: burden alarms acknowledge ID --as NAME"
        return "\n".join([*shown, "", self.line, "", how, ""])

    def as_json(self) -> dict[str, object]:
        """For a webhook; `text` is what chat services show."""
        alarms = [
            {
                "id": alarm.id,
                "kind": alarm.kind,
                "subject": alarm.subject,
                "message": alarm.message,
                "raised_at": alarm.raised_at.isoformat(),
            }
            for alarm in self.alarms
        ]
        return {"text": f"{self.subject}\n{self.text}", "run": self.run_key, "alarms": alarms}


def channels(settings: Settings, clock: Clock) -> Mapping[str, Callable[[News], None]]:
    """How people are told, by name; none where the settings name no way."""
    ways: dict[str, Callable[[News], None]] = {}
    if settings.alarm_mail_to:
        ways["e-mail"] = lambda news: send_mail(settings, news, clock)
    if settings.alarm_webhook_url:
        ways["webhook"] = lambda news: post(settings, news, clock)
    return ways


def tell(ways: Mapping[str, Callable[[News], None]], news: News) -> dict[str, BurdenError | None]:
    """Try every way; what went wrong by its name, None where nothing did."""
    outcomes: dict[str, BurdenError | None] = {}
    for name, way in ways.items():
        try:
            way(news)
        except BurdenError as error:
            outcomes[name] = error
        else:
            outcomes[name] = None
    return outcomes


def send_mail(settings: Settings, news: News, clock: Clock) -> None:
    """Send an e-mail to everybody named.

    Raises:
        UnreachableError: the mail server is not there, or broke off.
        RefusedRequestError: it would not take the message, the password, or goes without encryption.
    """
    message = EmailMessage()
    message["Subject"], message["From"] = news.subject, settings.alarm_mail_from
    message["To"] = ", ".join(settings.alarm_mail_to)
    message["Date"] = format_datetime(clock.now())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(news.text)
    server = urlsplit(settings.alarm_mail_server)
    where = f"{server.hostname}:{server.port or ''}"
    try:
        with _connected(settings.alarm_mail_server) as connection:
            connection.send_message(message)
    except (
        smtplib.SMTPResponseException,
        smtplib.SMTPRecipientsRefused,
        smtplib.SMTPNotSupportedError,
    ) as error:
        said = _in_words(error)
        raise RefusedRequestError(
            f"the mail server refused: {said}", where=where, remedy="Check the BURDEN_ALARM_MAIL settings"
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise UnreachableError(
            f"the mail server cannot be reached: {error}",
            where=where,
            remedy="Check BURDEN_ALARM_MAIL_SERVER",
        ) from error


def _connected(address: str) -> smtplib.SMTP:
    """A connection, encrypted where it leaves the machine and logged in where the address has a password."""
    server = urlsplit(address)
    host = server.hostname or ""
    trust, us = ssl.create_default_context(), socket.gethostname()  # asking for a full name may take for ever
    connection: smtplib.SMTP
    if server.scheme == "smtps":
        connection = smtplib.SMTP_SSL(host, server.port or 465, us, timeout=_SECONDS, context=trust)
    else:
        connection = smtplib.SMTP(host, server.port or 587, us, timeout=_SECONDS)
    try:
        connection.ehlo()
        if server.scheme == "smtp+tls":
            connection.starttls(context=trust)
            connection.ehlo()
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
    except BaseException:
        connection.close()
        raise
    return connection


def _in_words(error: smtplib.SMTPException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    return str(error)


def post(settings: Settings, news: News, clock: Clock) -> None:
    """Post JSON to the webhook; only its host is asked, and no redirect is followed.

    Raises:
        SourceError: it is not there, or answered with anything but success.
    """
    url = settings.alarm_webhook_url
    rules = Politeness(
        hosts=frozenset({urlsplit(url).hostname or ""}),
        contact=settings.contact,
        interval_seconds=0,
        html_interval_seconds=0,
        read_seconds=_SECONDS,
        total_seconds=_SECONDS,
        tries=settings.request_tries,
        backoff_seconds=settings.backoff_seconds,
        longest_wait_seconds=60,
        max_bytes=1_000_000,
    )
    where = urlsplit(url).hostname or ""  # the rest of such addresses is often a secret
    try:
        with polite_session(rules, clock) as session:
            answer: requests.Response = session.post(
                url,
                data=json.dumps(news.as_json(), ensure_ascii=False).encode(),
                headers={"Content-Type": "application/json"},
                allow_redirects=False,
            )
    except SourceError as error:
        raise type(error)(error.what, where=where, remedy=_CHECK) from None
    if not HTTPStatus.OK <= answer.status_code < HTTPStatus.MULTIPLE_CHOICES:
        said = f"the webhook answered {answer.status_code} {answer.reason}".strip()
        raise RefusedRequestError(said, where=where, remedy=_CHECK)
