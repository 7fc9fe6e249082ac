"""An emulator, and a stack that sees nothing but the emulator and one folder of its own."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NOTE = "emulator.json"
STACK_NAME = "demo"
STANDIN = (sys.executable, "-P", str(ROOT / "tests" / "standin"))
# Whatever the user has set for real accounts must not be seen in there.
HIDDEN = ("PULUMI_", "VOLCENGINE_", "COZE_", "QINIU_", "KLING_")
ADDRESSES = (
    "VOLCENGINE_SPEECH_BASE_URL",
    "VOLCENGINE_CONSOLE_URL",
    "COZE_API_BASE",
    "QINIU_XROBO_BASE_URL",
    "KLING_BASE_URL",
)
# POSTs that only read.
READING_PATHS = ("/api/v1/mega_tts/status",)
READING_ACTIONS = ("BatchListMegaTTSTrainStatus", "ListMegaTTSTrainStatus")

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class DemoError(Exception):
    """Something is not as it should be."""


def _call(url: str, method: str = "GET", body: Any = None) -> Any:
    """One call to the emulator's control API."""
    request = urllib.request.Request(url, method=method)  # noqa: S310 - always our own http://127.0.0.1
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    try:
        with _direct.open(request, timeout=10) as reply:
            answer = reply.read()
    except urllib.error.HTTPError as fault:
        raise DemoError(
            f"{method} {url} answered {fault.code}: {fault.read(300).decode(errors='replace')}"
        ) from fault
    return json.loads(answer) if answer else None


def _end(process: subprocess.Popen[Any], *signals: tuple[int, float]) -> None:
    """Sends signals, each with so many seconds to take effect, and kills in the end."""
    for number, seconds in signals:
        if process.poll() is None:
            process.send_signal(number)
        try:
            process.wait(seconds)
            return
        except subprocess.TimeoutExpired:
            continue
    process.kill()
    process.wait()


def clear(folder: Path) -> None:
    """Ends an emulator that was left up in a folder, and removes the folder."""
    try:
        note = json.loads((folder / NOTE).read_text())
        _call(f"{note['url']}/_emulator/state")
        # It answers at the noted address, so the noted process is still the emulator.
        os.kill(note["pid"], signal.SIGTERM)
        for _ in range(50):
            os.kill(note["pid"], 0)
            time.sleep(0.1)
        os.kill(note["pid"], signal.SIGKILL)
    except (OSError, ValueError, KeyError, DemoError):
        pass
    shutil.rmtree(folder, ignore_errors=True)


def find_cli() -> Path | None:
    """The Pulumi CLI; None where there is none, and it was said why."""
    command = [sys.executable, str(ROOT / "scripts" / "pulumi_cli.py")]
    found = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    return Path(found.stdout.strip()) if found.returncode == 0 else None


def copy_examples(folder: Path) -> None:
    """Puts program and samples into a folder, where they can be changed."""
    for name in ("yaml", "voices"):
        shutil.copytree(ROOT / "examples" / name, folder / name)
    program = folder / "yaml" / "Pulumi.yaml"
    program.write_text(program.read_text().replace("voiceclone: ../..", f"voiceclone: {ROOT}"))


class Emulator:
    """The four vendors on one local port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = ""
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, training_seconds: float) -> None:
        """Starts it on a free port, in a session of its own, so that a Ctrl-C does not reach it first."""
        command = [sys.executable, "-P", "-m", "voiceclone_provider.emulator", "--port", "0"]
        options = [
            "--training-seconds",
            str(training_seconds),
            "--state",
            str(self.folder / "emulator.sqlite"),
        ]
        log = self.folder / "emulator.log"
        with log.open("wb") as sink:
            self._process = subprocess.Popen(
                [*command, *options],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                start_new_session=True,
            )
        for _ in range(300):
            for line in log.read_text().splitlines():
                if line.startswith("listening on "):
                    self.url = line.removeprefix("listening on ").strip().rstrip("/")
                    (self.folder / NOTE).write_text(json.dumps({"pid": self._process.pid, "url": self.url}))
                    return
            if self._process.poll() is not None:
                break
            time.sleep(0.1)
        raise DemoError(f"the emulator did not start: {log.read_text()[-500:]}")

    def environment(self) -> dict[str, str]:
        """What points the provider at the emulator, as the emulator itself prints it."""
        port = self.url.rpartition(":")[2]
        command = [sys.executable, "-P", "-m", "voiceclone_provider.emulator", "--env", "--port", port]
        printed = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
        words = [shlex.split(line) for line in printed.splitlines() if line.startswith("export ")]
        found = dict(word.split("=", 1) for line in words for word in line[1:])
        for name in ADDRESSES:
            if not found.get(name, "").startswith(self.url):
                raise DemoError(f"{name} does not point at the emulator but at {found.get(name)!r}")
        return found

    def state(self) -> dict[str, list[dict[str, Any]]]:
        """The voices it holds, by vendor."""
        state: dict[str, list[dict[str, Any]]] = _call(f"{self.url}/_emulator/state")
        return state

    def voice(self, vendor: str, voice_id: str) -> dict[str, Any] | None:
        """One voice, by the ID synthesis uses."""
        for voice in self.state()[vendor]:
            if voice_id == voice.get("voice_id", voice["id"]):
                return voice
        return None

    def requests(self) -> list[dict[str, Any]]:
        """All calls it got."""
        requests: list[dict[str, Any]] = _call(f"{self.url}/_emulator/requests")
        return requests

    @staticmethod
    def changes(call: dict[str, Any]) -> bool:
        """Whether a call changes anything at the vendor."""
        return not (
            call["method"] in ("GET", "HEAD")
            or call["path"] in READING_PATHS
            or call["action"] in READING_ACTIONS
        )

    def delete_voice(self, vendor: str, voice_id: str) -> None:
        """Deletes a voice as a person in the vendor's console would."""
        _call(f"{self.url}/_emulator/voices/{vendor}/{voice_id}", "DELETE")

    def tell(self, what: str, **details: Any) -> None:
        """Sets a fault, buys slots, …: whatever takes a JSON object."""
        _call(f"{self.url}/_emulator/{what}", "POST", details)

    def sample_url(self, file: str) -> str:
        """Where a vendor that takes a URL fetches a sample."""
        return f"{self.url}/_emulator/samples/{file}"

    def stop(self) -> None:
        """Ends it."""
        if self._process is not None:
            _end(self._process, (signal.SIGTERM, 5))


