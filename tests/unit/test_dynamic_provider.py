"""The dynamic provider's calls, on vendors without a wire, as `pulumi.dynamic` makes them."""

from __future__ import annotations

import base64
import copy
import hashlib
import inspect
import pickle
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest
import stack
from memory_vendor import FLAVOURS, World
from pulumi.dynamic import Config, ConfigureRequest
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.output import UNKNOWN as NOT_KNOWN
from pulumi.runtime import rpc

from voiceclone_provider.account.config import ProviderConfig
from voiceclone_provider.core.errors import PermanentError, SampleRefusedError, UnconfirmedError
from voiceclone_provider.core.values import Asset
from voiceclone_provider.dynamic import host, keys, wire
from voiceclone_provider.dynamic import provider as module
from voiceclone_provider.dynamic.provider import VoiceProvider
from voiceclone_provider.lifecycle import Lifecycle
from voiceclone_provider.vendors import VENDORS
from voiceclone_provider.vendors.models import VendorConfig
from voiceclone_provider.voice.fingerprint import fingerprint
from voiceclone_provider.voice.journal import Journal

Properties = dict[str, Any]


class Program:
    """A program with one voice, and what the engine keeps of it."""

    def __init__(self, key: str, world: World, folder: Path) -> None:
        self.key, self.world, self.folder = key, world, folder
        self.voice_id = ""
        self.inputs: Properties = {}
        self.outputs: Properties = {}
        self.hidden: Properties = {keys.URN: keys.urn_of("dev", "project", key, "narrator")}
        self.start()

    def start(self) -> VoiceProvider:
        """A new process."""
        self.provider = VoiceProvider()
        self.provider._lifecycle = Lifecycle(
            ProviderConfig({self.key: VendorConfig()}), Journal(self.folder / "journal"), self.world.clock
        )
        return self.provider

    def declare(self, text: str, **more: Any) -> Properties:
        """What the program sends, before check."""
        if self.key in ("qiniu", "kling"):
            sample: Properties = {"audioUrl": f"https://samples.example/{text}.wav"}
        else:
            path = self.folder / f"{text}.wav"
            body = text.encode() + b" " * (len(text) % 2)
            path.write_bytes(wav(body))
            sample = {"audio": {"path": str(path)}}
        return {**sample, **more, keys.HIDDEN: dict(self.hidden), "__provider": "…"}

    def check(self, news: Properties) -> Properties:
        result = self.provider.check(copy.deepcopy(self.inputs), copy.deepcopy(news))
        assert [(fault.property, fault.reason) for fault in result.failures] == []
        return result.inputs

    def up(self, text: str, **more: Any) -> str:
        """What the engine does; returns which of its steps it took."""
        self.start()
        news = self.check(self.declare(text, **more))
        if not self.voice_id:
            return self._create(news)
        diff = self.provider.diff(self.voice_id, copy.deepcopy(self.outputs), copy.deepcopy(news))
        if diff.replaces:
            old = self.voice_id, self.outputs
            self._create(news)
            self.provider.delete(*old)
            return "replace"
        if diff.changes:
            result = self.provider.update(self.voice_id, copy.deepcopy(self.outputs), copy.deepcopy(news))
            self.outputs, self.inputs = result.outs or {}, news
            return "update"
        return "same"

    def _create(self, news: Properties) -> str:
        created = self.provider.create(copy.deepcopy(news))
        self.voice_id, self.outputs, self.inputs = created.id, created.outs or {}, news
        return "create"

    def refresh(self) -> bool:
        self.start()
        found = self.provider.read(self.voice_id, copy.deepcopy(self.outputs))
        if not found.id:
            return False
        self.outputs = found.outs or {}
        self.inputs = self.inputs if found.inputs is None else found.inputs
        return True

    @property
    def trouble(self) -> str:
        return str(self.outputs[keys.HIDDEN].get(keys.TROUBLE, ""))


def wav(body: bytes) -> bytes:
    size = len(body)
    head = b"RIFF" + (36 + size).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    form = b"\x01\x00\x01\x00" + (24_000).to_bytes(4, "little") + (48_000).to_bytes(4, "little")
    return head + form + b"\x02\x00\x10\x00data" + size.to_bytes(4, "little") + body


@pytest.fixture
def program_at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Program]:
    return lambda key: Program(key, stack.account(monkeypatch, key), tmp_path)


