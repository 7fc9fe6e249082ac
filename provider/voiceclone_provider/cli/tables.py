"""Tables for terminals."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns side by side; Chinese characters are two cells wide. A row stays in its line."""
    lines = [columns, *([" ".join(cell.split()) for cell in row] for row in rows)]
    widths = [max(_cells(line[column]) for line in lines) for column in range(len(columns))]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _cells(cell)) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def _cells(text: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)
