"""Volcengine with an API key and nothing else: a slot that the program names, and a post-paid voice."""

from __future__ import annotations

from typing import Any

import pytest

from .emulator import Emulator
from .faces import FACES
from .stack import Stack
from .voices import VENDORS, sha256

pytestmark = pytest.mark.in_process

VENDOR = VENDORS["volcengine"]
TRAIN, GET = "/api/v3/tts/voice_clone", "/api/v3/tts/get_voice"
VOICES: dict[str, dict[str, Any]] = {
    "bought": {"speakerId": "S_emulator01"},
    "postpaid": {"customSpeakerId": "narrator-of-the-news", "demoText": "今天的新闻就到这里。"},
}
IDS = {"bought": "S_emulator01", "postpaid": "narrator-of-the-news"}


@pytest.fixture
def api_key(stack: Stack, emulator: Emulator) -> None:
    """Of all that can be configured for Volcengine, the stack has what the new console gives."""
    for name in [name for name in stack.environment if name.startswith("VOLCENGINE_")]:
        del stack.environment[name]
    stack.environment |= {
        "VOLCENGINE_SPEECH_API_KEY": "emulator-token",
        "VOLCENGINE_SPEECH_BASE_URL": emulator.url,
        "VOLCENGINE_CONSOLE_URL": emulator.url,  # not to be asked, but nobody else either
    }


def declare(stack: Stack, emulator: Emulator, take: int = 1) -> None:
    stack.program({name: VENDOR.resource(emulator, take, **given) for name, given in VOICES.items()})


def are_ready(stack: Stack, emulator: Emulator, take: int) -> None:
    """Both voices are on this sample, by a training for each so far, and no other call was used."""
    voices = {voice["id"]: voice for voice in emulator.voices("volcengine")}
    assert {name: resource["id"] for name, resource in stack.resources().items()} == IDS
    assert voices.keys() == set(IDS.values())
    for name, voice_id in IDS.items():
        outputs, voice = stack.resource(name)["outputs"], voices[voice_id]
        assert (outputs["voiceId"], outputs["status"], voice["status"]) == (voice_id, "Ready", "ready")
        assert outputs["availableTrainings"] == 10 - take
        assert not outputs.get("pendingTraining")
        assert (voice["trainings"], voice["audio_sha256"]) == (take, sha256(VENDOR, emulator, take))
    only_v3(emulator, trainings=2 * take)


def only_v3(emulator: Emulator, trainings: int) -> None:
    paths = [request["path"] for request in emulator.requests()]
    assert set(paths) == {TRAIN, GET}
    assert paths.count(TRAIN) == trainings


@pytest.mark.usefixtures("api_key")
class TestLife:
    @pytest.fixture(params=FACES)
    def stack_type(self, request: pytest.FixtureRequest) -> type[Stack]:
        return FACES[request.param].stack

    def test_made_left_alone_trained_again_and_destroyed(self, stack: Stack, emulator: Emulator) -> None:
        declare(stack, emulator)
        stack.up()
        are_ready(stack, emulator, take=1)
        stack.nothing_to_do()
        stack.refresh("--expect-no-changes")
        are_ready(stack, emulator, take=1)

        declare(stack, emulator, take=2)
        stack.up()
        are_ready(stack, emulator, take=2)

        told = stack.destroy().told("warning")
        assert all(any(voice_id in line for line in told) for voice_id in IDS.values())
        assert stack.resources() == {}
        assert {voice["id"] for voice in emulator.voices("volcengine")} == set(IDS.values())
        only_v3(emulator, trainings=4)


@pytest.mark.usefixtures("api_key")
def test_import_by_id(stack: Stack, emulator: Emulator) -> None:
    declare(stack, emulator)
    stack.up()
    stack.must("state", "delete", "--all", "--yes")
    for name, voice_id in IDS.items():
        stack.must("import", "--yes", "--skip-preview", "--protect=false", VENDOR.type, name, voice_id)
    imported = {name: resource["inputs"] for name, resource in stack.resources().items()}
    assert imported["bought"]["speakerId"] == IDS["bought"]
    assert imported["postpaid"]["customSpeakerId"] == IDS["postpaid"]
    stack.up()  # samples and the demo text, which the vendor does not show, are declared: no training
    stack.nothing_to_do()
    are_ready(stack, emulator, take=1)

    declare(stack, emulator, take=2)
    stack.up()
    are_ready(stack, emulator, take=2)


@pytest.mark.usefixtures("api_key")
def test_a_post_paid_voice_that_the_vendor_deleted_is_made_again_and_one_in_use_stays(
    stack: Stack, emulator: Emulator
) -> None:
    voice_id = IDS["postpaid"]

    def program(take: int) -> None:
        stack.program({"voice": VENDOR.resource(emulator, take, **VOICES["postpaid"])})

    program(take=1)
    stack.up()
    emulator.delete("volcengine", voice_id)  # it was not used in time
    stack.later()
    stack.refresh()
    assert stack.resources() == {}
    stack.up()
    assert stack.output("voiceId") == voice_id
    only_v3(emulator, trainings=2)

    emulator.act("volcengine", voice_id, "use")
    stack.refresh()
    stack.up()
    assert stack.output("status") == "Locked"
    stack.nothing_to_do()
    program(take=2)
    assert any("locked" in line for line in stack.fails("preview").told("error"))
    only_v3(emulator, trainings=2)


def test_a_stack_moves_from_the_old_console(
    request: pytest.FixtureRequest, stack: Stack, emulator: Emulator
) -> None:
    """The same program goes on with its voices as they are; another model than that of V1 cannot be given."""
    models = {"S_emulator01": None, "S_emulator02": "ICL_2_0"}
    declared = {
        name: VENDOR.resource(emulator, speakerId=name, modelType=model) for name, model in models.items()
    }
    stack.program(declared)
    stack.up()
    sent = emulator.changing()
    request.getfixturevalue("api_key")
    stack.must("preview", "--expect-no-changes")
    stack.refresh("--expect-no-changes")
    stack.nothing_to_do()
    assert emulator.changing() == sent


WITHOUT = {
    False: {
        "demoText": ("How do I sound?", ("API V3", "API key", "volcengineApi v3")),
        "customSpeakerId": ("narrator-1", ("API V3", "API key")),
        "gender": ("female", ("volcengineUploadEncoding form", "leave it out")),
    },
    True: {
        "modelType": ("ICL_2_0", ("API V3", "leave it out")),
        "gender": ("female", ("leave it out",)),
    },
}
"""What is declared in vain with either console's credentials, and what is told of it."""


@pytest.mark.parametrize("new_console", WITHOUT, ids=["application", "API key"])
def test_what_the_configured_api_cannot_take_is_told_at_preview(
    request: pytest.FixtureRequest, stack: Stack, emulator: Emulator, new_console: bool
) -> None:
    if new_console:
        request.getfixturevalue("api_key")
    declared = WITHOUT[new_console]
    given: dict[str, Any] = {name: value for name, (value, _) in declared.items()}
    stack.program({"voice": VENDOR.resource(emulator, **given)})
    told = stack.fails("preview").told("error")
    for name, (_, words) in declared.items():
        assert any(all(word in fault for word in ("Volcengine", name, *words)) for fault in told), told
    assert emulator.requests() == []
