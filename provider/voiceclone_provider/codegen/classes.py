"""The vendors' modules of this package, from the pydantic models: `make schema` writes them.

Arguments, types, limits and documentation are those of `schema.json`, so the two faces declare the same. They
are files rather than classes made at run time, because only files have types that an editor or mypy can read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

from ..vendors import VENDORS
from .names import PACKAGE
from .schema import package

Spec = dict[str, Any]

_WIDTH = 110
_COMMON = "common"
_SIMPLE = {"string": "str", "boolean": "bool", "integer": "int", "number": "float"}


def files() -> dict[str, str]:
    """The content of every generated module, by its file name."""
    whole = package()
    shared = {name: spec for name, spec in _enums(whole, "index").items() if name != "Status"}
    voices = {key: whole["resources"][f"{PACKAGE}:{key}:Voice"] for key in VENDORS}
    common = _common(list(voices.values()))
    about = "The outputs that every vendor's `Voice` has, and the values that inputs of several vendors take."
    made = {f"{_COMMON}.py": _module(about, [], shared, _outputs(common))}
    for key, vendor in VENDORS.items():
        spec = voices[key]
        used = set(_references(spec["inputProperties"]))
        imported = sorted(name for name in shared if f"{PACKAGE}:index:{name}" in used)
        own = {n: e for n, e in _enums(whole, key).items() if f"{PACKAGE}:{key}:{n}" in used}
        title = f"Cloned voices at {vendor.facts.title}."
        made[f"{key}.py"] = _module(title, imported, own, _voice(key, spec, common))
    return made


def _common(voices: list[Spec]) -> Spec:
    """What every voice has, as a resource with properties alone."""
    first, *others = voices
    names = [
        name
        for name, spec in first["properties"].items()
        if all(
            other["properties"].get(name) == spec
            and (name in other["required"]) == (name in first["required"])
            for other in others
        )
    ]
    return {"properties": {name: first["properties"][name] for name in names}, "required": first["required"]}


def _outputs(common: Spec) -> str:
    lines = ["class VoiceOutputs:", '    """What the voices of all vendors show."""', ""]
    lines += ["    def _output(self, name: str) -> pulumi.Output[Any]:"]
    lines += ["        output: pulumi.Output[Any] = self.__dict__[name]", "        return output"]
    return "\n".join([*lines, *_properties(common)])


def _enums(whole: Spec, module: str) -> dict[str, Spec]:
    prefix = f"{PACKAGE}:{module}:"
    types = {token.removeprefix(prefix): s for token, s in whole["types"].items() if token.startswith(prefix)}
    return {name: spec for name, spec in types.items() if "enum" in spec}


def _references(spec: Any) -> Iterator[str]:
    if isinstance(spec, dict):
        if isinstance(spec.get("$ref"), str):
            yield spec["$ref"].removeprefix("#/types/")
        for item in spec.values():
            yield from _references(item)
    elif isinstance(spec, list):
        for item in spec:
            yield from _references(item)


def _module(title: str, imported: list[str], enums: dict[str, Spec], voice: str) -> str:
    lines = [
        f'"""{title}',
        "",
        "Made by `make schema` from the same models as `schema.json`: not to be edited.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
    ]
    sequence = "Sequence[" in voice
    mapping = "Mapping[" in voice
    if "os.PathLike" in voice:
        lines.append("import os")
    if sequence or mapping:
        names = [name for name, used in (("Mapping", mapping), ("Sequence", sequence)) if used]
        lines.append(f"from collections.abc import {', '.join(names)}")
    if enums:
        lines.append("from enum import StrEnum")
    lines += ["from typing import Any", "", "import pulumi"]
    if imported:
        lines += ["", "from .base import BaseVoice", f"from .{_COMMON} import {', '.join(imported)}"]
    names = [*imported, *enums, "Voice" if imported else "VoiceOutputs"]
    lines += ["", f"__all__ = [{', '.join(repr(name) for name in sorted(names))}]".replace("'", '"')]
    body = [_enum(name, spec) for name, spec in enums.items()] + [voice]
    return "\n".join(lines) + "\n\n\n" + "\n\n\n".join(body) + "\n"


def _enum(name: str, spec: Spec) -> str:
    lines = [f"class {name}(StrEnum):", *_doc(spec["description"], 4), ""]
    for item in spec["enum"]:
        lines.append(f'    {_snake(item["name"]).upper()} = "{item["value"]}"')
        if item.get("description"):
            lines += _doc(item["description"], 4)
    return "\n".join(lines)


