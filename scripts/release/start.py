"""Starts the plugin of a release archive.

The archive has all that the plugin needs but Python itself. The compiled modules differ from one Python to
the next and are much alike, so they are packed together in `native.tar.xz`, a folder for each Python. The
first start unpacks those of its own Python: beside that file, or under `PULUMI_HOME` where that may not be
written.
"""

from __future__ import annotations

import os
import shutil
import sys
import tarfile
import tempfile
from importlib.abc import MetaPathFinder
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from importlib.util import spec_from_file_location
from typing import Any, NoReturn

PLUGIN = os.path.dirname(os.path.abspath(__file__))
PACKED = os.path.join(os.path.dirname(PLUGIN), "native.tar.xz")
# As in cpython-312-x86_64-linux-gnu.so: what a compiled module must be made for.
ABI, SUFFIX = os.path.splitext(EXTENSION_SUFFIXES[0].lstrip("."))


class Compiled(MetaPathFinder):
    """Finds the compiled modules, whose files are named as they are imported."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        file = os.path.join(self._folder, name + SUFFIX)
        return spec_from_file_location(name, file) if os.path.isfile(file) else None


def unpacked() -> str:
    """The folder with the compiled modules for this Python."""
    with open(os.path.join(PLUGIN, "release"), encoding="utf-8") as file:
        release = file.read().strip()
    pulumi = os.environ.get("PULUMI_HOME") or os.path.join(os.path.expanduser("~"), ".pulumi")
    beside = os.path.join(os.path.dirname(PLUGIN), "native")
    places = [beside, os.path.join(pulumi, "voiceclone-native", release)]
    for place in places:
        if os.path.isdir(folder := os.path.join(place, ABI)):
            return folder
    try:
        return unpack(places[0])
    except OSError:
        pass
    try:
        return unpack(places[1])
    except OSError as error:
        fail(f"its compiled modules cannot be unpacked: {error}. {' or '.join(places)} must be writable.")


def unpack(place: str) -> str:
    """Unpack them, all or nothing; another process may do the same at this moment."""
    os.makedirs(place, mode=0o700, exist_ok=True)
    folder = os.path.join(place, ABI)
    scratch = tempfile.mkdtemp(dir=place)
    try:
        with tarfile.open(PACKED) as tar:
            for member in tar:
                home, _, name = member.name.partition("/")
                if home == ABI:
                    source = tar.extractfile(member)
                    assert source is not None  # noqa: S101 - there are only files in it
                    with open(os.path.join(scratch, name), "wb") as sink:
                        shutil.copyfileobj(source, sink, 1 << 20)
                elif os.listdir(scratch):
                    break
        if not os.listdir(scratch):
            fail("it has no compiled modules for this Python.")
        os.chmod(scratch, 0o755)  # noqa: S103 - a plugin that one user installs is for all to run
        try:
            os.rename(scratch, folder)
        except OSError:
            if not os.path.isdir(folder):
                raise
    except tarfile.CompressionError:
        fail("this Python was built without lzma.")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return folder


def fail(reason: str) -> NoReturn:
    print(
        f"voiceclone cannot start with {sys.executable} ({ABI}): {reason}\n"
        "Let PULUMI_PYTHON_CMD name another Python, 3.11 to 3.14; or pip install voiceclone-provider into a "
        "virtualenv and activate it, which Pulumi then takes the plugin from.",
        file=sys.stderr,
    )
    sys.exit(1)


def main() -> None:
    sys.meta_path.insert(0, Compiled(folder := unpacked()))
    if not os.access(PLUGIN, os.W_OK):
        sys.pycache_prefix = os.path.join(folder, "pycache")
    try:
        import grpc  # noqa: F401 - the largest of them, as a trial
    except ImportError as error:
        fail(f"{error}.")
    from voiceclone_provider.__main__ import main as start

    start()


if __name__ == "__main__":
    main()
