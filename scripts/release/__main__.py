"""`python -m release`: builds what a release publishes into a folder."""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import lock, plugin, python, sbom, sdks
from .project import ROOT, ReleaseError, check_tag, version

PARTS = ("plugins", "python", "sdks")


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m release", description="Builds what a release publishes.")
    made.add_argument(
        "--out", type=Path, default=ROOT / "dist", help="the folder (default: dist); emptied first"
    )
    made.add_argument(
        "--parts", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=", ".join(PARTS)
    )
    made.add_argument(
        "--platforms", nargs="+", choices=plugin.PLATFORMS, default=plugin.PLATFORMS, metavar="OS-ARCH"
    )
    made.add_argument("--pythons", nargs="+", choices=lock.PYTHONS, default=lock.PYTHONS, metavar="VERSION")
    made.add_argument("--all", action="store_true", help="an SDK that cannot be made here is an error")
    made.add_argument(
        "--tag", help="the git tag that is released; ends with 1 if it does not name the version"
    )
    made.add_argument("--check-only", action="store_true", help="with --tag: build nothing")
    return made


def build(given: argparse.Namespace) -> list[str]:
    """Build the parts; what could not be made here, a sentence each."""
    out: Path = given.out
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    missing: list[str] = []
    if "plugins" in given.parts:
        with ThreadPoolExecutor(2) as pool:
            for made in pool.map(
                lambda platform: plugin.build(platform, out, given.pythons), given.platforms
            ):
                say(made)
    if "python" in given.parts:
        for made in python.build(out):
            say(made)
        bill = out / f"voiceclone-provider-{version()}.cdx.json"
        bill.write_bytes(sbom.of(lock.of_the_package()))
        say(bill)
    if "sdks" in given.parts:
        for language in sdks.LANGUAGES:
            try:
                for made in sdks.build(language, out):
                    say(made)
            except sdks.UnavailableError as reason:
                missing.append(f"No SDK for {language}: {reason}")
    sums = "".join(
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in sorted(out.iterdir())
    )
    (out / "SHA256SUMS").write_text(sums, encoding="utf-8")
    return missing


def say(file: Path) -> None:
    print(f"{file.stat().st_size:>12,}  {file.name}", flush=True)


def main() -> int:
    given = parser().parse_args()
    try:
        if given.tag:
            check_tag(given.tag)
            if given.check_only:
                return 0
        missing = build(given)
    except ReleaseError as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    for sentence in missing:
        print(f"release: {sentence}", file=sys.stderr)
    return 1 if missing and given.all else 0


if __name__ == "__main__":
    sys.exit(main())
