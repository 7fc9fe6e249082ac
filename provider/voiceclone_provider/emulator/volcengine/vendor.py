"""Volcengine as the emulator knows it."""

from __future__ import annotations

from ..core.store import now
from ..core.switches import Choice
from ..core.vendor import EmulatedVendor, route
from ..core.voices import Voice
from ..core.wire import Answer, Call, Incoming, Json
from ..core.world import GOOD, Heard, Verdict, World
from . import api, console
from .credentials import ACCESS_KEY, APP, SECRET_KEY, TOKEN
from .replies import answer, gateway
from .slots import left, list_state, new_slot


class Volcengine(EmulatedVendor):
    key = "volcengine"
    title = "Volcengine"
    slots_at_start = 20
    sells = True
    routes = (
        route("POST", "/api/v1/mega_tts/audio/upload", "upload", api.upload, changes=True),
        route("POST", "/api/v1/mega_tts/status", "status", api.status),
        route("GET", "/api/v1/mega_tts/status", "status", api.status),
        route("POST", "/", "console", console.serve),
        route("GET", "/", "console", console.serve),
    )
    switches = {  # noqa: RUF012
        "volcengine_status_strings": False,
        "volcengine_creaet_time": False,
        "volcengine_status_bare": False,  # status without create_time and version, as on the given page
        "volcengine_success_message": False,  # StatusMessage "success", as on the given page
        "volcengine_given_names": False,  # Total, IsActivatable, ResourceID as the given page has them
        "volcengine_version": Choice("counts", "stays", "starts-at-1", "steps-of-two", "absent"),
        "volcengine_create_time": Choice("training", "slot", "absent"),
        "volcengine_trainings_left": Choice("counts", "first-free", "absent"),
        "volcengine_audio_mb": 10,
        "volcengine_own_speakers": False,  # an upload may name any S_ ID, as on the given page
        "volcengine_failed_bumps_version": True,
        "volcengine_list_failed_as": "Failed",
        "volcengine_list_offline": False,
        "volcengine_strict_resource_id": True,
    }

    def owns(self, path: str, query: list[tuple[str, str]]) -> bool:
        if path == "/":
            return any(key == "Action" for key, _ in query)
        return path.startswith("/api/v1/mega_tts/")

    def classify(self, call: Call, incoming: Incoming) -> None:
        if incoming.path == "/":
            call.action = (incoming.param("Action") or "console")[:80]
            call.changes = call.action == "ActivateMegaTTSTrainStatus"

    def fault(self, incoming: Incoming, status: int, message: str) -> Answer:
        if incoming.path == "/":
            return console.fault(incoming, status, message)
        code = {400: 1001, 404: 1001, 405: 1001, 413: 1101, 429: 45000292}.get(status, 55000000)
        return gateway(status, code, message)

    def unreadable(self, world: World, incoming: Incoming, message: str) -> Answer:
        return answer(1001, message)

    def environment(self, origin: str) -> dict[str, str]:
        return {
            "VOLCENGINE_SPEECH_APP_ID": APP,
            "VOLCENGINE_SPEECH_ACCESS_TOKEN": TOKEN,
            "VOLCENGINE_ACCESS_KEY": ACCESS_KEY,
            "VOLCENGINE_SECRET_KEY": SECRET_KEY,
            "VOLCENGINE_SPEECH_BASE_URL": origin,
            "VOLCENGINE_CONSOLE_URL": origin,
        }

    def judge(self, world: World, heard: Heard) -> Verdict:
        """No speech: 1111; nothing but noise: 1112. Both only come out in the training."""
        if not world.switches.on("judge_audio"):
            return GOOD
        if heard.sound is None or heard.sound.verdict == "silence":
            return Verdict("failed", 1111, "AEDError: no speech in the audio")
        if heard.sound.verdict == "noise":
            return Verdict("failed", 1112, "SNRError: the audio is too noisy")
        return GOOD

    def status(self, world: World, voice: Voice, at: float) -> str:
        if voice.deleted(at):
            return "reclaimed"
        return "expired" if list_state(world, voice, at) == "Expired" else voice.status(at)

    def left(self, world: World, voice: Voice, at: float) -> int:
        return left(world, voice, at)

    def view(self, world: World, voice: Voice, at: float) -> Json:
        return {"state": list_state(world, voice, at)}

    def buy(self, world: World, count: int) -> list[str]:
        """The slots are numbered from the last one on."""
        first = len(world.store.voices(self.key)) + 1
        slots = [f"S_emulator{number:02d}" for number in range(first, first + count)]
        for slot in slots:
            world.store.save(new_slot(slot, now()))
        return slots
