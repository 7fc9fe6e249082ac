"""How a release is built: what is taken, how it is packed, and that everything has one version."""

from __future__ import annotations

import io
import json
import lzma
import os
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import tomllib
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

from release import lock, plugin, project, start, tarball
from voiceclone_provider import __version__
from voiceclone_provider.plugin.package import Package

ROOT = Path(__file__).resolve().parents[2]
RELEASE = ROOT / "scripts" / "release"
WORKFLOW = ROOT / ".github" / "workflows" / "release.yml"


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


# -- one version ---------------------------------------------------------------------------------------------


def test_everything_has_the_version_of_the_package() -> None:
    assert project.version() == __version__ == json.loads(Package().schema)["version"]
    assert "version" in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dynamic"]
    assert "version" not in (ROOT / "PulumiPlugin.yaml").read_text("utf-8")
    assert plugin.name("linux-amd64") == f"pulumi-resource-voiceclone-v{__version__}-linux-amd64.tar.gz"


def test_a_tag_that_names_another_version() -> None:
    with pytest.raises(project.ReleaseError, match=r"v9\.9\.9 does not name the version"):
        project.check_tag("v9.9.9")


@pytest.mark.parametrize(
    ("heading", "fits"), [("[{}] - 2026-11-30", True), ("{}", True), ("[Unreleased]", False)]
)
def test_the_changelog_must_have_the_version(
    heading: str, fits: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project, "ROOT", tmp_path)
    (tmp_path / "CHANGELOG.md").write_text(
        f"# Changelog\n\n## {heading.format(__version__)}\n", encoding="utf-8"
    )
    if fits:
        project.check_tag(f"v{__version__}")
    else:
        with pytest.raises(project.ReleaseError, match="no section"):
            project.check_tag(f"v{__version__}")


# -- what is taken -------------------------------------------------------------------------------------------


def test_the_plugin_takes_no_more_of_the_sdk_than_its_protocol_needs() -> None:
    taken, all_of_it = lock.of_the_plugin(), lock.of_the_package()
    assert taken < all_of_it
    assert {"grpcio", "protobuf", "pydantic-core", "requests", "tinytag"} <= taken
    assert not taken & {"pulumi", "debugpy", "dill", "opentelemetry-sdk", "aiohttp", "av"}
    assert {"pulumi", "debugpy"} <= all_of_it


def test_pins_have_all_hashes_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    file.write_text(
        "a==1 \\\n    --hash=sha256:1 \\\n    --hash=sha256:2\n    # via b\nB_c==2 \\\n    --hash=sha256:3\n"
    )
    assert lock.pins(["A"], file) == "a==1 \\\n    --hash=sha256:1 \\\n    --hash=sha256:2\n"
    assert lock.pins(["b-c"], file) == "B_c==2 \\\n    --hash=sha256:3\n"
    with pytest.raises(project.ReleaseError, match="lacks d"):
        lock.pins(["a", "d"], file)


def test_the_lock_has_all_that_is_taken() -> None:
    assert lock.pins(lock.of_the_package()).count("==") == len(lock.of_the_package())


def test_what_was_installed_is_sorted_out() -> None:
    parts = plugin.split(
        {
            "grpc/__init__.py": b"1",
            "grpc/_cython/cygrpc.cpython-312-darwin.so": b"2",
            "google/_upb/_message.abi3.so": b"3",
            "charset_normalizer/md.cpython-312-darwin.so": b"4",
            "81d243bd__mypyc.cpython-312-darwin.so": b"5",
            "grpc/_cython/cygrpc.pyx": b"6",
            "bin/normalizer": b"7",
            "grpcio-1.dist-info/licenses/LICENSE": b"8",
            "grpcio-1.dist-info/RECORD": b"9",
            "pulumi/runtime/proto/provider_pb2.py": b"10",
            "pulumi/runtime/proto/__init__.py": b"11",
            "pulumi/resource.py": b"12",
        }
    )
    assert parts.plain == {"grpc/__init__.py": b"1", "pulumi/runtime/proto/provider_pb2.py": b"10"}
    assert parts.compiled == {"grpc._cython.cygrpc.so": b"2", "google._upb._message.so": b"3"}
    assert parts.abis == {"cpython-312-darwin"}
    assert parts.licences == {"grpcio-1/LICENSE": b"8"}


