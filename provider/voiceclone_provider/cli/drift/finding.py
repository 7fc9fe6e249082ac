"""What can be found, and what a run's exit code is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypedDict

CLEAN: Final = 0
CANNOT_TELL: Final = 1
FOUND: Final = 7


class Kind(StrEnum):
    """In the order in which findings are shown."""

    UNREADABLE = "unreadable"
    DELETED = "deleted"
    CHANGED = "changed"
    MISSING = "missing"
    UNTRACKED = "untracked"
    EXPIRES_SOON = "expires-soon"
    TRAININGS_LOW = "trainings-low"

    @property
    def healable(self) -> bool:
        return self in (Kind.DELETED, Kind.CHANGED)


@dataclass(frozen=True)
class Difference:
    """A property that is not as the stack has it. Secret values are "[secret]"."""

    property: str
    before: str
    now: str


class About(TypedDict, total=False):
    """Where a finding is, for several of one place."""

    stack: str
    urn: str
    name: str
    type: str
    vendor: str
    account: str
    voice: str


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be, of one resource, voice, stack or account.

    Arguments:
        stack: the stack's label; empty for what is in none.
        urn, name, type: of the resource; empty where it is none.
        vendor, account, voice: of a voice, as far as they are known.
        differences: what differs, sorted by property.
        since: when it happened, in the vendor's words (RFC 3339); empty where nobody says.
        message: what is the matter, one sentence.
        advice: what to do next, one sentence.
        trainings: how many trainings healing it takes at most.
    """

    kind: Kind
    message: str
    advice: str
    stack: str = ""
    urn: str = ""
    name: str = ""
    type: str = ""
    vendor: str = ""
    account: str = ""
    voice: str = ""
    differences: tuple[Difference, ...] = ()
    since: str = ""
    trainings: int = 0

    @property
    def order(self) -> tuple[object, ...]:
        """By kind, then by place: the same findings are always in the same order."""
        kinds = list(Kind)
        return (
            kinds.index(self.kind),
            self.stack,
            self.vendor,
            self.name,
            self.account,
            self.voice,
            self.urn,
        )


def exit_code(findings: Iterable[Finding]) -> int:
    """What cannot be told takes precedence over what was found."""
    kinds = {finding.kind for finding in findings}
    if Kind.UNREADABLE in kinds:
        return CANNOT_TELL
    return FOUND if kinds else CLEAN
