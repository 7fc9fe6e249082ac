"""The vendors whose contradictions are known. One that is not here is walked through all the same."""

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
