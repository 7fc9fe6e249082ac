"""Looks over what this package stands on: advisories, secrets in the repository, licences, the lock file.

    python scripts/audit.py [advisories] [secrets] [licences] [lock]

All four without an argument. It ends with 1 when one of them has something to say, or could not be looked at.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements-dev.lock"
BASELINE = ROOT / ".secrets.baseline"
OURS = "voiceclone-provider"
UNREACHABLE = "The advisory service cannot be reached, so no version was looked up"

# Licences that let a work under Apache-2.0 stand on theirs, in the words that packages use for them.
COMPATIBLE = {
    "0BSD",
    "3-Clause BSD License",
    "Apache 2.0",
    "Apache License 2.0",
    "Apache Software License",
    "Apache-2.0",
    "BSD License",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    "MIT License",
    "MIT-0",
    "PSF-2.0",
    "Python Software Foundation License",
    "Unlicense",
}
# What is said beside a licence and is none.
NO_LICENCE = {"DFSG approved", "OSI Approved"}

# Others, each with its reason.
AT_RUN_TIME = {
    "certifi": "MPL-2.0 is kept by files: its list of certificates is used as it is",
}
IN_DEVELOPMENT = {
    "hypothesis": "MPL-2.0 is kept by files: it runs tests, and nothing of it is in the package",
    "pathspec": "MPL-2.0 is kept by files: linters and the build use it, and nothing of it is in the package",
}
# A licence that tells less than there is. Nothing that the plugin needs may stand here.
NEVER_AT_RUN_TIME = {
    "av": "its wheel carries FFmpeg (LGPL) with x264 and x265 (GPL): only the emulator loads it",
}


def advisories() -> list[str]:
    """Known advisories of the versions in the lock file."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), "--disable-pip"]
    command += ["--require-hashes", "--progress-spinner", "off", "--format", "json"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return judged(json.loads(ended.stdout)["dependencies"])
    except (ValueError, KeyError):
        reason = ended.stderr.strip().splitlines()[-1:] or ["no answer"]
        return [f"{UNREACHABLE} ({reason[0][:200]})."]


def judged(looked_up: list[dict[str, Any]]) -> list[str]:
    """What pip-audit found. What it could not look up it only leaves out, and calls the rest good."""
    unknown = [str(one["name"]) for one in looked_up if "skip_reason" in one]
    if not looked_up or len(unknown) == len(looked_up):
        return [f"{UNREACHABLE}."]
    faults = [f"{name} was not looked up: the advisory service does not know it." for name in unknown]
    for one in looked_up:
        for found in one.get("vulns", []):
            fixed = ", ".join(found.get("fix_versions", [])) or "no version yet"
            faults.append(f"{one['name']} {one['version']} has {found['id']}; fixed in {fixed}.")
    return faults


def secrets() -> list[str]:
    """What looks like a secret in a file of the repository, and is not in the baseline of what is none."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return found_secrets(ROOT, [name for name in listed.split("\0") if name], BASELINE)


def found_secrets(folder: Path, files: list[str], baseline: Path) -> list[str]:
    with tempfile.TemporaryDirectory() as scratch:
        known = shutil.copy(baseline, scratch)  # the tool writes lines that moved into it
        command = [sys.executable, "-m", "detect_secrets.pre_commit_hook", "--no-verify", "--json"]
        command += ["--baseline", known, *files]
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if ended.returncode in (0, 3):  # 3: lines moved
        return []
    try:
        results = json.loads(ended.stdout)["results"]
    except (ValueError, KeyError):
        return [f"The repository could not be searched for secrets: {ended.stderr.strip()[-200:]}"]
    return [
        f"{name}:{one['line_number']} looks like a secret ({one['type']})."
        for name, ones in sorted(results.items())
        for one in ones
    ]


def licences() -> list[str]:
    """Licences of all that is installed beside this package."""
    installed = {canonicalize_name(one.name): one.metadata for one in metadata.distributions()}
    return unlicensed({name: told(known) for name, known in installed.items()}, needed(OURS))


def told(known: metadata.PackageMetadata) -> str:
    """The licence that a package names, in the newest of the three places for it."""
    if expression := known.get_all("License-Expression", []):
        return str(expression[0])
    classifiers = (text.split(" :: ") for text in known.get_all("Classifier", []))
    named = [words[-1] for words in classifiers if words[0] == "License" and words[-1] not in NO_LICENCE]
    return " AND ".join(named) or str((known.get_all("License", []) or ["none"])[0])


def needed(root: str) -> set[str]:
    """The packages that come with a plain `pip install` of one."""
    found: set[str] = set()
    waiting = [root]
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in found:
            continue
        found.add(name)
        try:
            required = metadata.requires(name) or []
        except metadata.PackageNotFoundError:  # needed on other platforms
            continue
        for requirement in map(Requirement, required):
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
    return found


def compatible(licence: str) -> bool:
    """Whether all of it, or one of its choices, is compatible."""
    return any(
        all(part.strip(" ()") in COMPATIBLE for part in choice.split(" AND "))
        for choice in licence.split(" OR ")
    )


def unlicensed(installed: dict[str, str], at_run_time: Iterable[str]) -> list[str]:
    faults = []
    at_run_time = set(at_run_time)
    for name, licence in sorted(installed.items()):
        if name in at_run_time and (reason := NEVER_AT_RUN_TIME.get(name)):
            faults.append(f"{name} is needed at run time, but {reason}.")
        allowed = name in AT_RUN_TIME or (name in IN_DEVELOPMENT and name not in at_run_time)
        if not compatible(licence) and not allowed:
            faults.append(f"{name} is under {licence[:80]!r}, which is not known to be compatible.")
    return faults


def lock() -> list[str]:
    """Requirements that the lock file does not meet."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return unmet(project, LOCK.read_text("utf-8"))


def unmet(project: dict[str, Any], text: str) -> list[str]:
    pins: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE):
        pins.setdefault(canonicalize_name(name), []).append(version)
    wanted = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    for extra in project["project"]["optional-dependencies"].values():
        wanted += extra
    faults = []
    for requirement in map(Requirement, wanted):
        name = canonicalize_name(requirement.name)
        if name != OURS and not any(map(requirement.specifier.contains, pins.get(name, []))):
            faults.append(f"{LOCK.name} has no {requirement}: run make lock.")
    if re.search(r"https?://|^--(?:extra-)?index-url|^--find-links", text, re.MULTILINE):
        faults.append(f"{LOCK.name} names an address: packages come from wherever pip is told.")
    return faults


PARTS: dict[str, Callable[[], list[str]]] = {
    "advisories": advisories,
    "secrets": secrets,
    "licences": licences,
    "lock": lock,
}


def main(names: list[str]) -> int:
    if strange := [name for name in names if name not in PARTS]:
        print(f"No such part: {', '.join(strange)}. There are {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    status = 0
    for name in names or PARTS:
        faults = PARTS[name]()
        print(f"{name}: {'nothing found' if not faults else ''}".rstrip(), flush=True)
        for fault in faults:
            print(f"  {fault}", flush=True)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
