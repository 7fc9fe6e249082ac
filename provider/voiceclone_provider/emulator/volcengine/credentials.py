"""The credentials that the emulated Volcengine takes."""

APP = "emulator-app"
TOKEN = "emulator-token"  # noqa: S105  a published one
ACCESS_KEY = "emulator-ak"
SECRET_KEY = "emulator-sk"  # noqa: S105  a published one
API_KEY = "emulator-token"
