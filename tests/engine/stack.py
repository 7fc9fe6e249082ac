"""A Pulumi stack with home, state and passphrase of its own, and a program written by the test."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from voiceclone_provider.account.config import KEYS

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "examples" / "voices"
PROJECT, STACK = "voices", "test"

# Whatever the user has set for real accounts must not be seen in here.
HIDDEN = ("PULUMI_", *sorted({f"{key.environment.partition('_')[0]}_" for key in KEYS.values()}))


@dataclass(frozen=True)
class Result:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err

    def told(self, kind: str) -> list[str]:
        """The errors (or warnings) in the summary at the end, each once."""
        lines = (line.strip() for line in self.text.partition("Diagnostics:")[2].splitlines())
        return sorted({line.partition(": ")[2] for line in lines if line.startswith(f"{kind}: ")})


@dataclass(frozen=True)
class Step:
    """What is planned for a resource."""

    op: str
    outputs: dict[str, Any]


class Stack:
    """One stack. Commands that must succeed say so by themselves: `up`, `preview`, …"""

    TYPES = "voiceclone:"
    """How the types of voices begin."""

    LANGUAGE = "yaml"
    """What programs are written in."""

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder / "program"
        self.command = command
        self.home = folder / "home"
        self._state = folder / "state"
        users = {key: value for key, value in os.environ.items() if not key.startswith(HIDDEN)}
        self.environment = {
            **users,
            "PULUMI_HOME": str(self.home),
            "PULUMI_BACKEND_URL": f"file://{self._state}",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_STACK": STACK,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DEBUG_COMMANDS": "true",  # for --event-log
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "GOGC": "400",  # of a process that soon ends
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
            **environment,
        }

    @classmethod
    def template(cls, command: Sequence[str], folder: Path) -> None:
        """An empty stack that others are copied from: making one takes longer than a preview."""
        stack = cls(command, folder, {})
        (folder / "state").mkdir(parents=True)
        stack.folder.mkdir()
        stack.program({})
        stack.must("stack", "init", STACK)
        shutil.rmtree(stack.home)

    # -- the program ---------------------------------------------------------------------------------------

    def program(
        self, resources: Mapping[str, Any], outputs: Mapping[str, Any] | None = None, **more: Any
    ) -> None:
        """Write the program; a resource is its type and properties, and perhaps its options."""
        program = {
            "name": PROJECT,
            "runtime": "yaml",
            "packages": {"voiceclone": str(ROOT)},
            "resources": dict(resources),
            "outputs": dict(outputs or {}),
            **more,
        }
        text = yaml.safe_dump(program, sort_keys=False, allow_unicode=True)
        (self.folder / "Pulumi.yaml").write_text(text, encoding="utf-8")

    # -- commands ------------------------------------------------------------------------------------------

    def run(self, *words: str) -> Result:
        with self.start(*words) as process:
            out, err = process.communicate(timeout=180)
        return Result(process.returncode, out, err)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """A command that runs while the test goes on."""
        return subprocess.Popen(
            [*self.command, *words, "--non-interactive", "--color=never"],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def must(self, *words: str) -> Result:
        result = self.run(*words)
        assert result.code == 0, f"pulumi {' '.join(words)} ended with {result.code}:\n{result.text}"
        return result

    def up(self, *words: str) -> Result:
        return self.must("up", "--yes", "--skip-preview", *words)

    def fails(self, *words: str) -> Result:
        """A command that must not succeed, and must not end in a panic or a stack trace either."""
        result = self.run(*words)
        assert result.code not in (0, 2), result.text
        for noise in ("Traceback", "panic:", "rpc error", "bug in the voiceclone provider"):
            assert noise not in result.text
        return result

    def up_fails(self, *words: str) -> Result:
        return self.fails("up", "--yes", "--skip-preview", *words)

    def nothing_to_do(self) -> None:
        """An update finds no change."""
        self.up("--expect-no-changes")

    def refresh(self, *words: str) -> Result:
        return self.must("refresh", "--yes", "--skip-preview", *words)

    def destroy(self) -> Result:
        return self.must("destroy", "--yes", "--skip-preview")

    def planned(self) -> dict[str, Step]:
        """What a preview plans, by resource name."""
        return self.previewed()[1]

    def previewed(self) -> tuple[Result, dict[str, Step]]:
        """A preview, and what it plans by resource name."""
        log = self.folder.with_name("events.json")
        log.unlink(missing_ok=True)
        result = self.must("preview", "--event-log", str(log))
        steps: dict[str, Step] = {}
        for line in log.read_text().splitlines():
            metadata = json.loads(line).get("resOutputsEvent", {}).get("metadata")
            if metadata and metadata["type"].startswith((self.TYPES, "pulumi:providers:")):
                step = Step(metadata["op"], (metadata["new"] or {}).get("outputs", {}))
                steps.setdefault(name_of(metadata["urn"]), step)
        return result, steps

    # -- the state -----------------------------------------------------------------------------------------

    def export(self) -> dict[str, Any]:
        exported: dict[str, Any] = json.loads(self.must("stack", "export").out)
        return exported

    def resources(self) -> dict[str, dict[str, Any]]:
        """The voices in the state, by resource name; not those that only wait to be deleted.

        Read where `pulumi stack export` reads it: tests look often, and the command takes its time.
        """
        deployment = json.loads(self._checkpoint.read_text("utf-8"))["checkpoint"]["latest"] or {}
        assert not deployment.get("pending_operations")
        voices = [r for r in deployment.get("resources") or [] if r["type"].startswith(self.TYPES)]
        return {name_of(voice["urn"]): voice for voice in voices if not voice.get("delete")}

    def later(self) -> None:
        """As if all trainings were long ago: a voice that is not there now is not looked for."""
        state = self._checkpoint.read_text("utf-8")
        state = re.sub(r'("changedAt": *)"[^"]*"', r'\1"2026-01-01T00:00:00Z"', state)
        self._checkpoint.write_text(state, "utf-8")

    @property
    def _checkpoint(self) -> Path:
        return self._state / ".pulumi" / "stacks" / PROJECT / f"{STACK}.json"

    def resource(self, name: str = "voice") -> dict[str, Any]:
        return self.resources()[name]

    def output(self, key: str, name: str = "voice") -> Any:
        return self.resource(name)["outputs"].get(key)

    # -- interruptions -------------------------------------------------------------------------------------

    def plugins(self) -> list[int]:
        """Process IDs of the providers, of either face, that this stack's commands run."""
        return self._processes(b"voiceclone_provider", b"pulumi.dynamic")

    def _processes(self, *words: bytes) -> list[int]:
        """Process IDs of this stack's commands and what they started, by a word of their command lines."""
        ours = f"PULUMI_HOME={self.home}".encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                command = (process / "cmdline").read_bytes().split(b"\0")
                environment = (process / "environ").read_bytes().split(b"\0")
            except OSError:  # it has ended, or is not ours
                continue
            if ours in environment and any(word in command or command[0].endswith(word) for word in words):
                found.append(int(process.name))
        return found

    def interrupt(self, process: subprocess.Popen[str]) -> Result:
        """Ctrl-C, once."""
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        return Result(process.returncode, out, err)

    def kill(self, process: subprocess.Popen[str]) -> None:
        """End the engine at once, as a machine that is short of memory does. The provider ends by itself."""
        process.kill()
        deadline = time.monotonic() + 30
        while self.plugins():
            assert time.monotonic() < deadline, "a provider stayed behind"
            time.sleep(0.05)
        for left in self._processes(b"pulumi-language-yaml", b"pulumi-language-python"):  # Pulumi's own
            os.kill(left, signal.SIGKILL)
        process.communicate(timeout=60)
        self.must("cancel", "--yes")


def name_of(urn: str) -> str:
    return urn.rpartition("::")[2]
