"""What the user may say about a command."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field


class Targets:
    """URNs that the user named, with `*` for a part of one and `**` for anything.

    pkg/resource/deploy/target.go
    """

    def __init__(self, names: Collection[str] = ()) -> None:
        self._literals = {name for name in names if "*" not in name}
        self._patterns = [_pattern(name) for name in names if "*" in name]

    def __bool__(self) -> bool:
        """Whether any were named: if not, all are meant."""
        return bool(self._literals or self._patterns)

    def __contains__(self, urn: str) -> bool:
        return not self or self.names(urn)

    def names(self, urn: str) -> bool:
        return urn in self._literals or any(pattern.fullmatch(urn) for pattern in self._patterns)

    def add(self, urn: str) -> None:
        self._literals.add(urn)

    def literals(self) -> list[str]:
        return sorted(self._literals)

    def copy(self) -> Targets:
        copied = Targets()
        copied._literals, copied._patterns = set(self._literals), list(self._patterns)
        return copied


def _pattern(name: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*|\*)", name)
    return re.compile("".join({"**": ".*", "*": "[^:]*"}.get(part, re.escape(part)) for part in parts))


@dataclass
class Options:
    """How a deployment is done."""

    preview: bool = False
    parallel: int = 16
    refresh: bool = False
    targets: Targets = field(default_factory=Targets)
    target_dependents: bool = False
    replace: Targets = field(default_factory=Targets)
    excludes: Targets = field(default_factory=Targets)
    continue_on_error: bool = False
