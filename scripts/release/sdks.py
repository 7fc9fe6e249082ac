"""The SDKs that Pulumi makes of schema.json, packed as each language's registry takes them.

python: wheel and sdist. nodejs: the compiled package. Others: the sources; Go's are tagged, .NET's and Java's
built by `dotnet pack` and `gradle publish`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from . import python, tarball
from .project import NAME, ROOT, ReleaseError, version

LANGUAGES = ("python", "nodejs", "go", "dotnet", "java")
README = f"""\
# Voiceclone

The SDK of the [Pulumi](https://www.pulumi.com) package `{NAME}`: cloned voices on Volcengine, Coze, Qiniu and
Kling. How to use it: https://github.com/voiceclone/pulumi-voiceclone
"""


class UnavailableError(Exception):
    """What is not installed here that makes the SDK of a language."""


def build(language: str, out: Path) -> list[Path]:
    """Generate and pack the SDK of a language.

    Raises:
        UnavailableError: a tool for it is missing.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = generate(language, Path(scratch))
        (folder / "README.md").write_text(README, encoding="utf-8")
        shutil.copy(ROOT / "LICENSE", folder)
        if language == "python":
            return _python(folder, out)
        if language == "nodejs":
            return [_nodejs(folder, out)]
        target = out / f"pulumi-{NAME}-sdk-{language}-v{version()}.tar.gz"
        return [tarball.write(target, tarball.read(folder))]


def generate(language: str, folder: Path) -> Path:
    """The sources, as `pulumi package gen-sdk` writes them."""
    cli = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "pulumi_cli.py")], capture_output=True, text=True, check=False
    )
    if cli.returncode != 0:
        raise UnavailableError(cli.stderr.strip())
    command = [cli.stdout.strip(), "package", "gen-sdk", str(ROOT / "schema.json")]
    ended = _ended([*command, "--language", language, "--out", str(folder)], ROOT)
    if f"no language plugin 'pulumi-language-{language}'" in ended.stderr:
        raise UnavailableError(f"there is no pulumi-language-{language} beside the Pulumi CLI or on PATH.")
    _check(ended)
    return folder / language


def _python(folder: Path, out: Path) -> list[Path]:
    """Built by hatchling: Pulumi names setuptools without a version, and its sdists are never alike."""
    project = folder / "pyproject.toml"
    text, count = re.subn(
        r'requires = \["setuptools[^]]*\]\n(\s*)build-backend = "[^"]*"',
        r'requires = ["hatchling"]\n\1build-backend = "hatchling.build"',
        project.read_text("utf-8"),
    )
    if count != 1:
        raise ReleaseError("Pulumi no longer writes the Python SDK's build system as it did.")
    project.write_text(text, encoding="utf-8")
    return python.build(out, folder)


def _nodejs(folder: Path, out: Path) -> Path:
    """Compiled, with the manifest beside the code, which is where the code reads its version from."""
    npm = shutil.which("npm")
    if npm is None:
        raise UnavailableError("there is no npm on PATH.")
    _check(_ended([npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], folder))
    _check(_ended([npm, "exec", "--no", "--", "tsc"], folder))
    for name in ("package.json", "README.md", "LICENSE"):
        shutil.copy(folder / name, folder / "bin")
    ended = _ended([npm, "pack", "--silent", "--pack-destination", str(out.resolve())], folder / "bin")
    _check(ended)
    return out / ended.stdout.split()[-1]


def _ended(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def _check(ended: subprocess.CompletedProcess[str]) -> None:
    if ended.returncode != 0:
        words = " ".join([Path(ended.args[0]).name, *ended.args[1:3]])
        raise ReleaseError(
            f"'{words}' ends with {ended.returncode}: {(ended.stderr + ended.stdout).strip()[-500:]}"
        )
