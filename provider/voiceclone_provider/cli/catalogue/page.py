"""The files of the page that are made of the data."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from .folder import PAGE, Folder

_MARK = "{{data}}"
_AS_THEY_ARE = ("catalogue.css", "catalogue.js")


def write(folder: Folder, document: dict[str, Any], *, with_json: bool) -> None:
    """Add the page to the folder and, `with_json`, its data as a file of its own. Raises `OSError`."""
    here = files(__package__)
    for name in _AS_THEY_ARE:
        folder.add(name, here.joinpath(name).read_bytes())
    page = here.joinpath(PAGE).read_text("utf-8").replace(_MARK, in_script(document))
    folder.add(PAGE, page.encode())
    if with_json:
        folder.add("voices.json", (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode())


def in_script(document: dict[str, Any]) -> str:
    """JSON that nothing in it can end, or turn into something else, between `<script>` and `</script>`."""
    text = json.dumps(document, separators=(",", ":"))  # ASCII
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
