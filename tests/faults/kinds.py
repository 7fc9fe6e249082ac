"""The kinds of faults: what each does to one exchange, and which exchanges it can meet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from .clock import VirtualClock
from .http import Answer, send_on
from .proxy import Client, Exchange, Proxy
from .shapes import entries

UPLOAD_LIMIT, READ_LIMIT = 120.0, 30.0
"""Seconds of the clock that the provider waits for the answer to a change, and to a read."""


class Side(Protocol):
    """The vendors, as far as faults act on them."""

    def lag(self, vendor: str, seconds: float) -> None: ...


@dataclass
class Scene:
    """Where faults happen.

    Arguments:
        vendor: whose exchanges these are.
        changes: whether an exchange changes something at the vendor.
        strangers: IDs of voices that are not this stack's.
    """

    vendor: str
    proxy: Proxy
    clock: VirtualClock
    side: Side
    changes: Callable[[Exchange], bool]
    strangers: frozenset[str] = frozenset()


Meet = Callable[[Scene, Exchange, Client], None]


class On(Enum):
    """Which exchanges a kind can meet."""

    ANY = "any"
    CHANGES = "changes"
    LISTINGS = "listings"
    COUNTED = "listings that say how much there is"
    QUIET = "any of a command without changes, and changes of others"


@dataclass(frozen=True)
class Kind:
    """One kind of fault.

    Arguments:
        meet: what it does.
        lasts: whether it meets every exchange from its own on, until the command ends.
        hangs: whether the provider has to give up waiting.
        refuses: whether it keeps the connection of its exchange from being made.
        skew: seconds that the vendor's clock is ahead, all the time.
    """

    name: str
    meet: Meet
    on: On = On.ANY
    lasts: bool = False
    hangs: bool = False
    refuses: bool = False
    skew: float = 0.0


def fits(kind: Kind, *, changes: bool, answer: Answer, any_changes: bool) -> bool:
    """Whether an exchange with this true answer can meet such a fault."""
    match kind.on:
        case On.ANY:
            return True
        case On.CHANGES:
            return changes
        case On.LISTINGS:
            return not changes and entries(answer.json) is not None
        case On.COUNTED:
            return not changes and any(word in answer.body for word in (b"has_more", b"Total"))
        case On.QUIET:
            return changes or not any_changes


# -- what faults are made of -----------------------------------------------------------------------------


def true(scene: Scene, exchange: Exchange, client: Client) -> None:
    """No fault."""
    client.send(scene.proxy.forward(exchange).encoded())


def answer(make: Callable[[], Answer], *, effect: bool = False) -> Meet:
    """Another answer, whether or not the vendor got the request."""

    def meet(scene: Scene, exchange: Exchange, client: Client) -> None:
        if effect:
            scene.proxy.forward(exchange)
        client.send(make().encoded())

    return meet


def spoil(send: Callable[[Answer, Client], None]) -> Meet:
    """The true answer, not as it should be."""

    def meet(scene: Scene, exchange: Exchange, client: Client) -> None:
        send(scene.proxy.forward(exchange), client)

    return meet


def change(turn: Callable[[Answer], Answer]) -> Meet:
    """The true answer with something changed."""
    return spoil(lambda answer, client: client.send(turn(answer).encoded()))


def ends(how: Callable[[Client], None], *, effect: bool = False) -> Meet:
    """No answer at all."""

    def meet(scene: Scene, exchange: Exchange, client: Client) -> None:
        if effect:
            scene.proxy.forward(exchange)
        how(client)

    return meet


def hang(*, effect: bool = False) -> Meet:
    """Nothing, until the client gives up."""

    def meet(scene: Scene, exchange: Exchange, client: Client) -> None:
        if effect:
            scene.proxy.forward(exchange)
        scene.clock.advance(UPLOAD_LIMIT if scene.changes(exchange) else READ_LIMIT)
        client.gone(10.0)
        client.close()

    return meet


def late(told: Callable[[Client], None], after: float, later: float) -> Meet:
    """The client is told something after so many seconds, and the effect comes so much later."""

    def meet(scene: Scene, exchange: Exchange, client: Client) -> None:
        scene.clock.advance(after)
        request, port = exchange.request, scene.proxy.upstream
        scene.clock.after(later, lambda: send_on(request, port))
        told(client)

    return meet


def stale(seconds: float) -> Meet:
    """The true answer; but what is read from then on is so many seconds old."""

    def meet(scene: Scene, exchange: Exchange, client: Client) -> None:
        if scene.changes(exchange):
            true(scene, exchange, client)
            scene.side.lag(scene.vendor, seconds)
        else:
            scene.side.lag(scene.vendor, seconds)
            true(scene, exchange, client)

    return meet


def drip(seconds: float) -> Meet:
    """The true answer in drops, over so many seconds."""

    def meet(scene: Scene, exchange: Exchange, client: Client) -> None:
        answer = scene.proxy.forward(exchange)
        client.send(answer.head(len(answer.body)))
        piece = max(1, len(answer.body) // 10)
        for at in range(0, len(answer.body), piece):
            scene.clock.advance(seconds / 10)
            client.send(answer.body[at : at + piece])

    return meet


def interim(times: int, seconds: float) -> Meet:
    """`100 Continue`, again and again, before the true answer."""

    def meet(scene: Scene, exchange: Exchange, client: Client) -> None:
        answer = scene.proxy.forward(exchange)
        for _ in range(times):
            scene.clock.advance(seconds)
            client.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        client.send(answer.encoded())

    return meet
