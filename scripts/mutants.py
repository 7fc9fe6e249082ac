"""Change the provider in thousands of small ways, and list the changes that no unit test notices.

mutmut takes sources from `src` alone, so that it works on a copy, in `.cache/mutants`. What it found is kept
there: `cd .cache/mutants && ../../.venv/bin/mutmut show NAME` prints a change.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".cache" / "mutants"
PACKAGES = ("lifecycle", "account", "voice", "vendors")
TESTS = (
    "changes",
    "checking",
    "config",
    "identity",
    "journal",
    "lifecycle_create",
    "lifecycle_delete",
    "lifecycle_read",
    "lifecycle_recovery",
    "lifecycle_update",
    "ownership",
    "reads",
    "states",
    "training",
    "vendor_coze",
    "vendor_kling",
    "vendor_qiniu",
    "vendor_volcengine",
    "vendor_volcengine_console",
)
"""What these packages are tested by, without what starts processes or looks for faults at random."""


def prepare(chosen: list[str]) -> None:
    """A project as mutmut wants it, anew: what it kept of another choice of modules misleads it."""
    for old in ("src", "tests", "mutants"):
        shutil.rmtree(WORK / old, ignore_errors=True)
    leave = shutil.ignore_patterns("__pycache__")
    shutil.copytree(
        ROOT / "provider" / "voiceclone_provider", WORK / "src" / "voiceclone_provider", ignore=leave
    )
    shutil.copytree(ROOT / "tests" / "unit", WORK / "tests" / "unit", ignore=leave)
    folders = {"vendors": "/**/*"}
    paths = [name.replace(".", "/") + (".py" if "." in name else folders.get(name, "/*")) for name in chosen]
    only = "".join(f'  "src/voiceclone_provider/{path}",\n' for path in paths)
    tests = "".join(f'  "tests/unit/test_{name}.py",\n' for name in TESTS)
    (WORK / "pyproject.toml").write_text(
        f"""[tool.mutmut]
source_paths = ["src"]
only_mutate = [
{only}]
pytest_add_cli_args_test_selection = [
{tests}]
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:timeout", "-p", "no:cov"]
also_copy = ["tests"]
# No test is about the words of a message.
do_not_mutate_patterns = [
  '^\\s*(raise|return) \\w+Error\\($',
  'reporter\\.(status|info|warning)\\(',
  '^\\s*f?"',
]

[tool.pytest.ini_options]
pythonpath = ["src", "tests/unit"]
markers = ["engine: not used here"]
""",
        "utf-8",
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    about = f"of {', '.join(PACKAGES)}, or a module of one, such as lifecycle.train; default: all of them"
    parser.add_argument("names", nargs="*", metavar="name", help=about)
    parser.add_argument("--processes", type=int, default=max((os.cpu_count() or 2) // 2, 1))
    options = parser.parse_args()
    chosen = options.names or list(PACKAGES)
    if unknown := [name for name in chosen if name.partition(".")[0] not in PACKAGES]:
        parser.error(f"{', '.join(unknown)}: not of {', '.join(PACKAGES)}")
    prepare(chosen)
    mutmut = str(Path(sys.executable).parent / "mutmut")
    command = ["nice", "-n", "10", mutmut, "run", "--max-children", str(options.processes)]
    done = subprocess.run(command, cwd=WORK, check=False)
    subprocess.run([mutmut, "results"], cwd=WORK, check=False)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
