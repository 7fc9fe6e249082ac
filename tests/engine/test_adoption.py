"""Whole accounts: adopted in one command, refreshed in a few calls."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest
import yaml

from emulator.client import Emulator as Account

from .emulator import Emulator
from .stack import HIDDEN, Stack
from .voices import VENDORS


def many(emulator: Emulator, key: str, count: int) -> dict[str, Any]:
    vendor = VENDORS[key]
    names = [{"name": f"{key} {number}"} if vendor.rename else {} for number in range(count)]
    return {f"{key}-{number}": vendor.resource(emulator, **name) for number, name in enumerate(names)}  # type: ignore[arg-type]


def reads(emulator: Emulator, since: int) -> Counter[str]:
    return Counter(
        f"{request['vendor']} {request['action'] or request['path']}"
        for request in emulator.requests()[since:]
    )


def discover(stack: Stack, emulator: Emulator, *words: str) -> tuple[list[str], list[dict[str, str]]]:
    """The lines of the table, and what is in the import file."""
    command = [sys.executable, "-P", "-m", "voiceclone_provider", "discover"]
    users = {key: value for key, value in os.environ.items() if not key.startswith(HIDDEN)}
    done = subprocess.run(
        [*command, "--import-file", "import.json", *words],
        cwd=stack.folder,
        env={**users, **emulator.environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    resources = json.loads((stack.folder / "import.json").read_text("utf-8"))["resources"]
    return done.stdout.splitlines()[1:], resources


def make_by_hand(emulator: Emulator, count: int) -> None:
    """As many voices on each vendor, by plain calls, with names as people give them."""
    account = Account(emulator.url)
    names = ["旁白", "旁白", "Host (new!)", *(f"take {number}" for number in range(3, count))]
    for number, name in enumerate(names):
        assert account.upload(f"S_emulator{number + 1:02}").status_code == 200
        assert account.clone(name).json()["code"] == 0
        account.qiniu_voice(name)
        assert account.kling_create(voice_name=name).status_code == 200
    for key in VENDORS:
        for voice in emulator.voices(key):
            account.finish(key, voice["id"])


def test_four_accounts_are_adopted_in_one_command(stack: Stack, emulator: Emulator) -> None:
    make_by_hand(emulator, 15)
    sent, asked = emulator.changing(), len(emulator.requests())

    found, wanted = discover(stack, emulator)
    assert len(found) == 65, "sixty voices, and five slots that were never trained"
    assert len(wanted) == 60
    assert len(reads(emulator, asked)) == 4
    assert all(count == 1 for count in reads(emulator, asked).values()), "a page each"

    stack.program({})
    options = ["--yes", "--skip-preview", "--protect=false", "--out", "adopted.yaml"]
    stack.must("import", "--file", "import.json", *options)
    adopted = yaml.safe_load((stack.folder / "adopted.yaml").read_text("utf-8"))["resources"]
    assert len(adopted) == 60
    stack.program(adopted)
    stack.nothing_to_do()
    assert len(stack.resources()) == 60
    assert emulator.changing() == sent

    stack.must("stack", "export", "--file", "state.json")
    assert discover(stack, emulator, "--state", str(stack.folder / "state.json"))[1] == []


@pytest.mark.in_process
def test_a_hundred_and_twenty_voices_are_refreshed_in_two_calls(stack: Stack, emulator: Emulator) -> None:
    stack.program(many(emulator, "coze", 120))
    stack.up("--parallel", "64")
    for words in ((), ("--parallel", "1")):
        asked = len(emulator.requests())
        stack.refresh("--expect-no-changes", *words)
        assert reads(emulator, asked).total() == 2, "120 voices, 100 on a page"

    gone = [resource["id"] for resource in stack.resources().values()][::10]
    for voice in gone:
        emulator.delete("coze", voice)
    stack.later()
    asked = len(emulator.requests())
    stack.refresh()
    assert reads(emulator, asked).total() == 4, "seen missing in one listing, and confirmed by another"
    assert len(stack.resources()) == 108
