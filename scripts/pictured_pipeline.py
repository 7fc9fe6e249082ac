"""The comment and the issue of examples/gitops, for their pictures: as its scripts write them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

from markdown_it import MarkdownIt

from demo_world import ROOT, Emulator, find_cli

_STYLE = """
body { font: 14px/1.5 system-ui, sans-serif; color: #1f2328; margin: 24px; }
article { border: 1px solid #d1d9e0; border-radius: 6px; padding: 4px 16px 12px; }
table { border-collapse: collapse; }
th, td { border: 1px solid #d1d9e0; padding: 6px 13px; text-align: left; }
code { background: #eff1f3; border-radius: 6px; padding: .2em .4em; font-size: 85%; }
pre { background: #f6f8fa; padding: 12px; } pre code { background: none; padding: 0; }
"""


def made(folder: Path) -> tuple[str, str]:
    """The addresses of the comment and of the issue, as pages that are made in a folder. Needs the CLI."""
    if (cli := find_cli()) is None:
        raise SystemExit("the Pulumi CLI is needed")
    work = folder / "voices"
    shutil.copytree(ROOT / "examples" / "gitops", work)
    (folder / "state").mkdir()
    emulator = Emulator(folder)
    emulator.start(training_seconds=0.5)
    environment = {
        **os.environ,
        **emulator.environment(),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), str(cli.parent), os.environ["PATH"]]),
        "PULUMI_BACKEND_URL": (folder / "state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "words",
        "PULUMI_HOME": str(folder / "home"),
    }

    def run(*words: str, code: int = 0) -> None:
        ended = subprocess.run(
            words, cwd=work, env=environment, capture_output=True, text=True, check=False, timeout=300
        )
        if ended.returncode != code:
            raise SystemExit(f"{' '.join(words)} ended with {ended.returncode}: {ended.stdout}{ended.stderr}")

    try:
        run("pulumi", "stack", "init", "production")
        run("scripts/deploy")
        shutil.copy(ROOT / "examples" / "voices" / "host-en-take2.mp3", work / "voices" / "host.mp3")
        run("scripts/plan")
        comment = _page(work / "out" / "plan.md", folder / "comment.html")
        shutil.copy(ROOT / "examples" / "voices" / "host-en.mp3", work / "voices" / "host.mp3")
        _in_the_console(emulator.url)
        run("scripts/drift", code=7)
        return comment, _page(work / "out" / "drift.md", folder / "issue.html")
    finally:
        emulator.stop()


def _in_the_console(url: str) -> None:
    """Somebody deletes the host, and trains the narrator."""
    with urllib.request.urlopen(f"{url}/_emulator/state") as answer:  # noqa: S310  our own emulator
        state = json.load(answer)
    for vendor, name, verb in (("coze", "host", ""), ("volcengine", None, "/retrain")):
        (voice,) = (one["id"] for one in state[vendor] if name in (None, one["name"]))
        method = "POST" if verb else "DELETE"
        address = f"{url}/_emulator/voices/{vendor}/{voice}{verb}"
        urllib.request.urlopen(urllib.request.Request(address, method=method)).close()  # noqa: S310


def _page(text: Path, page: Path) -> str:
    body = MarkdownIt("gfm-like", {"linkify": False}).render(text.read_text("utf-8"))
    page.write_text(
        f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style><article>{body}</article>", "utf-8"
    )
    return page.as_uri()
