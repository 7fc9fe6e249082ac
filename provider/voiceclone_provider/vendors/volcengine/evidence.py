"""What shows that a slot was trained: a version that moved, a later time of creation, fewer trainings left.

The vendor's pages contradict each other: `Version` counts trainings, or is V1 for a slot that was never
trained; after the first training, the trainings left are as many as before on one page, and one fewer on
another. So one of the three is enough to say that a training happened, and only two that agree say that
there were several.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_WRITTEN = re.compile(
    r"(?:V?(?P<counter>\d+))?(?:/(?P<left>\d*)/(?P<created>\d*)@(?P<source>\w+))?", re.IGNORECASE
)


@dataclass(frozen=True)
class Evidence:
    """One look at a slot.

    Arguments:
        counter: the number in `Version`.
        left: trainings left.
        created: `CreateTime` in milliseconds.
        source: the call that reports it: times and numbers of different calls are not compared.
    """

    counter: int | None = None
    left: int | None = None
    created: int | None = None
    source: str = ""

    @classmethod
    def parse(cls, written: str) -> Evidence:
        """`V2/8/1761400817000@console`, or `V2` alone as older states have it; anything else says nothing."""
        found = _WRITTEN.fullmatch(written.strip())
        if found is None:
            return cls()
        counter, left, created = _number(found["counter"]), _number(found["left"]), _number(found["created"])
        return cls(counter, left, created, found["source"] or "")

    def __str__(self) -> str:
        counter = "" if self.counter is None else f"V{self.counter}"
        if self.left is None and self.created is None:
            return counter
        return f"{counter}/{_text(self.left)}/{_text(self.created)}@{self.source}"

    @property
    def trained(self) -> bool:
        """Whether it shows a training."""
        return self.counter is not None or self.created is not None

    def trainings_until(self, later: Evidence) -> int | None:
        """How many trainings lie between: at least one where anything moved, several only where counter and
        trainings left agree; `None` where nothing can be compared."""
        moved = _rise(self.counter, later.counter)
        used, newer = self._used(later), self._newer(later)
        counted = later.counter if moved is None and not self.trained else moved
        if min(used or 0, counted or 0) > 1:
            return min(used or 0, counted or 0)
        known = [rise for rise in (moved, used, newer) if rise is not None]
        if any(rise > 0 for rise in known) or (later.trained and not self.trained):
            return 1
        return 0 if known else None

    def trained_until(self, later: Evidence) -> bool:
        """Whether a training lies between, where none of ours was under way. Fewer trainings left do not show
        it by themselves: that number may be brought up to date late."""
        return any((rise or 0) > 0 for rise in (_rise(self.counter, later.counter), self._newer(later)))

    def _used(self, later: Evidence) -> int | None:
        return _rise(later.left, self.left) if self.source == later.source else None

    def _newer(self, later: Evidence) -> int | None:
        return _rise(self.created, later.created) if self.source == later.source else None


def _rise(before: int | None, after: int | None) -> int | None:
    return None if before is None or after is None else after - before


def _number(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