def test_of_a_file_for_two_processors_one_part_is_taken() -> None:
    arm, intel = 0x0100000C, 0x01000007
    head = struct.pack(">II", 0xCAFEBABE, 2)
    head += struct.pack(">5I", intel, 3, 64, 3, 0) + struct.pack(">5I", arm, 0, 80, 4, 0)
    fat = head.ljust(64, b"-") + b"X86".ljust(16, b"-") + b"ARM!"
    assert plugin.thin(fat, "darwin-amd64") == b"X86"
    assert plugin.thin(fat, "darwin-arm64") == b"ARM!"
    assert plugin.thin(fat, "linux-arm64") == fat
    assert plugin.thin(b"\xcf\xfa\xed\xfe thin", "darwin-arm64") == b"\xcf\xfa\xed\xfe thin"
    with pytest.raises(project.ReleaseError):
        plugin.thin(struct.pack(">II", 0xCAFEBABE, 0), "darwin-arm64")


# -- how it is packed ----------------------------------------------------------------------------------------


def test_an_archive_depends_on_nothing_but_its_files(tmp_path: Path) -> None:
    one = tarball.write(tmp_path / "1.tar.gz", {"b": b"2", "a/c": b"1"}, frozenset({"b"}))
    other = tarball.write(tmp_path / "2.tar.gz", {"a/c": b"1", "b": b"2"}, frozenset({"b"}))
    assert one.read_bytes() == other.read_bytes()
    with tarfile.open(one) as tar:
        told = [(each.name, each.mode, each.mtime, each.uid, each.uname) for each in tar]
    assert told == [("a/c", 0o644, 1700000000, 0, ""), ("b", 0o755, 1700000000, 0, "")]


@pytest.mark.parametrize("name", ["pulumi-resource-voiceclone", "pulumi-resource-voiceclone.cmd"])
def test_the_launchers_take_the_pythons_that_are_packed_for(name: str) -> None:
    text = (RELEASE / name).read_text("utf-8")
    match = re.search(r"not \((3), (\d+)\) <= sys.version_info < \(3, (\d+)\)", text)
    assert match is not None
    assert tuple(f"3.{minor}" for minor in range(int(match[2]), int(match[3]))) == lock.PYTHONS


