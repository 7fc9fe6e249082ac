"""What scenarios are made of: commands, programs, and what happens to the cloud or the command meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .comparing import Bench

UP: Final = ("up", "--yes", "--skip-preview")
REFRESH: Final = ("refresh", "--yes", "--skip-preview")
DESTROY: Final = ("destroy", "--yes", "--skip-preview")
PREVIEW: Final = ("preview",)

URN: Final = "urn:pulumi:test::prog::toy:index:Thing::"


@dataclass(frozen=True)
class Do:
    """One step of a scenario.

    Arguments:
        plugins: whether the plugins that are started are compared, besides what is asked of them.
    """

    words: tuple[str, ...] = UP
    resources: Mapping[str, Any] | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    cloud: Callable[[dict[str, Any]], None] | None = None
    meanwhile: Callable[[Bench, subprocess.Popen[str]], None] | None = None
    plugins: bool = True


def thing(options: Mapping[str, Any] | None = None, **properties: Any) -> dict[str, Any]:
    declared: dict[str, Any] = {"type": "toy:index:Thing", "properties": properties}
    return {**declared, "options": dict(options)} if options else declared


def provider(**properties: Any) -> dict[str, Any]:
    return {"type": "pulumi:providers:toy", "properties": properties}


def up(words: tuple[str, ...] = UP, **resources: Any) -> Do:
    return Do(words, resources)


def gone(name: str) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        things = content["things"]
        content["things"] = {key: thing for key, thing in things.items() if thing["name"] != name}

    return change


def drifted(name: str, **properties: Any) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        for thing in content["things"].values():
            if thing["name"] == name:
                thing["properties"].update(properties)

    return change


def made_by_others(**properties: Any) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        content["things"]["theirs-1"] = {"name": "theirs", "properties": properties}

    return change


def interrupt(times: int) -> Callable[[Bench, subprocess.Popen[str]], None]:
    def meanwhile(bench: Bench, process: subprocess.Popen[str]) -> None:
        bench.until("Create")
        time.sleep(0.3)  # the command is to be in the middle of it
        for _ in range(times):
            process.send_signal(signal.SIGINT)
            time.sleep(1)

    return meanwhile


def kill(bench: Bench, process: subprocess.Popen[str]) -> None:
    while not any(item["urn"] == f"{URN}b" for item in bench.state()["resources"]):
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)


def unwritable(seconds: float) -> Callable[[Bench, subprocess.Popen[str]], None]:
    """The state cannot be saved for a while, from within the first create on."""

    def meanwhile(bench: Bench, process: subprocess.Popen[str]) -> None:
        bench.until("Create")
        time.sleep(0.5)  # the save before it is done
        folder = bench.state_file.parent
        aside = folder.rename(folder.with_suffix(".aside"))
        folder.write_text("")
        time.sleep(seconds)
        folder.unlink()
        aside.rename(folder)

    return meanwhile


def changed(resources: Mapping[str, Any], name: str, **properties: Any) -> dict[str, Any]:
    changed = dict(resources)
    declared = changed[name]
    changed[name] = {**declared, "properties": {**declared["properties"], **properties}}
    return changed


def with_options(resources: Mapping[str, Any], name: str, **options: Any) -> dict[str, Any]:
    return {
        **resources,
        name: {**resources[name], "options": {**resources[name].get("options", {}), **options}},
    }
