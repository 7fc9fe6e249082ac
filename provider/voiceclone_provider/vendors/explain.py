"""A pydantic error in plain words: what the value is, and what it must be."""

from __future__ import annotations

from collections.abc import Mapping
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


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
