"""Qiniu: its models, its wire format, its calls. Imports `core` and the folder above,
and no other vendor.
"""

from .client import Qiniu as Qiniu
