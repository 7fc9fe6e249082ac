"""What is left of an account's quotas at Qiniu, as its page on quotas (`GET /v1/quotas`) says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...core.times import unix

VOICE_CLONES = "1"
"""`resource_type` of the request; in the answer it is a text that ends in `voice_clone`."""
PAGE_SIZE = 100
MOST_PAGES = 20
_ACTIVE = 0


def page(data: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], str]:
    """One page's quotas, and the cursor of the next; empty after the last."""
    quotas = data["quotas"]
    if not isinstance(quotas, list | None):
        raise TypeError("quotas is not a list")
    for quota in quotas or ():
        status = quota["status"]
        if not isinstance(status, int) or isinstance(status, bool):
            raise TypeError("the status of a quota is not a number")
        _ = quota["resource_package"]["type"], int(quota["total_count"]) - int(quota["usage_count"])
    return quotas or [], str(data.get("next_cursor") or "")


def left_by_tier(quotas: Iterable[Mapping[str, Any]], now: float) -> dict[str, int]:
    """Trainings left by tier, at this moment (Unix seconds): of quotas that are active (status 0) and have
    not expired. A tier without a quota is left out."""
    left: dict[str, int] = {}
    for quota in quotas:
        if not str(quota.get("resource_type", "voice_clone")).endswith(("voice_clone", VOICE_CLONES)):
            continue
        tier = str(quota["resource_package"]["type"])
        ends = unix(str(quota.get("expired_time") or ""))
        counts = quota["status"] == _ACTIVE and (ends is None or ends > now)
        rest = int(quota["total_count"]) - int(quota["usage_count"])
        left[tier] = left.get(tier, 0) + (max(rest, 0) if counts else 0)
    return left
