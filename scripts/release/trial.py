"""Tries an archive where it is to run: `python scripts/release/trial.py ARCHIVE`.

Pulumi installs it into an empty home, reads its schema and previews a voice with it. Needs the Pulumi CLI,
which `scripts/pulumi_cli.py` gets where there is none on PATH, and no account.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = """\
name: trial
runtime: yaml
resources:
  announcer:
    type: voiceclone:kling:Voice
    properties: {name: announcer, audioUrl: https://voices.example/announcer.wav}
"""


def main(archive: Path) -> int:
    match = re.fullmatch(r"pulumi-resource-voiceclone-v(.+)-[a-z]+-[a-z0-9]+\.tar\.gz", archive.name)
    if match is None:
        print(f"trial: {archive.name} is not the name of a plugin archive.", file=sys.stderr)
        return 2
    cli = (
        shutil.which("pulumi")
        or subprocess.run(
            [sys.executable, str(Path(__file__).parents[1] / "pulumi_cli.py")],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout.strip()
    )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        (folder / "Pulumi.yaml").write_text(PROGRAM, encoding="utf-8")
        (folder / "state").mkdir()
        environment = os.environ | {
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": (folder / "state").as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "trial",
            "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }

        def pulumi(*words: str) -> str:
            ended = subprocess.run(
                [cli, *words, "--non-interactive"],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                check=True,
            )
            return ended.stdout

        try:
            pulumi("plugin", "install", "resource", "voiceclone", match[1], "--file", str(archive.resolve()))
            schema = json.loads(pulumi("package", "get-schema", "voiceclone"))
            pulumi("stack", "init", "trial")
            preview = json.loads(pulumi("preview", "--json"))
        except subprocess.CalledProcessError as error:
            print(f"trial: 'pulumi {error.cmd[1]}' ended with {error.returncode}.", file=sys.stderr)
            return 1
    planned = [step["op"] for step in preview["steps"] if step["urn"].endswith("::announcer")]
    if schema["version"] != match[1] or planned != ["create"]:
        print(f"trial: schema {schema['version']}, planned {planned}.", file=sys.stderr)
        return 1
    print(f"{archive.name}: installed, its schema read, a voice previewed.")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
