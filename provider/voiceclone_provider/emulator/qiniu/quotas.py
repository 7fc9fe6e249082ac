"""Qiniu's quotas (vendor's newer pages "quota" and "voice-clone"): how many trainings each tier still has."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime

from ..core.voices import Voice
from ..core.wire import Answer, Call, Incoming, Json, whole_number
from ..core.world import World
from .api import answer, refused

_TIERS = ("free", "lite", "pro")
_UNLIMITED = 1_000_000
_VOICES = 1  # of `resource_type`; 0 is all
_EXPIRES = "2099-12-31T23:59:59Z"


async def quotas(world: World, call: Call, incoming: Incoming) -> Answer:
    """The account's resource packages, here one a tier; all parameters are optional."""
    _known(world)
    kind = whole_number(incoming.param("resource_type") or "0", 0, 4)
    limit = whole_number(incoming.param("limit") or "100", 1, 100)
    start, end = (_moment(world, incoming.param(name)) for name in ("start_time", "end_time"))
    if kind is None:
        raise refused(world, 400, "resource_type is 0 to 4")
    if limit is None:
        raise refused(world, 400, "limit is 1 to 100")
    if (start is None) != (end is None):
        raise refused(world, 400, "start_time and end_time go together")
    if start is not None and end is not None and start.year != end.year:
        raise refused(world, 400, "start_time and end_time are of one year")
    first = _from_cursor(world, incoming.param("cursor"))
    at = world.read_at(call)
    packages = [_package(world, tier, at) for tier in _TIERS] if kind in (0, _VOICES) else []
    following = first + limit
    cursor = base64.b64encode(str(following).encode()).decode() if following < len(packages) else ""
    return answer(world, 200, "", {"quotas": packages[first:following], "next_cursor": cursor})


async def available(world: World, call: Call, incoming: Incoming) -> Answer:
    """The number alone, for one tier."""
    _known(world)
    tier, at = incoming.param("tier"), world.read_at(call)
    if tier not in _TIERS:
        raise refused(world, 400, "tier is free, lite or pro")
    package = _package(world, tier, at)
    left = max(0, package["total_count"] - package["usage_count"])
    return answer(world, 200, "", {"available_count": left})


def _known(world: World) -> None:
    if world.switches.text("qiniu_create") == "given":
        raise refused(world, 404, "the given page has no quotas")


def _moment(world: World, text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise refused(world, 400, "start_time and end_time are in RFC 3339")
    return moment


def _from_cursor(world: World, cursor: str | None) -> int:
    if not cursor:
        return 0
    try:
        first = whole_number(base64.b64decode(cursor, validate=True).decode(), 1, 10**6)
    except (ValueError, binascii.Error):
        first = None
    if first is None:
        raise refused(world, 400, "cursor is not one that was given out")
    return first


def _used(voices: list[Voice], tier: str, at: float) -> int:
    """A free slot counts itself; in a paid one each training counts."""
    return len(voices) if tier == "free" else sum(len(voice.begun(at)) for voice in voices)


def _package(world: World, tier: str, at: float) -> Json:
    voices = [voice for voice in world.present("qiniu", at) if voice.extra["tier"] == tier]
    bought = datetime(datetime.now(UTC).year, 1, 1, tzinfo=UTC)
    return {
        "id": f"quota_{tier}",
        "user_id": 10001,
        "po_id": f"order_{tier}",
        "resource_type": "linxi:api:voice_clone",
        "resource_package": {"type": tier, "period_unit": 1, "period_value": 1},
        "status": 0,
        "usage_count": _used(voices, tier, at),
        "total_count": int(world.switches.number("qiniu_slots")) or _UNLIMITED,
        "expired_time": _EXPIRES,
        "created_at": bought.isoformat().replace("+00:00", "Z"),
    }
