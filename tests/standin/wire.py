"""Property values as protobuf messages, as the engine sends and takes them (pkg/resource/plugin/rpc.go).

Written for the engine's side; the provider has a codec of its own, which this one must not share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf.struct_pb2 import ListValue, Struct, Value

from .values import UNKNOWN, Asset, Properties, Reference, Secret

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
ASSET: Final = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"
REFERENCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"

UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
# A provider may answer with the sentinel of any type.
_UNKNOWNS: Final = {
    UNKNOWN_TEXT,
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
}
_LARGEST_WHOLE: Final = 2**53


class WireError(Exception):
    """A provider answered with what it must not."""


@dataclass(frozen=True)
class Encoder:
    """What a message may hold.

    Arguments:
        unknowns: whether unknown values are sent; else they are left out.
        secrets: whether the receiver takes secrets marked as such.
        references: whether the receiver takes resource references as such.
        contents: whether assets say where their content is, besides its hash.
    """

    unknowns: bool = False
    secrets: bool = True
    references: bool = False
    contents: bool = True

    def struct(self, properties: Mapping[str, Any] | None) -> Struct | None:
        if properties is None:
            return None
        struct = Struct()
        for name, item in properties.items():
            value = self._value(item)
            if value is not None:
                struct.fields[name].CopyFrom(value)
        return struct

    def _value(self, item: Any) -> Value | None:
        match item:
            case None:
                return Value(null_value=0)  # type: ignore[arg-type]
            case bool():
                return Value(bool_value=item)
            case int() | float():
                return Value(number_value=item)
            case str():
                return Value(string_value=item)
            case Mapping():
                return Value(struct_value=self.struct(item))
            case list():
                values = [value for child in item if (value := self._value(child)) is not None]
                return Value(list_value=ListValue(values=values))
            case _:
                return self._special(item)

    def _special(self, item: Any) -> Value | None:
        if item is UNKNOWN:
            return Value(string_value=UNKNOWN_TEXT) if self.unknowns else None
        if isinstance(item, Secret):
            return self._value({SIGNATURE: SECRET, "value": item.value} if self.secrets else item.value)
        if isinstance(item, Asset):
            return self._value(
                asset_as_object(item if self.contents else Asset(item.hash, archive=item.archive))
            )
        if isinstance(item, Reference):
            return self._reference(item)
        raise TypeError(f"no property can hold a {type(item).__name__}")

    def _reference(self, item: Reference) -> Value | None:
        if not self.references:
            return self._value(item.urn if item.id is None else item.id)
        known = {} if item.id is None else {"id": "" if item.id is UNKNOWN else item.id}
        return self._value({SIGNATURE: REFERENCE, "urn": item.urn, **known})


def asset_as_object(asset: Asset) -> dict[str, str]:
    """The object that stands for an asset on the wire and in the state."""
    fields = {"hash": asset.hash, "text": asset.text, "path": asset.path, "uri": asset.uri}
    signature = ARCHIVE if asset.archive else ASSET
    return {SIGNATURE: signature, **{name: text for name, text in fields.items() if text}}


def asset_from_object(item: Mapping[str, Any]) -> Asset:
    texts = {name: str(item.get(name, "")) for name in ("hash", "path", "uri", "text")}
    return Asset(**texts, archive=item[SIGNATURE] == ARCHIVE)


def decode(struct: Struct | None, *, unknowns: bool) -> Properties | None:
    """The properties in a provider's answer; None where it set none.

    Arguments:
        unknowns: whether there may be unknown values.
    """
    if struct is None:
        return None
    return {name: _decoded(value, unknowns) for name, value in struct.fields.items()}


def _decoded(value: Value, unknowns: bool) -> Any:
    match value.WhichOneof("kind"):
        case "string_value":
            return _unknown(unknowns) if value.string_value in _UNKNOWNS else value.string_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() and abs(number) < _LARGEST_WHOLE else number
        case "bool_value":
            return value.bool_value
        case "list_value":
            return [_decoded(child, unknowns) for child in value.list_value.values]
        case "struct_value":
            item = decode(value.struct_value, unknowns=unknowns) or {}
            return special(item, unknowns) if SIGNATURE in item else item
        case _:
            return None


def _unknown(allowed: bool) -> Any:
    if not allowed:
        raise WireError("unexpected unknown property value")
    return UNKNOWN


def special(item: Mapping[str, Any], unknowns: bool) -> Any:
    """The value that an object with a signature stands for."""
    match item[SIGNATURE]:
        case signature if signature == SECRET:
            return Secret(item.get("value"))
        case signature if signature in (ASSET, ARCHIVE):
            return asset_from_object(item)
        case signature if signature == REFERENCE:
            return Reference(item["urn"], item.get("id"))
        case signature if signature == OUTPUT:
            value = item["value"] if "value" in item else _unknown(unknowns)
            return Secret(value) if item.get("secret") else value
        case signature:
            raise WireError(f"unrecognized signature {signature!r} in a property map")
