"""The credentials the emulator takes; any other is refused as the vendor would."""

from __future__ import annotations

VOLCENGINE_APP = "emulator-app"
TOKEN = "emulator-token"  # noqa: S105  a published one
ACCESS_KEY = "emulator-ak"
SECRET_KEY = "emulator-sk"  # noqa: S105  a published one
KLING_API_KEY = "emulator-token"


def environment(origin: str) -> dict[str, str]:
    """What points the provider at the emulator."""
    return {
        "VOLCENGINE_SPEECH_APP_ID": VOLCENGINE_APP,
        "VOLCENGINE_SPEECH_ACCESS_TOKEN": TOKEN,
        "VOLCENGINE_ACCESS_KEY": ACCESS_KEY,
        "VOLCENGINE_SECRET_KEY": SECRET_KEY,
        "VOLCENGINE_SPEECH_BASE_URL": origin,
        "VOLCENGINE_CONSOLE_URL": origin,
        "COZE_API_TOKEN": TOKEN,
        "COZE_API_BASE": origin,
        "QINIU_XROBO_TOKEN": TOKEN,
        "QINIU_XROBO_BASE_URL": origin,
        "KLING_ACCESS_KEY": ACCESS_KEY,
        "KLING_SECRET_KEY": SECRET_KEY,
        "KLING_API_KEY": KLING_API_KEY,
        "KLING_BASE_URL": origin,
    }
