"""Kling's callbacks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from .client import Emulator, until
from .rules import ASSUMED, GIVEN, VENDOR, rule

PAGE = "vendor's page, callback"
SECRET = base64.b64encode(b"a secret of the tests").decode()


class Receiver:
    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        self.location = ""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
                self.send_header("Content-Length", "0")
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def tasks(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@rule("Kling", "callback_url is told of each change: the task itself, without an envelope", PAGE, VENDOR)
def test_told(emulator: Emulator, receiver: Receiver) -> None:
    emulator.switch(training_seconds=0.5)
    made = emulator.kling_create(callback_url=receiver.url, external_task_id="mine").json()["data"]["task_id"]
    tasks = until(receiver.tasks, lambda tasks: len(tasks) == 2)
    assert [task["task_status"] for task in tasks] == ["processing", "succeed"]
    assert {task["task_id"] for task in tasks} == {made}
    assert tasks[-1]["task_info"] == {"external_task_id": "mine"}
    assert tasks[-1]["task_result"]["voices"][0]["voice_id"] == emulator.voice("kling", made)["voice_id"]


@rule("Kling", "A failure is told too, with its reason", PAGE, VENDOR)
def test_failure_told(emulator: Emulator, receiver: Receiver) -> None:
    emulator.kling_create(b"no audio", callback_url=receiver.url)
    last = until(receiver.tasks, lambda tasks: tasks and tasks[-1]["task_status"] == "failed")[-1]
    assert last["task_status_msg"]


@rule("Kling", "Callbacks are signed: webhook-id, -timestamp, -signature", PAGE, VENDOR)
def test_signed(emulator: Emulator, receiver: Receiver) -> None:
    emulator.switch(kling_webhook_secret=f"whsec_{SECRET}")
    emulator.kling_create(callback_url=receiver.url)
    headers, body = until(lambda: receiver.got)[0]
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 5
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(base64.b64decode(SECRET), signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"


@rule("Kling", "A callback that is not answered 2xx is sent again, with the same webhook-id", PAGE, ASSUMED)
def test_retried(emulator: Emulator, receiver: Receiver) -> None:
    emulator.switch(kling_callback_seconds=0.05, training_seconds=0.5)
    receiver.statuses = [500, 503]
    emulator.kling_create(callback_url=receiver.url)
    until(lambda: receiver.tasks() and receiver.tasks()[-1]["task_status"] == "succeed")
    ids = [headers["webhook-id"] for headers, _ in receiver.got]
    assert len(set(ids[:3])) == 1
    assert ids[3] != ids[0]


@rule("Kling", "A callback that is redirected is not sent on to where it leads", PAGE, ASSUMED)
def test_redirected(emulator: Emulator, receiver: Receiver) -> None:
    emulator.switch(kling_callback_seconds=0.05)
    receiver.statuses = [307, 302]
    receiver.location = f"{emulator.origin}/_emulator/reset"
    made = emulator.kling_create(callback_url=receiver.url).json()["data"]["task_id"]
    until(lambda: len(receiver.got) > 2)
    assert emulator.voice("kling", made)


@rule("Kling", "Without callback_url nobody is told", "given page, 创建自定义音色", GIVEN)
def test_untold(emulator: Emulator, receiver: Receiver) -> None:
    emulator.kling_voice()
    emulator.kling_create(callback_url=receiver.url)
    until(receiver.tasks)
    assert {task["task_id"] for task in receiver.tasks()} == {emulator.state()["kling"][-1]["id"]}
