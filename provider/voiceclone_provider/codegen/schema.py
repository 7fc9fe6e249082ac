"""`schema.json` from the pydantic models: `python -m voiceclone_provider.codegen.schema` prints it.

Types, descriptions, enums, limits, secret flags and environment defaults are all read from the vendors'
models; nothing about a vendor is written here. What the package is called is in `names`.
"""

from __future__ import annotations

import ast
import enum
import functools
import inspect
import itertools
import json
import re
import textwrap
import types
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from .. import __version__
from ..account.config import KEYS, models
from ..lifecycle.functions import LIST, Function, functions
from ..vendors import VENDORS
from ..vendors.base import Status, Vendor
from ..vendors.models import AudioAsset, AudioFormat
from . import names
from .examples import sections
from .names import PACKAGE

_OURS = __package__.partition(".")[0]
_ANY = "pulumi.json#/Any"
_ASSET = "pulumi.json#/Asset"

Spec = dict[str, Any]


def package() -> Spec:
    """The whole schema, without examples."""
    enums: dict[str, type[enum.StrEnum]] = {}
    objects: dict[str, Spec] = {}
    resources = {f"{PACKAGE}:{key}:Voice": _resource(key, vendor, enums) for key, vendor in VENDORS.items()}
    queries = {
        f"{PACKAGE}:{key}:{name}": _function(key, function, enums, objects)
        for key in VENDORS
        for name, function in functions(key).items()
    }
    config = {name: _config(name) for name in KEYS}
    return {
        "name": PACKAGE,
        "displayName": names.DISPLAY_NAME,
        "version": __version__,
        "description": f"{names.DISPLAY_NAME}: cloned voices on {_titles()} as Pulumi resources.",
        "keywords": list(names.KEYWORDS),
        "homepage": names.REPOSITORY,
        "repository": names.REPOSITORY,
        "publisher": names.PUBLISHER,
        "license": names.LICENSE,
        "logoUrl": names.LOGO_URL,
        "pluginDownloadURL": names.PLUGIN_DOWNLOAD_URL,
        "meta": {"moduleFormat": "(.*)", "supportPack": True},  # so that SDKs have all that a build needs
        "config": {"variables": config},
        "provider": {
            "description": "The voiceclone provider. A vendor needs its credentials only when one of its "
            "voices is used.",
            "inputProperties": config,
        },
        "types": dict(sorted({**{token: _enum(kind) for token, kind in enums.items()}, **objects}.items())),
        "resources": resources,
        "functions": queries,
        "language": names.languages(),
    }


def _titles() -> str:
    *first, last = [vendor.facts.title for vendor in VENDORS.values()]
    return f"{', '.join(first)} and {last}"


def _resource(key: str, vendor: type[Vendor[Any]], enums: dict[str, type[enum.StrEnum]]) -> Spec:
    inputs = {
        field.alias or name: _property(vendor.Inputs, name, field, key, enums)
        for name, field in vendor.Inputs.model_fields.items()
    }
    for name in vendor.facts.replacing_inputs:
        inputs[name]["willReplaceOnChanges"] = True
    outputs, always = _outputs(vendor.Outputs, key, enums)
    if vendor.facts.name_limit is not None:
        always.append("name")  # given, or made of the resource's
    return {
        "description": _about(vendor),
        "inputProperties": inputs,
        "properties": {**{name: _as_text(spec) for name, spec in inputs.items()}, **outputs},
        "required": always,
        "listInputs": {"type": "object", "properties": {}},  # without it, nobody asks for a list
    }


def _outputs(
    model: type[BaseModel], vendor: str, enums: dict[str, type[enum.StrEnum]]
) -> tuple[dict[str, Spec], list[str]]:
    """What a model that is only ever answered has, and what of it is always there."""
    fields = {field.alias or name: (name, field) for name, field in model.model_fields.items()}
    outputs = {
        alias: _as_text(_property(model, name, field, vendor, enums))
        for alias, (name, field) in fields.items()
    }
    if "status" in outputs:
        enums[f"{PACKAGE}:index:Status"] = Status
        outputs["status"] = {**outputs["status"], "$ref": f"#/types/{PACKAGE}:index:Status"}
        del outputs["status"]["type"]
    return outputs, [alias for alias, (_, field) in fields.items() if field.is_required()]


