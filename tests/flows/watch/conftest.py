"""People to be told: a webhook and a mail server on loopback, both of them real servers."""

import json
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


@dataclass
class Hook:
    """What a webhook was sent, and what it answers."""

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    posts: list[Any] = field(default_factory=list)


@pytest.fixture
def hook() -> Iterator[Hook]:
    found = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.posts.append(json.loads(body))
            self.send_response(found.status)
            for name, value in found.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found.url = f"http://127.0.0.1:{server.server_address[1]}/hook/secret"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield found
        server.shutdown()
        thread.join()


@dataclass(frozen=True)
class Post:
    """A message as the mail server took it."""

    sender: str
    to: list[str]
    text: str


class MailServer(socketserver.ThreadingTCPServer):
    """As much of SMTP (RFC 5321) as it takes to be sent a message; refuses whom it is told to."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Mail)
        self.taken: list[Post] = []
        self.refused: set[str] = set()


class _Mail(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 ready")
        sender, to = "", list[str]()
        while line := self.rfile.readline().decode():
            verb, _, rest = line.strip().partition(" ")
            address = rest.partition("<")[2].partition(">")[0]
            match verb.upper():
                case "EHLO" | "HELO":
                    self._say("250 here")
                case "MAIL":
                    sender = address
                    self._say("250 fine")
                case "RCPT" if address in self.server.refused:
                    self._say("550 nobody of that name")
                case "RCPT":
                    to.append(address)
                    self._say("250 fine")
                case "DATA":
                    self._say("354 go on")
                    lines = iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), ".")
                    self.server.taken.append(Post(sender, to, "\n".join(lines)))
                    self._say("250 taken")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("502 what?")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def mailbox(mail_server: MailServer) -> list[Post]:
    """The messages taken so far."""
    return mail_server.taken


@pytest.fixture
def told(hook: Hook, mail_server: MailServer) -> dict[str, object]:
    """Settings by which people are told."""
    return {
        "alarm_webhook_url": hook.url,
        "alarm_mail_to": ("ops@example.org", "second@example.org"),
        "alarm_mail_from": "burden@example.org",
        "alarm_mail_server": f"smtp://127.0.0.1:{mail_server.server_address[1]}",
    }
