"""schema.json: fresh, complete, and what the contract from outside says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from voiceclone_provider.codegen import schema
from voiceclone_provider.codegen.examples import sections
from voiceclone_provider.vendors import VENDORS
from voiceclone_provider.vendors.models import VoiceOutputs

ROOT = Path(__file__).parents[2]
SCHEMA: dict[str, Any] = schema.package()

ENVIRONMENT = {
    "volcengineApiKey": "VOLCENGINE_SPEECH_API_KEY",
    "volcengineAppId": "VOLCENGINE_SPEECH_APP_ID",
    "volcengineProject": "VOLCENGINE_SPEECH_PROJECT",
    "volcengineAccessToken": "VOLCENGINE_SPEECH_ACCESS_TOKEN",
    "volcengineAccessKey": "VOLCENGINE_ACCESS_KEY",
    "volcengineSecretKey": "VOLCENGINE_SECRET_KEY",
    "volcengineResourceId": "VOLCENGINE_SPEECH_RESOURCE_ID",
    "volcengineBaseUrl": "VOLCENGINE_SPEECH_BASE_URL",
    "volcengineConsoleUrl": "VOLCENGINE_CONSOLE_URL",
    "cozeToken": "COZE_API_TOKEN",
    "cozeBaseUrl": "COZE_API_BASE",
    "qiniuToken": "QINIU_XROBO_TOKEN",
    "qiniuBaseUrl": "QINIU_XROBO_BASE_URL",
    "klingAccessKey": "KLING_ACCESS_KEY",
    "klingSecretKey": "KLING_SECRET_KEY",
    "klingApiKey": "KLING_API_KEY",
    "klingBaseUrl": "KLING_BASE_URL",
    "journal": "VOICECLONE_JOURNAL",
}
SECRETS = {
    "volcengineAccessToken",
    "volcengineApiKey",
    "volcengineSecretKey",
    "cozeToken",
    "qiniuToken",
    "klingSecretKey",
    "klingApiKey",
}


def voice(key: str) -> dict[str, Any]:
    found: dict[str, Any] = SCHEMA["resources"][f"voiceclone:{key}:Voice"]
    return found


def properties() -> Iterator[tuple[str, dict[str, Any]]]:
    for token, resource in SCHEMA["resources"].items():
        for kind in ("inputProperties", "properties"):
            for name, spec in resource[kind].items():
                yield f"{token} {kind} {name}", spec
    for name, spec in SCHEMA["config"]["variables"].items():
        yield f"config {name}", spec


def test_the_file_is_fresh() -> None:
    """`make schema` writes it."""
    assert (ROOT / "schema.json").read_text("utf-8") == schema.render()


def test_there_is_one_voice_per_vendor() -> None:
    assert set(SCHEMA["resources"]) == {f"voiceclone:{key}:Voice" for key in VENDORS}
    assert set(VENDORS) == {"volcengine", "coze", "qiniu", "kling"}


def test_nothing_says_how_many_trainings_a_voice_has() -> None:
    """The vendors' pages contradict each other, and their listings show it. What a page says is in
    docs/emulator.md."""
    count = re.compile(r"\b(ten|\d+) (trainings|times)\b|\btrainings \(usually|\| \d+ a voice", re.IGNORECASE)
    said = [*(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / "schema.json"]
    said += [*(ROOT / "provider" / "voiceclone_provider" / "vendors").rglob("*.py")]
    assert [
        path.name for path in said if path.name != "emulator.md" and count.search(path.read_text("utf-8"))
    ] == []


def test_everything_is_described() -> None:
    assert [name for name, spec in properties() if len(spec.get("description", "")) < 10] == []
    assert [name for name, spec in SCHEMA["resources"].items() if not spec["description"]] == []
    for token, spec in SCHEMA["types"].items():
        assert spec["description"], token
        if token != "voiceclone:index:Status":
            continue
        assert all(value["value"] for value in spec["enum"])


def test_every_configuration_key_has_its_variable() -> None:
    variables = SCHEMA["config"]["variables"]
    told = {name: spec["defaultInfo"]["environment"] for name, spec in variables.items()}
    assert told.pop("volcengineUploadEncoding") == ["VOLCENGINE_SPEECH_UPLOAD_ENCODING"]
    assert told.pop("volcengineApi") == ["VOLCENGINE_SPEECH_API"]
    assert told == {name: [variable] for name, variable in ENVIRONMENT.items()}


def test_exactly_the_secrets_are_secret() -> None:
    assert {name for name, spec in SCHEMA["config"]["variables"].items() if spec.get("secret")} == SECRETS
    assert {name for name, spec in properties() if spec.get("secret")} == {f"config {key}" for key in SECRETS}


def test_the_provider_takes_what_the_configuration_has() -> None:
    assert SCHEMA["provider"]["inputProperties"] == SCHEMA["config"]["variables"]


def test_no_configuration_has_a_default_that_the_engine_would_store() -> None:
    assert [name for name, spec in SCHEMA["config"]["variables"].items() if "default" in spec] == []


@pytest.mark.parametrize(
    ("key", "inputs"),
    [
        (
            "volcengine",
            "audio audioFormat language text speakerId customSpeakerId modelType demoText gender "
            "enableAudioDenoise voiceCloneDenoiseModelId voiceCloneEnableMss enableCropByAsr "
            "disableVolumeNormalization upgradeVoice overwriteExisting",
        ),
        (
            "coze",
            "allowSameName audio audioFormat name language text previewText description spaceId voiceId "
            "overwriteExisting",
        ),
        ("qiniu", "allowSameName audioUrl name language tier modelId"),
        ("kling", "audioUrl videoId name callbackUrl externalTaskId"),
    ],
)
def test_inputs(key: str, inputs: str) -> None:
    assert set(voice(key)["inputProperties"]) == {*inputs.split(), "retrainTriggers", "deletionPolicy"}


@pytest.mark.parametrize("key", VENDORS)
def test_a_sample_is_not_required_because_a_voice_may_be_adopted(key: str) -> None:
    assert not voice(key).get("requiredInputs")


@pytest.mark.parametrize("key", VENDORS)
def test_outputs(key: str) -> None:
    found = voice(key)
    shared = {field.alias or name for name, field in VoiceOutputs.model_fields.items()}
    assert shared <= found["properties"].keys()
    named = {"name"} & found["inputProperties"].keys()
    task = {"taskId"} if key == "kling" else set()
    assert set(found["required"]) == {"voiceId", "status", "account", *named, *task}
    assert found["inputProperties"].keys() <= found["properties"].keys()


@pytest.mark.parametrize("key", VENDORS)
def test_what_needs_another_voice_is_marked(key: str) -> None:
    marked = {n for n, spec in voice(key)["inputProperties"].items() if spec.get("willReplaceOnChanges")}
    assert marked == set(VENDORS[key].facts.replacing_inputs)


@pytest.mark.parametrize("key", VENDORS)
def test_the_facts_name_inputs_that_exist(key: str) -> None:
    facts = VENDORS[key].facts
    named = {*facts.sample_inputs, *facts.training_inputs, *facts.replacing_inputs}
    assert named <= voice(key)["inputProperties"].keys()
    assert set(facts.sample_inputs) <= set(facts.training_inputs)
    assert "retrainTriggers" in facts.training_inputs


@pytest.mark.parametrize(
    ("key", "timeout"), [("volcengine", 600), ("coze", 600), ("qiniu", 1800), ("kling", 600)]
)
def test_time_outs(key: str, timeout: int) -> None:
    assert VENDORS[key].facts.timeout == timeout


def test_every_reference_leads_somewhere() -> None:
    text = schema.render()
    found = set()
    for part in text.split('"#/types/')[1:]:
        found.add(part.split('"')[0])
    assert found <= SCHEMA["types"].keys()


def types_in(spec: Any, *, chosen: bool = False) -> Iterator[tuple[str, bool]]:
    """The types that a part of the schema names, and whether each is one of several to choose from."""
    if isinstance(spec, dict):
        if spec.get("$ref", "").startswith("#/types/"):
            yield spec["$ref"].removeprefix("#/types/"), chosen
        for key, part in spec.items():
            yield from types_in(part, chosen=chosen or key == "oneOf")
    elif isinstance(spec, list):
        for part in spec:
            yield from types_in(part, chosen=chosen)


@pytest.mark.parametrize("token", [*SCHEMA["resources"], *SCHEMA["functions"]])
def test_every_import_has_a_use_in_go(token: str) -> None:
    """In Go, Pulumi imports the modules of all types that a resource or function names, but writes a plain
    string where a type is one of several: an import that nothing else uses is an error."""
    spec = (SCHEMA["resources"] | SCHEMA["functions"])[token]
    modules = [(name.split(":")[1], chosen) for name, chosen in types_in(spec)]
    own = token.split(":")[1]
    assert {module for module, _ in modules} <= {own, *(module for module, chosen in modules if not chosen)}


def test_only_inputs_leave_a_choice_of_types() -> None:
    """Python cannot read a function's answer that does, and other languages would have to take it apart."""
    for kind in ("resources", "functions"):
        for token, spec in SCHEMA[kind].items():
            outputs = spec["properties"] if kind == "resources" else spec["outputs"]
            assert "oneOf" not in json.dumps(outputs), token
    assert "oneOf" not in json.dumps([SCHEMA["types"], SCHEMA["config"]])


