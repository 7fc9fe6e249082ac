"""Names, values and messages of others in Markdown: none of them is markup, and none calls anybody."""

from __future__ import annotations

import re


def code(text: str) -> str:
    """A value as it is, in a table's cell."""
    line = " ".join(text.split()).replace("`", "'").replace("|", "\\|")
    return f"`{line}`" if line else ""


def escaped(text: str) -> str:
    """A sentence, of which only the commands in backquotes are Markdown. Of several backquotes in a row one
    is left: those of another number would pair otherwise than here."""
    parts = re.sub("`+", "`", " ".join(text.split())).split("`")
    if len(parts) % 2 == 0:
        return _plain("'".join(parts))
    return "`".join(
        part.replace("|", "\\|") if number % 2 else _plain(part) for number, part in enumerate(parts)
    )


def _plain(text: str) -> str:
    """Of `@`, nobody is called who is not followed by a name."""
    return re.sub(r"[|<>\\*_\[\]]", lambda found: f"&#{ord(found[0])};", text).replace("@", "@&#8203;")
