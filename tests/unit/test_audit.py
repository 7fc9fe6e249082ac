"""What `make audit` says, without any service."""

from __future__ import annotations

import subprocess
import sys
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

import audit

GOOD: dict[str, Any] = {"name": "good", "version": "1.0", "vulns": []}
UNREACHABLE = ["The advisory service cannot be reached, so no version was looked up."]


def vulnerable(name: str, version: str, number: str, *fixed: str) -> dict[str, Any]:
    return {"name": name, "version": version, "vulns": [{"id": number, "fix_versions": [*fixed]}]}


def test_advisories_are_told() -> None:
    bad = vulnerable("bad", "2.0", "PYSEC-1", "2.1", "3.0")
    hopeless = vulnerable("worse", "3", "PYSEC-2")
    assert audit.judged([GOOD, bad, hopeless]) == [
        "bad 2.0 has PYSEC-1; fixed in 2.1, 3.0.",
        "worse 3 has PYSEC-2; fixed in no version yet.",
    ]
    assert audit.judged([GOOD]) == []


def test_what_was_not_looked_up_is_not_good() -> None:
    unknown: dict[str, Any] = {"name": "mine", "skip_reason": "Dependency not found"}
    assert audit.judged([GOOD, unknown]) == ["mine was not looked up: the advisory service does not know it."]
    assert audit.judged([unknown]) == UNREACHABLE
    assert audit.judged([]) == UNREACHABLE


@pytest.mark.parametrize("said", ["", "Traceback", "{}"])
def test_advisory_service_out_of_reach(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    ended = subprocess.CompletedProcess([], 1, said, "Traceback ...\nConnectionError: no route\n")
    monkeypatch.setattr("subprocess.run", lambda *_, **__: ended)
    assert audit.advisories() == [f"{UNREACHABLE[0][:-1]} (ConnectionError: no route)."]


def test_secrets_are_told(tmp_path: Path) -> None:
    pytest.importorskip("detect_secrets", reason="detect-secrets is not installed: see make audit")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    known = 'password = "{}"\n'.format("known-to-be-none-7")
    (tmp_path / "known.py").write_text(known)
    scan = ["-m", "detect_secrets", "scan", "--no-verify", "known.py"]
    made = subprocess.run([sys.executable, *scan], cwd=tmp_path, capture_output=True, text=True, check=True)
    (tmp_path / "baseline").write_text(made.stdout)
    (tmp_path / "known.py").write_text("\n\n" + known)  # its line moved
    found = audit.found_secrets(tmp_path, ["known.py"], tmp_path / "baseline")
    assert (found, (tmp_path / "baseline").read_text()) == ([], made.stdout)
    (tmp_path / "new.py").write_text("\n" + 'key = "{}"\n'.format("AKIA" + "ZYXWVUTSRQPONMLK"))
    found = audit.found_secrets(tmp_path, ["known.py", "new.py"], tmp_path / "baseline")
    assert found == ["new.py:2 looks like a secret (AWS Access Key)."]
    [failed] = audit.found_secrets(tmp_path, ["new.py"], tmp_path / "known.py")
    assert failed.startswith("The repository could not be searched for secrets: ")


def described(**fields: Any) -> Any:
    made = Message()
    for name, values in fields.items():
        for value in [values] if isinstance(values, str) else values:
            made[name.replace("_", "-")] = value
    return made


def test_licence_is_read_from_the_newest_place() -> None:
    classifiers = [
        "License :: DFSG approved",
        "License :: OSI Approved :: MIT License",
        "Framework :: Pytest",
    ]
    assert audit.told(described(License_Expression="MIT", Classifier=classifiers, License="GPL")) == "MIT"
    assert audit.told(described(Classifier=classifiers, License="GPL")) == "MIT License"
    assert audit.told(described(License="GPL")) == "GPL"
    assert audit.told(described()) == "none"


@pytest.mark.parametrize(
    ("licence", "good"),
    [
        ("MIT", True),
        ("Apache-2.0 AND MIT", True),
        ("GPL-3.0-only OR (Apache-2.0)", True),
        ("MIT AND GPL-3.0-only", False),
        ("none", False),
        ("MITX", False),
    ],
)
def test_licences_are_judged(licence: str, good: bool) -> None:
    assert audit.compatible(licence) is good


def test_exceptions_hold_where_their_reason_does() -> None:
    weak = "MPL-2.0"
    assert audit.unlicensed({"certifi": weak, "hypothesis": weak, "av": "BSD-3-Clause"}, {"certifi"}) == []
    told = audit.unlicensed({"hypothesis": weak, "av": "BSD-3-Clause", "new": weak}, {"hypothesis", "av"})
    assert [line.split()[0] for line in told] == ["av", "hypothesis", "new"]


def test_run_time_is_what_a_plain_install_brings() -> None:
    found = audit.needed(audit.OURS)
    assert {"pulumi", "requests", "certifi", "urllib3"} <= found
    assert not found & {"av", "aiohttp", "pytest", "hypothesis"}


def test_what_the_lock_file_lacks() -> None:
    project = {
        "build-system": {"requires": ["builder>=1"]},
        "project": {
            "dependencies": ["One>=2,<3"],
            "optional-dependencies": {"dev": ["two_b; sys_platform == 'x'", "voiceclone-provider[other]"]},
        },
    }
    text = "builder==1.5 \\\n    --hash=sha256:0\none==2.9 ; python_version < '3.12' \\\ntwo-b==1\n"
    assert audit.unmet(project, text) == []
    [told] = audit.unmet(project, text.replace("one==2.9", "one==3.0"))
    assert "One<3,>=2" in told
    assert len(audit.unmet(project, "--index-url https://packages.example/simple\n" + text)) == 1


def test_the_lock_file_is_fresh() -> None:
    assert audit.lock() == []


def test_faults_end_it_with_one(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(audit, "PARTS", {"a": lambda: ["Something."], "b": list})
    assert audit.main(["b"]) == 0
    assert audit.main([]) == 1
    assert capsys.readouterr().out == "b: nothing found\na:\n  Something.\nb: nothing found\n"
    assert audit.main(["c"]) == 2
