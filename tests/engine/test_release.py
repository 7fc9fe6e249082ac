"""What a release publishes, as users get it.

What takes minutes is tried by `make release-check`, which sets VOICECLONE_RELEASE_CHECK.
"""

from __future__ import annotations

import hashlib
import http.server
import importlib.util
import json
import lzma
import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
import tarfile
import threading
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from release import plugin, project, python, sdks
from voiceclone_provider import __version__

from .emulator import Emulator, eventually
from .stack import ROOT, Stack
from .voices import ALL

NEEDED = ("cyclonedx", "hatchling", "uv")
MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
PLATFORM = f"{platform.system().lower()}-{MACHINES.get(platform.machine().lower(), '')}"
PYTHON = "{}.{}".format(*sys.version_info)
UNREACHABLE = re.compile(r"ConnectionError|Temporary failure|Failed to fetch|dns error|ENOTFOUND|EAI_AGAIN")

at_length = pytest.mark.skipif(
    not os.environ.get("VOICECLONE_RELEASE_CHECK"), reason="takes minutes: make release-check"
)


@pytest.fixture(scope="module", autouse=True)
def tools() -> None:
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"NOT TESTED: a release needs {', '.join(missing)}; make audit installs them")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plugin's archive for this machine and the Python that runs the tests, hardly packed."""
    return build(tmp_path_factory.mktemp("archive"))


def build(folder: Path) -> Path:
    try:
        return plugin.build(PLATFORM, folder, [PYTHON], effort=0)
    except project.ReleaseError as error:
        if UNREACHABLE.search(str(error)):
            pytest.skip("NOT TESTED: the packages of a plugin archive need a package index")
        raise


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (_, built) = sorted(
        python.build(tmp_path_factory.mktemp("wheel")), key=lambda file: file.suffix == ".whl"
    )
    return built


@pytest.fixture(scope="module")
def unzipped(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unzipped")
    with zipfile.ZipFile(wheel) as zipped:
        zipped.extractall(folder)  # noqa: S202 - our own
    return folder


# -- the plugin's archive ------------------------------------------------------------------------------------


def test_what_is_in_an_archive(archive: Path) -> None:
    assert archive.name == f"pulumi-resource-voiceclone-v{__version__}-{PLATFORM}.tar.gz"
    with tarfile.open(archive) as tar:
        members = {member.name: member for member in tar}
        names = list(members)
        packed = tar.extractfile("native.tar.xz")
        bill = tar.extractfile("sbom.cdx.json")
        assert packed is not None
        assert bill is not None
        with tarfile.open(fileobj=lzma.open(packed)) as native:
            compiled = {name.partition("/")[2].rpartition(".")[0] for name in native.getnames()}
        listed = {each["name"] for each in json.load(bill)["components"]}
    assert names == sorted(names)
    assert {member.mode for name, member in members.items() if name == "pulumi-resource-voiceclone"} == {
        0o755
    }
    assert {(member.uid, member.mtime) for member in members.values()} == {(0, project.epoch())}
    assert compiled == {"google._upb._message", "grpc._cython.cygrpc", "pydantic_core._pydantic_core"}
    assert "plugin/voiceclone_provider/schema.json" in names
    assert not [name for name in names if "/emulator/" in name or name.endswith((".pyc", ".so"))]
    # Pulumi would make a virtualenv for it.
    assert "PulumiPlugin.yaml" not in names
    assert {"grpcio", "pydantic-core", "pulumi"} <= listed
    assert not {"debugpy", "aiohttp"} & listed
    assert any(name.startswith("licences/grpcio-") for name in names)


def test_two_builds_are_equal(archive: Path, tmp_path: Path) -> None:
    assert build(tmp_path).read_bytes() == archive.read_bytes()


@pytest.mark.usefixtures("cli")
def test_the_installed_archive_is_used(stack: Stack, archive: Path, emulator: Emulator) -> None:
    """Offline, by a program that does not say where the plugin is."""
    # Nothing but the emulator can be reached, and no other plugin or Python package be seen.
    stack.environment |= {
        "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "PULUMI_PYTHON_CMD": sys.executable,
    }
    stack.environment.pop("PYTHONPATH", None)
    shutil.rmtree(stack.home, ignore_errors=True)
    stack.must("plugin", "install", "resource", "voiceclone", __version__, "--file", str(archive))
    installed = stack.home / "plugins" / f"resource-voiceclone-v{__version__}"
    assert not (installed / "native").exists()
    told = run(installed / "pulumi-resource-voiceclone", "--version")
    assert (told.returncode, told.stderr) == (0, ""), told.stderr
    assert __version__ in told.stdout
    told = run(installed / "pulumi-resource-voiceclone", "emulator")
    assert told.returncode == 1
    assert "pip install voiceclone-provider" in told.stderr
    assert "Traceback" not in told.stderr

    stack.program(voices(emulator, 1), packages={})
    stack.up()
    stack.nothing_to_do()
    assert (installed / "native").is_dir()
    stack.program(voices(emulator, 2), packages={})
    stack.up()
    assert {emulator.voice(vendor.key)["trainings"] for vendor in ALL if vendor.keeps_id} == {2}
    stack.destroy()


def voices(emulator: Emulator, take: int) -> dict[str, object]:
    return {vendor.key: vendor.resource(emulator, take) for vendor in ALL}


# -- the Python package --------------------------------------------------------------------------------------


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*map(str, command)],
        cwd="/",
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def test_the_wheel_has_the_emulators_samples(unzipped: Path, tmp_path: Path) -> None:
    emulator = EmulatorOf(unzipped, tmp_path)
    try:
        for name in ("host-en.mp3", "guide-zh.mp3", "guide-zh-take2.mp3"):
            with urllib.request.urlopen(emulator.sample_url(name), timeout=10) as reply:  # noqa: S310 - ours
                assert reply.read() == (ROOT / "examples" / "voices" / name).read_bytes()
    finally:
        emulator.stop()