# -- how it starts -------------------------------------------------------------------------------------------


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive, unpacked, with compiled modules for this Python and another."""
    (tmp_path / "plugin").mkdir()
    (tmp_path / "plugin" / "release").write_text("1-abc\n")
    packed = plugin.pack({f"{start.ABI}/a.b.so": b"ours", "cpython-399-other/a.b.so": b"theirs"}, 0)
    (tmp_path / "native.tar.xz").write_bytes(packed)
    monkeypatch.setattr(start, "PLUGIN", str(tmp_path / "plugin"))
    monkeypatch.setattr(start, "PACKED", str(tmp_path / "native.tar.xz"))
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    return tmp_path


def test_the_first_start_unpacks_the_modules_of_its_python(installed: Path) -> None:
    folder = Path(start.unpacked())
    assert folder == installed / "native" / start.ABI
    assert [(file.name, file.read_bytes()) for file in folder.iterdir()] == [("a.b.so", b"ours")]
    assert [each.name for each in folder.parent.iterdir()] == [start.ABI]

    (installed / "native.tar.xz").unlink()
    assert start.unpacked() == str(folder)


def test_two_that_unpack_at_once(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = os.rename

    def late(scratch: str, folder: str) -> None:
        monkeypatch.setattr(os, "rename", rename)
        start.unpack(str(Path(folder).parent))
        rename(scratch, folder)

    monkeypatch.setattr(os, "rename", late)
    folder = Path(start.unpacked())
    assert [file.name for file in folder.iterdir()] == ["a.b.so"]
    assert [each.name for each in folder.parent.iterdir()] == [start.ABI]


def test_where_the_plugin_may_not_be_written(installed: Path) -> None:
    (installed / "native").write_text("no folder can be made here")
    assert start.unpacked() == str(installed / "home" / "voiceclone-native" / "1-abc" / start.ABI)


def test_where_nothing_may_be_written(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (installed / "native").write_text("")
    (installed / "home").write_text("")
    with pytest.raises(SystemExit):
        start.unpacked()
    assert f"{installed / 'native'} or {installed / 'home'}" in capsys.readouterr().err


def test_a_python_that_nothing_is_packed_for(
    installed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start, "ABI", "cpython-312-x86_64-linux-musl")
    with pytest.raises(SystemExit):
        start.unpacked()
    told = capsys.readouterr().err
    assert sys.executable in told
    assert "cpython-312-x86_64-linux-musl" in told
    assert "PULUMI_PYTHON_CMD" in told
    assert list((installed / "native").iterdir()) == []


def test_compiled_modules_are_found_by_their_names(tmp_path: Path) -> None:
    (tmp_path / f"a.b{start.SUFFIX}").write_bytes(b"")
    finder = start.Compiled(str(tmp_path))
    found = finder.find_spec("a.b")
    assert found is not None
    assert found.origin == str(tmp_path / f"a.b{start.SUFFIX}")
    assert finder.find_spec("a.c") is None
    assert f".{start.ABI}{start.SUFFIX}" == EXTENSION_SUFFIXES[0]


def test_packing_looks_back_to_the_python_before() -> None:
    alike = os.urandom(2 << 20)  # more than the window would be otherwise
    packed = plugin.pack({"one/a": alike, "two/a": alike}, 0)
    assert len(packed) < 3 << 20
    with tarfile.open(fileobj=lzma.open(io.BytesIO(packed))) as tar:
        assert tar.getnames() == ["one/a", "two/a"]


# -- the workflow --------------------------------------------------------------------------------------------


def test_the_workflow_runs_only_what_it_names_by_digest() -> None:
    used = re.findall(r"uses: (\S+)", WORKFLOW.read_text("utf-8"))
    assert used
    assert [one for one in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", one)] == []


def test_the_workflow_tries_every_archive() -> None:
    tried = set(re.findall(r"archive: ([a-z0-9-]+)", WORKFLOW.read_text("utf-8")))
    # It has the files of windows-amd64.
    assert tried == set(plugin.PLATFORMS) - {"windows-arm64"}
    assert plugin.SYSTEMS["windows-arm64"] == plugin.SYSTEMS["windows-amd64"]


def test_the_go_sdk_is_tagged_as_go_looks_for_it(tmp_path: Path) -> None:
    served, work = tmp_path / "served", tmp_path / "work"

    def git(*words: str) -> str:
        command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-C", str(work), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    subprocess.run(["git", "init", "-q", "--bare", str(served)], check=True)
    (work / "scripts" / "release").mkdir(parents=True)
    script = Path(shutil.copy(RELEASE / "tag-go-sdk", work / "scripts" / "release"))
    git("init", "-q", "-b", "main")
    git("remote", "add", "origin", str(served))
    (work / ".gitignore").write_text("sdk/\ndist/\n")
    git("add", "-A")
    git("commit", "-qm", "one")
    git("tag", "v1.2.3")
    tarball.write(
        work / "dist" / "pulumi-voiceclone-sdk-go-v1.2.3.tar.gz", {"go.mod": b"module m\n", "a/b.go": b"x"}
    )

    for _ in range(2):  # again, it makes the same
        subprocess.run([str(script), "v1.2.3"], check=True, capture_output=True)
    listed = git("--git-dir", str(served), "ls-tree", "-r", "--name-only", "sdk/go/v1.2.3").split()
    assert listed == [".gitignore", "scripts/release/tag-go-sdk", "sdk/go/a/b.go", "sdk/go/go.mod"]
    assert git("status", "--porcelain") == ""
