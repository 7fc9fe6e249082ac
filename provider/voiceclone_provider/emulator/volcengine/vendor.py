"""Volcengine as the emulator knows it."""

from __future__ import annotations

from ..core.store import now
from ..core.switches import Choice
from ..core.vendor import EmulatedVendor, route
from ..core.voices import Voice
from ..core.wire import Answer, Call, Incoming, Json
from ..core.world import GOOD, Heard, Verdict, World
from . import api, console, v3
from .credentials import ACCESS_KEY, API_KEY, APP, SECRET_KEY, TOKEN
from .replies import answer, gateway
from .slots import SERVICES, left, list_state, new_slot, post_paid
from .v3_replies import gateway as v3_gateway
from .v3_replies import refused as v3_refused

_V3 = "/api/v3/tts/"


class Volcengine(EmulatedVendor):
    key = "volcengine"
    title = "Volcengine"
    slots_at_start = 20
    sells = True
    services = tuple(SERVICES)
    routes = (
        route("POST", "/api/v1/mega_tts/audio/upload", "upload", api.upload, changes=True),
        route("POST", "/api/v1/mega_tts/status", "status", api.status),
        route("GET", "/api/v1/mega_tts/status", "status", api.status),
        route("POST", "/api/v3/tts/voice_clone", "voice_clone", v3.train, changes=True),
        route("POST", "/api/v3/tts/get_voice", "get_voice", v3.get),
        route("POST", "/api/v3/tts/upgrade_voice", "upgrade_voice", v3.upgrade, changes=True),
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
        "volcengine_resource_filter": True,  # off: the list knows no ResourceIDs
        "volcengine_activable_string": False,
        "volcengine_project_rows": Choice("typed", "live"),  # rows of version 2025-05-21
        "volcengine_mismatch_500": False,  # how a model of another service is refused
        "volcengine_v1_takes_api_key": False,
        "volcengine_v3_model": 5,  # model_type of 2.0 in V3's replies
        "volcengine_v3_code": Choice("absent", "zero", "20000000"),  # `code` of a success
        "volcengine_v3_failed_200": False,  # a failed training is read with HTTP 200
        "volcengine_v3_flat_gateway": False,  # gateway faults without `header`
        "volcengine_v3_unknown_500": False,  # an unknown voice: HTTP 500 and 55000000
        "volcengine_v3_untrained_1107": False,  # a slot that was never trained is not found
        "volcengine_v3_sentinel": False,  # a post-paid voice's speaker_id is `custom_speaker_id`
        "volcengine_v3_request_id": False,  # X-Api-Request-Id is required
        "volcengine_v3_demo_text": 300,  # characters
        "volcengine_post_paid": True,  # off: the account has no post-paid voices
        "volcengine_trial_days": 7.0,  # after which a post-paid voice that was never used is deleted
        "volcengine_strict_resource_id": True,
    }

    def owns(self, path: str, query: list[tuple[str, str]]) -> bool:
        if path == "/":
            return any(key == "Action" for key, _ in query)
        return path.startswith(("/api/v1/mega_tts/", _V3))

    def classify(self, call: Call, incoming: Incoming) -> None:
        if incoming.path == "/":
            call.action = (incoming.param("Action") or "console")[:80]
            call.changes = call.action == "ActivateMegaTTSTrainStatus"

    def fault(self, incoming: Incoming, status: int, message: str) -> Answer:
        if incoming.path == "/":
            return console.fault(incoming, status, message)
        if incoming.path.startswith(_V3):
            code = {400: 45001001, 413: 45001101, 429: 45000292, 500: 55000000}.get(status, 45000000)
            return v3_gateway(None, status, code, message)
        code = {400: 1001, 404: 1001, 405: 1001, 413: 1101, 429: 45000292}.get(status, 55000000)
        return gateway(status, code, message)

    def unreadable(self, world: World, incoming: Incoming, message: str) -> Answer:
        if incoming.path.startswith(_V3):
            return v3_refused(45001001, message).answer
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

    def newer_environment(self, origin: str) -> dict[str, str]:
        """The variables for V3, with an API key in place of app ID and access token."""
        old = self.environment(origin)
        kept = {name: value for name, value in old.items() if value not in (APP, TOKEN)}
        return {"VOLCENGINE_SPEECH_API_KEY": API_KEY} | kept

    def listed(self, voice: Voice, at: float) -> bool:
        return voice.exists(at) or not post_paid(voice)

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
        trial_ends = voice.deleted_at if post_paid(voice) else None
        return {
            "state": list_state(world, voice, at),
            "service": voice.extra.get("service", ""),
            "expires_at": voice.expires_at or trial_ends or voice.extra["expire_time"],
        }

    def buy(self, world: World, count: int, service: str = "") -> list[str]:
        """The slots are numbered from the last one on."""
        slots = sum(1 for voice in world.store.voices(self.key) if voice.id.startswith("S_emulator"))
        names = [f"S_emulator{number:02d}" for number in range(slots + 1, slots + count + 1)]
        for name in names:
            world.store.save(new_slot(name, now(), service))
        return names
