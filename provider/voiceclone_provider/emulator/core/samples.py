"""Samples that a URL leads to: served from a folder, put there by a test, or fetched from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import aiohttp

from .store import Store

PREFIX = "/_emulator/samples/"
_LARGEST = 64 * 1024 * 1024
_NAME = re.compile(r"[^/\\\x00]{1,200}")


class UnreachableError(Exception):
    """What is behind the URL cannot be had."""


def default_folder() -> Path | None:
    """The samples of a checkout, or else the few that came with the installed package."""
    package = Path(__file__).resolve().parents[1]
    examples = Path("examples", "voices")
    for folder in (Path.cwd() / examples, package.parents[2] / examples, package / "voices"):
        if folder.is_dir():
            return folder
    return None


class Samples:
    def __init__(self, store: Store, folder: Path | None, ports: set[int]) -> None:
        self._store = store
        self._folder = folder
        self._ports = ports
        """The ports this emulator listens on."""

    def get(self, name: str) -> bytes | None:
        if not _NAME.fullmatch(name) or name in (".", ".."):
            return None
        if (put := self._store.sample(name)) is not None:
            return put
        if self._folder is None:
            return None
        path = self._folder / name
        return path.read_bytes() if path.is_file() else None

    def local(self, url: str, origin: str) -> str | None:
        """The sample's name if the URL is the emulator's own."""
        try:
            parts = urlsplit(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            return None
        own = f"{parts.scheme}://{parts.netloc}" == origin or (
            parts.hostname in ("127.0.0.1", "localhost", "::1") and port in self._ports
        )
        if not own or not parts.path.startswith(PREFIX):
            return None
        return unquote(parts.path[len(PREFIX) :])

    async def fetch(self, url: str) -> bytes:
        timeout = aiohttp.ClientTimeout(total=30, sock_connect=5)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, trust_env=False) as session,
                session.get(url) as reply,
            ):
                if reply.status != 200:
                    raise UnreachableError(f"the URL answers HTTP {reply.status}")
                data = await reply.content.read(_LARGEST + 1)
                while len(data) <= _LARGEST and (more := await reply.content.read(_LARGEST)):
                    data += more
        except (TimeoutError, aiohttp.ClientError, ValueError, OSError) as bad:
            raise UnreachableError("the URL cannot be reached") from bad
        if len(data) > _LARGEST:
            raise UnreachableError("what the URL serves has no end")
        return data
