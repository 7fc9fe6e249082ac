"""Runs the same commands on the same programs through two engines, and shows what each did, made comparable.

What cannot be equal is left out: times, random numbers, ports, processes, and the IDs that the engine itself
gives to providers.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
# Of calls: what is random, or only one engine has. Of states: times, and where in the runner's code a
# resource was registered.
_RANDOM: Final = {
    "randomSeed",
    "resourceStatusAddress",
    "resourceStatusToken",
    "engineAddress",
    "mapperTarget",
    "loaderTarget",
    "resolverTarget",
}
_UNSTABLE: Final = {"created", "modified", "sourcePosition", "stackTrace"}
_HIDDEN: Final = ("PULUMI_", "VOLCENGINE_", "COZE_", "QINIU_", "KLING_", "TOY_")


@dataclass
class Seen:
    """What came of one command.

    Attributes:
        calls: what the plugin was called for each resource.
        pairs: what was made, changed and deleted of two resources of which one depends on the other.
    """

    code: int
    calls: dict[str, list[str]]
    pairs: dict[tuple[str, str], list[str]]
    state: dict[str, Any]
    text: str = field(default="", compare=False)


class Bench:
    """One engine, with a folder of its own.

    Arguments:
        command: the engine.

    Attributes:
        count: how many calls were seen.
    """

    def __init__(self, command: tuple[str, ...], folder: Path) -> None:
        self.command = command
        self.folder = folder
        self.program_folder = folder / "program"
        self.cloud = folder / "cloud.json"
        self._log = folder / "log.jsonl"
        self._read = 0
        self._edges: set[tuple[str, str]] = set()
        self.count = 0
        self.program_folder.mkdir(parents=True)
        (folder / "state").mkdir()
        plugin = folder / "plugin" / "pulumi-resource-toy"
        plugin.parent.mkdir()
        toy = Path(__file__).with_name("toy.py")
        plugin.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P "{toy}" "$@"\n')
        plugin.chmod(0o755)
        users = {key: value for key, value in os.environ.items() if not key.startswith(_HIDDEN)}
        self.environment = {
            **users,
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_STACK": "test",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_DEBUG_COMMANDS": "true",
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
            "TOY_CLOUD": str(self.cloud),
            "TOY_LOG": str(self._log),
        }
        self.program({})
        assert self.start("stack", "init", "test").wait() == 0

    # -- programs and commands -----------------------------------------------------------------------------

    def program(self, resources: Mapping[str, Any], **more: Any) -> None:
        providers = {"providers": [{"name": "toy", "path": str(self.folder / "plugin")}]}
        declared = {
            "name": "prog",
            "runtime": "yaml",
            "plugins": providers,
            "resources": dict(resources),
            **more,
        }
        (self.program_folder / "Pulumi.yaml").write_text(yaml.safe_dump(declared, sort_keys=False))

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*self.command, *words, "--non-interactive", "--color=never"],
            cwd=self.program_folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: str, meanwhile: Callable[[subprocess.Popen[str]], None] | None = None) -> Seen:
        """Run a command; `meanwhile` may do things to its process."""
        process = self.start(*words)
        if meanwhile is not None:
            meanwhile(process)
        text, _ = process.communicate(timeout=120)
        self._wait_for_plugins()
        return self.seen(words, process.returncode, text)

    def change_cloud(self, change: Callable[[dict[str, Any]], None]) -> None:
        """What others do to the resources."""
        content = json.loads(self.cloud.read_text())
        change(content)
        self.cloud.write_text(json.dumps(content))

    # -- what was seen -------------------------------------------------------------------------------------

    def logged(self) -> list[dict[str, Any]]:
        if not self._log.exists():
            return []
        return [json.loads(line) for line in self._log.read_text("utf-8").splitlines()]

    def until(self, *methods: str, seconds: float = 60) -> None:
        """Wait until the plugin was called so, in this command."""
        deadline = time.monotonic() + seconds
        while not all(any(r["method"] == m for r in self.logged()[self._read :]) for m in methods):
            assert time.monotonic() < deadline, f"no {methods} within {seconds} seconds"
            time.sleep(0.02)

    def seen(self, words: tuple[str, ...], code: int, text: str) -> Seen:
        records = self.logged()
        new, self._read = records[self._read :], len(records)
        calls: dict[str, list[str]] = {}
        order: list[str] = []
        plugins = {pid: f"plugin {number}" for number, pid in enumerate(dict.fromkeys(r["pid"] for r in new))}
        for record in new:
            request = record["request"]
            urn = request.get("urn", "") if isinstance(request, dict) else ""
            key = _name(urn) or plugins[record["pid"]]
            # What replaced a resource, and what waits to be deleted, are read and deleted in random order.
            if record["method"] in ("Read", "Delete"):
                key += f" {record['method']} {request['id']}"
            if record["method"] == "Diff" and words[0] == "refresh":
                key += f" Diff {request['id']}"
            calls.setdefault(key, []).append(f"{record['method']} {self._comparable(request)}")
            self.count += 1
            if record["method"] in ("Create", "Update", "Delete") and not request.get("preview"):
                order.append(f"{record['method']} {request['name']}")
        # Which of the plugins was started for the schema, and which ended first, is not for certain.
        others = sorted("; ".join(calls.pop(name)) for name in plugins.values() if name in calls)
        state = self.state()
        before, self._edges = self._edges, _edges(state)
        # What depended on something only before, is deleted before it; for the rest it does not matter.
        gone = [line for line in order if line.startswith("Delete ")]
        pairs = {pair: _of(pair, order if pair in self._edges else gone) for pair in before | self._edges}
        return Seen(code, {**calls, "plugins": others}, pairs, state, text)

    @property
    def state_file(self) -> Path:
        return self.folder / "state" / ".pulumi" / "stacks" / "prog" / "test.json"

    def state(self) -> dict[str, Any]:
        saved = json.loads(self.state_file.read_text("utf-8"))
        latest = saved["checkpoint"].get("latest") or {}
        resources = [self._resource(item) for item in latest.get("resources") or ()]
        # Independent resources are in the order in which they happened to be done.
        resources.sort(key=lambda item: (item["urn"], bool(item.get("delete")), item.get("id", "")))
        pending = sorted(
            f"{item['type']} {item['resource']['urn']}" for item in latest.get("pending_operations") or ()
        )
        return {"version": saved["version"], "resources": resources, "pending": pending}

    def _resource(self, item: dict[str, Any]) -> dict[str, Any]:
        kept = {name: value for name, value in item.items() if name not in _UNSTABLE}
        for name in ("dependencies", "aliases"):
            if name in kept:
                kept[name] = sorted(kept[name])
        comparable: dict[str, Any] = json.loads(self._comparable(kept))
        return comparable

    def _comparable(self, request: Any) -> str:
        if not isinstance(request, dict):
            return str(request)
        kept = {name: value for name, value in request.items() if name not in _RANDOM}
        text = json.dumps(_without_ciphers(kept), sort_keys=True)
        text = _UUID.sub(lambda match: match[0] if match[0] == _UNKNOWN else "<uuid>", text)
        return text.replace(str(self.folder), "<folder>")

    def _wait_for_plugins(self) -> None:
        """A plugin whose engine was killed ends by itself."""
        deadline = time.monotonic() + 30
        pids = {record["pid"] for record in self.logged()[self._read :]}
        while any(Path(f"/proc/{pid}").exists() for pid in pids):
            if time.monotonic() > deadline:
                for pid in pids:
                    os.kill(pid, signal.SIGKILL)
                return
            time.sleep(0.02)

    def remove(self) -> None:
        shutil.rmtree(self.folder)


def _edges(state: dict[str, Any]) -> set[tuple[str, str]]:
    """Which resource depends on which."""
    return {
        (_name(item["urn"]), _name(urn))
        for item in state["resources"]
        for urn in (*item.get("dependencies", ()), item.get("parent", ""))
    }


def _of(pair: tuple[str, str], order: list[str]) -> list[str]:
    return [line for line in order if _name(line, " ") in pair]


def _name(text: str, separator: str = "::") -> str:
    return text.rpartition(separator)[2]


def _without_ciphers(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: "<cipher>" if name == "ciphertext" else _without_ciphers(child)
            for name, child in value.items()
        }
    return [_without_ciphers(child) for child in value] if isinstance(value, list) else value


def _lines(state: dict[str, Any]) -> list[str]:
    return json.dumps(state, indent=1, sort_keys=True).splitlines()


def differences(one: Seen, other: Seen, *, plugins: bool = True) -> list[str]:
    """Where two engines differ, in words."""
    if not plugins:
        one.calls.pop("plugins")
        other.calls.pop("plugins")
    found: list[str] = []
    if one.code != other.code:
        found.append(f"exit code {one.code}, and {other.code}")
    for name in sorted(one.calls.keys() | other.calls.keys()):
        first, second = one.calls.get(name, []), other.calls.get(name, [])
        if first != second:
            found.append(f"calls to {name}:\n  " + "\n  ".join(first) + "\nand\n  " + "\n  ".join(second))
    for pair in sorted(one.pairs.keys() | other.pairs.keys()):
        if one.pairs.get(pair) != other.pairs.get(pair):
            found.append(f"order of {pair}: {one.pairs.get(pair)}, and {other.pairs.get(pair)}")
    if one.state != other.state:
        first, second = (_lines(seen.state) for seen in (one, other))
        found.append("the state:\n" + "\n".join(difflib.unified_diff(first, second, lineterm="", n=2)))
    return found
