"""Recordings are served as audio or not at all, whatever their name or whoever stored them says."""

from __future__ import annotations

from aiohttp import web

from ..core.sound import sniff

_TYPES = {
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "mp4": "audio/mp4",
    "mov": "audio/mp4",  # the same boxes; its own type would be one of video
    "aac": "audio/aac",
}

_POLICY = "default-src 'none'; media-src 'self'; frame-ancestors 'none'; sandbox allow-same-origin"
"""Opened on its own, a browser makes a page of it, whose player fetches it once more from the same origin."""


def served(data: bytes) -> web.Response:
    """What is saved from a browser gets a name that fits."""
    container = sniff(data)
    if container is None:
        return web.json_response({"error": "this is no audio, and nothing else is served"}, status=415)
    headers = {
        "Content-Disposition": f'inline; filename="voice.{container}"',
        "Content-Security-Policy": _POLICY,
    }
    return web.Response(body=data, content_type=_TYPES[container], headers=headers)