@pytest.fixture(params=FLAVOURS)
def program(request: pytest.FixtureRequest, program_at: Callable[[str], Program]) -> Program:
    return program_at(request.param)


def test_a_life(program: Program) -> None:
    assert program.up("first") == "create"
    assert program.outputs["status"] == "Ready"
    assert program.trouble == ""
    sent = program.world.changes
    assert program.up("first") == "same"
    assert program.refresh()
    assert program.up("first") == "same"
    assert program.world.changes == sent

    before = program.voice_id
    keeps = program.key != "kling"
    assert program.up("second") == ("update" if keeps else "replace")
    assert (program.voice_id == before) is keeps
    assert program.up("second") == "same"

    program.start().delete(program.voice_id, program.outputs)
    assert bool(program.world.living) is (program.key in ("volcengine", "coze"))


def test_state_and_inputs_can_be_sent_to_the_engine(program: Program) -> None:
    """Only what Pulumi's own serialization takes, and the hash of a file beside its path."""
    import asyncio

    program.up("first")
    for properties in (program.inputs, program.outputs):
        loop = asyncio.new_event_loop()
        struct = loop.run_until_complete(rpc.serialize_properties(dict(properties), {}))
        loop.close()
        assert rpc.deserialize_properties(struct)[keys.HIDDEN] == program.hidden
    if "audio" in program.inputs:
        path = program.folder / "first.wav"
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        assert program.inputs["audio"] == program.outputs["audio"] == {"path": str(path), "hash": digest}


def test_the_content_of_a_file_counts_and_not_its_path(program_at: Callable[[str], Program]) -> None:
    program = program_at("coze")
    program.up("first")
    (program.folder / "copy.wav").write_bytes((program.folder / "first.wav").read_bytes())
    program.declare("second")
    declared = program.declare("first") | {"audio": {"path": str(program.folder / "copy.wav")}}
    news = program.check(declared)
    assert not program.provider.diff(program.voice_id, program.outputs, news).changes
    (program.folder / "copy.wav").write_bytes((program.folder / "second.wav").read_bytes())
    news = program.check(declared)
    assert program.provider.diff(program.voice_id, program.outputs, news).changes


def test_a_sample_that_the_engine_put_back_is_left_alone(program_at: Callable[[str], Program]) -> None:
    """`ignore_changes`: the file may be another by now, or gone."""
    program = program_at("coze")
    program.up("first")
    path = program.folder / "first.wav"
    path.write_bytes(wav(b"other "))
    news = program.declare("second") | {"audio": program.inputs["audio"]}
    assert program.check(news)["audio"] == program.inputs["audio"]
    path.unlink()
    checked = program.check(news)
    assert checked["audio"] == program.inputs["audio"]
    assert not program.provider.diff(program.voice_id, program.outputs, checked).changes


def test_another_content_is_never_sent_for_a_sample_that_was_put_back(
    program_at: Callable[[str], Program],
) -> None:
    program = program_at("coze")
    program.up("first")
    (program.folder / "first.wav").write_bytes(wav(b"other "))
    news = program.check({**program.inputs, "retrainTriggers": ["again"]})
    sent = list(program.world.changes)
    result = program.provider.update(program.voice_id, program.outputs, news)
    assert "ignoreChanges" in (result.outs or {})[keys.HIDDEN][keys.TROUBLE]
    assert program.world.changes == sent


@pytest.mark.parametrize("key", ["volcengine", "qiniu"])
def test_a_failed_training_is_kept_and_told(program_at: Callable[[str], Program], key: str) -> None:
    program = program_at(key)
    vendor_hears = "https://samples.example/bad.wav" if key != "volcengine" else "bad "
    program.world.bad.add(vendor_hears)
    assert program.up("bad") == "create"
    failed = program.voice_id
    assert (program.outputs["status"], failed != "") == ("Failed", True)
    assert "too much noise" in program.outputs["lastError"]
    assert "too much noise" in program.trouble
    sent = list(program.world.changes)
    assert program.up("bad") == "update"
    assert "already failed" in program.trouble
    assert program.world.changes == sent

    assert program.refresh()
    assert program.trouble == ""
    assert program.up("good") == "update"
    assert program.outputs["status"] == "Ready"
    assert program.voice_id == failed
    assert program.trouble == ""
    assert program.up("good") == "same"


