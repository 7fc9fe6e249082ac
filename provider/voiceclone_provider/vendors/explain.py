"""Faults of what a user wrote, in plain words."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from typing import Any


def explain(error: Mapping[str, Any]) -> str:
    """One pydantic error in the project's words: what the value is, and what it must be."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "voice_input":
        return str(context["reason"])
    if kind == "enum":
        return f"is {error['input']!r}, but must be one of {context['expected']}"
    words = str(error["msg"])
    return f"is {_shown(error['input'])}: {words[:1].lower()}{words[1:]}"


def strange(name: str, names: Collection[str]) -> str:
    """What may be meant by a name that none of these is."""
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.65)
    return f"did you mean {close[0]}?" if close else f"there are {', '.join(names)}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
