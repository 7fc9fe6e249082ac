"""Bills of materials (CycloneDX) of what is needed at run time, made of the lock file."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from . import lock
from .project import ROOT, ReleaseError, epoch, version

PROVIDER = "voiceclone-provider"


def of(names: Iterable[str]) -> bytes:
    """The bill of the provider with these packages. The same packages at the same time make the same bytes."""
    with tempfile.TemporaryDirectory() as scratch:
        wanted = Path(scratch) / "requirements.txt"
        wanted.write_text(lock.pins(names), encoding="utf-8")
        command = [sys.executable, "-m", "cyclonedx_py", "requirements", str(wanted)]
        command += ["--pyproject", str(ROOT / "pyproject.toml"), "--output-reproducible", "--of", "JSON"]
        ended = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
    if ended.returncode != 0:
        raise ReleaseError(f"There is no bill of materials: {ended.stderr.strip()[-500:]}")
    bill = json.loads(ended.stdout)
    own = bill["metadata"]["component"]
    own |= {"version": version(), "purl": f"pkg:pypi/{PROVIDER}@{version()}"}
    bill["metadata"]["timestamp"] = datetime.fromtimestamp(epoch(), UTC).isoformat()
    text = json.dumps(bill, indent=2, sort_keys=True)
    bill["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, text)}"
    return (json.dumps(bill, indent=2, sort_keys=True) + "\n").encode()