def test_a_failure_that_is_told_again_is_told_once(program_at: Callable[[str], Program]) -> None:
    program = program_at("kling")
    program.up("good")
    program.world.bad.add("https://samples.example/bad.wav")
    with pytest.raises(host.UserError, match="the training failed: too much noise"):
        program.up("bad")
    for _ in range(3):
        with pytest.raises(host.UserError) as told:
            program.up("bad")
        assert str(told.value).count("this sample already failed") == 1
    assert program.refresh(), "the voice that works stays"
    assert program.up("good") == "same"


def test_a_training_that_outlives_its_time_is_gone_on_with(program: Program) -> None:
    program.hidden[keys.TIMEOUTS] = {"create": "50ms", "update": "1m"}
    program.world.endless = True
    assert program.up("first") == "create"
    assert program.outputs["status"] == "Training"
    assert "not over after" in program.trouble
    sent = list(program.world.changes)
    program.world.endless = False
    assert program.up("first") == "update"
    assert (program.outputs["status"], program.trouble) == ("Ready", "")
    assert program.world.changes == sent


def test_a_stopped_training_is_gone_on_with(program: Program) -> None:
    program.world.endless = True
    program.start()
    news = program.check(program.declare("first"))
    program.world.on["observe"] = program.provider._lifecycle.cancel
    program._create(news)
    assert program.outputs["status"] == "Training"
    assert "stopped" in program.trouble
    sent = list(program.world.changes)
    program.world.endless = False
    assert program.up("first") == "update"
    assert program.outputs["status"] == "Ready"
    assert program.world.changes == sent


def test_trouble_alone_is_a_change(program_at: Callable[[str], Program]) -> None:
    program = program_at("qiniu")
    program.up("first")
    program.outputs[keys.HIDDEN][keys.TROUBLE] = "it could not be renamed"
    assert program.up("first") == "update"
    assert program.up("first") == "same"


def test_a_create_that_cannot_be_confirmed_raises_and_is_looked_for(
    program_at: Callable[[str], Program],
) -> None:
    program = program_at("coze")
    program.world.lose["create"] = ["before"]
    with pytest.raises(host.UserError, match="may or may not have been created"):
        program.up("first")
    assert program.voice_id == ""
    program.world.trained("first ", name=program.check(program.declare("first"))["name"])
    assert program.up("first") == "create"
    assert len(program.world.living) == 1


def test_a_voice_that_is_gone_is_told_gone(program: Program) -> None:
    program.up("first")
    program.world.voices[program.voice_id].gone = True

    def there() -> bool:
        try:
            return program.refresh()
        except host.UserError:  # too soon after our own change to be certain
            return True

    deadline = time.monotonic() + 10
    while there():
        assert time.monotonic() < deadline


def test_a_look_at_a_voice_of_others_changes_nothing(program_at: Callable[[str], Program]) -> None:
    program = program_at("coze")
    theirs = program.world.trained(name="theirs")
    seen = program.provider.read(theirs.voice_id, {keys.HIDDEN: dict(program.hidden), "__provider": "…"})
    assert seen.id == theirs.voice_id
    assert seen.outs is not None
    assert (seen.outs["status"], seen.outs["name"], "trainedOn" in seen.outs) == ("Ready", "theirs", False)
    assert program.world.changes == []


def test_a_look_at_a_voice_that_does_not_exist_is_an_error(program_at: Callable[[str], Program]) -> None:
    program = program_at("coze")
    with pytest.raises(host.UserError, match=r"^Coze read 7: there is no such voice\. "):
        program.provider.read("7", {keys.HIDDEN: dict(program.hidden), "__provider": "…"})


def test_unknown_values_pass_and_stay_unknown(program_at: Callable[[str], Program]) -> None:
    program = program_at("coze")
    for unknown in (NOT_KNOWN, {"path": NOT_KNOWN}):
        news = {
            **program.declare("first"),
            "audio": unknown,
            "text": NOT_KNOWN,
            "retrainTriggers": [NOT_KNOWN],
        }
        checked = program.check(news)
        assert checked["text"] == rpc.UNKNOWN
        assert checked["audio"] == rpc.UNKNOWN
        assert checked["retrainTriggers"] == [rpc.UNKNOWN]
    program.up("first")
    difference = program.provider.diff(
        program.voice_id, program.outputs, {**program.inputs, "text": NOT_KNOWN}
    )
    assert difference.changes


