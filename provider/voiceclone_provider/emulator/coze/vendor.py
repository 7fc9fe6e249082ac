"""Coze as the emulator knows it."""

from __future__ import annotations

from ..core.vendor import EmulatedVendor, route
from ..core.voices import Voice
from ..core.wire import Answer, Incoming, Json
from ..core.world import GOOD, Heard, Verdict, World
from . import api
from .voices import listed_state

_TOKEN = "emulator-token"  # noqa: S105  a published one


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
        if incoming.bearer != _TOKEN:
            # Seen by clients as HTTP 200 with this code.
            status = int(world.switches.number("coze_auth_status"))
            raise api.refused(700012006, "access token invalid", status if 200 <= status <= 599 else 200)

    def fault(self, incoming: Incoming, status: int, message: str) -> Answer:
        code = {400: 4000, 404: 4200, 405: 4000, 413: 4000, 429: 4013}.get(status, 5000)
        return api.answer(status, code, message)

    def environment(self, origin: str) -> dict[str, str]:
        return {"COZE_API_TOKEN": _TOKEN, "COZE_API_BASE": origin}

    def judge(self, world: World, heard: Heard) -> Verdict:
        """1109 is on the page; the others are assumed to be Volcengine's, whose engine this is."""
        if not world.switches.on("judge_audio"):
            return GOOD
        if heard.sound is None or heard.sound.verdict == "silence":
            return Verdict("failed", 1111, "AEDError: no speech in the audio")
        if heard.sound.verdict == "noise":
            return Verdict("failed", 1112, "SNRError: the audio is too noisy")
        return GOOD

    def left(self, world: World, voice: Voice, at: float) -> int:
        return voice.left(at, int(world.switches.number("trainings_per_voice")))

    def view(self, world: World, voice: Voice, at: float) -> Json:
        shown = {name: voice.extra[name] for name in ("space_id", "language")}
        return {"state": listed_state(voice, at), **shown}