def _voice(key: str, spec: Spec, common: Spec) -> str:
    inputs: dict[str, Spec] = spec["inputProperties"]
    names = {name: _snake(name) for name in spec["properties"]}
    arguments = [f"{names[n]}: pulumi.Input[{_input(s)}] | None = None," for n, s in inputs.items()]
    docs = ["Arguments:", "    resource_name: the resource's name in the program."]
    docs.append("    opts: Pulumi's own options; `custom_timeouts` are obeyed.")
    for name, input_spec in inputs.items():
        text = f"{names[name]}: {_words(input_spec['description'], names)}"
        if name == "audio":
            text += " A path, which is taken relative to the program's folder, will do as well."
        first, *rest = _wrapped(text, _WIDTH - 16)
        docs += [f"    {first}", *(f"        {line}" for line in rest)]
    lines = [f'class Voice(BaseVoice, vendor="{key}"):', *_doc(spec["description"], 4), ""]
    lines += ["    def __init__(", "        self,", "        resource_name: str,"]
    lines += ["        opts: pulumi.ResourceOptions | None = None,", "        *,"]
    lines += [f"        {argument}" for argument in arguments]
    lines += ["    ) -> None:", '        """Declare a voice.', ""]
    lines += [f"        {line}" if line else "" for line in docs] + ['        """']
    lines += ["        inputs: dict[str, Any] = {"]
    lines += [f'            "{name}": {names[name]},' for name in inputs]
    lines += ["        }"]
    outputs = [name for name in spec["properties"] if name not in inputs]
    lines += ["        outputs = ("]
    lines += [f'            "{name}",' for name in outputs]
    lines += ["        )", "        self._declare(resource_name, opts, inputs, outputs)"]
    return "\n".join([*lines, *_properties(spec, without=common["properties"])])


def _properties(spec: Spec, without: Container[str] = ()) -> list[str]:
    names = {name: _snake(name) for name in spec["properties"]}
    lines: list[str] = []
    for name, output in spec["properties"].items():
        if name in without:
            continue
        kind = _output(output)
        kind = kind if name in spec["required"] else f"{kind} | None"
        lines += ["", "    @property", f"    def {names[name]}(self) -> pulumi.Output[{kind}]:"]
        text = _words(output["description"], names)
        if name == "audio":
            text = "Where the sample is, and the SHA-256 of its content (hex): `path` or `uri`, and `hash`."
        lines += _doc(text, 8)
        lines += [f'        return self._output("{name}")']
    return lines


def _input(spec: Spec) -> str:
    for item in spec.get("oneOf", []):
        if "$ref" in item:
            return f"str | {item['$ref'].rpartition(':')[2]}"
    reference = spec.get("$ref", "")
    if reference == "pulumi.json#/Asset":
        return "str | os.PathLike[str] | pulumi.Asset"
    if spec.get("type") == "array":
        return "Sequence[Any]"
    return "Any" if reference else _SIMPLE[spec["type"]]


def _output(spec: Spec) -> str:
    if spec.get("$ref") == "pulumi.json#/Asset":
        return "Mapping[str, str]"
    if spec.get("type") == "array":
        return "Sequence[Any]"
    if spec.get("type") == "object":
        return "Mapping[str, Any]"
    if spec.get("$ref") == "pulumi.json#/Any":
        return "Any"
    return "str" if "oneOf" in spec or "$ref" in spec else _SIMPLE[spec["type"]]


def _doc(text: str, indent: int) -> list[str]:
    lines = _wrapped(f'"""{text}', _WIDTH - indent - 3)
    lines[-1] += '"""'
    return [" " * indent + line for line in lines]


def _wrapped(text: str, width: int) -> list[str]:
    """Lines no wider than `width`; Chinese characters are two wide."""
    lines, room = [""], width
    for word in text.split():
        needed = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in word)
        if lines[-1] and needed + 1 > room:
            lines.append("")
            room = width
        lines[-1] += f" {word}" if lines[-1] else word
        room -= needed + 1
    return lines


def _words(text: str, names: dict[str, str]) -> str:
    """Properties are named as Python names them."""
    return re.sub(r"`(\w+)`", lambda found: f"`{names.get(found[1], found[1])}`", text)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


if __name__ == "__main__":
    for file, text in files().items():
        (Path(__file__).parent.parent / "dynamic" / file).write_text(text, encoding="utf-8")
