"""What the tests of the lifecycle share."""

from __future__ import annotations

from pathlib import Path

import pytest
import stack
from hypothesis import settings

settings.register_profile("unit", deadline=None)  # a busy machine is no fault
settings.load_profile("unit")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            for category in ("ResourceWarning", "pytest.PytestUnraisableExceptionWarning"):
                item.add_marker(pytest.mark.filterwarnings(f"error::{category}"))


@pytest.fixture
def stack_at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> stack.Fixture:
    """Makes a stack with one voice at a vendor without a wire."""

    def make(key: str) -> stack.Stack:
        return stack.Stack(key, stack.account(monkeypatch, key), tmp_path)

    return make
