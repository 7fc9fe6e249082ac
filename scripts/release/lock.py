"""The part of requirements-dev.lock that is needed at run time."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .project import ROOT, ReleaseError

LOCK = ROOT / "requirements-dev.lock"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")

# Of Pulumi's SDK the plugin loads the generated protocol buffers and nothing else. These are what they need.
SDK = "pulumi"
PROTOCOL = ("grpcio", "protobuf")
# What only commands that drive the CLI load; these need all of the SDK, and are not in an archive.
FOR_COMMANDS = ("PyYAML",)


def declared() -> list[str]:
    """What the Python package depends on."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [Requirement(each).name for each in project["dependencies"]]


def of_the_package() -> set[str]:
    """What `pip install` of the Python package brings."""
    return closure(declared())


def of_the_plugin() -> set[str]:
    """What the plugin's process loads."""
    return closure([*(name for name in declared() if name not in (SDK, *FOR_COMMANDS)), *PROTOCOL])


def closure(names: Iterable[str]) -> set[str]:
    """These packages with all that they need, on any of our platforms and Pythons."""
    found: set[str] = set()
    waiting = [canonicalize_name(name) for name in names]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        try:
            required = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            raise ReleaseError(f"{name} is not installed here: run make install.") from None
        waiting += [canonicalize_name(each.name) for each in map(Requirement, required) if _applies(each)]
    return found


def _applies(requirement: Requirement) -> bool:
    return requirement.marker is None or any(map(requirement.marker.evaluate, _environments()))


@cache
def _environments() -> list[dict[str, str]]:
    systems = (("linux", "Linux", "posix"), ("darwin", "Darwin", "posix"), ("win32", "Windows", "nt"))
    return [
        {
            "extra": "",
            "python_version": python,
            "python_full_version": f"{python}.0",
            "sys_platform": system,
            "platform_system": title,
            "os_name": family,
        }
        for python, (system, title, family) in itertools.product(PYTHONS, systems)
    ]


def pins(names: Iterable[str], lock: Path = LOCK) -> str:
    """The lock file's lines on these packages, with their hashes.

    Raises:
        ReleaseError: the lock file does not have one of them.
    """
    wanted = {canonicalize_name(name) for name in names}
    lines: list[str] = []
    found = set()
    taken = False
    for line in lock.read_text("utf-8").splitlines():
        if head := re.match(r"([A-Za-z0-9._-]+)==", line):
            name = canonicalize_name(head[1])
            taken = name in wanted
            if taken:
                found.add(name)
        if taken and not line.lstrip().startswith("#"):
            lines.append(line)
    if missing := wanted - found:
        raise ReleaseError(f"{lock.name} lacks {', '.join(sorted(missing))}: run make lock.")
    return "\n".join([*lines, ""])
