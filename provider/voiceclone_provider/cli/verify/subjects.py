"""The vendors whose contradictions are known. `verify` works at any other vendor too, without this table."""

from __future__ import annotations

from collections.abc import Mapping

from . import coze, kling, qiniu, volcengine
from .questions import Subject

SUBJECTS: Mapping[str, Subject] = {
    "volcengine": volcengine.SUBJECT,
    "coze": coze.SUBJECT,
    "qiniu": qiniu.SUBJECT,
    "kling": kling.SUBJECT,
}
