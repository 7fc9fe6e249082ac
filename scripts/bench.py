"""Start-up, Check and Diff, preview and refresh times, as a table. No account needed: the emulator is."""

from __future__ import annotations

import json
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from demo_world import ROOT, DemoError, Emulator, Stack, clear, copy_examples, find_cli

FOLDER = ROOT / ".cache" / "bench"
LAUNCHER = ROOT / "pulumi-resource-voiceclone"
STARTS = 15
CALLS = 300
PREVIEWS = 7
VOICES = 300
REFRESHES = 3
ANSWER_SECONDS = 0.1


def start_plugin() -> tuple[subprocess.Popen[str], int]:
    """Starts the plugin as the engine does, and waits for its port."""
    process = subprocess.Popen([str(LAUNCHER), "127.0.0.1:1"], stdout=subprocess.PIPE, text=True, cwd="/")
    assert process.stdout is not None  # noqa: S101 - asked for above
    port = process.stdout.readline().strip()
    if not port.isdigit():
        stop(process)
        raise DemoError(f"the plugin printed no port but {port!r}")
    return process, int(port)


def stop(process: subprocess.Popen[str]) -> None:
    """Ends a plugin."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def measure(runs: int, what: Callable[[], object]) -> list[float]:
    """How many seconds something takes, again and again."""
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        what()
        times.append(time.perf_counter() - begin)
    return times


def row(name: str, times: list[float], unit: str) -> None:
    """One line of the table."""
    scale = {"s": 1.0, "ms": 1e3}[unit]
    low, middle, high = (f(times) * scale for f in (min, statistics.median, max))
    print(f"{name:48} {len(times):5} {low:9.2f} {middle:9.2f} {high:9.2f} {unit}", flush=True)


def start_up() -> list[float]:
    """Launcher to port printed."""
    times = []
    for _ in range(STARTS):
        begin = time.perf_counter()
        process, _ = start_plugin()
        times.append(time.perf_counter() - begin)
        stop(process)
    return times


def calls() -> dict[str, list[float]]:
    """Check and Diff of one voice, over gRPC."""
    import grpc
    from google.protobuf.struct_pb2 import Struct
    from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

    def struct(**values: Any) -> Struct:
        made = Struct()
        made.update(values)
        return made

    pb: Any = provider_pb2
    inputs: dict[str, Any] = {"name": "guide", "audioUrl": "https://example.com/guide.mp3"}
    urn = "urn:pulumi:bench::voices::voiceclone:kling:Voice::guide"
    process, port = start_plugin()
    try:
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub: Any = provider_pb2_grpc.ResourceProviderStub(channel)
            stub.Configure(pb.ConfigureRequest(args=struct(klingApiKey="none"), acceptSecrets=True))
            check = pb.CheckRequest(
                urn=urn, news=struct(**inputs), name="guide", type="voiceclone:kling:Voice"
            )
            checked = stub.Check(check).inputs
            state = struct(**inputs, voiceId="1", status="Ready")
            diff = pb.DiffRequest(id="1", urn=urn, olds=state, news=checked, old_inputs=checked)
            return {
                "Check, one voice": measure(CALLS, lambda: stub.Check(check)),
                "Diff, one voice": measure(CALLS, lambda: stub.Diff(diff)),
            }
    except grpc.RpcError as fault:
        raise DemoError(f"the plugin answered: {fault}") from fault
    finally:
        stop(process)


def previews(command: Sequence[str]) -> dict[str, list[float]]:
    """Previews and updates of an unchanged four-voice stack."""
    clear(FOLDER)
    emulator, stack = Emulator(FOLDER), Stack(command, FOLDER)
    try:
        copy_examples(FOLDER)
        emulator.start(training_seconds=1)
        stack.create(emulator.environment())
        stack.configure(
            {
                "guideAudioUrl": emulator.sample_url("guide-zh.mp3"),
                "announcerAudioUrl": emulator.sample_url("announcer-en.wav"),
            }
        )
        stack.quietly("up", "--yes", "--skip-preview")
        return {
            "pulumi preview, four unchanged voices": measure(PREVIEWS, lambda: stack.quietly("preview")),
            "pulumi up, four unchanged voices": measure(
                PREVIEWS, lambda: stack.quietly("up", "--yes", "--skip-preview", "--expect-no-changes")
            ),
        }
    finally:
        stack.end()
        emulator.stop()
        clear(FOLDER)


def refreshes(command: Sequence[str]) -> dict[str, list[float]]:
    """Refreshes of an account at a vendor whose every answer takes a while.

    With its console's key pair Volcengine lists all voices; without it, it tells one at a time.
    """
    clear(FOLDER)
    emulator, stack = Emulator(FOLDER), Stack(command, FOLDER)
    found: dict[str, list[float]] = {}
    try:
        copy_examples(FOLDER)
        voice = {
            "type": "voiceclone:volcengine:Voice",
            "properties": {"audio": {"fn::fileAsset": "voice.wav"}},
        }
        program = {
            "name": "voices",
            "runtime": "yaml",
            "packages": {"voiceclone": str(ROOT)},
            "resources": {f"voice-{number}": voice for number in range(VOICES)},
        }
        (FOLDER / "yaml" / "Pulumi.yaml").write_text(json.dumps(program))
        shutil.copy(FOLDER / "voices" / "narrator-zh.wav", FOLDER / "yaml" / "voice.wav")
        emulator.start(training_seconds=0.1)
        emulator.tell("slots", count=VOICES)
        vendors = emulator.environment()
        stack.create(vendors)
        stack.quietly("up", "--yes", "--skip-preview", "--parallel", "64")
        emulator.tell("faults", kind="slow", seconds=ANSWER_SECONDS)
        for name, hidden in (
            ("one by one", ("VOLCENGINE_ACCESS_KEY", "VOLCENGINE_SECRET_KEY")),
            ("listed", ()),
        ):
            stack.use({key: value for key, value in vendors.items() if key not in hidden})
            before = len(emulator.requests())
            times = measure(
                REFRESHES, lambda: stack.quietly("refresh", "--yes", "--skip-preview", "--expect-no-changes")
            )
            calls = (len(emulator.requests()) - before) / REFRESHES
            found[f"pulumi refresh, {VOICES} voices {name}: {calls:g} calls"] = times
        return found
    finally:
        stack.end()
        emulator.stop()
        clear(FOLDER)


def main() -> int:
    """Prints the table."""
    try:
        cli = find_cli()
        if cli is None:
            raise DemoError("there is no Pulumi CLI to measure with")
        print(f"{'':48} {'runs':>5} {'min':>9} {'median':>9} {'max':>9}")
        row("plugin start: launcher to port printed", start_up(), "ms")
        for name, times in calls().items():
            row(name, times, "ms")
        for name, times in {**previews([str(cli)]), **refreshes([str(cli)])}.items():
            row(name, times, "s")
        others = [ROOT / "scripts" / name for name in ("scale.py", "drift_figures.py")]
        return max(subprocess.call([sys.executable, str(script)]) for script in others)
    except KeyboardInterrupt:
        return 130
    except (DemoError, OSError) as fault:
        print(f"The measurement failed: {fault}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
