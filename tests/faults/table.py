"""The result of a run as Markdown: how many cells of each operation ended how, and which failed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from .aftermath import SECOND_TRAINING, SECOND_VOICE
from .cells import PROBLEMS

_ALLOWED = (SECOND_VOICE, SECOND_TRAINING)
"""What nobody can know: counted, and no failure."""

_HEADS = ("cells", *PROBLEMS, "asked the user", *_ALLOWED)

Record = Mapping[str, Any]
"""`Result`, without what was said."""


def markdown(records: Iterable[Record]) -> str:
    """The table, and below it every cell that failed or asked."""
    known = sorted(records, key=lambda record: str(record["id"]))
    rows: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for record in known:
        for row in ((record["vendor"], record["operation"]), ("all", "")):
            rows[row]["cells"] += 1
            rows[row]["asked the user"] += bool(record["asked"])
            rows[row].update(record["problems"].keys())
            rows[row].update({record["allowed"]} - {""})
    total = rows.pop(("all", ""), Counter())
    lines = [
        "| vendor | operation | " + " | ".join(_HEADS) + " |",
        "|---|---|" + "---:|" * len(_HEADS),
        *(_row(vendor, operation, counts) for (vendor, operation), counts in sorted(rows.items())),
        _row("all", "", total),
    ]
    return "\n".join([*lines, *_failed(known), *_asked(known), ""])


def _row(vendor: str, operation: str, counts: Counter[str]) -> str:
    return f"| {vendor} | {operation} | " + " | ".join(str(counts[head]) for head in _HEADS) + " |"


def _failed(records: list[Record]) -> list[str]:
    """Each cell by its ID, as VOICECLONE_CELLS takes it."""
    bad = [record for record in records if record["problems"]]
    if not bad:
        return []
    told = [
        f"- `{record['id']}`: " + "; ".join(f"{name}: {what}" for name, what in record["problems"].items())
        for record in bad
    ]
    return ["", f"## {len(bad)} cells failed", "", *told]


def _asked(records: list[Record]) -> list[str]:
    asked = [record for record in records if record["asked"]]
    if not asked:
        return []
    return [
        "",
        f"## {len(asked)} cells asked the user",
        "",
        *(f"- `{r['id']}`: {' '.join(str(r['asked']).split())}" for r in asked),
    ]