def _function(
    key: str, function: Function, enums: dict[str, type[enum.StrEnum]], objects: dict[str, Spec]
) -> Spec:
    fields = function.Arguments.model_fields
    inputs = {
        "properties": {
            field.alias or name: _argument(function.Arguments, name, field, key, enums)
            for name, field in fields.items()
        },
        "required": [field.alias or name for name, field in fields.items() if field.is_required()],
    }
    properties, required = _outputs(function.Entry, key, enums)
    outputs: Spec = {"properties": properties, "required": required}
    if function.many:
        token = f"{PACKAGE}:{key}:{_short(function.Entry, key)}"
        about = _prose(inspect.cleandoc(function.Entry.__doc__ or ""))
        objects[token] = {"type": "object", "description": about, **outputs}
        entries = {"type": "array", "items": {"$ref": f"#/types/{token}"}, "description": "What was found."}
        outputs = {"properties": {LIST: entries}, "required": [LIST]}
    return {"description": function.about, "inputs": inputs, "outputs": outputs}


def _argument(
    model: type[BaseModel], name: str, field: FieldInfo, vendor: str, enums: dict[str, type[enum.StrEnum]]
) -> Spec:
    """An input of a function.

    For a text or an enum's value, Go has a plain string, but Pulumi imports the enum's module all the same.
    A function's file has nothing else of another module, and Go refuses an import without a use.
    """
    spec = _property(model, name, field, vendor, enums)
    for kind in spec.get("oneOf", ()):
        token = kind.get("$ref", "").removeprefix("#/types/")
        if token and token.split(":")[1] != vendor:
            values = ", ".join(f"`{value}`" for value in enums[token])
            return _as_text({**spec, "description": f"{spec['description']} One of {values}."})
    return spec


def _as_text(spec: Spec) -> Spec:
    """A text that may be an enum's value, as a mere text. So are all outputs: Python refuses a function's
    answer that leaves the choice, and in other languages it would have to be taken apart."""
    kept = {name: value for name, value in spec.items() if name != "oneOf"}
    return {"type": "string", **kept} if "oneOf" in spec else kept


def _short(kind: type, vendor: str) -> str:
    """A class's name without its vendor's: the token already says whose it is."""
    return re.sub(f"^{vendor}", "", kind.__name__, flags=re.IGNORECASE)


def _about(vendor: type[Vendor[Any]]) -> str:
    """What a user must know of this vendor's voices before declaring one."""
    facts = vendor.facts
    sample = (
        "A changed sample trains the same voice ID again."
        if facts.retrains
        else (f"{facts.title} cannot train a voice again: a changed sample replaces the voice.")
    )
    end = (
        "Deleted with the resource."
        if facts.deletes
        else (f"{facts.title} has no delete endpoint: a deletion takes the voice out of the stack only.")
    )
    return f"A cloned voice at {facts.title}. {sample} {end} A training usually takes {facts.usual}."


def _config(name: str) -> Spec:
    key = KEYS[name]
    model = models()[key.vendor]
    field = model.model_fields[key.field]
    # Configuration has no enum types: their values are in the description.
    spec = _as_text(_property(model, key.field, field, key.vendor, {}))
    spec["defaultInfo"] = {"environment": [key.environment]}
    if key.secret:
        spec["secret"] = True
    return spec


def _property(
    model: type[BaseModel], name: str, field: FieldInfo, vendor: str, enums: dict[str, type[enum.StrEnum]]
) -> Spec:
    annotation = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    spec = _type(annotation, vendor, enums)
    words = [_docs(model).get(name, ""), *_limits(annotation)]
    spec["description"] = " ".join(word for word in words if word)
    if field.default is not None and not field.is_required():
        default = str(field.default) if isinstance(field.default, enum.StrEnum) else field.default
        spec["description"] += f" Default: `{json.dumps(default) if isinstance(default, bool) else default}`."
    if not spec["description"]:
        raise TypeError(f"{model.__name__}.{name} has no docstring")
    return spec


