"""Qiniu: its models, wire format and calls. Imports `core` and the folder above, and no other vendor.

Sources, read in November 2026: 音色克隆API, docs/xrobot/api/voice-clone.md of
github.com/qiniu/Xrobot-docs, in the versions of 2025-08-12 (e81bc03) and 2026-05-22 (c3feb45, c429bc1).
"""

from .client import Qiniu as Qiniu
