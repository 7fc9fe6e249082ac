"""Kling as the emulator knows it."""

from __future__ import annotations

from ..core.sound import Sound
from ..core.vendor import EmulatedVendor, route
from ..core.voices import Voice
from ..core.wire import Answer, Incoming, Json
from ..core.world import GOOD, Heard, Verdict, World
from . import api, auth, deletion
from .callbacks import follow
from .replies import answer

_CONTAINERS = ("wav", "mp3", "mp4", "m4a", "mov")


class Kling(EmulatedVendor):
    key = "kling"
    title = "Kling"
    ids = ("voice_id", "external_task_id")
    retrains = False
    routes = (
        route("POST", "/v1/general/custom-voices", "create", api.create, changes=True),
        route("GET", "/v1/general/custom-voices", "list", api.list_voices),
        route("GET", "/v1/general/custom-voices/{id}", "get", api.get),
        route("GET", "/v1/general/presets-voices", "presets", api.list_presets),
        route("POST", "/v1/general/delete-voices", "delete", deletion.delete, changes=True),
    )
    switches = {  # noqa: RUF012
        "kling_keep_deleted": False,
        "kling_deleted_keeps_result": False,  # with kling_keep_deleted: with its voices, as history
        "kling_delete_seconds": 0.0,  # how long a delete task runs; until it has ended, the voice is there
        "kling_delete_fails": False,
        "kling_delete_bare": False,  # a delete's reply without `data`
        "kling_delete_task_shown": False,  # a delete task can be asked for by its ID
        "kling_already_deleted": False,  # how a second delete is refused
        "kling_not_found_1203": False,  # an unknown task: 404 and 1203, not 400 and 1201
        "kling_get_by_voice_id": False,
        "kling_succeeded": False,  # task_status `succeeded`
        "kling_balance_deduction": False,
        "kling_max_page_size": 500,
        "kling_units": -1.0,  # balance; below 0 is no limit
        "kling_webhook_secret": "whsec_ZW11bGF0b3Itd2ViaG9vay1zZWNyZXQ=",
        "kling_callback_seconds": 1.0,  # wait before a callback is sent again; doubles each time
    }

    def owns(self, path: str, query: list[tuple[str, str]]) -> bool:
        return path.startswith("/v1/general/")

    def authenticate(self, world: World, incoming: Incoming) -> None:
        auth.authenticate(incoming.headers.get("authorization"))

    def fault(self, incoming: Incoming, status: int, message: str) -> Answer:
        code = {400: 1201, 404: 1203, 405: 1202, 413: 1201, 429: 1302}.get(status, 5000)
        return answer({405: 404, 413: 400}.get(status, status), code, message)

    def environment(self, origin: str) -> dict[str, str]:
        return {
            "KLING_ACCESS_KEY": auth.ACCESS_KEY,
            "KLING_SECRET_KEY": auth.SECRET_KEY,
            "KLING_API_KEY": auth.API_KEY,
            "KLING_BASE_URL": origin,
        }

    def judge(self, world: World, heard: Heard) -> Verdict:
        """Given page: .mp3, .wav, .mp4, .mov; 5 to 30 seconds; clean, of one voice."""
        if heard.sound is None:
            return Verdict("failed", 1201, f"voice_url: {heard.reason}")
        if heard.sound.container not in _CONTAINERS:
            return Verdict("failed", 1201, f"voice_url: {heard.sound.container} is not supported")
        if reason := _length(heard.sound):
            return Verdict("failed", 1201, reason)
        if heard.sound.verdict != "speech" and world.switches.on("judge_audio"):
            return Verdict("failed", 1201, "the audio has no clear human voice")
        return GOOD

    def view(self, world: World, voice: Voice, at: float) -> Json:
        return {name: voice.extra[name] for name in (*self.ids, "callback_url")}

    def start(self, world: World) -> None:
        super().start(world)
        for voice in world.store.voices(self.key):
            follow(world, voice)


def _length(sound: Sound) -> str | None:
    if sound.seconds < 4.95:
        return f"the audio is {sound.seconds:.1f} seconds long, shorter than 5 seconds"
    if sound.seconds > 30.05:
        return f"the audio is {sound.seconds:.1f} seconds long, longer than 30 seconds"
    return None
