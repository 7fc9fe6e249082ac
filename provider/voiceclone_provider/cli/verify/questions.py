"""Questions that a vendor's documentation answers in two ways, and the table of what was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ...core.call import Call
from .record import Exchange, Step

Exchanges = Sequence[Exchange]

NOT_SEEN: Final = "not seen"
ABSENT: Final = "absent"
PRESENT: Final = "present"
_LONGEST: Final = 80
_STAGES: Final = ((Step.LOOK, "before"), (Step.CREATE, "trained"), (Step.RETRAIN, "retrained"))


@dataclass(frozen=True)
class Question:
    """One contradiction.

    Arguments:
        about: what it is about, in Markdown.
        sides: the answers that are documented, and where.
        seen: what the exchanges show of it, in Markdown; empty where they show nothing.
    """

    about: str
    sides: tuple[str, ...]
    seen: Callable[[Exchanges], str]


@dataclass(frozen=True)
class Subject:
    """What `verify` has to know of a vendor beyond its `Facts`.

    Arguments:
        questions: the table's rows.
        cost: what a walk with `--spend` costs, one sentence.
        missing: the ID of a voice that does not exist, for vendors that can be asked for one.
        private: keys of bodies whose values say whose account it is or what its voices are called, in lower
            case.
        kept: beginnings of such values that are the vendor's own.
        limits: reads that test a documented limit, at this base URL; they cost nothing and may be refused.
    """

    questions: tuple[Question, ...] = ()
    cost: str = ""
    missing: str = ""
    private: frozenset[str] = frozenset()
    kept: tuple[str, ...] = ()
    limits: Callable[[str], tuple[Call, ...]] = lambda _: ()


def table(questions: Iterable[Question], exchanges: Exchanges) -> str:
    """Markdown."""
    rows = [("contradiction", "documented sides", "seen here"), ("---", "---", "---")]
    rows += [
        (question.about, "; ".join(question.sides), _seen(question, exchanges)) for question in questions
    ]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)


def _seen(question: Question, exchanges: Exchanges) -> str:
    """An answer of a shape that nobody expects must not cost the other rows, which may have cost money."""
    try:
        return question.seen(exchanges) or NOT_SEEN
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        return f"an answer of an unknown shape ({type(error).__name__})"


def dig(value: Any, *names: str) -> Any:
    """What is behind these keys; `None` where one of them is not there."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def items(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects in a list."""
    yield from (item for item in value if isinstance(item, Mapping)) if isinstance(value, list) else ()


def code(value: object) -> str:
    """A vendor's word, as Markdown."""
    text = " ".join(str(value).replace("`", "'").split())
    return f"`{text[:_LONGEST]}`" if text else "empty"


def together(texts: Iterable[str]) -> str:
    """Each of the texts once, in their order."""
    return "; ".join(dict.fromkeys(text for text in texts if text))


def kind(value: object) -> str:
    """What JSON type a value has: `None` is no answer."""
    names = ((bool, "boolean"), (int, "number"), (float, "number"), (str, "text"), (dict, "object"))
    return next((name for known, name in names if isinstance(value, known)), "")


def presence(objects: Iterable[Mapping[str, Any]], name: str) -> str:
    """Whether objects have this key."""
    return together(PRESENT if name in found else ABSENT for found in objects)


def spelling(objects: Iterable[Mapping[str, Any]], *names: str) -> str:
    """Which of these keys objects have."""
    return together(code(name) for found in objects for name in names if name in found)


def course(values: Iterable[tuple[str, object]]) -> str:
    """How a value moved: the last one of each step, of pairs of a step and a value; `None` is no value."""
    last = {step: value for step, value in values if value is not None}
    return ", ".join(f"{word} {code(last[step])}" for step, word in _STAGES if step in last)


def answer(exchange: Exchange, reported: object) -> str:
    """An answer in short: its HTTP status, and the code in its body."""
    if exchange.status is None:
        return code(exchange.error)
    return f"HTTP {exchange.status}, " + ("no code" if reported is None else f"code {code(reported)}")


def at_step(exchanges: Exchanges, *steps: Step) -> list[Exchange]:
    return [exchange for exchange in exchanges if exchange.step in steps]
