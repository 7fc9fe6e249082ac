"""Switches: the sides of a contradiction, and limits that are off unless asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Value = bool | int | float | str


class Choice(str):
    """The default of a switch that is one of several words; no other word is taken."""

    words: tuple[str, ...]

    def __new__(cls, *words: str) -> Choice:
        made = super().__new__(cls, words[0])
        made.words = words
        return made


_TRAININGS: dict[str, Value] = {
    "training_seconds": 5.0,
    "training_spread": 0.0,  # 0.2: each training takes up to 20 % more or less
    "judge_audio": True,  # off: silence and noise are trained like speech
    "trainings_per_voice": 10,
    "preview_seconds": 3600,
}
_OF_EACH_VENDOR: dict[str, Value] = {
    "lag_seconds": 0.0,  # reads lag behind writes
    "qps": 0,  # requests a second; 0 is no limit
    "concurrency": 0,  # trainings at a time; 0 is no limit
}
_REPLIES: dict[str, Value] = {"retry_after": 0}  # seconds, sent with 429; 0 sends none


def defaults(vendors: Mapping[str, Mapping[str, Value]]) -> dict[str, Value]:
    """Every switch: those that each vendor has, and those that vendors declare."""
    each = {f"{vendor}_{name}": value for name, value in _OF_EACH_VENDOR.items() for vendor in vendors}
    declared = {name: value for switches in vendors.values() for name, value in switches.items()}
    return _TRAININGS | each | _REPLIES | declared


class BadSwitchError(ValueError):
    pass


class Switches:
    def __init__(self, base: dict[str, Value], stored: dict[str, Any]) -> None:
        self._base = base
        self._values = base | {name: value for name, value in stored.items() if name in base}

    def checked(self, name: str, value: Any) -> Value:
        if name not in self._base:
            raise BadSwitchError(f"no switch is called {name}; there are: {', '.join(sorted(self._base))}")
        default = self._base[name]
        if isinstance(default, bool):
            if isinstance(value, bool):
                return bool(value)
        elif isinstance(default, float):
            if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9:
                return float(value)
        elif isinstance(default, int):
            if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1e9:
                return value
        elif isinstance(default, Choice):
            if value in default.words:
                return str(value)
            raise BadSwitchError(f"{name} is one of {', '.join(default.words)}")
        elif isinstance(value, str):
            return value
        raise BadSwitchError(f"{name} is a {type(default).__name__}")

    def reset(self) -> None:
        self._values = dict(self._base)

    def put(self, name: str, value: Any) -> Value:
        good = self.checked(name, value)
        self._values[name] = good
        return good

    def defaults(self) -> dict[str, Value]:
        return dict(self._base)

    def all(self) -> dict[str, Value]:
        return dict(self._values)

    def on(self, name: str) -> bool:
        return bool(self._values[name])

    def number(self, name: str) -> float:
        return float(self._values[name])

    def text(self, name: str) -> str:
        return str(self._values[name])
