"""What `make install` shows of pip."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PIP = """import sys
print("Collecting a")
print("  Downloading a-1.0-py3-none-any.whl (12 kB)")
print("  Downloading b-1.0-py3-none-any.whl.metadata (3.1 kB)")
print("Downloading https://packages.example/b-1.0-py3-none-any.whl (16.6 MB)")
print("Using cached c-2.0-py3-none-any.whl (1.5 MB)")
print("Successfully installed a-1.0 b-1.0 c-2.0")
if "bad" in sys.argv:
    sys.exit("ERROR: No matching distribution found for bad")
"""


def install(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The script with a pip that prints what it is told."""
    (folder / "pip").mkdir(exist_ok=True)
    (folder / "pip" / "__init__.py").touch()
    (folder / "pip" / "__main__.py").write_text(PIP, "utf-8")
    command = [sys.executable, str(ROOT / "scripts" / "pip_install.py"), *words]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_large_files_and_the_sum_are_shown(tmp_path: Path) -> None:
    ended = install(tmp_path, "a")
    first, second, last = ended.stdout.splitlines()
    assert first == "  b-1.0-py3-none-any.whl (16.6 MB)"
    assert second == "  c-2.0-py3-none-any.whl (1.5 MB)"
    assert last.startswith("  3 packages in ")
    assert ended.returncode == 0


def test_a_fault_is_pips_own(tmp_path: Path) -> None:
    ended = install(tmp_path, "bad")
    assert (ended.returncode, "packages in" in ended.stdout) == (1, False)
    assert "No matching distribution" in ended.stderr
