"""A vendor of the emulator: one class that declares all that the rest of the emulator has to know of it."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from .switches import Value
from .voices import Voice
from .wire import Answer, Call, Incoming, Json
from .world import Heard, Verdict, World

Handler = Callable[[World, Call, Incoming], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    pattern: re.Pattern[str]
    action: str
    changes: bool
    handler: Handler


def route(method: str, path: str, action: str, handler: Handler, *, changes: bool = False) -> Route:
    """`{id}` in the path stands for one segment."""
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
    return Route(method, re.compile(pattern), action, changes, handler)


class EmulatedVendor(ABC):
    key: ClassVar[str]
    """The vendor in the control API and in the state file."""
    title: ClassVar[str]
    """The vendor in texts for people."""
    routes: ClassVar[tuple[Route, ...]]
    switches: ClassVar[Mapping[str, Value]] = {}
    """The vendor's own switches with their defaults."""
    ids: ClassVar[tuple[str, ...]] = ()
    """Fields of `Voice.extra` that are IDs of the voice too."""
    slots_at_start: ClassVar[int] = 0
    """How many slots a new account has. 0: this vendor's voices are no slots that are bought."""
    sells: ClassVar[bool] = False
    """Whether voices are bought before they are trained, so that the control API can buy some."""
    services: ClassVar[tuple[str, ...]] = ()
    """The services that such voices may be bought of; without one named, they are of the common kind."""
    retrains: ClassVar[bool] = True
    """Whether a voice can be trained more than once."""

    # Requests.

    @abstractmethod
    def owns(self, path: str, query: list[tuple[str, str]]) -> bool:
        """Whether the request is for this vendor."""

    def classify(self, call: Call, incoming: Incoming) -> None:
        """Name the call and its voice as far as the request line tells them."""
        call.voice = incoming.args.get("id")

    def authenticate(self, world: World, incoming: Incoming) -> None:  # noqa: B027  not every vendor's
        """Raise `RefusedError` for wrong credentials; some routes check their own."""

    @abstractmethod
    def fault(self, incoming: Incoming, status: int, message: str) -> Answer:
        """400, 404, 405, 413, 429 and 500 in the vendor's envelope."""

    def unreadable(self, world: World, incoming: Incoming, message: str) -> Answer:
        """The answer to a body that is not what its content type promises."""
        return self.fault(incoming, 400, message)

    def finished(self, world: World, answer: Answer) -> Answer:
        """The answer as it leaves, whatever made it."""
        return answer

    # What a client needs.

    @abstractmethod
    def environment(self, origin: str) -> dict[str, str]:
        """The variables that point the provider at the emulator, with the credentials it takes."""

    def newer_environment(self, origin: str) -> dict[str, str]:
        """The same with the credentials of the vendor's newer console, where it has two."""
        return self.environment(origin)

    # Voices.

    @abstractmethod
    def judge(self, world: World, heard: Heard) -> Verdict:
        """What becomes of a training on this sample."""

    def status(self, world: World, voice: Voice, at: float) -> str:
        """The voice's status in the words of the control API."""
        return voice.status(at)

    def left(self, world: World, voice: Voice, at: float) -> int | None:
        """The trainings that are left, at the vendors that count them."""
        return None

    def view(self, world: World, voice: Voice, at: float) -> Json:
        """More fields of the voice in `/_emulator/state`."""
        return {}

    def listed(self, voice: Voice, at: float) -> bool:
        """Whether the vendor still has the voice: a slot that was bought stays."""
        return bool(self.slots_at_start) or voice.exists(at)

    # The account.

    def buy(self, world: World, count: int, service: str = "") -> list[str]:
        """Add untrained voices to the account and return their IDs."""
        raise NotImplementedError

    def open_account(self, world: World) -> None:
        if self.slots_at_start and not world.store.voices(self.key):
            self.buy(world, self.slots_at_start)

    def start(self, world: World) -> None:
        """Go on with what a kill interrupted: samples that were being fetched."""
        for voice in world.store.voices(self.key):
            for training in voice.trainings:
                world.fetch_later(voice, training)