class Stack:
    """The stack of examples/yaml, with home, state and passphrase of its own."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self.command = command
        self.folder = folder
        self.own_env: dict[str, str] = {}
        self._vendors: tuple[str, ...] = ()
        self._env: dict[str, str] = {}
        self._process: subprocess.Popen[str] | None = None
        # On a terminal a Ctrl-C reaches the CLI too, and its live display needs the terminal.
        self._terminal = sys.stdout.isatty()

    def create(self, vendors: dict[str, str]) -> None:
        """Makes the stack; `vendors` is the environment that points at the emulator."""
        (self.folder / "state").mkdir()
        self.own_env = {
            "PULUMI_HOME": str(self.folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{self.folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "demo",
            "PULUMI_STACK": STACK_NAME,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
        }
        self.use(vendors)
        self.quietly("stack", "init", STACK_NAME)

    def use(self, vendors: dict[str, str]) -> None:
        """Takes these credentials and addresses, and no others, from now on."""
        self.own_env = {
            **{key: value for key, value in self.own_env.items() if key not in self._vendors},
            **vendors,
        }
        self._vendors = tuple(vendors)
        users = {key: value for key, value in os.environ.items() if not key.startswith(HIDDEN)}
        self._env = {**users, **self.own_env}

    def configure(self, values: dict[str, str]) -> None:
        """Sets plain configuration values."""
        pairs = [word for key, value in values.items() for word in ("--plaintext", f"{key}={value}")]
        self.quietly("config", "set-all", *pairs)

    def show(self, *words: str) -> None:
        """Runs a command whose output is the point of it."""
        print(f"$ pulumi {' '.join(words)}", flush=True)
        options = [] if self._terminal else ["--non-interactive", "--suppress-progress"]
        self._process = subprocess.Popen(
            [*self.command, *words, *options],
            cwd=self.folder / "yaml",
            env=self._env,
            text=True,
            stdin=None if self._terminal else subprocess.DEVNULL,
            start_new_session=not self._terminal,
        )
        code = self._process.wait()
        self._process = None
        if code != 0:
            raise DemoError(f"pulumi {words[0]} ended with status {code}")

    def voices(self) -> dict[str, dict[str, Any]]:
        """The outputs of the voices in Pulumi's state, by resource name."""
        deployment = json.loads(self.quietly("stack", "export"))["deployment"]
        return {
            resource["urn"].rpartition("::")[2]: resource["outputs"]
            for resource in deployment.get("resources") or []
            if resource["type"].startswith("voiceclone:")
        }

    def end(self) -> None:
        """Ends a command that is still running; a first signal lets it save what it knows."""
        if self._process is None:
            return
        if self._terminal:
            # The Ctrl-C went to it as well; a second one would cut its orderly end short.
            _end(self._process, (0, 30), (signal.SIGINT, 10))
        else:
            _end(self._process, (signal.SIGINT, 30), (signal.SIGINT, 10))

    def quietly(self, *words: str) -> str:
        """Runs a command and returns what it printed."""
        done = subprocess.run(
            [*self.command, *words, "--non-interactive"],
            cwd=self.folder / "yaml",
            env=self._env,
            text=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )
        if done.returncode != 0:
            raise DemoError(f"pulumi {' '.join(words[:2])} failed: {done.stderr.strip()}")
        return done.stdout
