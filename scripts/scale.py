"""Many voices at once, without an engine: how long, and how much memory. `make bench` runs it."""

from __future__ import annotations

import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from demo_world import ROOT, Emulator, clear
from voiceclone_provider.account.config import ProviderConfig
from voiceclone_provider.core.values import Asset
from voiceclone_provider.lifecycle import Lifecycle

FOLDER = ROOT / ".cache" / "scale"
PARALLEL = 64
LIMITED, RATE, AT_A_TIME = 200, 5, 10
MANY = 1000
LARGE = 64
LARGE_SECONDS = 215.0  # of 24 kHz, 16 bit: just under 10 MB


class Quiet:
    """Takes what is said, and says nothing."""

    def status(self, message: str) -> None: ...
    def info(self, message: str) -> None: ...
    def warning(self, message: str) -> None: ...
    def redact(self, text: str) -> str:
        return text


def sample(path: Path, seconds: float) -> Asset:
    """A sample of the examples, again and again."""
    with wave.open(str(ROOT / "examples" / "voices" / "narrator-zh.wav")) as source:
        parameters, frames = source.getparams(), source.readframes(source.getnframes())
    wanted = int(seconds * parameters.framerate) * parameters.sampwidth * parameters.nchannels
    with wave.open(str(path), "wb") as file:
        file.setparams(parameters)
        file.writeframes((frames * (wanted // len(frames) + 1))[:wanted])
    return Asset(path=str(path), hash=hashlib.sha256(path.read_bytes()).hexdigest())


def create(lifecycle: Lifecycle, vendor: str, asset: Asset, number: int) -> tuple[str, str, dict[str, Any]]:
    """One voice, as the engine would make it."""
    urn = f"urn:pulumi:scale::voices::voiceclone:{vendor}:Voice::voice-{number}"
    inputs = lifecycle.check(vendor, urn, None, {"audio": asset}).inputs
    made = lifecycle.create(vendor, urn, inputs, timeout=0.0, preview=False, reporter=Quiet())
    return urn, made.voice_id, made.state


def limited(emulator: Emulator, folder: Path) -> str:
    """An account that takes few requests a second, and few trainings at a time."""
    emulator.tell("switches", coze_qps=RATE, coze_concurrency=AT_A_TIME, training_seconds=5.0)
    lifecycle, asset = Lifecycle(ProviderConfig.load({}, os.environ)), sample(folder / "a.wav", 12)
    began = time.monotonic()
    with ThreadPoolExecutor(PARALLEL) as pool:
        list(pool.map(lambda number: create(lifecycle, "coze", asset, number), range(LIMITED)))
    took = time.monotonic() - began
    requests, voices = len(emulator.requests()), len(emulator.state()["coze"])
    bound = max(LIMITED * 5.0 / AT_A_TIME, requests / RATE)
    return f"{took:.0f} s for {voices} voices by {requests} requests; the limits allow {bound:.0f} s"


def many(emulator: Emulator, folder: Path) -> str:
    """A refresh of a large stack."""
    emulator.tell("switches", training_seconds=0.1)
    lifecycle, asset = Lifecycle(ProviderConfig.load({}, os.environ)), sample(folder / "a.wav", 12)
    with ThreadPoolExecutor(PARALLEL) as pool:
        voices = list(pool.map(lambda number: create(lifecycle, "coze", asset, number), range(MANY)))
        before, fresh = memory(), Lifecycle(ProviderConfig.load({}, os.environ))
        began = time.monotonic()
        list(pool.map(lambda v: fresh.read("coze", v[0], v[1], v[2], None), voices))
        took = time.monotonic() - began
    return f"{took:.1f} s, {memory() - before:.0f} MB more than before, {memory():.0f} MB in all"


def large(emulator: Emulator, folder: Path) -> str:
    """Samples of 10 MB, all at once."""
    emulator.tell("switches", training_seconds=0.1)
    emulator.tell("slots", count=LARGE)
    lifecycle, asset = Lifecycle(ProviderConfig.load({}, os.environ)), sample(folder / "b.wav", LARGE_SECONDS)
    before = memory()
    with ThreadPoolExecutor(PARALLEL) as pool:
        list(pool.map(lambda number: create(lifecycle, "volcengine", asset, number), range(LARGE)))
    return f"peak {memory():.0f} MB, {before:.0f} MB before"


def memory() -> float:
    """The most this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


WHAT: dict[str, tuple[str, Callable[[Emulator, Path], str]]] = {
    "limited": (
        f"{LIMITED} voices, {RATE} requests a second, {AT_A_TIME} trainings of 5 s at a time",
        limited,
    ),
    "many": (f"refresh of {MANY} voices", many),
    "large": (f"{LARGE} samples of 10 MB at once", large),
}


def main() -> int:
    """Each in a process of its own, so that memory is its own."""
    if len(sys.argv) < 2:
        return max(subprocess.call([sys.executable, __file__, name]) for name in WHAT)
    title, run = WHAT[sys.argv[1]]
    clear(FOLDER)
    FOLDER.mkdir(parents=True)
    emulator = Emulator(FOLDER)
    with tempfile.TemporaryDirectory() as folder:
        try:
            emulator.start(training_seconds=1)
            os.environ.update(emulator.environment(), PULUMI_HOME=folder)
            print(f"{title}: {run(emulator, Path(folder))}", flush=True)
        finally:
            emulator.stop()
            clear(FOLDER)
    return 0


if __name__ == "__main__":
    sys.exit(main())
