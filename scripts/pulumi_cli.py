"""Prints the path of a usable Pulumi CLI, and gets one when there is none.

In this order: a recent enough `pulumi` on PATH; a copy made earlier, in .cache/pulumi/<version>;
the release archive that PULUMI_TARBALL names; release archives in ../shared/pulumi; the official
download, if it has the checksum that is written here. Exits with 3 and one sentence when none of them
can be had, or VOICECLONE_STANDIN asks for none, to see what there is without.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
from pathlib import Path
from typing import NoReturn

MINIMUM = (3, 250, 0)
PINNED = "3.259.0"
# The SHA-256 of its archives, as the formula of this version in Pulumi's own Homebrew tap has them.
DIGESTS = {
    "darwin-arm64": "57c27f179e527e2cf9f62b841a448af72a020e44b2fb4ee0d9bd85556c00c864",
    "darwin-x64": "eaca4c3b8277bfa3ab061fa3b270d1c66358a0b2e613da8c5587a04b7226c534",
    "linux-arm64": "edc8327463a72160bb36cf82cf5062da9c8a244290a706d9980988e7bf486853",
    "linux-x64": "94ba357acac23d01474084c4b00098dc0f7bc70ce13f34c777459254a5f718e5",
}
ORIGINS = (
    f"https://github.com/pulumi/pulumi/releases/download/v{PINNED}",
    "https://get.pulumi.com/releases/sdk",
)
ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "pulumi"
NO_CLI = 3


class UnusableError(Exception):
    """An archive or binary that cannot be used, and why."""


def say(sentence: str) -> None:
    """Tells the user something; stdout is kept for the path."""
    print(sentence, file=sys.stderr, flush=True)


def platform_name() -> str:
    """This machine as the release archives spell it."""
    machine = platform.machine().lower()
    machine = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}.get(machine, machine)
    return f"{platform.system().lower()}-{machine}"


def version_of(binary: Path) -> tuple[int, ...]:
    """The version a binary tells, or an error when it does not run or is too old."""
    env = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        told = subprocess.run(
            [str(binary), "version"], env=env, capture_output=True, text=True, timeout=60, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError) as fault:
        raise UnusableError(f"{binary} does not run: {fault}") from fault
    match = re.search(r"(\d+)\.(\d+)\.(\d+)", told)
    if match is None:
        raise UnusableError(f"{binary} tells no version: {told.strip()!r}")
    version = tuple(int(part) for part in match.groups())
    if version < MINIMUM:
        raise UnusableError(f"{binary} is {match[0]}, older than {'.'.join(map(str, MINIMUM))}")
    return version


def on_path() -> Path | None:
    """The user's own CLI, when it is recent enough."""
    found = shutil.which("pulumi")
    if found is None:
        return None
    try:
        version_of(Path(found))
    except UnusableError as fault:
        say(f"Not using the Pulumi CLI on PATH: {fault}.")
        return None
    return Path(found)


def cached() -> Path | None:
    """The newest copy made earlier. It was run once before it got its name, so it is not run again."""

    def version(folder: Path) -> tuple[int, ...]:
        return tuple(int(part) for part in folder.name.split("."))

    folders = [f for f in CACHE.glob("*.*.*") if re.fullmatch(r"\d+\.\d+\.\d+", f.name)]
    usable = [f for f in folders if version(f) >= MINIMUM and (f / "pulumi").is_file()]
    return max(usable, key=version) / "pulumi" if usable else None


