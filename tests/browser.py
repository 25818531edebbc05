"""A headless Chromium, spoken to in the protocol of its developer tools; it can reach nothing but this machine."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

from websocket import WebSocket, create_connection

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--remote-debugging-port=0", "--window-size=1300,1400",
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
LOCAL = ("127.0.0.1", None, "")


class Page:
    """The browser's page: what it asked of the network (`requests`, addresses) and complained about (`errors`)."""

    def __init__(self, socket: WebSocket, patience: float):
        self._socket, self._patience, self._sent = socket, patience, 0
        self.requests: list[str] = []
        self.errors: list[str] = []
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")
        self.send("Emulation.setFocusEmulationEnabled", enabled=True)

    def send(self, method: str, **params) -> dict:
        """The answer to a command; what happens meanwhile is noted."""
        self._sent += 1
        self._socket.send(json.dumps({"id": self._sent, "method": method, "params": params}))
        while (message := json.loads(self._socket.recv())).get("id") != self._sent:
            self._note(message.get("method"), message.get("params", {}))
        assert "error" not in message, message
        return message["result"]

    def _note(self, event: str, of: dict) -> None:
        if event == "Network.requestWillBeSent":
            self.requests.append(of["request"]["url"])
        elif event == "Network.webSocketCreated":
            self.requests.append(of["url"])
        elif event == "Runtime.exceptionThrown":
            self.errors.append(json.dumps(of["exceptionDetails"])[:500])
        elif event == "Runtime.consoleAPICalled" and of["type"] == "error":
            self.errors.append(json.dumps(of["args"])[:500])
        elif event == "Log.entryAdded" and of["entry"]["level"] == "error":
            self.errors.append(f"{of['entry']['text']} {of['entry'].get('url', '')}")

    def run(self, script: str):
        """What an expression of JavaScript, or the promise that it is, comes to."""
        found = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def wait(self, script: str, what: str) -> None:
        """Until the expression is true."""
        end = time.monotonic() + self._patience
        while not self.run(f"!!({script})"):
            assert time.monotonic() < end, f"waited in vain for {what}; {self.errors}"
            time.sleep(0.1)

    def click(self, element: str) -> None:
        """The mouse goes down and up amid the element that the expression gives."""
        self.run(f"({element}).scrollIntoView({{block: 'center'}})")
        x, y = self.run(f"(box => [box.x + box.width / 2, box.y + box.height / 2])(({element}).getBoundingClientRect())")
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def screenshot(self, file: Path) -> None:
        file.write_bytes(b64decode(self.send("Page.captureScreenshot")["data"]))

    @property
    def left(self) -> list[str]:
        """The requests to other machines."""
        return [url for url in self.requests if urlsplit(url).hostname not in LOCAL]


@contextmanager
def chromium(folder: Path, patience: float = 30) -> Iterator[Page]:
    """A page of a browser of its own, whose profile lies in `folder`."""
    with subprocess.Popen([CHROMIUM, *FLAGS, f"--user-data-dir={folder}", "about:blank"], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        try:
            port, end = folder / "DevToolsActivePort", time.monotonic() + patience
            while not (port.exists() and port.read_text(encoding="ascii").strip()):
                assert time.monotonic() < end and process.poll() is None, "Chromium does not start"
                time.sleep(0.1)
            address = f"http://127.0.0.1:{port.read_text(encoding='ascii').splitlines()[0]}/json/list"
            pages = json.load(urlopen(address))
            (page,) = [one for one in pages if one["type"] == "page"]
            socket = create_connection(page["webSocketDebuggerUrl"], suppress_origin=True, timeout=patience)
            yield Page(socket, patience)
        finally:
            process.terminate()
