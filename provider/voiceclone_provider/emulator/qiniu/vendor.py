"""Qiniu as the emulator knows it."""

from __future__ import annotations

from ..core.switches import Choice
from ..core.vendor import EmulatedVendor, route
from ..core.voices import Voice
from ..core.wire import Answer, Incoming, Json
from ..core.world import GOOD, Heard, Verdict, World
from . import api, quotas

_TOKEN = "emulator-token"  # noqa: S105  a published one


class Qiniu(EmulatedVendor):
    key = "qiniu"
    title = "Qiniu"
    routes = (
        route("POST", "/v1/voice-clones", "create", api.create, changes=True),
        route("GET", "/v1/voice-clones", "list", api.list_voices),
        route("GET", "/v1/voice-clones/quota", "quota", quotas.available),
        route("PUT", "/v1/voice-clones/{id}", "train", api.change, changes=True),
        route("GET", "/v1/voice-clones/{id}", "get", api.get),
        route("DELETE", "/v1/voice-clones/{id}", "delete", api.delete, changes=True),
        route("GET", "/v1/quotas", "quotas", quotas.quotas),
    )
    switches = {  # noqa: RUF012
        "qiniu_create": Choice("either", "current", "given"),  # which page's body a create takes
        "qiniu_paid": False,
        "qiniu_training_language": True,  # off: a voice in training has language ""
        "qiniu_training_demo": Choice("former", "always", "never"),  # demo_url of a voice in training
        "qiniu_put_former_name": False,  # the reply to PUT has the name from before
        "qiniu_default_name": Choice("id", "random"),
        "qiniu_ids": Choice("hex", "prefixed"),
        "qiniu_msg": True,  # off: a success has no `msg`
        "qiniu_http_status": True,  # off: every reply is HTTP 200, the status is in `code` alone
        "qiniu_slots": 0,  # slots the account may have; 0 is no limit
    }

    def owns(self, path: str, query: list[tuple[str, str]]) -> bool:
        return path in ("/v1/voice-clones", "/v1/quotas") or path.startswith("/v1/voice-clones/")

    def authenticate(self, world: World, incoming: Incoming) -> None:
        if incoming.bearer != _TOKEN:
            raise api.refused(world, 401, "unauthorized")

    def fault(self, incoming: Incoming, status: int, message: str) -> Answer:
        return api.answer(None, status, message)

    def unreadable(self, world: World, incoming: Incoming, message: str) -> Answer:
        return api.answer(world, 400, message)

    def environment(self, origin: str) -> dict[str, str]:
        return {"QINIU_XROBO_TOKEN": _TOKEN, "QINIU_XROBO_BASE_URL": origin}

    def judge(self, world: World, heard: Heard) -> Verdict:
        """10 to 60 seconds is recommended only. What is no audio, or no speech, fails, without a reason."""
        if heard.sound is None:
            return Verdict("failed", None, heard.reason)
        if heard.sound.verdict != "speech" and world.switches.on("judge_audio"):
            return Verdict("failed", None, f"the audio is {heard.sound.verdict}")
        return GOOD

    def view(self, world: World, voice: Voice, at: float) -> Json:
        return {name: voice.extra[name] for name in ("language", "tier")}
