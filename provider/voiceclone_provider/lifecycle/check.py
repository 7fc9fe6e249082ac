"""Check: every fault of a resource's inputs at once, each with vendor, property, limit and actual value.

Pure but for reading a local sample; never a network call. Unknown values pass: they are checked when
they are known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from ..core import audio
from ..core.errors import PermanentError
from ..core.ports import Checked, Fault
from ..core.values import Asset, Properties, contains_unknown
from ..vendors.base import Facts, Given, Vendor
from ..vendors.explain import explain, strange
from ..vendors.models import DeletionPolicy, VendorConfig
from ..voice.fingerprint import auto_name, defaults


def default_policy(facts: Facts) -> DeletionPolicy:
    """What a deletion does where the inputs say nothing."""
    return DeletionPolicy.DELETE if facts.deletes else DeletionPolicy.RETAIN


def has_sample(facts: Facts, inputs: Properties) -> bool:
    """Whether the inputs say what to train on."""
    return any(inputs.get(name) not in (None, "") for name in facts.sample_inputs)


def missing_sample(facts: Facts, inputs: Properties) -> Fault | None:
    """The fault of inputs that a voice cannot be made of."""
    if has_sample(facts, inputs):
        return None
    needed = " or ".join(facts.sample_inputs)
    what = "exactly one of them is needed" if len(facts.sample_inputs) > 1 else "a recording of the voice"
    return Fault(
        facts.sample_inputs[0],
        f"{facts.title}: {needed} is required unless the voice was imported: {what}",
    )


def check(
    vendor: type[Vendor[Any]], urn: str, olds: Properties | None, news: Properties, config: VendorConfig
) -> Checked:
    """Validate, fill in defaults and name the voice. An automatic name, once given, stays."""
    facts = vendor.facts
    given = {name: value for name, value in news.items() if value is not None and not name.startswith("__")}
    names = [field.alias or name for name, field in vendor.Inputs.model_fields.items()]
    unknown = frozenset(name for name, value in given.items() if contains_unknown(value))
    known = {name: value for name, value in given.items() if name not in unknown}
    faults = [
        Fault(name, f"{facts.title}: {name} is not a property of this resource; {strange(name, names)}")
        for name in given
        if name not in names
    ]
    faults += _model_faults(vendor, {name: known[name] for name in names if name in known}, unknown)
    if "audioFormat" not in unknown:
        faults += _audio_faults(facts, known)
    faults += vendor.cross_check(Given(known, unknown, olds or {}), config)
    if not facts.deletes and known.get("deletionPolicy") == DeletionPolicy.DELETE:
        reason = f"deletionPolicy is 'delete', but {facts.title} has no delete endpoint; use retain or fail"
        faults.append(Fault("deletionPolicy", f"{facts.title}: {reason}"))
    if faults and not olds:
        missing = missing_sample(facts, given)
        if missing and not any(fault.property in facts.sample_inputs for fault in faults):
            faults.append(missing)
    inputs = {**defaults_for(vendor), **given}
    if facts.name_limit is not None and "name" not in inputs:
        kept = (olds or {}).get("name")
        if kept:
            inputs["name"] = kept
        elif not olds:  # else it was imported, and its name is not known yet
            inputs["name"] = auto_name(facts, urn, inputs)
    return Checked(inputs, faults)


def defaults_for(vendor: type[Vendor[Any]]) -> Properties:
    """The inputs of a resource that declares nothing."""
    return {**defaults(vendor), "deletionPolicy": str(default_policy(vendor.facts))}


def _model_faults(vendor: type[Vendor[Any]], known: Properties, unknown: frozenset[str]) -> Iterator[Fault]:
    try:
        vendor.Inputs.model_validate(known)
    except ValidationError as error:
        for item in error.errors():
            path = ".".join(str(part) for part in item["loc"] if isinstance(part, str))
            name = path.split(".", 1)[0]
            if item["type"] == "missing" and name in unknown:
                continue
            yield Fault(name, f"{vendor.facts.title}: {path} {explain(item)}")


def _audio_faults(facts: Facts, known: Properties) -> Iterator[Fault]:
    """A local sample is looked into; a remote one is looked into when it is sent."""
    sample = known.get("audio")
    if not isinstance(sample, Asset) or sample.path is None or "audio" not in facts.sample_inputs:
        return
    audio_format = known.get("audioFormat")
    try:
        probe = audio.probe_file(sample.path)
    except PermanentError as error:
        yield Fault("audio", f"{facts.title}: audio {error.message}")
        return
    for reason in audio.faults(probe, audio_format if audio_format in audio.FORMATS else None):
        yield Fault("audio", f"{facts.title}: audio {reason}")
