"""Redacts secret inputs from messages and outputs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from .ports import Fault, Reporter
from .values import Asset, Properties

_SHOWN: Final = "[secret]"
_LEAST_BYTES: Final = 4
"""Of a text that is redacted: without every `en` or `wav` in it no message could be read."""


class Secrets:
    """The secret properties of one resource, and the texts in them.

    Attributes:
        names: properties to mark secret in what is answered.
    """

    def __init__(self) -> None:
        self.names: set[str] = set()
        self._texts: set[str] = set()

    def learn(self, properties: Properties, names: Collection[str]) -> None:
        """These of the properties are secret."""
        self.names.update(names)
        self.hide(properties, names)

    def hide(self, properties: Properties, names: Collection[str]) -> None:
        """These of the properties were secret: they are not marked any more, and still redacted."""
        for name in names:
            for text in _texts(properties.get(name)):
                self._texts.update(part for part in _parts(text) if len(part.encode()) >= _LEAST_BYTES)

    def redact(self, text: str) -> str:
        """The text without the secrets in it."""
        longest_first = sorted(self._texts, key=len, reverse=True)
        return re.sub("|".join(map(re.escape, longest_first)), _SHOWN, text) if longest_first else text

    def state(self, properties: Mapping[str, Any]) -> Properties:
        """Outputs whose words of the vendor's do not quote a secret."""
        words = properties.get("lastError")
        return {**properties, "lastError": self.redact(words)} if isinstance(words, str) else {**properties}

    def fault(self, fault: Fault) -> Fault:
        """An input's failure. One of a secret input has no reason, which is made of the value, and
        without its property, whose value the engine would print."""
        if re.split(r"[.\[]", fault.property, maxsplit=1)[0] in self.names:
            return Fault("", f"{fault.property} is invalid; its value is secret, so the reason is not shown")
        return Fault(fault.property, self.redact(fault.reason))

    def reporter(self, reporter: Reporter) -> Reporter:
        """A reporter that redacts secrets."""
        return _Redacting(self, reporter)


class _Redacting:
    def __init__(self, secrets: Secrets, reporter: Reporter) -> None:
        self._redact = secrets.redact
        self._reporter = reporter

    def status(self, message: str) -> None:
        self._reporter.status(self._redact(message))

    def info(self, message: str) -> None:
        self._reporter.info(self._redact(message))

    def warning(self, message: str) -> None:
        self._reporter.warning(self._redact(message))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Asset):
        yield from (place for place in (value.path, value.uri, value.text) if place is not None)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _parts(text: str) -> Iterator[str]:
    """The text, and the parts of a URL that are shown without the rest."""
    yield text
    yield unquote(text)
    if "://" in text:
        try:
            parts = urlsplit(text)
        except ValueError:
            return
        for part in (parts.path, parts.query):
            yield part
            yield unquote(part)