def _type(annotation: Any, vendor: str, enums: dict[str, type[enum.StrEnum]]) -> Spec:
    if annotation is AudioAsset:
        return {"$ref": _ASSET}
    origin = get_origin(annotation)
    if origin is Annotated:
        inner = get_args(annotation)[0]
        if annotation == AudioAsset:
            return {"$ref": _ASSET}
        return _type(inner, vendor, enums)
    if origin in (Union, types.UnionType):
        kinds = [item for item in get_args(annotation) if item is not types.NoneType]
        if len(kinds) == 1:
            return _type(kinds[0], vendor, enums)
        raise TypeError(f"no schema for the union {annotation}")
    if origin is list:
        return {"type": "array", "items": _type(get_args(annotation)[0], vendor, enums)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _type(get_args(annotation)[1], vendor, enums)}
    if inspect.isclass(annotation) and issubclass(annotation, enum.StrEnum):
        module = "index" if annotation.__module__ == AudioFormat.__module__ else vendor
        title = _short(annotation, vendor) if module == vendor else annotation.__name__
        token = f"{PACKAGE}:{module}:{title}"
        enums[token] = annotation
        # Open to any text, so that a wrong value reaches check, which reports all errors of a voice at once.
        return {"oneOf": [{"type": "string"}, {"$ref": f"#/types/{token}"}]}
    simple = {str: "string", bool: "boolean", int: "integer", float: "number"}
    if annotation in simple:
        return {"type": simple[annotation]}
    if annotation is Any:
        return {"$ref": _ANY}
    raise TypeError(f"no schema for {annotation!r}")


def _limits(annotation: Any) -> Iterator[str]:
    """The limits written into an annotation, however deep."""
    for item in getattr(annotation, "__metadata__", ()):
        text = getattr(item, "text", None)
        if isinstance(text, str):
            yield text
    for inner in get_args(annotation):
        if get_origin(inner) is not None:
            yield from _limits(inner)


def _enum(kind: type[enum.StrEnum]) -> Spec:
    docs = _docs(kind)
    values = [
        {
            "name": _spelt(member.name),
            "value": member.value,
            **({"description": docs[member.name]} if member.name in docs else {}),
        }
        for member in kind
    ]
    return {"type": "string", "description": _prose(inspect.cleandoc(kind.__doc__ or "")), "enum": values}


def _spelt(constant: str) -> str:
    """A constant as every language can spell it in its own way: `ICL_1_0` would be `IC_L_1_0` in Python."""
    return re.sub(r"_(?=\D)", "", "_".join(part.capitalize() for part in constant.split("_")))


@functools.cache
def _docs(kind: type) -> dict[str, str]:
    """The docstrings below the fields or members of a class and its parents: Python does not keep them."""
    found: dict[str, str] = {}
    for parent in reversed(kind.__mro__):
        if parent.__module__.startswith(f"{_OURS}."):
            found |= _own_docs(parent)
    return found


def _own_docs(kind: type) -> dict[str, str]:
    body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    if not isinstance(body, ast.ClassDef):
        raise TypeError(f"{kind} is no class")
    found: dict[str, str] = {}
    for member, text in itertools.pairwise(body.body):
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            name = member.targets[0] if isinstance(member, ast.Assign) else getattr(member, "target", None)
            if isinstance(name, ast.Name):
                found[name.id] = _prose(inspect.cleandoc(str(text.value.value)))
    return found


def _prose(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def render() -> str:
    """The content of `schema.json`: with examples."""
    whole = package()
    for token, spec in (whole["resources"] | whole["functions"]).items():
        spec["description"] += sections(token)
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(render(), end="")
