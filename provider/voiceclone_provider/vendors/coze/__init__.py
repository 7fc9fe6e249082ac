"""Coze: its models, wire format and calls. Imports `core` and the folder above, and no other vendor.

Sources, read in November 2026: 复刻音色 (POST https://api.coze.cn/v1/audio/voices/clone) of Coze's developer
documentation; 查看音色列表 as cozepy 0.20 calls it.
"""

from .client import Coze as Coze
