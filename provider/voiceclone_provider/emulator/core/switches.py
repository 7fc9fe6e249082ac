"""Switches: the sides of a contradiction, and limits that are off unless asked for."""

from __future__ import annotations

from typing import Any

DEFAULTS: dict[str, bool | int | float | str] = {
    # All vendors.
    "training_seconds": 5.0,
    "training_spread": 0.0,  # 0.2: each training takes up to 20 % more or less
    "judge_audio": True,  # off: silence and noise are trained like speech
    "trainings_per_voice": 10,
    "preview_seconds": 3600,
    # Reads lag behind writes by so many seconds.
    "volcengine_lag_seconds": 0.0,
    "coze_lag_seconds": 0.0,
    "qiniu_lag_seconds": 0.0,
    "kling_lag_seconds": 0.0,
    # Requests a second, and trainings at a time; 0 is no limit.
    "volcengine_qps": 0,
    "coze_qps": 0,
    "qiniu_qps": 0,
    "kling_qps": 0,
    "volcengine_concurrency": 0,
    "coze_concurrency": 0,
    "qiniu_concurrency": 0,
    "kling_concurrency": 0,
    "retry_after": 0,  # seconds, sent with 429; 0 sends none
    # Volcengine.
    "volcengine_status_strings": False,
    "volcengine_creaet_time": False,
    "volcengine_given_names": False,  # Total, IsActivatable, ResourceID as the given page has them
    "volcengine_failed_bumps_version": True,
    "volcengine_list_failed_as": "Failed",
    "volcengine_list_offline": False,
    "volcengine_strict_resource_id": True,
    # Coze.
    "coze_clone_full_object": False,
    "coze_auth_status": 200,
    "coze_slots": 0,  # voices the account may have; 0 is no limit
    # Qiniu.
    "qiniu_paid": False,
    "qiniu_http_status": True,  # off: every reply is HTTP 200, the status is in `code` alone
    "qiniu_slots": 0,  # slots the account may have; 0 is no limit
    # Kling.
    "kling_keep_deleted": False,
    "kling_max_page_size": 500,
    "kling_units": -1.0,  # balance; below 0 is no limit
    "kling_webhook_secret": "whsec_ZW11bGF0b3Itd2ViaG9vay1zZWNyZXQ=",
    "kling_callback_seconds": 1.0,  # wait before a callback is sent again; doubles each time
}


class BadSwitchError(ValueError):
    pass


def checked(name: str, value: Any) -> bool | int | float | str:
    if name not in DEFAULTS:
        raise BadSwitchError(f"no switch is called {name}; there are: {', '.join(sorted(DEFAULTS))}")
    default = DEFAULTS[name]
    if isinstance(default, bool):
        if isinstance(value, bool):
            return bool(value)
    elif isinstance(default, float):
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9:
            return float(value)
    elif isinstance(default, int):
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1e9:
            return value
    elif isinstance(value, str):
        return value
    raise BadSwitchError(f"{name} is a {type(default).__name__}")


class Switches:
    def __init__(self, training_seconds: float, stored: dict[str, Any]) -> None:
        self._base = DEFAULTS | {"training_seconds": training_seconds}
        self._values = self._base | {name: value for name, value in stored.items() if name in DEFAULTS}

    def reset(self) -> None:
        self._values = dict(self._base)

    def put(self, name: str, value: Any) -> bool | int | float | str:
        good = checked(name, value)
        self._values[name] = good
        return good

    def all(self) -> dict[str, bool | int | float | str]:
        return dict(self._values)

    def on(self, name: str) -> bool:
        return bool(self._values[name])

    def number(self, name: str) -> float:
        return float(self._values[name])

    def text(self, name: str) -> str:
        return str(self._values[name])
