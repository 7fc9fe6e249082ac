"""The stand-in does what the real engine does: the same calls to the plugin, the same state after them.

`make standin` runs every scenario; `make test` has time for some.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.command import STANDIN, find

from .comparing import Bench, Seen, differences
from .scenarios import SCENARIOS
from .scene import Do
from .secrets import PassphraseKeeper
from .toys import Toys

ALL = bool(os.environ.get("VOICECLONE_ALL_SCENARIOS"))
# What `make test` has time for.
SHORT = ("values", "refresh", "ctrl-c")
# Those that leave something in the state for the next command.
ALTERNATING = (
    "replacements that are not ready",
    "life",
    "values",
    "init errors and recovery",
    "an old one that cannot be deleted",
    "taint",
    "aliases",
    "protect",
    "explicit provider",
    "configuration",
    "refresh",
    "import option",
    "get",
    "failing deletes",
    "kill",
)


@pytest.fixture(scope="session")
def cli() -> Path:
    """The real CLI."""
    command = find()
    if command.missing:
        pytest.skip("no Pulumi CLI to compare the stand-in with")
    return Path(command.words[0])


@pytest.mark.engine
@pytest.mark.parametrize("name", [name for name in SCENARIOS if ALL or name in SHORT])
def test_the_stand_in_does_what_the_real_engine_does(
    cli: Path, tmp_path: Path, name: str, record_property: Callable[[str, object], None]
) -> None:
    real, standin = Bench((str(cli),), tmp_path / "real"), Bench(STANDIN, tmp_path / "standin")
    for number, step in enumerate(SCENARIOS[name], 1):
        _compare(f"step {number}", step, real, standin)
    record_property("calls compared", real.count)


@pytest.mark.engine
@pytest.mark.parametrize("first", ["real", "stand-in"] if ALL else ["real"])
@pytest.mark.parametrize("name", ALTERNATING if ALL else ("values",))
def test_each_goes_on_with_what_the_other_left(cli: Path, tmp_path: Path, name: str, first: str) -> None:
    """The state, its secrets, and what is pending in it."""
    real, both = Bench((str(cli),), tmp_path / "real"), Bench(STANDIN, tmp_path / "both")
    for number, step in enumerate(SCENARIOS[name]):
        both.command = (str(cli),) if number % 2 == (first == "stand-in") else STANDIN
        _compare(f"step {number + 1} by {both.command[0]}", step, real, both)


@pytest.mark.engine
def test_the_real_cli_imports_what_a_test_made(cli: Path, tmp_path: Path) -> None:
    thing = {"v": "1", "map": {"hidden": {"fn::secret": "words"}}}
    toys = Toys(tmp_path / "toys")
    toys.up(a=thing)
    bench = Bench((str(cli),), tmp_path / "real")
    bench.cloud.write_text(toys.cloud.read_text())
    bench.program({"a": toys.thing(thing)})
    exported = tmp_path / "exported.json"
    exported.write_text(json.dumps(toys.engine.export(PassphraseKeeper("test"))))
    toys.engine.close()
    assert "words" not in exported.read_text()
    imported = bench.run("stack", "import", "--file", str(exported))
    assert imported.code == 0, imported.text
    after = bench.run("up", "--yes", "--skip-preview", "--expect-no-changes")
    assert after.code == 0, after.text


def _compare(about: str, step: Do, one: Bench, other: Bench) -> None:
    first, second = _run(one, step), _run(other, step)
    found = differences(first, second, plugins=step.plugins)
    told = f"{about}: {' '.join(step.words)}\n{first.text}\n-- stand-in --\n{second.text}\n"
    assert not found, told + "\n".join(found)


def _run(bench: Bench, step: Do) -> Seen:
    if step.resources is not None:
        bench.program(step.resources, **step.more)
    if step.cloud is not None:
        bench.change_cloud(step.cloud)
    meanwhile = step.meanwhile
    return bench.run(
        *step.words, meanwhile=None if meanwhile is None else lambda process: meanwhile(bench, process)
    )