@pytest.mark.parametrize(
    ("sample", "told"),
    [
        ({"path": "nowhere.wav"}, "no such file"),
        ({"text": "words"}, "string asset"),
        ({"archive": True}, "archive"),
        ({"uri": "ftp://samples.example/a.wav"}, "only http"),
        (3.0, "must be an asset"),
        ({}, "must be an asset"),
        ({"path": 5.0}, "must be an asset"),
        ({"path": "a\0b.wav"}, "no file can have this name"),
        ({"uri": "http://["}, "no URL"),
        ({"path": "https://samples.example/a.wav"}, "given as a remote asset"),
        (None, "audio is required"),
    ],
)
def test_samples_that_cannot_be(program_at: Callable[[str], Program], sample: object, told: str) -> None:
    program = program_at("coze")
    failures = program.provider.check({}, {**program.declare("first"), "audio": sample}).failures
    assert [failure.property for failure in failures] == ["audio"]
    assert told in failures[0].reason


def test_a_voice_that_exists_may_lose_its_sample(program_at: Callable[[str], Program]) -> None:
    program = program_at("coze")
    program.up("first")
    program.check({**program.declare("first"), "audio": None})


def test_a_changed_time_for_deletions_is_kept_and_costs_no_call(program: Program) -> None:
    program.up("first")
    program.hidden[keys.TIMEOUTS] = {"delete": "7m"}
    before, calls = program.outputs, len(program.world.sent)
    assert program.up("first") == "update"
    assert program.outputs == {**before, keys.HIDDEN: program.hidden}
    assert len(program.world.sent) == calls
    assert program.up("first") == "same"
    program.hidden[keys.TIMEOUTS] = {"delete": "7m", "update": "7m"}
    assert program.up("first") == "same", "the time of an update is told with it"


def test_an_asset_that_is_no_sample_counts_by_its_content(
    program_at: Callable[[str], Program], tmp_path: Path
) -> None:
    program = program_at("coze")
    script = tmp_path / "script.txt"
    script.write_text("words")
    digest = hashlib.sha256(b"words").hexdigest()
    triggers = [pulumi.FileAsset(str(script)), {"text": pulumi.StringAsset("words")}, 1]
    assert program.up("first", retrainTriggers=triggers) == "create"
    assert program.outputs["retrainTriggers"] == [digest, {"text": digest}, 1]
    plugins = {**wire.decode(program.inputs), "retrainTriggers": [Asset(digest), {"text": Asset(digest)}, 1]}
    assert program.outputs["trainedOn"] == fingerprint(VENDORS["coze"], plugins)
    assert program.up("first", retrainTriggers=triggers) == "same"
    script.write_text("other words")
    assert program.up("first", retrainTriggers=triggers) == "update"
    archive = program.declare("first", retrainTriggers=[pulumi.FileArchive(str(tmp_path))])
    (failure,) = program.provider.check({}, archive).failures
    assert (failure.property, "holds an archive" in failure.reason) == ("retrainTriggers", True)


def test_a_secret_at_fault_is_not_told(program_at: Callable[[str], Program]) -> None:
    program = program_at("qiniu")
    news = program.declare("first") | {"audioUrl": "hidden words"}
    open_failure, *_ = program.provider.check({}, news).failures
    assert (open_failure.property, "hidden words" in open_failure.reason) == ("audioUrl", True)
    news[keys.HIDDEN][keys.SECRETS] = ["audioUrl"]
    failure, *_ = program.provider.check({}, news).failures
    assert failure.property == ""  # with a property, the engine prints its value
    assert "audioUrl" in failure.reason
    assert "hidden words" not in failure.reason


def test_words_of_a_vendor_do_not_tell_a_secret(
    program_at: Callable[[str], Program], monkeypatch: pytest.MonkeyPatch
) -> None:
    program = program_at("qiniu")
    told: list[str] = []
    silent = SimpleNamespace(warning=told.append, status=told.append, info=told.append)
    monkeypatch.setattr(host, "reporter", lambda urn: silent)
    program.hidden[keys.SECRETS] = ["audioUrl"]
    program.up("first")
    quoting = SampleRefusedError("cannot fetch https://samples.example/second.wav")
    program.world.raises["train"] = [quoting]
    assert program.up("second") == "update"
    assert "cannot fetch [secret]" in program.trouble
    assert "cannot fetch [secret]" in program.outputs["lastError"]
    assert program.refresh()
    program.world.raises["delete"] = [PermanentError("keeps https://samples.example/second.wav")]
    with pytest.raises(host.UserError, match=r"keeps \[secret\]"):
        program.provider.delete(program.voice_id, program.outputs)
    program.voice_id = ""
    program.world.raises["create"] = [PermanentError("cannot fetch https://samples.example/third.wav")]
    with pytest.raises(host.UserError, match=r"cannot fetch \[secret\]"):
        program.up("third")
    assert told
    assert "samples.example" not in str(told)