class EmulatorOf(Emulator):
    """The emulator of an unpacked wheel, started where there is no checkout."""

    def __init__(self, package: Path, folder: Path) -> None:
        self.training_seconds = 0.5
        self._log = folder / "emulator.log"
        command = [sys.executable, "-P", "-m", "voiceclone_provider.emulator", "--port", "0"]
        with self._log.open("wb") as sink:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, "PYTHONPATH": str(package)},
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
            )
        self.url = eventually(self._address)


def test_the_emulator_names_its_extra(unzipped: Path, tmp_path: Path) -> None:
    # -S: of the packages that are installed here, only what reads the command line.
    (tmp_path / "click").symlink_to(Path(click.__file__).parent)
    path = os.pathsep.join((str(unzipped), str(tmp_path)))
    ended = run(sys.executable, "-P", "-S", "-m", "voiceclone_provider.emulator", PYTHONPATH=path)
    assert ended.returncode == 1
    assert 'To install it: pip install "voiceclone-provider[emulator]"' in ended.stderr
    assert "Traceback" not in ended.stderr


@at_length
def test_the_wheel_in_an_empty_virtualenv(wheel: Path, tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    assert run(sys.executable, "-m", "venv", venv).returncode == 0
    install(venv, wheel)
    ended = run(venv / "bin" / "pulumi-resource-voiceclone", "--version", PYTHONPATH="")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert __version__ in ended.stdout
    assert (
        "[emulator]"
        in run(venv / "bin" / "python", "-m", "voiceclone_provider.emulator", PYTHONPATH="").stderr
    )
    install(venv, f"{wheel}[emulator]")
    ended = run(venv / "bin" / "python", "-m", "voiceclone_provider.emulator", "--help", PYTHONPATH="")
    assert ended.returncode == 0, ended.stderr


def install(venv: Path, what: str | Path) -> None:
    ended = run(venv / "bin" / "python", "-m", "pip", "install", "--quiet", what, PYTHONPATH="")
    if ended.returncode != 0 and UNREACHABLE.search(ended.stderr):
        pytest.skip("NOT TESTED: installing the wheel needs a package index")
    assert ended.returncode == 0, ended.stderr


def test_the_package_is_built_twice_alike(wheel: Path, tmp_path: Path) -> None:
    again = {file.name: file.read_bytes() for file in python.build(tmp_path)}
    assert again == {file.name: file.read_bytes() for file in wheel.parent.iterdir()}


# -- all of it -----------------------------------------------------------------------------------------------


@at_length
@pytest.mark.usefixtures("cli")
def test_all_parts(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for out in (first, second):
        command = (sys.executable, "-m", "release", "--parts", "python", "sdks", "--out", str(out))
        ended = run(*command, PYTHONPATH=os.pathsep.join((str(ROOT / "scripts"), str(ROOT / "provider"))))
        if ended.returncode != 0 and UNREACHABLE.search(ended.stderr):
            pytest.skip("NOT TESTED: the SDKs need their package indexes")
        assert ended.returncode == 0, ended.stderr
    lines = (line.split("  ") for line in (first / "SHA256SUMS").read_text().splitlines())
    sums = {name: digest for digest, name in lines}
    files = {file.name: file for file in first.iterdir() if file.name != "SHA256SUMS"}
    assert sums == {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items()}
    assert (first / "SHA256SUMS").read_text() == (second / "SHA256SUMS").read_text()
    assert f"pulumi_voiceclone-{__version__}-py3-none-any.whl" in files
    assert f"pulumi-voiceclone-sdk-go-v{__version__}.tar.gz" in files
    unmade = re.findall(r"No SDK for (\w+):", ended.stderr)
    assert len(unmade) + len([name for name in files if "-sdk-" in name or name.endswith(".tgz")]) + 1 == len(
        sdks.LANGUAGES
    )


# -- the repository as a source of the package ---------------------------------------------------------------


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A git server with this package, tagged with its version: its URL, and the certificate to trust."""
    work, served = tmp_path / "work", tmp_path / "served" / "voiceclone" / "pulumi-voiceclone.git"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, work / name)
    git = ("git", "-c", "user.name=test", "-c", "user.email=test@example.com", "-C", str(work))
    for words in (
        ("init", "-q", "-b", "main"),
        ("add", "-A"),
        ("commit", "-qm", "all"),
        ("tag", f"v{__version__}"),
    ):
        subprocess.run([*git, *words], check=True)
    subprocess.run(["git", "clone", "-q", "--bare", str(work), str(served)], check=True)
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
            ),
            *("-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)

    class Git(http.server.BaseHTTPRequestHandler):
        """Hands each request to `git http-backend`."""

        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            ended = subprocess.run(
                ["git", "http-backend"],
                input=sent,
                capture_output=True,
                check=True,
                env={
                    **os.environ,
                    "GIT_PROJECT_ROOT": str(served.parents[1]),
                    "GIT_HTTP_EXPORT_ALL": "1",
                    "REQUEST_METHOD": self.command,
                    "PATH_INFO": path,
                    "QUERY_STRING": query,
                    "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                    "CONTENT_LENGTH": str(len(sent)),
                    "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                    "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                },
            )
            head, _, body = ended.stdout.partition(b"\r\n\r\n")
            fields = dict(line.split(": ", 1) for line in head.decode().splitlines())
            self.send_response(int(fields.pop("Status", "200").split()[0]))
            for name, value in fields.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the parent's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
            pass

    try:
        # No other port: Pulumi names the plugin's folder after it, and no virtualenv may have a colon.
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 443), Git)
    except OSError as error:
        pytest.skip(f"NOT TESTED: a git server on port 443 ({error.strerror})")
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield "https://localhost/voiceclone/pulumi-voiceclone.git", certificate
    server.shutdown()
    thread.join()
    server.server_close()


@at_length
def test_the_repository_is_a_package(
    stack: Stack, cli: Path, repository: tuple[str, Path], emulator: Emulator
) -> None:
    url, certificate = repository
    stack.environment |= {"PULUMI_IGNORE_AMBIENT_PLUGINS": "true", "SSL_CERT_FILE": str(certificate)}
    del stack.environment["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"]
    stack.program({}, packages={})
    ended = stack.run("package", "add", f"{url}@v{__version__}", "--non-interactive")
    if ended.code != 0 and UNREACHABLE.search(ended.text):
        pytest.skip("NOT TESTED: installing the plugin from its repository needs a package index")
    assert ended.code == 0, ended.text
    stack.program(voices(emulator, 1), packages={"voiceclone": f"{url}@{__version__}"})
    stack.up()
    assert {emulator.voice(vendor.key)["status"] for vendor in ALL} == {"ready"}
