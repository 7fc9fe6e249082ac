"""Pulumi's property values on the wire, to and from the core's.

The wire is a protobuf `Struct`. What JSON cannot say is said by a sentinel string (an unknown value) or by an
object with a signature (secret, asset, archive, output value, resource reference). The signatures are part of
the wire protocol; they are written out here because importing them from the SDK costs 0.2 s at every start
(a test compares them).

Numbers arrive as floats, whole ones too: `3` is `3.0`, which equals `3` everywhere but as text.
Secrets are tracked by top-level property: one that holds a secret anywhere is secret as a whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from google.protobuf.struct_pb2 import ListValue, Struct, Value

from ..core.errors import PermanentError
from ..core.values import UNKNOWN, Archive, Asset, Properties

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  a type's signature, not a password
ASSET: Final = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"
RESOURCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
UNKNOWN_SENTINEL: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def decode(struct: Struct) -> tuple[Properties, set[str]]:
    """The properties in a message, and the names of those that hold a secret."""
    properties: Properties = {}
    secrets: set[str] = set()
    for name, value in struct.fields.items():
        decoder = _Decoder()
        properties[name] = decoder.value(value)
        if decoder.secret:
            secrets.add(name)
    return properties, secrets


def encode(properties: Mapping[str, Any], secrets: Collection[str] = ()) -> Struct:
    """The message for these properties; those named in `secrets` are marked secret."""
    struct = Struct()
    for name, item in properties.items():
        value = _value(item)
        if name in secrets:
            value = _signed(SECRET, value=value)
        struct.fields[name].CopyFrom(value)
    return struct


class _Decoder:
    """Decodes one value, and remembers whether a secret was in it."""

    def __init__(self) -> None:
        self.secret = False

    def value(self, value: Value) -> Any:
        match value.WhichOneof("kind"):
            case "string_value":
                return UNKNOWN if value.string_value == UNKNOWN_SENTINEL else value.string_value
            case "number_value":
                return value.number_value
            case "bool_value":
                return value.bool_value
            case "list_value":
                return [self.value(item) for item in value.list_value.values]
            case "struct_value":
                return self._object(value.struct_value)
            case _:
                return None

    def _object(self, struct: Struct) -> Any:
        fields = struct.fields
        if SIGNATURE not in fields:
            return {name: self.value(item) for name, item in fields.items()}
        match fields[SIGNATURE].string_value:
            case signature if signature == SECRET:
                self.secret = True
                return self.value(fields["value"]) if "value" in fields else None
            case signature if signature == ASSET:
                return Asset(
                    hash=_text(struct, "hash") or "",
                    path=_text(struct, "path"),
                    uri=_text(struct, "uri"),
                    text=_text(struct, "text"),
                )
            case signature if signature == ARCHIVE:
                return Archive(hash=_text(struct, "hash") or "")
            case signature if signature == OUTPUT:
                if "secret" in fields and fields["secret"].bool_value:
                    self.secret = True
                return self.value(fields["value"]) if "value" in fields else UNKNOWN
            case signature if signature == RESOURCE:
                # A resource stands for its ID; a component has none, and stands for its URN.
                return self.value(fields["id"] if "id" in fields else fields["urn"])
            case _:
                raise PermanentError(
                    "a property holds a kind of value that this version does not know",
                    advice="A newer version of the voiceclone provider may.",
                )


def _text(struct: Struct, name: str) -> str | None:
    fields = struct.fields
    return fields[name].string_value if name in fields else None


def _value(item: Any) -> Value:
    if item is None:
        return Value(null_value=0)  # type: ignore[arg-type]
    if item is UNKNOWN:
        return Value(string_value=UNKNOWN_SENTINEL)
    if isinstance(item, bool):
        return Value(bool_value=item)
    if isinstance(item, int | float):
        return Value(number_value=item)
    if isinstance(item, str):
        return Value(string_value=item)
    if isinstance(item, Asset):
        places = {"path": item.path, "uri": item.uri, "text": item.text}
        known = {name: Value(string_value=text) for name, text in places.items() if text is not None}
        return _signed(ASSET, hash=Value(string_value=item.hash), **known)
    if isinstance(item, Archive):
        return _signed(ARCHIVE, hash=Value(string_value=item.hash))
    if isinstance(item, Mapping):
        return Value(struct_value=Struct(fields={str(name): _value(child) for name, child in item.items()}))
    if isinstance(item, list | tuple):
        return Value(list_value=ListValue(values=[_value(child) for child in item]))
    raise TypeError(f"no property can hold a {type(item).__name__}")


def _signed(signature: str, **fields: Value) -> Value:
    return Value(struct_value=Struct(fields={SIGNATURE: Value(string_value=signature), **fields}))
