"""The manifests of examples/operator, judged by the operator's definitions, examples/yaml and the CLI."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from engine.emulator import Emulator
from engine.stack import ROOT, Stack
from voiceclone_provider import __version__

from . import crds

HERE = ROOT / "examples" / "operator"
DOCUMENTS = [
    (file.name, document)
    for file in sorted(HERE.glob("*.yaml"))
    for document in yaml.safe_load_all(file.read_text("utf-8"))
]
OURS = [(file, document) for file, document in DOCUMENTS if document["apiVersion"].startswith("pulumi.com/")]
STACKS = [document for _, document in OURS if document["kind"] == "Stack"]
(PROGRAM,) = (document for _, document in OURS if document["kind"] == "Program")

Manifest = dict[str, Any]


@pytest.fixture(scope="session")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], dict[str, Any]]:
    try:
        return crds.schemas(crds.folder(tmp_path_factory.mktemp("go")))
    except crds.UnavailableError as error:
        pytest.skip(str(error))


@pytest.fixture
def faults(schemas: dict[tuple[str, str], dict[str, Any]]) -> Callable[[Manifest], list[str]]:
    """What the operator's definitions refuse of a manifest."""

    def judge(manifest: Manifest) -> list[str]:
        schema = schemas[manifest["apiVersion"], manifest["kind"]]
        return [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(manifest)]

    return judge


@pytest.mark.parametrize("manifest", [m for _, m in OURS], ids=[f"{f}-{m['kind']}" for f, m in OURS])
def test_the_operator_knows_every_field(manifest: Manifest, faults: Callable[[Manifest], list[str]]) -> None:
    assert faults(manifest) == []


def misspelt(path: str, new: str) -> Callable[[Manifest], None]:
    """Renames the field at the end of a path."""

    def change(manifest: Manifest) -> None:
        *parents, field = path.split(".")
        at: Any = manifest
        for name in parents:
            at = at[int(name)] if name.isdecimal() else at[name]
        at[new] = at.pop(field)

    return change


def set_to(path: str, value: object) -> Callable[[Manifest], None]:
    def change(manifest: Manifest) -> None:
        *parents, field = path.split(".")
        at: Any = manifest
        for name in parents:
            at = at[name]
        at[field] = value

    return change


@pytest.mark.parametrize(
    ("manifest", "change", "words"),
    [
        (
            STACKS[0],
            misspelt("spec.destroyOnFinalize", "destroyOnFinish"),
            "'destroyOnFinish' was unexpected",
        ),
        (
            STACKS[0],
            misspelt("spec.resyncFrequencySeconds", "resyncSeconds"),
            "'resyncSeconds' was unexpected",
        ),
        (STACKS[0], misspelt("spec.stack", "stackName"), "'stack' is a required property"),
        (STACKS[0], misspelt("spec.envRefs.VOICECLONE_JOURNAL.literal", "text"), "'text' was unexpected"),
        (STACKS[0], misspelt("metadata.namespace", "nameSpace"), "'nameSpace' was unexpected"),
        (
            STACKS[0],
            misspelt("spec.workspaceTemplate.spec.podTemplate.spec.containers.0.volumeMounts", "mounts"),
            "'mounts' was unexpected",
        ),
        (STACKS[0], set_to("spec.resyncFrequencySeconds", "1h"), "is not of type 'integer'"),
        (PROGRAM, misspelt("program", "spec"), "'spec' was unexpected"),
        (PROGRAM, misspelt("program.resources.host.type", "kind"), "'type' is a required property"),
        (PROGRAM, set_to("program.configuration.guideAudioUrl.type", "string"), "is not one of ['String'"),
    ],
)
def test_a_mistake_is_found(
    manifest: Manifest,
    change: Callable[[Manifest], None],
    words: str,
    faults: Callable[[Manifest], list[str]],
) -> None:
    wrong = copy.deepcopy(manifest)
    change(wrong)
    found = faults(wrong)
    assert any(words in fault for fault in found), found


def plain(program: Manifest) -> Manifest:
    """What two programs must have in common: samples by their names, since each is in a place of its own."""

    def sample(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: sample(item) for key, item in value.items()}
        return Path(value).name if isinstance(value, str) and "/" in value else value

    shared: Manifest = sample({key: program[key] for key in ("resources", "outputs")})
    return shared


def test_it_is_the_stack_of_the_yaml_example() -> None:
    example = yaml.safe_load((ROOT / "examples" / "yaml" / "Pulumi.yaml").read_text("utf-8"))
    assert plain(PROGRAM["program"]) == plain(example)
    assert set(PROGRAM["program"]["configuration"]) == set(example["config"])
    assert PROGRAM["metadata"]["name"] == example["name"]  # the project's name is in automatic names


def test_both_ways_are_one_stack() -> None:
    """Only where the program comes from differs."""
    source = {"programRef", "projectRepo", "branch", "repoDir", "shallow", "gitAuth"}
    first, second = ({k: v for k, v in s["spec"].items() if k not in source} for s in STACKS)
    assert first == second
    assert STACKS[0]["metadata"] == STACKS[1]["metadata"]


def test_what_keeps_voices_and_secrets_safe() -> None:
    for stack in STACKS:
        spec = stack["spec"]
        assert spec["destroyOnFinalize"] is False
        assert spec["refresh"] is True
        journal = spec["envRefs"]["VOICECLONE_JOURNAL"]["literal"]["value"]
        pod = spec["workspaceTemplate"]["spec"]["podTemplate"]["spec"]
        assert [v["persistentVolumeClaim"]["claimName"] for v in pod["volumes"]] == ["voices"]
        (mount,) = pod["containers"][0]["volumeMounts"]
        assert Path(journal).is_relative_to(mount["mountPath"])
        assert spec["backend"].removeprefix("file://") == mount["mountPath"]
    kinds = [document["kind"] for _, document in DOCUMENTS]
    assert "Secret" not in kinds
    bindings = [document for _, document in DOCUMENTS if document["kind"].endswith("Binding")]
    assert [binding["roleRef"]["name"] for binding in bindings] == ["system:auth-delegator"]
    assert not {"Role", "ClusterRole"} & set(kinds)


@pytest.mark.engine
def test_the_image_runs_the_program(cli: Path, stack: Stack, emulator: Emulator) -> None:
    """What the Dockerfile and the operator do: the plugin goes into Pulumi's cache, the Program becomes
    Pulumi.yaml, `pulumi install` must need no network, and then the program runs."""
    plugin = Path(sys.prefix) / "bin" / "pulumi-resource-voiceclone"
    dockerfile = (HERE / "Dockerfile").read_text("utf-8")
    (installs,) = (line for line in dockerfile.splitlines() if line.startswith("RUN pulumi plugin install"))
    words = installs.removeprefix("RUN pulumi ").split()
    assert __version__ in words
    stack.must(*words[:-1], str(plugin))

    project = {"name": PROGRAM["metadata"]["name"], "runtime": "yaml", **copy.deepcopy(PROGRAM["program"])}
    for resource in project["resources"].values():
        audio = resource["properties"].get("audio")
        if audio:
            audio["fn::fileAsset"] = audio["fn::fileAsset"].replace("/voices", str(ROOT / "examples/voices"))
    (stack.folder / "Pulumi.yaml").write_text(yaml.safe_dump(project), encoding="utf-8")
    del stack.environment["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"]
    stack.must("install")
    for key, file in (("guideAudioUrl", "guide-zh.mp3"), ("announcerAudioUrl", "announcer-en.wav")):
        stack.must("config", "set", key, emulator.sample_url(file))
    assert "5 to create" in stack.must("preview").text.replace("+ ", "")
