"""The page of all voices, for its picture: of the four voices of examples/yaml, at an emulator."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from demo_world import ROOT, STACK_NAME, Emulator, Stack, copy_examples, find_cli


def made(folder: Path) -> str:
    """The address of a page that is made in a folder. Needs the Pulumi CLI."""
    if (cli := find_cli()) is None:
        raise SystemExit("the Pulumi CLI is needed")
    emulator = Emulator(folder)
    emulator.start(training_seconds=0.05)
    try:
        copy_examples(folder)
        stack = Stack((str(cli),), folder)
        stack.create(emulator.environment())
        urls = {"guideAudioUrl": "guide-zh.mp3", "announcerAudioUrl": "announcer-en.wav"}
        stack.configure({key: emulator.sample_url(file) for key, file in urls.items()})
        stack.quietly("up", "--yes", "--skip-preview")
        command = [sys.executable, "-m", "voiceclone_provider", "catalogue", f"yaml:{STACK_NAME}"]
        consents = str(ROOT / "examples" / "policy" / "consents.yaml")
        options = ["--out", "page", "--consents", consents, "--fetch-samples"]
        path = f"{cli.parent}:{os.environ['PATH']}"
        environment = {**os.environ, **stack.own_env, "PATH": path}
        subprocess.run([*command, *options], cwd=folder, env=environment, check=True)
    finally:
        emulator.stop()
    return (folder / "page" / "index.html").as_uri()
