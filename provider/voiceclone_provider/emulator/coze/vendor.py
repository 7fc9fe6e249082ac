"""Coze as the emulator knows it."""

from __future__ import annotations

from ..core.vendor import EmulatedVendor, route
from ..core.voices import Voice
from ..core.wire import Answer, Incoming, Json
from ..core.world import Heard, Verdict, World
from . import api
from .voices import listed_state


class Coze(EmulatedVendor):
    key = "coze"
    title = "Coze"
    routes = (
        route("POST", "/v1/audio/voices/clone", "clone", api.clone, changes=True),
        route("GET", "/v1/audio/voices", "list", api.list_voices),
    )
    switches = {  # noqa: RUF012
        "coze_clone_full_object": False,
        "coze_auth_status": 200,
        "coze_slots": 0,  # voices the account may have; 0 is no limit
    }

    def owns(self, path: str, query: list[tuple[str, str]]) -> bool:
        return path.startswith("/v1/audio/")

    def authenticate(self, world: World, incoming: Incoming) -> None:
        api.authenticate(world, incoming)

    def fault(self, incoming: Incoming, status: int, message: str) -> Answer:
        code = {400: 4000, 404: 4200, 405: 4000, 413: 4000, 429: 4013}.get(status, 5000)
        return api.answer(status, code, message)

    def environment(self, origin: str) -> dict[str, str]:
        return {"COZE_API_TOKEN": api.TOKEN, "COZE_API_BASE": origin}

    def judge(self, world: World, heard: Heard) -> Verdict:
        return api.judge(world, heard)

    def left(self, world: World, voice: Voice, at: float) -> int:
        return voice.left(at, int(world.switches.number("trainings_per_voice")))

    def view(self, world: World, voice: Voice, at: float) -> Json:
        shown = {name: voice.extra[name] for name in ("space_id", "language")}
        return {"state": listed_state(voice, at), **shown}