def test_an_argument_that_is_a_mere_text_tells_its_values() -> None:
    spec = SCHEMA["functions"]["voiceclone:kling:getVoices"]["inputs"]["properties"]["status"]
    assert spec["type"] == "string"
    assert "One of `Pending`, `Training`, `Ready`, `Failed`, `Locked`, `Expired`." in spec["description"]


def test_enums_can_be_spelt_in_every_language() -> None:
    """A word begins with its only capital: Pulumi takes names apart by them in Python."""
    names = [value["name"] for spec in SCHEMA["types"].values() if "enum" in spec for value in spec["enum"]]
    assert [name for name in names if not re.fullmatch(r"(?:[A-Z][a-z0-9]+|_\d+)+", name)] == []
    assert {"Icl_1_0", "DitStandard", "Mp3", "M4a", "QnAcv"} <= set(names)


def test_limits_are_told() -> None:
    assert "128 bytes" in voice("coze")["inputProperties"]["name"]["description"]
    assert "20 characters" in voice("qiniu")["inputProperties"]["name"]["description"]
    assert "10 × 1024 × 1024 bytes" in voice("volcengine")["inputProperties"]["audio"]["description"]
    assert "S_ followed by" in voice("volcengine")["inputProperties"]["speakerId"]["description"]


def test_the_status_values_are_told() -> None:
    spec = voice("coze")["properties"]["status"]
    assert spec["$ref"] == "#/types/voiceclone:index:Status"
    values = [value["value"] for value in SCHEMA["types"]["voiceclone:index:Status"]["enum"]]
    assert values == ["Pending", "Training", "Ready", "Failed", "Locked", "Expired"]


def test_it_is_json_and_the_same_every_time() -> None:
    told, described = json.loads(schema.render()), json.loads(json.dumps(schema.package()))
    for token, spec in (described["resources"] | described["functions"]).items():
        spec["description"] += sections(token)
    assert told == described
    assert schema.render() == schema.render()
