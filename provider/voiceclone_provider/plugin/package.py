"""What the package declares: its version, its schema, and so the types and functions that there are."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .. import __version__
from ..core.errors import PermanentError, ProviderBugError


class Package:
    """The package as `schema.json` declares it."""

    def __init__(self, schema_file: Path | None = None) -> None:
        self.version = __version__
        self._file = schema_file

    @functools.cached_property
    def schema(self) -> str:
        """The schema's text."""
        package = Path(__file__).parent.parent
        # In a wheel it lies in the package, in a checkout at the root.
        places = (
            [self._file] if self._file else [package / "schema.json", package.parent.parent / "schema.json"]
        )
        for place in places:
            if place.is_file():
                return place.read_text(encoding="utf-8")
        raise ProviderBugError("schema.json is missing from the installed package")

    def vendor(self, urn: str) -> str:
        """The vendor whose resource this URN names.

        Raises:
            PermanentError: there is no such type.
        """
        # urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>; the name may hold anything.
        parts = urn.split("::", 3)
        token = parts[2].rpartition("$")[2] if len(parts) > 2 else urn
        if _plain(token) not in {_plain(known) for known in self._declared("resources")}:
            raise PermanentError(self._none_such("resource type", token, "resources"))
        return _plain(token).split(":")[1]

    def function(self, token: str) -> tuple[str, str]:
        """The vendor and the name of the function that this token names.

        Raises:
            PermanentError: there is no such function.
        """
        if _plain(token) not in {_plain(known) for known in self._declared("functions")}:
            raise PermanentError(self._none_such("function", token, "functions"))
        _, vendor, name = _plain(token).split(":")
        return vendor, name

    def _none_such(self, kind: str, token: str, section: str) -> str:
        known = ", ".join(sorted(self._declared(section)))
        return f"voiceclone has no {kind} {token}; " + (f"it has {known}" if known else f"it has no {kind}s")

    def _declared(self, section: str) -> Mapping[str, Any]:
        declared: Mapping[str, Any] = self._parsed.get(section, {})
        return declared

    @functools.cached_property
    def _parsed(self) -> Mapping[str, Any]:
        parsed: Mapping[str, Any] = json.loads(self.schema)
        return parsed


def _plain(token: str) -> str:
    """`voiceclone:coze/voice:Voice`, as some code generators write it, is `voiceclone:coze:Voice`."""
    package, _, rest = token.partition(":")
    module, _, name = rest.partition(":")
    return f"{package}:{module.partition('/')[0]}:{name}"
