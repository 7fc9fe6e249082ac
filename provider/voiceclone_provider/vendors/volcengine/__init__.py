"""Volcengine: its models, wire format and calls. Imports `core` and the folder above, and no other vendor.

Sources, read in November 2026: 声音复刻 API, https://www.volcengine.com/docs/6561/1305191, in the
version that was given and in the one of 2026-08; the console API (批量查询状态), https://www.volcengine.com/docs/6561/2235883.
"""

from .client import Volcengine as Volcengine
