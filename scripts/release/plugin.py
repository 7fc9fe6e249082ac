"""The plugin's archive for a platform: everything but Python, for every Python that is supported.

    pulumi-resource-voiceclone   (.cmd on Windows) what Pulumi runs
    plugin/                      the provider and the packages it needs, without compiled modules; __main__.py
    native.tar.xz                the compiled modules, a folder for each Python
    licences/                    those of the packages
    sbom.cdx.json

There is no PulumiPlugin.yaml in it: with one, Pulumi would make a virtualenv and update pip in it from the
package index, which takes longer than all else, and fails without the network.
"""

from __future__ import annotations

import hashlib
import io
import lzma
import re
import struct
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from . import lock, sbom, tarball
from .project import NAME, PROVIDER, ROOT, ReleaseError, version

HERE = Path(__file__).parent

# What uv calls the system and the processor.
SYSTEMS = {
    "linux-amd64": "x86_64-manylinux_2_28",
    "linux-arm64": "aarch64-manylinux_2_28",
    "darwin-amd64": "x86_64-apple-darwin",
    "darwin-arm64": "aarch64-apple-darwin",
    "windows-amd64": "x86_64-pc-windows-msvc",
    # There is no grpcio for Python for Arm on Windows. Windows runs Python for x64 there.
    "windows-arm64": "x86_64-pc-windows-msvc",
}
PLATFORMS = tuple(SYSTEMS)

# The provider's folders that only the Python package has a use for.
LEFT_OUT = ("emulator", "codegen", "__pycache__")
# What no process reads: types, sources of compiled modules, commands.
UNREAD = (".pyi", ".pyx", ".pxd", ".pxi", ".c", ".h", ".pyc")
# Packages whose compiled modules only make faster what the plugin does not do.
UNCOMPILED = ("charset_normalizer",)
# What is taken of Pulumi's SDK.
PROTOCOL = re.compile(rf"{lock.SDK}/runtime/proto/.*_pb2(?:_grpc)?\.py")
COMPILED = (".so", ".pyd", ".dylib", ".dll")
LICENCE = re.compile(r"(?:licen[sc]e|copying|notice|authors)", re.IGNORECASE)
# As much as the compiled modules of one Python, so that those of the next can refer back to them.
WINDOW = 32 << 20
FAT_MAGIC = 0xCAFEBABE
CPU = {"darwin-amd64": 0x01000007, "darwin-arm64": 0x0100000C}


@dataclass
class Parts:
    """What is installed for one Python.

    Arguments:
        compiled: its modules, each named as it is imported, with its file's suffix.
        abis: what they are compiled for: one, unless they do not fit together.
    """

    plain: dict[str, bytes] = field(default_factory=dict)
    compiled: dict[str, bytes] = field(default_factory=dict)
    licences: dict[str, bytes] = field(default_factory=dict)
    abis: set[str] = field(default_factory=set)


def name(platform: str) -> str:
    """What Pulumi calls the archive."""
    return f"pulumi-resource-{NAME}-v{version()}-{platform}.tar.gz"


def build(platform: str, out: Path, pythons: Sequence[str] = lock.PYTHONS, effort: int = 6) -> Path:
    """Make the archive of a platform in a folder, for these Pythons.

    Arguments:
        effort: how hard to pack, from 0 to 9; a release can wait, a test cannot.

    Raises:
        ReleaseError: a package has nothing for that platform, or the index cannot be reached.
    """
    names = lock.of_the_plugin()
    plain: dict[str, bytes] = {}
    files: dict[str, bytes] = {}
    native: dict[str, bytes] = {}
    for python in reversed(pythons):  # newest first: the first is unpacked the fastest
        parts = installed(platform, python, names)
        plain |= parts.plain
        files |= {f"licences/{file}": data for file, data in parts.licences.items()}
        (abi,) = parts.abis
        native |= {f"{abi}/{file}": thin(data, platform) for file, data in parts.compiled.items()}
    packed = pack(native, effort)
    plain |= provider()
    plain["release"] = f"{version()}-{hashlib.sha256(packed).hexdigest()[:16]}\n".encode()
    plain["__main__.py"] = (HERE / "start.py").read_bytes()
    launcher = f"pulumi-resource-{NAME}" + (".cmd" if platform.startswith("windows") else "")
    files |= {f"plugin/{file}": data for file, data in plain.items()}
    files |= {
        launcher: (HERE / launcher).read_bytes(),
        "native.tar.xz": packed,
        "LICENSE": (ROOT / "LICENSE").read_bytes(),
        "sbom.cdx.json": sbom.of({*names, lock.SDK}),
    }
    return tarball.write(out / name(platform), files, frozenset({launcher}))


