"""Kling: its models, wire format and calls. Imports `core` and the folder above, and no other vendor.

Sources, read in November 2026: 自定义音色, 接口鉴权 and 错误码 of Kling's API documentation; their copies in
docs/api of github.com/aself101/kling-api.
"""

from .client import Kling as Kling
