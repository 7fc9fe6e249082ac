"""Redacts secret inputs from messages and outputs."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, quote_plus, unquote, urlsplit

from .errors import shortened
from .ports import Fault, Reporter
from .values import Asset, Properties

SHOWN: Final = "[secret]"
_LEAST_BYTES: Final = 4
"""Of a text that is redacted: without every `en` or `wav` in it no message could be read."""


def redactor(secrets: Iterable[str]) -> Callable[[str], str]:
    """Replaces these texts, in every form in which a vendor may quote them."""
    known = {secret for secret in secrets if len(secret) <= _LONGEST}
    forms = sorted({form for secret in known for form in _forms(secret)}, key=len, reverse=True)

    def redact(text: str) -> str:
        found = [form for form in forms if form in text]  # seldom any, so that no pattern is made
        return re.sub("|".join(map(re.escape, found)), SHOWN, text) if found else text

    return redact


def _forms(secret: str) -> set[str]:
    """A secret as it is, in a URL, in JSON, and in base64."""
    raw = secret.encode("utf-8", "replace")
    encoded = {quote(raw, safe=""), quote(raw), quote_plus(raw)}
    lower = {re.sub("%..", lambda found: found[0].lower(), text) for text in encoded}
    written = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    coded = {code(raw).decode().rstrip("=") for code in (base64.b64encode, base64.urlsafe_b64encode)}
    return {secret} | encoded | lower | written | coded


_FINGERPRINTS: Final = frozenset({"trainedOn", "failedOn", "pendingTraining"})
"""Outputs that are hashes of inputs: of a short secret they give away enough."""


_LONGEST: Final = 64 * 1024
"""Characters of a text that is redacted: nobody quotes more."""


class Secrets:
    """The secret properties of one resource, and the texts in them.

    Attributes:
        names: properties to mark secret in what is answered.
    """

    def __init__(self) -> None:
        self.names: set[str] = set()
        self._texts: set[str] = set()
        self._now_secret: set[str] = set()
        self._redact = self._is_secret = redactor(())

    def learn(self, properties: Properties, names: Collection[str]) -> None:
        """These of the properties are secret."""
        self.names.update(names)
        self._now_secret.update(self._learnt(properties, names))
        self._is_secret = redactor(self._now_secret)

    def hide(self, properties: Properties, names: Collection[str]) -> None:
        """These of the properties were secret: they are not marked any more, and still redacted."""
        self._learnt(properties, names)

    def _learnt(self, properties: Properties, names: Collection[str]) -> set[str]:
        texts = (text for name in names for text in _texts(properties.get(name)))
        parts = {part for text in texts for part in _parts(text) if len(_bytes(part)) >= _LEAST_BYTES}
        self._texts.update(parts)
        self._redact = redactor(self._texts)
        return parts

    def redact(self, text: str) -> str:
        """The text without the secrets in it."""
        return self._redact(text)

    def state(self, properties: Mapping[str, Any]) -> Properties:
        """Outputs as they are shown: the vendor's words quote no secret, and what holds a secret is one."""
        made = {
            name
            for name, value in properties.items()
            if any(self._is_secret(text) != text for text in _texts(value))
        }
        words = properties.get("lastError")
        if isinstance(words, str):
            properties = {**properties, "lastError": shortened(self.redact(words))}
        if self.names:
            made.update(_FINGERPRINTS & properties.keys())
        self.names.update(made - {"lastError"})
        return {**properties}

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

    def redact(self, text: str) -> str:
        return self._redact(text)

    def status(self, message: str) -> None:
        self._reporter.status(self._redact(message))

    def info(self, message: str) -> None:
        self._reporter.info(self._redact(message))

    def warning(self, message: str) -> None:
        self._reporter.warning(self._redact(message))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


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