def sha256(file: Path) -> str:
    """The checksum of a file, in hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def verify(archive: Path, sums: str, origin: str) -> None:
    """Holds an archive against a list of checksums that must name it."""
    for line in sums.splitlines():
        digest, _, name = line.partition(" ")
        if name.strip().lstrip("*") == archive.name:
            if digest.lower() != sha256(archive):
                raise UnusableError(f"{archive.name} does not have the checksum in {origin}")
            return
    raise UnusableError(f"{origin} has no checksum for {archive.name}")


def unpack(archive: Path) -> Path:
    """Puts an archive's files into the cache, all of them or none, and returns the binary.

    The release is one flat folder `pulumi/`. Only plain files directly in it are written, each
    under its bare name, so nothing in an archive can reach outside.
    """
    CACHE.mkdir(parents=True, exist_ok=True)
    say(f"Unpacking {archive.name} into {CACHE.relative_to(ROOT)} ...")
    with tempfile.TemporaryDirectory(dir=CACHE, prefix=".new-") as scratch:
        folder = Path(scratch) / "pulumi"
        folder.mkdir()
        try:
            with tarfile.open(archive, "r|gz") as tar:
                for member in tar:
                    parts = member.name.removeprefix("./").split("/")
                    source = tar.extractfile(member) if member.isfile() else None
                    if (
                        source is None
                        or len(parts) != 2
                        or parts[0] != "pulumi"
                        or parts[1] in ("", ".", "..")
                    ):
                        continue
                    target = folder / parts[1]
                    with target.open("wb") as sink:
                        shutil.copyfileobj(source, sink, 1 << 20)
                    target.chmod(0o755 if member.mode & 0o100 else 0o644)
        except (tarfile.TarError, EOFError, OSError) as fault:
            raise UnusableError(f"{archive} cannot be unpacked: {fault}") from fault
        version = ".".join(map(str, version_of(folder / "pulumi")))
        target = CACHE / version
        try:
            folder.rename(target)
        except OSError:
            # Somebody else unpacked the same version in the meantime: theirs is as good.
            if not (target / "pulumi").is_file():
                raise
    return target / "pulumi"


def from_archive(archive: Path) -> Path:
    """Unpacks an archive on this disk, after a look at SHA256SUMS beside it if there is one."""
    if not archive.is_file():
        raise UnusableError(f"{archive} does not exist")
    sums = archive.parent / "SHA256SUMS"
    if sums.is_file():
        verify(archive, sums.read_text(), str(sums))
    return unpack(archive)


def download() -> Path:
    """Gets the pinned release from the first official origin that has the very archive that is known here."""
    machine = platform_name()
    digest = DIGESTS.get(machine)
    if digest is None:
        raise UnusableError(f"no archive for {machine} is known here")
    name = f"pulumi-v{PINNED}-{machine}.tar.gz"
    faults = []
    for origin in ORIGINS:
        url = f"{origin}/{name}"
        with tempfile.TemporaryDirectory(prefix="pulumi-") as scratch:
            archive = Path(scratch) / name
            try:
                say(f"Downloading {url} ...")
                with (
                    urllib.request.urlopen(url, timeout=60) as reply,  # noqa: S310 - https, named above
                    archive.open("wb") as sink,
                ):
                    shutil.copyfileobj(reply, sink, 1 << 20)
                if sha256(archive) != digest:
                    raise UnusableError("it does not have the checksum that is written here")
                return unpack(archive)
            except (OSError, ValueError, UnusableError) as fault:
                faults.append(f"{url}: {fault}")
    raise UnusableError("; ".join(faults))


def give_up(sentence: str) -> NoReturn:
    """Ends with the status that means: no CLI to be had."""
    say(sentence)
    sys.exit(NO_CLI)


def locate() -> Path:
    """Finds or gets a CLI."""
    if os.environ.get("VOICECLONE_STANDIN"):
        give_up("No Pulumi CLI is used, since VOICECLONE_STANDIN is set.")
    found = on_path() or cached()
    if found is not None:
        return found
    named = os.environ.get("PULUMI_TARBALL")
    if named:
        try:
            return from_archive(Path(named).expanduser().resolve())
        except UnusableError as fault:
            give_up(f"PULUMI_TARBALL cannot be used: {fault}.")
    for archive in sorted(
        (ROOT.parent / "shared" / "pulumi").glob(f"*-{platform_name()}.tar.gz"), reverse=True
    ):
        try:
            return from_archive(archive)
        except UnusableError as fault:
            say(f"Not using {archive}: {fault}.")
    try:
        return download()
    except UnusableError as fault:
        give_up(
            "No Pulumi CLI could be had: install one (https://www.pulumi.com/docs/install/), or let "
            f"PULUMI_TARBALL name a release archive. The download failed: {fault}."
        )


if __name__ == "__main__":
    try:
        print(locate())
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as fault:
        give_up(f"No Pulumi CLI could be had: {fault}.")
