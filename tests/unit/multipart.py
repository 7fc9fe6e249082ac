"""Takes a form apart that arrived over HTTP, with the standard library only."""

from __future__ import annotations

import email
from email.message import Message
from typing import cast

from fake_vendor import Request


def parts(request: Request) -> dict[str, tuple[str | None, bytes]]:
    """The file name (`None` for a plain field) and the content of each part, by the part's name."""
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    message = email.message_from_bytes(head + request.body)
    assert message.get_content_type() == "multipart/form-data"
    found: dict[str, tuple[str | None, bytes]] = {}
    for part in cast("list[Message]", message.get_payload()):
        name = str(part.get_param("name", header="Content-Disposition"))
        assert name not in found
        found[name] = part.get_filename(), cast("bytes", part.get_payload(decode=True))
    return found


def fields(request: Request) -> dict[str, str]:
    """The plain fields."""
    return {
        name: content.decode() for name, (filename, content) in parts(request).items() if filename is None
    }
