"""The emulator as a process: its command line, its end, and what survives it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from .audio import spoken
from .client import Emulator, until
from .rules import OURS, rule

WHERE = "docs/emulator.md, command line"
Start = Callable[..., "Process"]


class Process:
    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "voiceclone_provider.emulator", "--port", "0", *arguments]
        self.running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.running.stdout is not None
        self.first_line = self.running.stdout.readline()
        self.emulator = Emulator(self.first_line.split()[-1] if self.first_line else "")

    def end(self, number: int) -> float:
        """How long it took to end."""
        started = time.monotonic()
        self.running.send_signal(number)
        self.running.wait(10)
        return time.monotonic() - started


@pytest.fixture
def start() -> Iterator[Start]:
    made: list[Process] = []

    def start(*arguments: str) -> Process:
        made.append(Process(*arguments))
        return made[-1]

    yield start
    for process in made:
        if process.running.poll() is None:
            process.running.kill()
        process.running.communicate()


def run(*arguments: str) -> Any:
    command = [sys.executable, "-m", "voiceclone_provider.emulator", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def ours(text: str) -> pytest.MarkDecorator:
    return rule("Control", text, WHERE, OURS)


@ours("The first line is `listening on http://127.0.0.1:PORT`; port 0 picks a free one")
def test_first_line(start: Start) -> None:
    process = start("--training-seconds", "0.1")
    assert process.first_line == f"listening on {process.emulator.origin}\n"
    assert process.emulator.origin.startswith("http://127.0.0.1:")
    assert process.emulator.state()["coze"] == []


@ours("--env prints the export lines for a port and ends")
def test_env() -> None:
    lines = run("--env", "--port", "4711").stdout.splitlines()
    found = dict(line.removeprefix("export ").split("=", 1) for line in lines)
    assert all(line.startswith("export ") for line in lines)
    assert found == {
        "VOLCENGINE_SPEECH_APP_ID": "emulator-app",
        "VOLCENGINE_SPEECH_ACCESS_TOKEN": "emulator-token",
        "VOLCENGINE_ACCESS_KEY": "emulator-ak",
        "VOLCENGINE_SECRET_KEY": "emulator-sk",
        "VOLCENGINE_SPEECH_BASE_URL": "http://127.0.0.1:4711",
        "VOLCENGINE_CONSOLE_URL": "http://127.0.0.1:4711",
        "COZE_API_TOKEN": "emulator-token",
        "COZE_API_BASE": "http://127.0.0.1:4711",
        "QINIU_XROBO_TOKEN": "emulator-token",
        "QINIU_XROBO_BASE_URL": "http://127.0.0.1:4711",
        "KLING_ACCESS_KEY": "emulator-ak",
        "KLING_SECRET_KEY": "emulator-sk",
        "KLING_API_KEY": "emulator-token",
        "KLING_BASE_URL": "http://127.0.0.1:4711",
    }


@ours("--env --newer-keys prints Volcengine's API key in place of app ID and token")
def test_env_v3() -> None:
    both = [run("--env", "--port", "4711", *more).stdout.splitlines() for more in ([], ["--newer-keys"])]
    assert set(both[1]) - set(both[0]) == {"export VOLCENGINE_SPEECH_API_KEY=emulator-token"}
    assert set(both[0]) - set(both[1]) == {
        "export VOLCENGINE_SPEECH_APP_ID=emulator-app",
        "export VOLCENGINE_SPEECH_ACCESS_TOKEN=emulator-token",
    }


@ours("--env wants the port it is for")
def test_env_port() -> None:
    ended = run("--env", "--port", "0")
    assert (ended.returncode, ended.stdout) == (2, "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@ours("SIGTERM and SIGINT end it at once, with 0, even while a client is held")
def test_end(start: Start, number: int) -> None:
    process = start()
    process.emulator.fault("timeout-before", vendor="qiniu")
    port = int(process.emulator.origin.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port)) as held:
        held.sendall(b"GET /v1/voice-clones HTTP/1.1\r\nHost: localhost\r\n\r\n")
        until(lambda: process.emulator.requests("qiniu"))
        assert process.end(number) < 2
    assert process.running.returncode == 0
    assert process.running.stderr is not None
    assert process.running.stderr.read() == ""


@ours("State survives a kill: voices, trainings, requests, switches, samples")
def test_kill(start: Start, tmp_path: Path) -> None:
    state = str(tmp_path / "emulator.db")
    first = start("--state", state, "--training-seconds", "0.5")
    emulator = first.emulator
    emulator.switch(qiniu_paid=True)
    coze = emulator.clone("旁白").json()["data"]["voice_id"]
    emulator.upload()
    kling = emulator.kling_create(external_task_id="mine").json()["data"]["task_id"]
    before = (emulator.state(), emulator.requests())
    first.end(signal.SIGKILL)
    again = start("--state", state, "--training-seconds", "0.5").emulator
    assert again.requests() == before[1]
    for vendor, made in (("volcengine", "S_emulator01"), ("coze", coze), ("kling", kling)):
        voice = again.wait(vendor, made)
        assert voice["audio_sha256"] == before[0][vendor][0]["audio_sha256"]
    assert again.control("GET", "switches")["qiniu_paid"] is True
    assert again.send("GET", "/_emulator/samples/kling.wav").content == spoken()
    preview = again.coze_list()[0]["preview_audio"]
    assert again.http.get(preview, timeout=5).content == spoken()


@ours("A sample that was being fetched when the emulator was killed is fetched again")
def test_kill_fetching(start: Start, tmp_path: Path, elsewhere: str) -> None:
    state = str(tmp_path / "emulator.db")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        first = start("--state", state, "--training-seconds", "0")
        made = first.emulator.kling_create(voice_url=f"http://127.0.0.1:{port}/a.wav").json()["data"][
            "task_id"
        ]
        assert first.emulator.voice("kling", made)["status"] == "training"
        first.end(signal.SIGKILL)
    again = start("--state", state, "--training-seconds", "0").emulator
    assert "reached" in again.wait("kling", made, "failed")["error"]["message"]


@ours("Two emulators never share a state file")
def test_in_use(start: Start, tmp_path: Path) -> None:
    state = str(tmp_path / "emulator.db")
    start("--state", state)
    second = run("--port", "0", "--state", state)
    assert second.returncode == 1
    assert "another emulator" in second.stderr
    assert "Traceback" not in second.stderr


@ours("State files, and folders made for them, are for their owner alone; one that was there stays as it is")
def test_private(start: Start, tmp_path: Path) -> None:
    (theirs := tmp_path / "theirs").mkdir()
    theirs.chmod(0o755)
    state = theirs / "new" / "newer" / "emulator.db"
    umask = os.umask(0)
    try:
        process = start("--state", str(state))
    finally:
        os.umask(umask)
    process.emulator.clone()
    modes = {path.relative_to(theirs).as_posix(): path.stat().st_mode & 0o777 for path in theirs.rglob("*")}
    files = {f"new/newer/emulator.db{end}" for end in ("", ".lock", "-wal", "-shm")}
    assert modes == {"new": 0o700, "new/newer": 0o700} | dict.fromkeys(files, 0o600)
    assert theirs.stat().st_mode & 0o777 == 0o755


@ours("A port in use is told in one sentence")
def test_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = run("--port", str(taken.getsockname()[1]))
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1


@ours("--samples names the folder behind /_emulator/samples/")
def test_samples_folder(start: Start, tmp_path: Path) -> None:
    (tmp_path / "mine.wav").write_bytes(spoken())
    emulator = start("--samples", str(tmp_path)).emulator
    assert emulator.send("GET", "/_emulator/samples/mine.wav").content == spoken()


@ours("--tls-cert and --tls-key serve https")
def test_tls(start: Start, tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    made = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost"
    command = ["openssl", *made.split(), "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command, "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True)
    process = start("--tls-cert", str(cert), "--tls-key", str(key))
    assert process.emulator.origin.startswith("https://127.0.0.1:")
    reply = requests.get(f"{process.emulator.origin}/_emulator/state", verify=str(cert), timeout=5)
    assert len(reply.json()["slots"]) == 20


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello", id="no-gzip"),
        pytest.param(b"Content-Length: 500\r\n\r\nhello", id="leaves"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nhello\r\n", id="bad-chunk"),
        pytest.param(b"Content-Length: -1\r\n\r\n", id="bad-length"),
        pytest.param(b"\xff\xfe\r\n\r\n", id="no-header"),
    ],
)
@ours("What is no HTTP, or only half of it, upsets nothing and prints no traceback")
def test_broken_http(start: Start, sent: bytes) -> None:
    process = start()
    port = int(process.emulator.origin.rsplit(":", 1)[1])
    head = b"POST /v1/general/custom-voices HTTP/1.1\r\nHost: localhost\r\n"
    head += b"Authorization: Bearer emulator-token\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(head + sent)
        client.shutdown(socket.SHUT_WR)
        reply = client.recv(65536)
    assert not reply or b" 400 " in reply.splitlines()[0]
    assert process.emulator.state()["kling"] == []
    process.end(signal.SIGTERM)
    assert process.running.stderr is not None
    assert process.running.stderr.read() == ""
