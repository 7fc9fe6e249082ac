"""The last words of `make test`: what was not tried, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator

import pytest

STANDIN = "through the stand-in"
"""What a test that ran so has among its `user_properties`, with the reason."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None]:
    yield
    stats = terminalreporter.stats
    done = (*stats.get("passed", ()), *stats.get("failed", ()))
    standin = Counter(why for report in done for name, why in report.user_properties if name == STANDIN)
    skipped = Counter(
        str(report.longrepr[2]).removeprefix("Skipped: ") for report in stats.get("skipped", ())
    )
    if standin or skipped:
        terminalreporter.section("not tried, for want of something optional")
    for why, count in standin.most_common():
        terminalreporter.write_line(f"{count} not with the real engine, but with tests/standin: {why}")
    for why, count in skipped.most_common():
        terminalreporter.write_line(f"{count} not at all: {why}")
