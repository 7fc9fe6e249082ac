"""How long `drift` takes over many stacks, and how many requests it sends. `make bench` runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

from demo_world import ROOT, DemoError, Emulator, clear, find_cli

FOLDER = ROOT / ".cache" / "drift"
STACKS, VOICES = 10, 20
SAMPLE = ROOT / "examples" / "voices" / "host-en.mp3"


def program() -> str:
    """Voices at two vendors, in YAML, which JSON is."""
    kinds = {
        "coze": {"audio": {"fn::fileAsset": str(SAMPLE)}, "language": "en"},
        "qiniu": {"audioUrl": "${url}/_emulator/samples/guide-zh.mp3", "language": "zh"},
    }
    voices = {
        f"{vendor}-{number}": {"type": f"voiceclone:{vendor}:Voice", "properties": properties}
        for vendor, properties in kinds.items()
        for number in range(VOICES // len(kinds))
    }
    text = json.dumps(
        {
            "name": "fleet",
            "runtime": "yaml",
            "packages": {"voiceclone": str(ROOT)},
            "config": {"url": {"type": "string"}},
            "resources": voices,
        }
    )
    return f"{text}\n"


def main() -> int:
    """Makes the stacks, then looks for drift in all of them, one after another and at once."""
    cli = find_cli()
    if cli is None:
        print("There is no Pulumi CLI to measure with.", file=sys.stderr)
        return 1
    clear(FOLDER)
    (FOLDER / "state").mkdir(parents=True)
    (FOLDER / "Pulumi.yaml").write_text(program())
    emulator = Emulator(FOLDER)
    try:
        emulator.start(training_seconds=0.1)
        environment = {
            **os.environ,
            **emulator.environment(),
            "PATH": f"{cli.parent}{os.pathsep}{os.environ['PATH']}",
            "PULUMI_HOME": str(FOLDER / "home"),
            "PULUMI_BACKEND_URL": f"file://{FOLDER / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "figures",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }

        def run(*words: str) -> None:
            done = subprocess.run(words, cwd=FOLDER, env=environment, capture_output=True, text=True)
            if done.returncode != 0:
                raise DemoError(f"{' '.join(words)} ended with {done.returncode}: {done.stdout}{done.stderr}")

        for number in range(STACKS):
            run(str(cli), "stack", "init", f"stack-{number}", "--non-interactive")
            run(str(cli), "config", "set", "url", emulator.url)
            run(str(cli), "up", "--yes", "--skip-preview", "--non-interactive")
        for parallel in (1, 4):
            sent, began = len(emulator.requests()), time.monotonic()
            words = ("-m", "voiceclone_provider", "drift", "--all-stacks", "--parallel", str(parallel))
            run(sys.executable, "-P", *words)
            took, sent = time.monotonic() - began, len(emulator.requests()) - sent
            print(
                f"drift of {STACKS} stacks with {VOICES} voices each, {parallel} at once: "
                f"{took:.1f} s, {sent} requests",
                flush=True,
            )
    except DemoError as fault:
        print(f"The measurement failed: {fault}", file=sys.stderr)
        return 1
    finally:
        emulator.stop()
        clear(FOLDER)
    return 0


if __name__ == "__main__":
    sys.exit(main())
