"""What programs import of the dynamic provider: its classes are the models', and their types hold.

mypy reads this file with the rest: an `ignore` that is not needed any more is an error there.
"""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path

import pulumi
import pytest

import voiceclone_provider.dynamic
from voiceclone_provider.codegen import classes as generate
from voiceclone_provider.codegen import schema
from voiceclone_provider.dynamic import coze, kling, qiniu, volcengine
from voiceclone_provider.dynamic.base import BaseVoice, _map, _place
from voiceclone_provider.vendors import VENDORS

MODULES = {key: import_module(f"{voiceclone_provider.dynamic.__name__}.{key}") for key in VENDORS}
FOLDER = Path(voiceclone_provider.dynamic.__file__).parent


@pytest.mark.parametrize("file", generate.files())
def test_the_files_are_fresh(file: str) -> None:
    assert (FOLDER / file).read_text("utf-8") == generate.files()[file], "run `make schema`"


@pytest.mark.parametrize("key", VENDORS)
def test_arguments_and_outputs_are_those_of_the_schema(key: str) -> None:
    spec = schema.package()["resources"][f"voiceclone:{key}:Voice"]
    voice = MODULES[key].Voice
    assert issubclass(voice, BaseVoice)
    parameters = list(inspect.signature(voice.__init__).parameters)
    assert parameters[:3] == ["self", "resource_name", "opts"]
    assert parameters[3:] == [generate._snake(name) for name in spec["inputProperties"]]
    for name, property_spec in spec["properties"].items():
        output = inspect.getattr_static(voice, generate._snake(name))
        assert isinstance(output, property)
        assert output.__doc__, name
        assert name in ("audio", "status") or property_spec["description"][:20].strip("`") in output.__doc__
    assert voice._resource_type_name == f"dynamic/voiceclone/{key}:Voice"


def test_a_subclass_makes_the_same_resources() -> None:
    class Narrator(coze.Voice):
        """Somebody's own defaults."""

    assert Narrator._resource_type_name == coze.Voice._resource_type_name


def test_enums_are_the_texts_that_the_vendor_models_know() -> None:
    assert coze.Language.ENGLISH.value == "en"
    assert coze.AudioFormat.WAV.value == "wav"
    assert volcengine.ModelType.ICL_2_0.value == "ICL_2_0"
    assert qiniu.DeletionPolicy.RETAIN.value == "retain"


def right(sample: pulumi.Output[str], config: pulumi.Config) -> pulumi.Output[str]:
    """Programs that a type-checker must take; never run."""
    coze.Voice("a", audio="a.wav", language="en")
    coze.Voice("a", audio=Path("a.wav"))
    coze.Voice("b", pulumi.ResourceOptions(protect=True), audio=sample, language=coze.Language.ENGLISH)
    coze.Voice("c", audio=pulumi.RemoteAsset("https://samples.example/c.wav"), retrain_triggers=[1, sample])
    qiniu.Voice("d", audio_url=sample, language=config.require("language"), deletion_policy="retain")
    volcengine.Voice("e", audio=pulumi.FileAsset("e.wav"), enable_audio_denoise=True)
    left: pulumi.Output[int | None] = coze.Voice.get("f", "7").available_trainings
    return kling.Voice("g", audio_url=pulumi.Output.concat("https://", left.apply(str))).voice_id


def wrong(number: int) -> None:
    """Programs that it must refuse; never run."""
    coze.Voice("a", audio=number)  # type: ignore[arg-type]
    coze.Voice("a", audio_url="https://samples.example/a.wav")  # type: ignore[call-arg]
    kling.Voice("b", name=3)  # type: ignore[arg-type]
    coze.Voice("c", audio="c.wav").voice_id = "mine"  # type: ignore[assignment,misc]


def test_the_sample_of_another_voice_is_sent_without_its_hash() -> None:
    """With one, it would be taken for a sample that the engine put back."""
    assert _place({"path": "a.wav", "hash": "of its content"}) == {"path": "a.wav"}


def test_a_path_object_is_a_path() -> None:
    assert _map(Path("voices/a.wav"), _place) == {"path": "voices/a.wav"}
