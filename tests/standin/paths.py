"""Property paths, as `ignoreChanges` and `replaceOnChanges` take them: `a.b[0].c`, `a["b"]`, `a.*`."""

from __future__ import annotations

import re
from typing import Any, Final

Path = list[str | int]

_PART: Final = re.compile(r"""\.?([^.\[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\[(\*)\]""")
_ABSENT: Final = object()


def parse(text: str) -> Path:
    """The parts of a path."""
    parts: Path = []
    for name, index, quoted, star in _PART.findall(text):
        parts.append(int(index) if index else (name or star or quoted.replace('\\"', '"')))
    return parts


def contains(path: Path, other: Path) -> bool:
    """Whether a path names another, or something that it is in."""
    return len(path) <= len(other) and all(
        part in ("*", there) for part, there in zip(path, other, strict=False)
    )


def reset(path: Path, olds: Any, news: Any) -> None:
    """Give what a path names in `news` the value that it has in `olds`, unless it leads nowhere."""
    part, rest = path[0], path[1:]
    if part == "*":
        names: list[Any] = list(range(len(news))) if isinstance(news, list) else list(news or ())
        if isinstance(olds, dict):
            names += [name for name in olds if name not in names]
        for name in names:
            reset([name, *rest], olds, news)
        return
    old, new = _at(olds, part), _at(news, part)
    if rest:
        if new is not _ABSENT and old is not _ABSENT:
            reset(rest, old, new)
        return
    if old is _ABSENT:
        if isinstance(news, dict):
            news.pop(part, None)
    elif isinstance(news, dict) or (isinstance(news, list) and isinstance(part, int) and part < len(news)):
        news[part] = old  # type: ignore[index]


def _at(value: Any, part: Any) -> Any:
    if isinstance(value, dict):
        return value.get(part, _ABSENT)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return _ABSENT
