"""The engine tests' stack and emulator, the bench of the matrix, and the table at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.conftest import cli, command, emulator, new_stack, shared_emulator, stack, stack_type, template

from .operations import Recorder
from .table import Record, markdown

__all__ = ["cli", "command", "emulator", "new_stack", "shared_emulator", "stack", "stack_type", "template"]

CELL = "cell of the fault matrix"
"""What a test has among its `user_properties`, with the record of each cell it tried."""

FLEET = "many voices at once"
"""The same for a line about how long they took."""

TABLE = Path(__file__).resolve().parents[2] / ".cache" / "faults.md"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.engine)


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorder]:
    """A bench, and what each operation is without faults."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        made = Recorder(tmp_path_factory.mktemp("bench"), monkeypatch)
        yield made
        made.bench.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table of what was tried; kept in a file where everything was."""
    stats = terminalreporter.stats
    done = (*stats.get("passed", ()), *stats.get("failed", ()))
    records: list[Record] = [what for report in done for name, what in report.user_properties if name == CELL]
    if not records:
        return
    table = markdown(records)
    terminalreporter.section("faults")
    if "VOICECLONE_ALL_FAULTS" not in os.environ:
        failed = sum(bool(record["problems"]) for record in records)
        terminalreporter.write_line(f"{len(records)} cells tried, {failed} failed; `make faults` tries all")
        return
    fleets = sorted(str(what) for report in done for name, what in report.user_properties if name == FLEET)
    table += "".join(f"\n{line}\n" for line in fleets)
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(table, encoding="utf-8")
    terminalreporter.write_line(table)