def provider() -> dict[str, bytes]:
    """The provider's own files."""
    own = {
        f"{PROVIDER.name}/{file}": data
        for file, data in tarball.read(PROVIDER).items()
        if not set(PurePosixPath(file).parts) & set(LEFT_OUT)
    }
    return {**own, f"{PROVIDER.name}/schema.json": (ROOT / "schema.json").read_bytes()}


def installed(platform: str, python: str, names: Iterable[str]) -> Parts:
    """The packages as they are installed there, and of Pulumi's SDK the protocol buffers."""
    with tempfile.TemporaryDirectory() as scratch:
        wanted, target = Path(scratch) / "requirements.txt", Path(scratch) / "site"
        wanted.write_text(lock.pins({*names, lock.SDK}), encoding="utf-8")
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-config", "--require-hashes"]
        command += ["--no-deps", "--only-binary", ":all:", "--target", str(target), "-r", str(wanted)]
        command += ["--python-version", python, "--python-platform", SYSTEMS[platform]]
        ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if ended.returncode != 0:
            raise ReleaseError(
                f"Nothing to pack for Python {python} on {platform}: {ended.stderr.strip()[-500:]}"
            )
        return split(tarball.read(target))


def split(files: dict[str, bytes]) -> Parts:
    """Sort out what was installed."""
    parts = Parts()
    for file, data in files.items():
        path = PurePosixPath(file)
        home = path.parts[0]
        if home.endswith(".dist-info"):
            if LICENCE.match(path.name):
                parts.licences[f"{home.removesuffix('.dist-info')}/{path.name}"] = data
        elif path.suffix in COMPILED:
            if home not in UNCOMPILED and "__mypyc" not in path.name:
                module, _, abi = path.stem.partition(".")
                parts.compiled[".".join([*path.parent.parts, module]) + path.suffix] = data
                parts.abis |= {abi} - {"", "abi3"}
        elif home == lock.SDK:
            if PROTOCOL.fullmatch(file):
                parts.plain[file] = data
        elif path.suffix not in UNREAD and home != "bin":
            parts.plain[file] = data
    return parts


def thin(data: bytes, platform: str) -> bytes:
    """Of a file for both of Apple's processors the part for one; any other file as it is."""
    if platform not in CPU or len(data) < 8:
        return data
    magic, count = struct.unpack_from(">II", data)
    if magic != FAT_MAGIC:
        return data
    for index in range(count):
        cpu, _, offset, size, _ = struct.unpack_from(">5I", data, 8 + 20 * index)
        if cpu == CPU[platform]:
            return data[offset : offset + size]
    raise ReleaseError(f"A file for both of Apple's processors has nothing for {platform}.")


def pack(files: dict[str, bytes], effort: int) -> bytes:
    """A `.tar.xz` of these files in this order, with a window that reaches back to the Python before."""
    packed = io.BytesIO()
    filters = [{"id": lzma.FILTER_LZMA2, "preset": effort, "dict_size": WINDOW}]
    with (
        lzma.LZMAFile(packed, "wb", filters=filters) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for file, data in files.items():
            tarball.add(tar, file, data)
    return packed.getvalue()
