"""What a person does to a voice in a vendor's console: rename it, train it again, let it expire."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from ..core.vendor import EmulatedVendor
from ..core.voices import Training, Voice
from ..core.world import World
from ..registry import SLOT_VENDORS, titles


class WrongError(Exception):
    """A control call that makes no sense; `status` is the answer's."""

    def __init__(self, message: str, status: int = 400) -> None:
        self.message, self.status = message, status


def act(vendor: EmulatedVendor, voice: Voice, verb: str, doc: dict[str, Any], at: float) -> None:
    if verb in ("lock", "expire") and not vendor.slots_at_start:
        raise WrongError(f"only {titles(SLOT_VENDORS)} has slots that are locked or expire", 409)
    if verb == "retrain" and not vendor.retrains:
        raise WrongError(f"{vendor.title} cannot train a voice again", 409)
    if (do := VERBS.get(verb)) is None:
        raise WrongError(f"nobody can {verb} a voice", 404)
    do(voice, doc, at)


def offered(vendor: EmulatedVendor, world: World, voice: Voice, at: float) -> list[str]:
    """The verbs that make a difference to the voice as it is, for the page's menu."""
    there, ended = not voice.deleted(at), voice.locked(at) or voice.expired(at)
    sensible = {
        "retrain": there and vendor.retrains and not voice.training(at),
        "finish": voice.training(at),
        "fail": there and voice.latest(at) is not None,
        "rename": there,
        "quota": there and vendor.left(world, voice, at) is not None,
        "lock": there and bool(vendor.slots_at_start) and not ended,
        "expire": there and bool(vendor.slots_at_start) and not voice.expired(at),
        "use": there and bool(voice.extra.get("post_paid")) and not voice.locked(at),
        "restore": not there or ended,
        "delete": there,
    }
    return [verb for verb, sense in sensible.items() if sense]


def _rename(voice: Voice, doc: dict[str, Any], at: float) -> None:
    name = doc.get("name")
    if not isinstance(name, str) or not name:
        raise WrongError("name is missing")
    voice.rename(at, name)


def _lock(voice: Voice, doc: dict[str, Any], at: float) -> None:
    voice.locked_at = at


def _expire(voice: Voice, doc: dict[str, Any], at: float) -> None:
    voice.expires_at = at


def _quota(voice: Voice, doc: dict[str, Any], at: float) -> None:
    left = doc.get("left")
    if isinstance(left, bool) or not isinstance(left, int) or left < 0:
        raise WrongError("left is a number of trainings")
    voice.budget, voice.extra["budget_since"] = left, at


def _latest(voice: Voice, at: float) -> Training:
    if (training := voice.latest(at)) is None:
        raise WrongError("the voice was never trained", 409)
    return training


def _fail(voice: Voice, doc: dict[str, Any], at: float) -> None:
    training = _latest(voice, at)
    training.result, training.finishes_at = "failed", at
    training.code, training.message = doc.get("code"), str(doc.get("message", "the training failed"))


def _finish(voice: Voice, doc: dict[str, Any], at: float) -> None:
    training = _latest(voice, at)
    if not training.over(at):
        training.result, training.finishes_at = training.result or "success", at


def _restore(voice: Voice, doc: dict[str, Any], at: float) -> None:
    voice.deleted_at = voice.locked_at = voice.expires_at = None


def _retrain(voice: Voice, doc: dict[str, Any], at: float) -> None:
    """Somebody trained it in the vendor's console, on audio of their own."""
    seconds = doc.get("seconds", 0)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
        raise WrongError("seconds is a number")
    if voice.deleted(at):
        raise WrongError("the voice is gone", 409)
    digest = secrets.token_hex(32)
    voice.trainings.append(Training(at, at + seconds, "success", audio_sha256=digest, by="console"))


def _use(voice: Voice, doc: dict[str, Any], at: float) -> None:
    """The first synthesis with a post-paid voice: it is paid, stays, and is never trained again."""
    if not voice.extra.get("post_paid") or voice.deleted(at):
        raise WrongError("only a post-paid voice is paid by its first use", 409)
    voice.deleted_at, voice.locked_at = None, at


VERBS: dict[str, Callable[[Voice, dict[str, Any], float], None]] = {
    "retrain": _retrain,
    "rename": _rename,
    "lock": _lock,
    "expire": _expire,
    "quota": _quota,
    "fail": _fail,
    "finish": _finish,
    "restore": _restore,
    "use": _use,
}