def test_faults_are_one_sentence(program_at: Callable[[str], Program]) -> None:
    program = program_at("coze")
    program.world.raises["list"] = [UnconfirmedError("lost", vendor="Coze", advice="Use `pulumi import`.")]
    with pytest.raises(host.UserError, match=r"docs/dynamic.md") as told:
        program.up("first")
    assert "\n" not in str(told.value)

    def broken() -> None:
        raise ValueError("a token perhaps")

    with pytest.raises(host.UserError, match="Unexpected ValueError in test_dynamic_provider") as bug:
        module._answered(broken)
    assert "a token perhaps" not in str(bug.value)


def test_the_pickle_names_the_class_and_nothing_else() -> None:
    pickled = base64.b64decode(serialize_provider(VoiceProvider()))
    assert len(pickled) == 72
    loaded = pickle.loads(pickled)  # noqa: S301  our own
    assert type(loaded) is VoiceProvider
    assert vars(loaded) == {}
    assert VoiceProvider.serialize_as_secret_always is False
    code = (
        "import base64; from pulumi.dynamic.dynamic import serialize_provider as s; "
        "from voiceclone_provider.dynamic.provider import VoiceProvider as V; print(s(V()))"
    )
    again = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert base64.b64decode(again.stdout) == pickled, "the same in every process"


def test_where_states_look_for_the_class() -> None:
    """Renaming either would make every state out there unreadable."""
    assert (VoiceProvider.__module__, VoiceProvider.__qualname__) == (
        "voiceclone_provider.dynamic.provider",
        "VoiceProvider",
    )
    assert keys.HIDDEN == "__voiceclone"


@pytest.fixture
def lifecycles(monkeypatch: pytest.MonkeyPatch) -> module._Lifecycles:
    fresh = module._Lifecycles()
    monkeypatch.setattr(module, "_lifecycles", fresh)
    return fresh


def test_credentials_come_from_configuration_or_environment(
    monkeypatch: pytest.MonkeyPatch, lifecycles: module._Lifecycles
) -> None:
    monkeypatch.setenv("COZE_API_TOKEN", "of the environment")
    monkeypatch.setenv("QINIU_XROBO_TOKEN", "of the environment")
    loaded: list[ProviderConfig] = []
    original = ProviderConfig.load.__func__  # type: ignore[attr-defined]

    def load(cls: type[ProviderConfig], given: Any, environ: Any) -> ProviderConfig:
        loaded.append(original(cls, given, environ))
        return loaded[-1]

    monkeypatch.setattr(ProviderConfig, "load", classmethod(load))
    raw = {"voiceclone:cozeToken": "of the stack", "project:cozeToken": "of something else"}
    request = ConfigureRequest(Config(raw, "project"))
    first, second = VoiceProvider(), VoiceProvider()
    first.configure(request)
    second.configure(request)
    assert loaded[0].of("coze").coze_token == "of the stack"
    assert loaded[0].of("qiniu").qiniu_token == "of the environment"
    assert first._lifecycle is second._lifecycle, "two texts for one provider share what they know"
    assert len(loaded) == 1


def test_configuration_at_fault_is_told_without_values(lifecycles: module._Lifecycles) -> None:
    raw = {"voiceclone:cozeBaseUrl": "nonsense"}
    with pytest.raises(host.UserError, match="voiceclone:cozeBaseUrl"):
        VoiceProvider().configure(ConfigureRequest(Config(raw, "project")))


def test_every_call_of_pulumi_is_answered() -> None:
    from pulumi.dynamic import ResourceProvider

    verbs = [name for name, _ in inspect.getmembers(ResourceProvider, inspect.isfunction) if name[0] != "_"]
    assert all(name in vars(VoiceProvider) for name in verbs)
