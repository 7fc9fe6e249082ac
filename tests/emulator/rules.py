"""The rules the emulator keeps, written where they are tested; `docs/emulator.md` lists them.

`python -m tests.emulator.rules` writes the table anew.
"""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path

import pytest

GIVEN, VENDOR, CLIENT, ASSUMED, OURS = "given", "vendor's page", "client seen", "assumed", "ours"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "emulator.md"
_START, _END = "<!-- rules: written by tests.emulator.rules -->\n", "<!-- end of rules -->\n"
_ORDER = ("Volcengine", "Volcengine console", "Coze", "Qiniu", "Kling", "Audio", "Control")


def rule(vendor: str, text: str, source: str, sure: str) -> pytest.MarkDecorator:
    """What the marked test checks, where the page says it, and how sure that is."""
    assert vendor in _ORDER
    assert sure in (GIVEN, VENDOR, CLIENT, ASSUMED, OURS)
    return pytest.mark.rule(vendor=vendor, text=text, source=source, sure=sure)


class _Collector:
    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str, str, str]] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            for mark in item.iter_markers("rule"):
                known = mark.kwargs
                test = item.nodeid.split("/")[-1]
                self.rows.append((known["vendor"], known["text"], known["source"], known["sure"], test))


def rows() -> list[tuple[str, str, str, str, str]]:
    collector = _Collector()
    arguments = ["--collect-only", "-q", "-p", "no:cacheprovider", str(Path(__file__).parent)]
    with contextlib.redirect_stdout(io.StringIO()):
        assert pytest.main(arguments, plugins=[collector]) == pytest.ExitCode.OK
    merged: dict[tuple[str, str], tuple[str, str, str, str, str]] = {}
    for row in collector.rows:
        if (known := merged.get(row[:2])) is not None:  # one rule, several cases
            row = (*known[:4], known[4].partition("[")[0])
        merged[row[0], row[1]] = row
    return sorted(merged.values(), key=lambda row: _ORDER.index(row[0]))


def table() -> str:
    lines = ["| vendor | rule | where the page says it | how sure | test |", "|---|---|---|---|---|"]
    for row in rows():
        cells = [cell.replace("|", "\\|") for cell in row]
        lines.append(f"| {cells[0]} | {cells[1]} | {cells[2]} | {cells[3]} | `{cells[4]}` |")
    return "\n".join(lines) + "\n"


def written() -> str:
    """The page as it should be."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(_START)
    return before + _START + table() + _END + rest.partition(_END)[2]


def main() -> int:
    if "--print" in sys.argv:
        sys.stdout.write(table())
    else:
        PAGE.write_text(written(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
