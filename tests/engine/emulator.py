"""The emulator as a process, and its control API."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from voiceclone_provider.emulator.registry import VENDORS

T = TypeVar("T")

# POSTs that only read.
READING_PATHS = ("/api/v1/mega_tts/status", "/api/v3/tts/get_voice")
READING_ACTIONS = ("BatchListMegaTTSTrainStatus", "ListMegaTTSTrainStatus")

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def eventually(look: Callable[[], T | None], seconds: float = 30) -> T:
    """What `look` finds, as soon as it finds something."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} seconds")
        time.sleep(0.02)
    return found


class Emulator:
    """The vendors on one local port."""

    def __init__(self, folder: Path, training_seconds: float) -> None:
        self.training_seconds = training_seconds
        self._log = folder / "emulator.log"
        command = [sys.executable, "-P", "-m", "voiceclone_provider.emulator", "--port", "0"]
        command += ["--training-seconds", str(training_seconds), "--state", str(folder / "emulator.sqlite")]
        with self._log.open("wb") as sink:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink)
        self.url = eventually(self._address)

    def _address(self) -> str | None:
        assert self._process.poll() is None, f"the emulator did not start: {self.log}"
        for line in self.log.splitlines():
            if line.startswith("listening on "):
                return line.removeprefix("listening on ").strip()
        return None

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def log(self) -> str:
        """Everything it printed."""
        return self._log.read_text(errors="replace")

    @property
    def environment(self) -> dict[str, str]:
        """What points the provider at it; at Kling with the pair of keys that signs tokens."""
        variables = [vendor.environment(self.url).items() for vendor in VENDORS.values()]
        return {name: value for each in variables for name, value in each if name != "KLING_API_KEY"}

    # -- what it knows -------------------------------------------------------------------------------------

    def voices(self, vendor: str) -> list[dict[str, Any]]:
        voices: list[dict[str, Any]] = self._call("GET", "state")[vendor]
        return voices

    def voice(self, vendor: str) -> dict[str, Any]:
        """The only voice."""
        (voice,) = self.voices(vendor)
        return voice

    def previews(self, vendor: str) -> list[str]:
        """Where the voices can be heard."""
        return [voice["preview_url"] for voice in self._call("GET", "state?previews=1")[vendor]]

    def requests(self) -> list[dict[str, Any]]:
        requests: list[dict[str, Any]] = self._call("GET", "requests")
        return requests

    def changing(self) -> list[str]:
        """The requests that change something at a vendor, in order."""
        return [
            f"{request['vendor']} {request['method']} {request['action'] or request['path']}"
            for request in self.requests()
            if request["method"] not in ("GET", "HEAD")
            and request["path"] not in READING_PATHS
            and request["action"] not in READING_ACTIONS
        ]

    def sample_url(self, file: str) -> str:
        return f"{self.url}/_emulator/samples/{file}"

    # -- what it can be told -------------------------------------------------------------------------------

    def serve_sample(self, file: str, audio: bytes) -> None:
        """Put another recording behind a sample's URL, until `reset`."""
        request = urllib.request.Request(self.sample_url(file), data=audio, method="PUT")  # noqa: S310
        _direct.open(request, timeout=10).close()

    def reset(self) -> None:
        self._call("DELETE", "faults")
        self._call("POST", "reset")

    def retrain(self, vendor: str, voice_id: str) -> None:
        """As a person in the vendor's console would."""
        self._call("POST", f"voices/{vendor}/{voice_id}/retrain")

    def delete(self, vendor: str, voice_id: str) -> None:
        """As a person in the vendor's console would."""
        self._call("DELETE", f"voices/{vendor}/{voice_id}")

    def act(self, vendor: str, voice_id: str, verb: str, **details: Any) -> None:
        """What else a person, or the vendor, may do to a voice: rename, lock, expire, fail, …"""
        self._call("POST", f"voices/{vendor}/{voice_id}/{verb}", details)

    def finish(self) -> None:
        """End all running trainings."""
        for vendor in VENDORS:
            for voice in self.voices(vendor):
                if voice["status"] == "training":
                    self.act(vendor, voice["id"], "finish")

    def switch(self, **values: Any) -> None:
        self._call("POST", "switches", values)

    def fault(self, vendor: str, kind: str, **details: Any) -> None:
        self._call("POST", "faults", {"vendor": vendor, "kind": kind, **details})

    def no_faults(self) -> None:
        self._call("DELETE", "faults")

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        url = f"{self.url}/_emulator/{path}"
        request = urllib.request.Request(url, method=method)  # noqa: S310  our own http://127.0.0.1
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with _direct.open(request, timeout=10) as reply:
                text = reply.read()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read(500)!r}") from error
        return json.loads(text) if text else None
