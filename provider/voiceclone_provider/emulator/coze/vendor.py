"""Coze as the emulator knows it."""

from __future__ import annotations

from ..core.store import now
from ..core.switches import Choice
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
    sells = True
    routes = (
        route("POST", "/v1/audio/voices/clone", "clone", api.clone, changes=True),
        route("GET", "/v1/audio/voices", "list", api.list_voices),
    )
    switches = {  # noqa: RUF012
        "coze_clone_full_object": False,
        "coze_auth_status": 200,
        "coze_auth_code": 700012006,
        "coze_http_status": True,  # off: every refusal is HTTP 200, with its code alone
        "coze_create_voice": True,  # off: the token lacks the permission createVoice
        "coze_list_voice": True,  # off: the token lacks the permission listVoice
        "coze_credit": Choice("positive", "spent", "arrears"),
        "coze_included": 0,  # voices that may be made without buying one; 0 is no limit
        "coze_no_voice_code": 4011,  # no page has a code for this
        "coze_name_bytes_min": 1,
        "coze_state_shown": True,  # off: the list's voices have no `state`
        "coze_slots": 0,  # voices the account may have; 0 is no limit
    }

    def owns(self, path: str, query: list[tuple[str, str]]) -> bool:
        return path.startswith("/v1/audio/")

    def authenticate(self, world: World, incoming: Incoming) -> None:
        if incoming.bearer != _TOKEN:
            # Seen by clients as HTTP 200 with this code.
            code = int(world.switches.number("coze_auth_code"))
            raise api.refused(code, "access token invalid", api.auth_status(world))

    def fault(self, incoming: Incoming, status: int, message: str) -> Answer:
        code = {400: 4000, 404: 4200, 405: 4000, 413: 4000, 429: 4013}.get(status, 5000)
        return api.answer(status, code, message)

    def finished(self, world: World, answer: Answer) -> Answer:
        if not world.switches.on("coze_http_status"):
            answer.status = 200
        return answer

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

    def buy(self, world: World, count: int, service: str = "") -> list[str]:
        """Voices that were bought and not trained: `init` in the list."""
        made = [api.new_voice(world, "", now(), bought=True, language="zh") for _ in range(count)]
        for voice in made:
            world.store.save(voice)
        return [voice.id for voice in made]

    def left(self, world: World, voice: Voice, at: float) -> int:
        return voice.left(at, int(world.switches.number("trainings_per_voice")))

    def view(self, world: World, voice: Voice, at: float) -> Json:
        shown = {name: voice.extra[name] for name in ("space_id", "language")}
        return {"state": listed_state(voice, at), **shown}
