"""Chromium without a window, told what to do by its DevTools protocol over two pipes: no port, no driver, no other package.

Only what trying a page takes: what it shows, what it asks for, what it complains about, and what keys do.
https://chromedevtools.github.io/devtools-protocol
"""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

_WAIT = 120.0
"""Seconds for one answer; a machine may be busy."""
_COMPLAINTS = ("error", "warning", "assert")
_LOAD = "new Promise(done => document.readyState === 'complete' ? done() : addEventListener('load', done))"
_KEYS = {"Tab": 9, "ArrowRight": 39, "ArrowDown": 40, "Enter": 13}
Scheme = Literal["light", "dark"]
Medium = Literal["screen", "print"]


class Browser:
    """A running Chromium; each page is seen by itself, and none outlives it."""

    def __init__(self, program: str, profile: Path) -> None:
        there, ours = os.pipe(), os.pipe()  # what it reads is its descriptor 3, what it writes 4
        command = [
            program, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", f"--user-data-dir={profile}",
            "--no-first-run", "--disable-background-networking", "about:blank",
        ]  # fmt: skip
        shell = f'exec 3<&{there[0]} 4>&{ours[1]}; exec "$@"'
        self._process = subprocess.Popen(
            ["bash", "-c", shell, "bash", *command],
            pass_fds=(there[0], ours[1]), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(there[0])
        os.close(ours[1])
        self._out, self._in = there[1], ours[0]
        self._rest, self._last = b"", 0
        self._pages: dict[str, Page] = {}

    def open(
        self,
        address: str,
        width: int = 1280,
        height: int = 900,
        *,
        scheme: Scheme = "light",
        medium: Medium = "screen",
    ) -> Page:
        """Show a page in a window of so many CSS pixels, and wait until it is there."""
        target = self.ask("Target.createTarget", {"url": "about:blank"})["targetId"]
        session = self.ask("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        page = self._pages[session] = Page(self, session, target)
        for domain in ("Page", "Runtime", "Network", "Log"):
            page.ask(f"{domain}.enable")
        page.ask(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600},
        )
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        page.ask("Emulation.setEmulatedMedia", {"media": medium, "features": features})
        page.ask("Page.navigate", {"url": address})
        page.run(_LOAD)
        return page

    def ask(self, method: str, said: Mapping[str, object] | None = None, session: str = "") -> dict[str, Any]:
        """Call a method of the protocol and take its answer; what happens meanwhile goes to its page."""
        self._last += 1
        number = self._last
        call = {"id": number, "method": method, "params": dict(said or {})}
        _write(self._out, json.dumps(call | ({"sessionId": session} if session else {})).encode() + b"\0")
        until = time.monotonic() + _WAIT
        while True:
            message = self._next(until)
            if message.get("id") == number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                found: dict[str, Any] = message["result"]
                return found
            if page := self._pages.get(message.get("sessionId", "")):
                page.note(message.get("method", ""), message.get("params", {}))

    def close(self) -> None:
        """End the browser."""
        try:
            self.ask("Browser.close")
        except (OSError, RuntimeError):
            self._process.kill()
        self._process.wait(_WAIT)
        os.close(self._out)
        os.close(self._in)

    def _next(self, until: float) -> dict[str, Any]:
        while b"\0" not in self._rest:
            if not select.select([self._in], [], [], max(0.0, until - time.monotonic()))[0]:
                raise RuntimeError("the browser does not answer")
            part = os.read(self._in, 1 << 20)
            if not part:
                raise RuntimeError("the browser has gone")
            self._rest += part
        message, _, self._rest = self._rest.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found


class Page:
    """A page that is shown."""

    def __init__(self, browser: Browser, session: str, target: str) -> None:
        self._browser, self._session, self._target = browser, session, target
        self.complaints: list[str] = []
        """What the console shows as errors and warnings, and errors of scripts."""
        self.asked: list[str] = []
        """Addresses that were asked for, the page's own first."""

    def ask(self, method: str, said: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Call a method of the protocol for this page."""
        return self._browser.ask(method, said, self._session)

    def run(self, script: str) -> Any:
        """The value of an expression, of a promise what it promised."""
        found = self.ask(
            "Runtime.evaluate", {"expression": script, "awaitPromise": True, "returnByValue": True}
        )
        if "exceptionDetails" in found:
            raise RuntimeError(str(found["exceptionDetails"].get("exception", {}).get("description")))
        return found["result"].get("value")

    def press(self, key: str) -> None:
        """Press and release a key."""
        said = {"key": key, "code": key, "windowsVirtualKeyCode": _KEYS[key]}
        self.ask("Input.dispatchKeyEvent", {"type": "rawKeyDown", **said})
        self.ask("Input.dispatchKeyEvent", {"type": "keyUp", **said})

    def picture(self) -> bytes:
        """The whole page as a PNG."""
        taken = self.ask("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True})
        return base64.b64decode(taken["data"])

    def printed(self, height: float) -> bytes:
        """The page as a PDF on paper 8.5 inches wide and so many high."""
        self.ask("Emulation.setEmulatedMedia", {"media": "print"})
        made = self.ask("Page.printToPDF", {"paperHeight": height, "printBackground": True})
        return base64.b64decode(made["data"])

    def close(self) -> None:
        """Show it no longer."""
        self._browser.ask("Target.closeTarget", {"targetId": self._target})

    def note(self, method: str, said: Mapping[str, Any]) -> None:
        """Keep what happened."""
        match method:
            case "Network.requestWillBeSent":
                self.asked.append(said["request"]["url"])
            case "Runtime.consoleAPICalled" if said["type"] in _COMPLAINTS:
                self.complaints.append(" ".join(str(part.get("value")) for part in said["args"]))
            case "Runtime.exceptionThrown":
                self.complaints.append(said["exceptionDetails"]["text"])
            case "Log.entryAdded" if said["entry"]["level"] in _COMPLAINTS:
                self.complaints.append(said["entry"]["text"])
            case _:
                pass


@contextmanager
def running(program: str, profile: Path) -> Iterator[Browser]:
    """A browser as long as the `with` lasts."""
    browser = Browser(program, profile)
    try:
        yield browser
    finally:
        browser.close()


def _write(pipe: int, message: bytes) -> None:
    while message:
        message = message[os.write(pipe, message) :]
