"""What the inputs of one voice may not say together, or not to the voice API that is configured."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.ports import Fault
from ..base import Given
from .models import (
    LANGUAGES,
    VolcengineApi,
    VolcengineConfig,
    VolcengineLanguage,
    VolcengineModelType,
    VolcengineUploadEncoding,
    api_of,
)
from .upload import EXTRA_PARAMS, FORM_LANGUAGES, V3_ONLY

_DEFAULT = VolcengineModelType.ICL_1_0


def faults(given: Given, config: VolcengineConfig) -> list[Fault]:
    """Every fault at once, each with its property."""
    found = [*_exclusive(given)]
    if api_of(config) is VolcengineApi.V3:
        found += _only("form", given, ["gender"])
        model = given.inputs.get("modelType", _DEFAULT)
        if model not in (_DEFAULT, given.olds.get("modelType")):
            reason = "modelType cannot be given with API V3, which trains for every model; leave it out"
            found.append(_fault("modelType", reason))
        return found
    # Without any credentials a preview does not know which API they are for.
    known = bool(config.volcengine_app_id or config.volcengine_api)
    if known:
        found += _only("v3", given, ["customSpeakerId", "upgradeVoice", *V3_ONLY])
    if config.volcengine_upload_encoding is VolcengineUploadEncoding.FORM:
        found += _only("json", given, EXTRA_PARAMS)
        found += _language(given, FORM_LANGUAGES, "volcengineUploadEncoding form takes")
    else:
        found += _only("form", given, ["gender"])
        model = given.inputs.get("modelType", _DEFAULT)
        if known and "modelType" not in given.unknown and model in tuple(VolcengineModelType):
            found += _language(given, LANGUAGES[VolcengineModelType(model)], f"modelType {model!s} speaks")
    return found


_NEEDED = {
    "v3": "needs API V3 (an API key, or volcengineApi v3)",
    "json": "cannot be sent with volcengineUploadEncoding form; leave it out, or set that to json",
    "form": "is sent with volcengineUploadEncoding form only; leave it out",
}


def _only(needed: str, given: Given, names: list[str] | dict[str, str]) -> Iterator[Fault]:
    """What is given anew and needs another API. What a stack already has was left out then, and stays so."""
    for name in names:
        value = given.inputs.get(name)
        if value not in (None, "") and given.olds.get(name) != value:
            yield _fault(name, f"{name} {_NEEDED[needed]}")


def _exclusive(given: Given) -> Iterator[Fault]:
    names = [
        name for name in ("speakerId", "customSpeakerId") if given.inputs.get(name) or name in given.unknown
    ]
    if len(names) > 1:
        for name in names:
            reason = "at most one of speakerId and customSpeakerId may be given; leave one of them out"
            yield _fault(name, reason)


def _language(given: Given, allowed: tuple[str, ...], who: str) -> Iterator[Fault]:
    language = given.inputs.get("language")
    if language in tuple(VolcengineLanguage) and language not in allowed:
        speaks = ", ".join(allowed)
        yield _fault("language", f"language is '{language!s}', but {who} {speaks} only; change one of them")


def _fault(name: str, reason: str) -> Fault:
    return Fault(name, f"Volcengine: {reason}")
