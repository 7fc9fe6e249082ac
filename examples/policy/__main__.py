"""Policies for cloned voices, of the plugin and of the dynamic provider. See README.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pulumi
from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    PolicyPack,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
    deserialize,
)
from pulumi_policy.proxy import UnknownValueError

import rules

HERE = Path(__file__).resolve().parent
TEXTS = {"type": "array", "items": {"type": "string"}}

Config = Mapping[str, Any]


def keep_hashes() -> None:
    """Let assets keep the hash that the engine sends, which `pulumi_policy` drops. The file itself cannot be
    read instead: its path is relative to the program's folder, which a pack does not know."""
    plain = deserialize._deserialize_asset

    def with_hash(sent: dict[str, Any]) -> pulumi.Asset:
        asset = plain(sent)
        asset.hash = sent.get("hash")  # type: ignore[attr-defined]
        return asset

    deserialize._deserialize_asset = with_hash  # type: ignore[assignment]


def voice_vendor(resource: ResourceValidationArgs | PolicyResource) -> str | None:
    """The vendor of a voice that this update makes or keeps. `None` for every other resource, and for a new
    voice that `--target` leaves out: the engine shows it without properties."""
    return rules.vendor_of(resource.resource_type) if resource.props else None


def policy(
    name: str, description: str, rule: Callable[[rules.Voice, Config], list[str]], **config: Any
) -> ResourceValidationPolicy:
    """A policy that asks a rule about each voice."""

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        vendor = voice_vendor(args)
        if vendor is None:
            return
        for violation in rule(
            rules.Voice(args.name, vendor, args.props, args.opts.protect), args.get_config()
        ):
            report(violation, None)

    return ResourceValidationPolicy(name, description, validate, config_schema=PolicyConfigSchema(config))


def will_train(props: Mapping[str, Any]) -> bool:
    """Whether a preview plans a training. It gives the output `status` exactly where the voice stays as it
    is, only waits, or changes what needs no training; the dynamic provider's, only where nothing changes."""
    try:
        return props.get("status") is None
    except UnknownValueError:
        return True


def count_trainings(args: StackValidationArgs, report: ReportViolation) -> None:
    """At preview only: when an update calls it, the trainings are over."""
    if not pulumi.runtime.is_dry_run():
        return
    trained = [
        resource.name for resource in args.resources if voice_vendor(resource) and will_train(resource.props)
    ]
    for violation in rules.training_cap(trained, int(args.get_config()["maximum"])):
        report(violation, None)


keep_hashes()
PolicyPack(
    "voices",
    enforcement_level=EnforcementLevel.MANDATORY,
    policies=[
        policy(
            "voice-consent",
            "A person's voice is cloned only with a consent that covers the sample.",
            lambda voice, config: rules.consent(voice, HERE / config["file"], date.today()),
            file={"type": "string", "default": "consents.yaml"},
        ),
        policy(
            "allowed-vendors",
            "Voices are cloned only by vendors that are allowed.",
            lambda voice, config: rules.allowed_vendor(voice, config["vendors"]),
            vendors={**TEXTS, "default": ["volcengine", "coze", "qiniu", "kling"]},
        ),
        policy(
            "allowed-languages",
            "Voices speak only languages that are allowed.",
            lambda voice, config: rules.allowed_language(voice, config["languages"]),
            languages={**TEXTS, "default": []},
        ),
        policy(
            "production-protected",
            "A voice in production cannot be lost by a delete.",
            lambda voice, config: rules.production(
                voice, pulumi.get_stack(), config["stacks"], config["onlyProtect"]
            ),
            stacks={**TEXTS, "default": ["prod", "production"]},
            onlyProtect={"type": "boolean", "default": False},
        ),
        StackValidationPolicy(
            "training-cap",
            "One update trains only so many voices.",
            count_trainings,
            config_schema=PolicyConfigSchema({"maximum": {"type": "integer", "minimum": 0, "default": 3}}),
        ),
    ],
)
