"""Expressions of a YAML program: `${…}` and `fn::…`.

A value knows which resources it comes from, for the state tells so of every property.
"""

from __future__ import annotations

import base64
import json
import re
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from .paths import parse
from .resources import State
from .safety import must_be_local
from .values import (
    UNKNOWN,
    Asset,
    Properties,
    Reference,
    Secret,
    has_secret,
    has_unknown,
    plain,
    secret,
    sha256,
)

_PART: Final = re.compile(r"\$\$\{|\$\{([^}]*)\}")
_PATIENCE: Final = 30


class EvaluationError(Exception):
    """An expression has no value."""


@dataclass(frozen=True)
class Evaluated:
    """A value, and the URNs of the resources that it comes from."""

    value: Any
    urns: frozenset[str] = frozenset()


@dataclass
class Scope:
    """What names stand for.

    Arguments:
        folder: what paths are relative to.
        preview: whether a value may be unknown.
        invoke: calls a function: its token, arguments and options; its result.
        outputs: names of a resource type's outputs, which may be missing in a preview.
        skipped: URNs of resources of which nothing is known.
    """

    folder: Path
    preview: bool
    invoke: Callable[[str, Properties, Mapping[str, Any]], Any]
    outputs: Callable[[str], set[str]] = lambda type_: set()
    values: dict[str, Evaluated] = field(default_factory=dict)
    resources: dict[str, State] = field(default_factory=dict)
    skipped: set[str] = field(default_factory=set)

    def evaluate(self, declared: Any) -> Evaluated:
        """The value of an expression."""
        if isinstance(declared, str):
            return self._text(declared)
        if isinstance(declared, Mapping):
            function = next((key for key in declared if str(key).startswith("fn::")), None)
            if function is not None and len(declared) == 1:
                return self._function(str(function)[4:], declared[function])
            items = {str(key): self.evaluate(child) for key, child in declared.items()}
            value = {key: item.value for key, item in items.items()}
            return Evaluated(value, _union(items.values()))
        if isinstance(declared, list):
            elements = [self.evaluate(child) for child in declared]
            return Evaluated([item.value for item in elements], _union(elements))
        return Evaluated(declared)

    def resource(self, declared: Any) -> State:
        """The resource that an expression names."""
        match = _PART.fullmatch(declared) if isinstance(declared, str) else None
        if match is None or match[1] not in self.resources:
            raise EvaluationError(f"expected a resource, got {declared!r}")
        return self.resources[match[1]]

    # -- text ----------------------------------------------------------------------------------------------

    def _text(self, text: str) -> Evaluated:
        whole = _PART.fullmatch(text)
        if whole is not None and whole[1] is not None:
            return self._path(whole[1])
        parts = [self._path(match[1]) for match in _PART.finditer(text) if match[1] is not None]
        if any(has_unknown(part.value) for part in parts):
            value: Any = UNKNOWN
        else:
            value = _PART.sub(lambda match: self._shown(match[1]), text)
        hidden = any(has_secret(part.value) for part in parts)
        return Evaluated(secret(value) if hidden else value, _union(parts))

    def _shown(self, path: str | None) -> str:
        if path is None:
            return "${"
        value = plain(self._path(path).value)
        return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)

    def _path(self, text: str) -> Evaluated:
        root, *parts = parse(text)
        name = str(root)
        if name in self.resources:
            return self._of_resource(self.resources[name], parts)
        if name not in self.values:
            raise EvaluationError(f'resource or variable named "{name}" could not be found')
        known = self.values[name]
        return Evaluated(_walked(known.value, parts), known.urns)

    def _of_resource(self, state: State, parts: list[Any]) -> Evaluated:
        urns = frozenset({state.urn})
        identity = state.id or (UNKNOWN if self.preview else "")
        if not parts:
            return Evaluated(Reference(state.urn, identity if state.custom else None), urns)
        if parts[0] == "id":
            return Evaluated(identity, urns)
        if parts[0] == "urn":
            return Evaluated(state.urn, urns)
        if state.urn in self.skipped:
            return Evaluated(UNKNOWN, urns)
        outputs = state.outputs or {}
        may_come = has_unknown(outputs) or parts[0] in self.outputs(state.type)
        if self.preview and parts[0] not in outputs and may_come:
            return Evaluated(UNKNOWN, urns)
        return Evaluated(_walked(outputs, parts), urns)

    # -- functions -----------------------------------------------------------------------------------------

    def _function(self, name: str, declared: Any) -> Evaluated:
        if name == "invoke":
            return self._invoke(declared)
        functions: dict[str, Callable[[Any], Any]] = {
            "secret": secret,
            "unsecret": plain,
            "fileAsset": lambda path: self._file(str(path), archive=False),
            "fileArchive": lambda path: self._file(str(path), archive=True),
            "stringAsset": lambda text: Asset(sha256(str(text).encode()), text=str(text)),
            "remoteAsset": _remote,
            "readFile": lambda path: (self.folder / str(path)).read_text("utf-8"),
            "toJSON": lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False),
            "toBase64": lambda text: base64.b64encode(str(text).encode()).decode(),
            "fromBase64": lambda text: base64.b64decode(str(text)).decode(),
            "join": lambda both: str(both[0]).join(map(str, both[1])),
            "split": lambda both: str(both[1]).split(str(both[0])),
            "select": lambda both: both[1][int(both[0])],
        }
        if name not in functions:
            raise EvaluationError(f"fn::{name} is not known")
        argument = self.evaluate(declared)
        if name == "secret":
            return Evaluated(secret(argument.value), argument.urns)
        if has_unknown(argument.value):
            return Evaluated(UNKNOWN, argument.urns)
        try:
            value = functions[name](plain(argument.value))
        except (OSError, ValueError, IndexError) as error:
            raise EvaluationError(f"fn::{name}: {error}") from error
        hidden = has_secret(argument.value) and name != "unsecret"
        return Evaluated(secret(value) if hidden else value, argument.urns)

    def _invoke(self, declared: Mapping[str, Any]) -> Evaluated:
        arguments = self.evaluate(declared.get("arguments") or {})
        if has_unknown(arguments.value):
            return Evaluated(UNKNOWN, arguments.urns)
        result = self.invoke(str(declared["function"]), arguments.value, declared.get("options") or {})
        wanted = declared.get("return")
        if wanted is not None:
            if wanted not in result:
                raise EvaluationError(f"{declared['function']} did not contain a property '{wanted}'")
            result = result[wanted]
        return Evaluated(result, arguments.urns)

    def _file(self, path: str, *, archive: bool) -> Asset:
        file = self.folder / path
        try:
            content = file.read_bytes()
        except IsADirectoryError:
            raise EvaluationError(f"asset path '{path}' is a directory; try using an archive") from None
        except OSError as error:
            problem = (error.strerror or str(error)).lower()
            raise EvaluationError(f"failed to open asset file '{path}': open {file}: {problem}") from error
        return Asset(sha256(content), path=path, archive=archive)


def _remote(url: str) -> Asset:
    must_be_local(url)
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(url, timeout=_PATIENCE) as reply:
        return Asset(sha256(reply.read()), uri=url)


def _union(items: Any) -> frozenset[str]:
    return frozenset().union(*(item.urns for item in items))


def _walked(value: Any, parts: list[Any]) -> Any:
    """What lies in a value; in a secret everything is secret."""
    for place, part in enumerate(parts):
        if isinstance(value, Secret):
            return secret(_walked(value.value, parts[place:]))
        if value is UNKNOWN:
            return UNKNOWN
        if isinstance(value, Mapping):
            value = value.get(str(part))
        elif isinstance(value, list) and isinstance(part, int):
            if part >= len(value):
                raise EvaluationError(f"list index {part} out-of-bounds for list of length {len(value)}")
            value = value[part]
        elif value is None:
            return None
        else:
            raise EvaluationError(f"receiver must be a list or object, not {type(value).__name__}")
    return value
