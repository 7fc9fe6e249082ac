"""The pages' own sample replies, as data: what a client of a vendor must be able to read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

_FILE = Path(__file__).resolve().parents[1] / "data" / "page-samples.json"


class Sample(NamedTuple):
    vendor: str
    call: str
    """The action as the record of requests names it; `v3` is all of Volcengine's V3 calls."""
    page: str
    """`given`, or which of the vendor's pages."""
    reply: dict[str, Any]
    """As printed there, without the page's comments."""


SAMPLES = [Sample(**one) for one in json.loads(_FILE.read_text(encoding="utf-8"))]
