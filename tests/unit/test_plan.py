"""What a preview's events say that an update would do, and how many trainings that needs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi.automation import EngineEvent

from voiceclone_provider.cli.plan import as_markdown, as_text, report
from voiceclone_provider.cli.plans import Plan
from voiceclone_provider.core.redaction import SHOWN
from voiceclone_provider.core.values import Asset
from voiceclone_provider.dynamic import keys
from voiceclone_provider.plugin.codec import ASSET, SECRET, SIGNATURE, UNKNOWN_SENTINEL
from voiceclone_provider.vendors import VENDORS
from voiceclone_provider.voice.fingerprint import fingerprint

OLD, NEW = "a" * 64, "b" * 64
ROOT = "urn:pulumi:production::voices::"
HOST = f"{ROOT}{keys.plugin_type('coze')}::host"
States = tuple[dict[str, Any], dict[str, Any]]


def audio(digest: str, *, dynamic: bool = False) -> dict[str, str]:
    place = {"hash": digest, "path": "host.mp3"}
    return place if dynamic else {SIGNATURE: ASSET, **place}


def coze(digest: str = OLD, *, dynamic: bool = False, **more: Any) -> dict[str, Any]:
    return {"name": "host", "language": "en", "audio": audio(digest, dynamic=dynamic), **more}


def trained(digest: str = OLD, **more: Any) -> dict[str, Any]:
    inputs = {"name": "host", "language": "en", "audio": Asset(hash=digest)}
    return {**coze(digest), "status": "Ready", "trainedOn": fingerprint(VENDORS["coze"], inputs), **more}


def event(
    op: str,
    *,
    old: States | None = None,
    new: dict[str, Any] | None = None,
    vendor: str = "coze",
    dynamic: bool = False,
    **more: Any,
) -> EngineEvent:
    kind = keys.dynamic_type(vendor) if dynamic else keys.plugin_type(vendor)
    urn = f"{ROOT}{kind}::host"
    state = {"type": kind, "urn": urn, "id": "7", "parent": "", "provider": ""}
    metadata = {"op": op, "urn": urn, "type": kind, "provider": "", **more}
    if old is not None:
        metadata["old"] = {**state, "inputs": old[0], "outputs": old[1]}
    if new is not None:
        metadata["new"] = {**state, "inputs": new, "outputs": {}}
    return EngineEvent.from_json({"sequence": 1, "timestamp": 0, "resourcePreEvent": {"metadata": metadata}})


def said(severity: str, message: str, urn: str = "") -> EngineEvent:
    told = {"message": message, "color": "never", "severity": severity, "urn": urn}
    return EngineEvent.from_json({"sequence": 1, "timestamp": 0, "diagnosticEvent": told})


ENCRYPTED = {SIGNATURE: SECRET, "ciphertext": "AA=="}
"""How events have what is secret."""


def plan_of(*events: EngineEvent) -> Plan:
    plan = Plan()
    for each in events:
        plan.hear(each)
    return plan


@pytest.mark.parametrize("dynamic", [False, True])
@pytest.mark.parametrize(
    ("op", "old", "new", "needed"),
    [
        ("create", None, coze(), 1),
        ("create", None, {"name": "host", "voiceId": "7"}, 0),  # bought, without a sample
        ("same", (coze(), trained()), coze(), 0),
        ("update", (coze(), trained()), coze(NEW), 1),
        ("update", (coze(), trained()), coze(deletionPolicy="delete"), 0),
        ("update", (coze(NEW), trained(NEW)), coze(NEW), 1),  # an interrupted run's journal: at most
        ("update", (coze(language=ENCRYPTED), trained()), coze(language=ENCRYPTED), 1),
        ("update", (coze(NEW), trained(OLD)), coze(NEW), 1),  # the last update failed before it trained
        ("update", (coze(), trained(status="Failed")), coze(), 1),
        ("update", (coze(), trained(trainedOn="external")), coze(), 1),  # somebody else trained it
        ("update", (coze(), trained()), coze(language=UNKNOWN_SENTINEL), 1),
        ("update", (coze(language=SHOWN), trained()), coze(language=SHOWN), 1),  # not shown: at most
        ("delete", (coze(), trained()), None, 0),
        ("import", None, coze(), 0),
    ],
)
def test_trainings(
    op: str,
    old: tuple[dict[str, Any], dict[str, Any]] | None,
    new: dict[str, Any] | None,
    needed: int,
    dynamic: bool,
) -> None:
    hidden = {"__provider": "pickled", "__voice": {"urn": "u"}}

    def shape(properties: dict[str, Any]) -> dict[str, Any]:
        if not dynamic or "audio" not in properties:
            return properties
        place = {key: value for key, value in properties["audio"].items() if key != SIGNATURE}
        return {**properties, "audio": place, **hidden}

    shaped = old and (shape(old[0]), shape(old[1]))
    plan = plan_of(event(op, old=shaped, new=new and shape(new), dynamic=dynamic))
    assert plan.trainings == needed


def test_a_replacement_is_one_change() -> None:
    old = (coze(), trained())
    for order in (("create-replacement", "replace", "delete-replaced"), ("delete-replaced", "replace")):
        plan = plan_of(*(event(op, old=old, new=coze(NEW), diffs=["spaceId"]) for op in order))
        (change,) = plan.changes.values()
        assert (change.kind, change.properties, plan.trainings) == ("replace", ("spaceId",), 1)


def test_what_is_not_a_voice_needs_no_training() -> None:
    plan = plan_of(event("create", new={"key": "value"}, vendor="coze"))
    assert plan.trainings == 0
    one = {"op": "same", "urn": f"{ROOT}pulumi:pulumi:Stack::voices", "type": "pulumi:pulumi:Stack"}
    stack = EngineEvent.from_json({"sequence": 1, "timestamp": 0, "resourcePreEvent": {"metadata": one}})
    assert plan_of(stack).unchanged == 0


def test_messages_are_kept_once_and_without_the_installation_noise() -> None:
    plan = plan_of(
        said(
            "warning", "using pulumi-resource-voiceclone from $PATH at /usr/bin/pulumi-resource-voiceclone\n"
        ),
        said(
            "warning",
            "this update uses\none of 9 remaining trainings",
            HOST,
        ),
        said(
            "warning",
            "this update uses\none of 9 remaining trainings",
            HOST,
        ),
        said("info", "hello"),
        said("error", "no"),
    )
    assert plan.warnings == [(HOST, "this update uses one of 9 remaining trainings")]
    assert plan.errors == [("", "no")]


def test_a_comment() -> None:
    plan = plan_of(
        event("update", old=(coze(), trained()), new=coze(NEW), diffs=["audio"]),
        said(
            "warning",
            "this update uses the last remaining training",
            HOST,
        ),
    )
    plans = {"voices/production": plan}
    text = as_markdown(plans, 0)
    assert text.startswith("<!-- voiceclone plan of voices/production -->\n")
    assert "**1 training; 1 to change, 0 unchanged.**" in text
    assert "| ✏️ change | `host` | Coze | `audio` | 1 |" in text
    assert "- **warning**: `host`: this update uses the last remaining training" in text
    assert "**This needs 1 training, and --max-trainings allows 0.**" in text
    assert as_text(plans).splitlines()[1] == "  change   host (audio; 1 training)"
    data = json.loads(json.dumps(report(plans)))
    assert data["trainings"] == data["stacks"][0]["trainings"] == 1
    assert data["stacks"][0]["changes"][0]["vendor"] == "coze"


def test_a_failed_preview_needs_no_number_of_trainings() -> None:
    plan = plan_of(said("error", "language: Input should be 'en'"))
    assert "**The preview failed; 0 unchanged.**" in as_markdown({"voices/dev": plan})
    assert "error: language" in as_text({"voices/dev": plan})


def test_a_comment_calls_nobody_and_has_no_markup_of_others() -> None:
    plan = plan_of(
        event("create", new=coze(NEW)),
        said("error", "the vendor says: @team <img src=x> [a](b) `pulumi up`", HOST),
    )
    text = as_markdown({"voices/dev": plan})
    assert "@team" not in text
    assert "<img" not in text
    assert "[a]" not in text
    assert "`pulumi up`" in text
