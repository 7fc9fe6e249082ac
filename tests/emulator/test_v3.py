"""Volcengine's voice API with keys: V3."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests

from .audio import encoded, silence, speech, spoken, wav
from .client import KEY, VOLC, Emulator, until
from .page_samples import SAMPLES
from .rules import ASSUMED, CLIENT, VENDOR, rule

WHO = "Volcengine"
TRAIN = "vendor's page 2534906, V3"
GET = "vendor's page 2535742, V3"
UPGRADE = "vendor's page 2535751, V3"
CODES = "vendor's page 2534853, V3"
SEEN = "clients' logs, V3"
OWN = "narrator-01"


def code(reply: requests.Response) -> int:
    """The code of a refusal, which is never HTTP 200."""
    assert reply.status_code >= 400, reply.text
    doc = reply.json()
    assert {"code", "message"} <= set(doc)
    return doc["code"]  # type: ignore[no-any-return]


def header(reply: requests.Response) -> tuple[int, int]:
    return reply.status_code, reply.json()["header"]["code"]


def voice(reply: requests.Response) -> dict[str, Any]:
    assert reply.status_code == 200, reply.text
    return reply.json()  # type: ignore[no-any-return]


def own(emulator: Emulator, call: str = "get_voice", name: str = OWN) -> requests.Response:
    return emulator.v3(call, "custom_speaker_id", custom_speaker_id=name)


def train_own(emulator: Emulator, name: str = OWN, **change: Any) -> requests.Response:
    return emulator.v3_train("custom_speaker_id", custom_speaker_id=name, **change)


@rule(WHO, "V3: one flat reply for all three calls, without a code when it succeeds", TRAIN, VENDOR)
def test_reply(emulator: Emulator) -> None:
    [sample] = [one.reply for one in SAMPLES if one.call == "v3"]
    emulator.switch(training_seconds=0)
    for reply in (emulator.v3_train(), emulator.v3("get_voice"), emulator.v3("upgrade_voice")):
        assert set(voice(reply)) == set(sample)
        assert {name: type(value) for name, value in voice(reply).items()} == {
            name: type(value) for name, value in sample.items()
        }
        assert set(voice(reply)["speaker_status"][0]) == {"demo_audio", "model_type"}
        assert reply.headers["X-Tt-Logid"]


@rule(WHO, "V3: status goes from 1 to 2, then with a row for 1.0 and one for 2.0", GET, VENDOR)
def test_states(emulator: Emulator) -> None:
    emulator.switch(training_seconds=60)
    first = voice(emulator.v3_train(language=14))
    assert (first["status"], first["speaker_status"], first["language"]) == (1, [], 14)
    assert first["available_training_times"] == 9
    assert abs(first["create_time"] / 1000 - time.time()) < 5
    emulator.finish("volcengine", "S_emulator01")
    seen = voice(emulator.v3("get_voice"))
    assert seen["status"] == 2
    assert [row["model_type"] for row in seen["speaker_status"]] == [1, 5]
    assert emulator.http.get(seen["speaker_status"][0]["demo_audio"], timeout=5).content == spoken()


@rule(WHO, "V3: the 2.0 row has model_type 4: switch volcengine_v3_model", "vendor's older page, V3", VENDOR)
def test_model(emulator: Emulator) -> None:
    emulator.switch(training_seconds=0, volcengine_v3_model=4)
    assert [row["model_type"] for row in voice(emulator.v3_train())["speaker_status"]] == [1, 4]


@pytest.mark.parametrize(("shape", "wanted"), [("zero", 0), ("20000000", 20000000)])
@rule(WHO, "V3: a success with a code: switch volcengine_v3_code", SEEN, CLIENT)
def test_success_code(emulator: Emulator, shape: str, wanted: int) -> None:
    emulator.switch(volcengine_v3_code=shape)
    assert voice(emulator.v3_train())["code"] == wanted


# Credentials.


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        pytest.param(headers, wanted, id=id_, marks=rule(WHO, text, source, sure))
        for id_, headers, wanted, text, source, sure in (
            ("none", {}, (400, 45000000), "V3: no key at all is 400, code 45000000", SEEN, CLIENT),
            ("wrong", {"X-Api-Key": "x"}, (401, 45000010), "V3: a wrong API key is 45000010", SEEN, CLIENT),
            ("bearer", VOLC, (400, 45000000), "V3: V1's Authorization is no key", SEEN, ASSUMED),
            (
                "app-id",
                {"X-Api-App-Id": "emulator-app", "X-Api-Access-Key": "emulator-token"},
                (400, 45000000),
                "V3: the app ID goes into X-Api-App-Key, not X-Api-App-Id",
                TRAIN,
                VENDOR,
            ),
            (
                "token",
                {"X-Api-App-Key": "emulator-app", "X-Api-Access-Key": "x"},
                (401, 45000010),
                "V3: a wrong access token is 45000010",
                SEEN,
                CLIENT,
            ),
        )
    ],
)
def test_refused_keys(emulator: Emulator, headers: dict[str, str], wanted: tuple[int, int]) -> None:
    for reply in (
        emulator.v3_train(headers=headers),
        emulator.v3("get_voice", headers=headers),
        emulator.v3("upgrade_voice", headers=headers),
    ):
        assert header(reply) == wanted
    assert emulator.state()["volcengine"] == []


@rule(WHO, "V3: the old console's pair of headers is taken", "vendor's older page, V3", VENDOR)
def test_old_console(emulator: Emulator) -> None:
    pair = {"X-Api-App-Key": "emulator-app", "X-Api-Access-Key": "emulator-token"}
    assert voice(emulator.v3_train(headers=pair))["speaker_id"] == "S_emulator01"


@rule(WHO, "V3: a gateway's fault without `header`: switch volcengine_v3_flat_gateway", SEEN, CLIENT)
def test_flat_gateway(emulator: Emulator) -> None:
    emulator.switch(volcengine_v3_flat_gateway=True)
    assert code(emulator.v3("get_voice", headers={})) == 45000000


@rule(WHO, "V3: X-Api-Request-Id is not looked at; switch volcengine_v3_request_id", TRAIN, VENDOR)
def test_request_id(emulator: Emulator) -> None:
    bare = {"X-Api-Key": "emulator-token"}
    assert emulator.v3("get_voice", headers=bare).status_code == 200
    emulator.switch(volcengine_v3_request_id=True)
    assert code(emulator.v3("get_voice", headers=bare)) == 45001001
    assert emulator.v3("get_voice").status_code == 200


@rule(WHO, "V1 takes no API key; it does with switch volcengine_v1_takes_api_key", "two clients", CLIENT)
def test_v1_key(emulator: Emulator) -> None:
    headers = {"X-Api-Key": "emulator-token", "Resource-Id": "seed-icl-1.0"}
    assert emulator.upload(headers=headers).status_code == 401
    emulator.switch(volcengine_v1_takes_api_key=True)
    assert emulator.upload(headers=headers).json()["BaseResp"]["StatusCode"] == 0
    assert emulator.status(headers=headers).status_code == 200
    assert emulator.status(headers=headers | {"X-Api-Key": "x"}).status_code == 401
    assert emulator.status().status_code == 200


# The body.


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        pytest.param(change, wanted, id=id_, marks=rule(WHO, f"V3: {text}", TRAIN, sure))
        for id_, change, wanted, text, sure in (
            ("no-speaker", {"speaker": ""}, 45001001, "speaker_id is required", VENDOR),
            ("no-audio", {"audio": None}, 45001001, "audio is required", VENDOR),
            ("audios", {"audio": [{}]}, 45001001, "audio is an object, no list", VENDOR),
            ("no-data", {"audio": {"format": "wav"}}, 45001001, "audio.data is required", VENDOR),
            ("base64", {"audio": {"data": "%", "format": "wav"}}, 45001001, "audio.data is base64", VENDOR),
            ("format", {"format": "flac"}, 45001001, "audio.format is one of six", VENDOR),
            ("text", {"text": 7}, 45001001, "text is a string", VENDOR),
            ("language-18", {"language": 18}, 45001001, "there is no language 18", VENDOR),
            ("language-22", {"language": 22}, 45001001, "languages end at 21", VENDOR),
            ("language-zh", {"language": "zh"}, 45001001, "language is a number", VENDOR),
            ("extra", {"extra_params": "{}"}, 45001001, "extra_params is an object, no string", VENDOR),
            (
                "denoise",
                {"extra_params": {"enable_audio_denoise": "yes"}},
                45001001,
                "enable_audio_denoise is a boolean",
                VENDOR,
            ),
            (
                "denoiser",
                {"extra_params": {"voice_clone_denoise_model_id": "x"}},
                45001001,
                "voice_clone_denoise_model_id is a known one",
                VENDOR,
            ),
            (
                "demo",
                {"extra_params": {"demo_text": "abc"}},
                45001126,
                "demo_text has four characters or more",
                VENDOR,
            ),
            ("empty", {"audio": {"data": "", "format": "wav"}}, 45001101, "Empty audio: 45001101", ASSUMED),
            ("mp3", {"format": "mp3"}, 45001108, "Audio that is not what format says: 45001108", ASSUMED),
        )
    ],
)
def test_refuses(emulator: Emulator, change: dict[str, Any], wanted: int) -> None:
    reply = emulator.v3("voice_clone", **change) if "audio" in change else emulator.v3_train(**change)
    assert (reply.status_code, code(reply)) == (400, wanted)
    assert emulator.state()["volcengine"] == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(change, id=id_, marks=rule(WHO, f"V3: {text}", TRAIN, VENDOR))
        for id_, change, text in (
            ("no-format", {"format": None}, "format may be left out for wav, mp3, ogg, aac"),
            ("language", {"language": 21}, "21 languages: 0 to 17, 19 to 21"),
            (
                "extra",
                {
                    "text": "你好",
                    "extra_params": {
                        "demo_text": "好" * 300,
                        "enable_audio_denoise": True,
                        "disable_volume_normalization": False,
                        "voice_clone_denoise_model_id": "VocalDiffusionV2",
                    },
                },
                "extra_params is an object; demo_text has at most 300 characters",
            ),
            ("resource", {"headers": KEY | {"X-Api-Resource-Id": "x"}}, "X-Api-Resource-Id is not looked at"),
        )
    ],
)
def test_takes(emulator: Emulator, change: dict[str, Any]) -> None:
    assert voice(emulator.v3_train(**change))["speaker_id"] == "S_emulator01"
    emulator.wait("volcengine", "S_emulator01")


@rule(WHO, "V3: demo_text of at most 80: switch volcengine_v3_demo_text", "vendor's older page, V3", VENDOR)
def test_demo_text(emulator: Emulator) -> None:
    emulator.switch(volcengine_v3_demo_text=80)
    assert code(emulator.v3_train(extra_params={"demo_text": "好" * 81})) == 45001126
    assert voice(emulator.v3_train(extra_params={"demo_text": "好" * 80}))


@rule(WHO, "V3: pcm and m4a must be declared", TRAIN, VENDOR)
def test_declared(emulator: Emulator) -> None:
    assert code(emulator.v3_train(audio=encoded("m4a"), format=None)) == 45001001
    assert code(emulator.v3_train(audio=speech(rate=24000), format=None)) == 45001108
    assert voice(emulator.v3_train(audio=speech(rate=24000), format="pcm"))


@rule(WHO, "V3: model_type in the body: HTTP 500", SEEN, CLIENT)
def test_model_type(emulator: Emulator) -> None:
    reply = emulator.v3_train(model_type=4)
    assert (reply.status_code, code(reply)) == (500, 55000000)
    assert emulator.state()["volcengine"] == []


@rule(WHO, "V3: a body that is no JSON object: 400, 45001001", CODES, ASSUMED)
def test_no_json(emulator: Emulator) -> None:
    for body in (b"{", b"[]", b""):
        reply = emulator.send("POST", "/api/v3/tts/voice_clone", data=body, headers=KEY)
        assert (reply.status_code, code(reply)) == (400, 45001001)


# Slots.


@rule(WHO, "V3: a slot of somebody else: 400, 45001107; switch volcengine_v3_unknown_500", CODES, VENDOR)
def test_unknown(emulator: Emulator) -> None:
    for reply in (emulator.v3_train("S_other"), emulator.v3("get_voice", "S_other")):
        assert (reply.status_code, code(reply)) == (400, 45001107)
    emulator.switch(volcengine_v3_unknown_500=True)
    reply = emulator.v3("get_voice", "S_other")
    assert (reply.status_code, code(reply)) == (500, 55000000)


@rule(WHO, "V3: an untrained slot has status 0; switch volcengine_v3_untrained_1107", GET, VENDOR)
def test_untrained(emulator: Emulator) -> None:
    seen = voice(emulator.v3("get_voice"))
    assert (seen["status"], seen["available_training_times"]) == (0, 10)
    emulator.switch(volcengine_v3_untrained_1107=True)
    assert code(emulator.v3("get_voice")) == 45001107


@rule(WHO, "V3: a failed training is read as HTTP 400 with its code; no speech is 45001122", TRAIN, VENDOR)
def test_failed(emulator: Emulator) -> None:
    voice(emulator.v3_train(audio=wav(silence())))
    reply = until(lambda: emulator.v3("get_voice"), lambda seen: seen.json()["status"] == 3)
    assert (reply.status_code, code(reply)) == (400, 45001122)
    emulator.switch(volcengine_v3_failed_200=True)
    assert voice(emulator.v3("get_voice"))["code"] == 45001122


@rule(WHO, "V3: a failed training read with HTTP 200: switch volcengine_v3_failed_200", SEEN, ASSUMED)
def test_failed_200(emulator: Emulator) -> None:
    emulator.switch(volcengine_v3_failed_200=True)
    emulator.fault("train-fail", vendor="volcengine", code=1104, message="like a celebrity")
    voice(emulator.v3_train())
    seen = until(lambda: voice(emulator.v3("get_voice")), lambda one: one["status"] == 3)
    assert (seen["code"], seen["message"]) == (45001104, "like a celebrity")


@rule(WHO, "V3: no training left is 45001123", CODES, VENDOR)
def test_spent(emulator: Emulator) -> None:
    emulator.switch(training_seconds=0, trainings_per_voice=2)
    assert [emulator.v3_train().status_code for _ in range(3)] == [200, 200, 400]
    assert code(emulator.v3_train()) == 45001123
    assert emulator.upload().json()["BaseResp"]["StatusCode"] == 1123


@rule(WHO, "V3: a slot in training, locked or expired takes no sample: 45001001", CODES, ASSUMED)
def test_busy(emulator: Emulator) -> None:
    emulator.switch(training_seconds=60)
    voice(emulator.v3_train())
    assert code(emulator.v3_train()) == 45001001
    emulator.finish("volcengine", "S_emulator01")
    emulator.control("POST", "voices/volcengine/S_emulator01/lock")
    assert code(emulator.v3_train()) == 45001001
    assert voice(emulator.v3("get_voice"))["status"] == 4


@rule(WHO, "V3 trains slots of every service; a realtime one in languages 0 and 1", UPGRADE, VENDOR)
def test_services(emulator: Emulator) -> None:
    for service in ("volc.megatts.voiceclone", "volc.seedicl.voiceclone"):
        assert voice(emulator.v3_train(emulator.bought(service), language=9))
    made = emulator.bought("volc.dialog.voiceclone")
    assert code(emulator.v3_train(made, language=9)) == 45001001
    assert voice(emulator.v3_train(made, language=1))


@rule(WHO, "A voice of V3 is one of V1's and of the console's list too", UPGRADE, VENDOR)
def test_found_by_v1(emulator: Emulator) -> None:
    voice(emulator.v3_train())
    emulator.wait("volcengine", "S_emulator01")
    assert emulator.status().json()["status"] == 2
    row = emulator.listed()
    assert row["State"] == "Success"
    assert [(one["ModelType"], one["ResourceID"]) for one in row["ModelTypeDetails"]] == [
        (1, "seed-icl-1.0"),
        (5, "seed-icl-2.0"),
    ]


@rule(WHO, "A voice of V1 is found by V3 with its one model; upgrade_voice makes it all", UPGRADE, VENDOR)
def test_upgrade(emulator: Emulator) -> None:
    emulator.upload(model_type=2)
    emulator.wait("volcengine", "S_emulator01")
    before = voice(emulator.v3("get_voice"))
    assert (before["status"], [row["model_type"] for row in before["speaker_status"]]) == (2, [2])
    after = voice(emulator.v3("upgrade_voice"))
    assert [row["model_type"] for row in after["speaker_status"]] == [1, 5]
    assert after == voice(emulator.v3("upgrade_voice")) == voice(emulator.v3("get_voice"))
    assert after["available_training_times"] == before["available_training_times"] == 9


@rule(WHO, "V3: what has no finished training cannot be upgraded: 45001001", UPGRADE, ASSUMED)
def test_upgrade_untrained(emulator: Emulator) -> None:
    assert code(emulator.v3("upgrade_voice")) == 45001001
    assert code(emulator.v3("upgrade_voice", "S_other")) == 45001107


# Post-paid voices.


@rule(WHO, "V3: speaker_id custom_speaker_id makes a voice with a name of one's own", TRAIN, VENDOR)
def test_own(emulator: Emulator) -> None:
    assert voice(train_own(emulator))["speaker_id"] == OWN
    emulator.wait("volcengine", OWN)
    seen = voice(own(emulator))
    assert (seen["speaker_id"], seen["status"], seen["available_training_times"]) == (OWN, 2, 9)
    assert len(emulator.state()["slots"]) == 20


@rule(WHO, "V3: its reply names custom_speaker_id: switch volcengine_v3_sentinel", SEEN, CLIENT)
def test_sentinel(emulator: Emulator) -> None:
    emulator.switch(volcengine_v3_sentinel=True)
    assert voice(train_own(emulator))["speaker_id"] == "custom_speaker_id"
    assert voice(emulator.v3_train())["speaker_id"] == "S_emulator01"


@pytest.mark.parametrize(
    "name",
    [
        *("S_narrator1", "icl_narrator", "BV123456", "zh_narrator", "Mars_narrator", "wvae_narr"),
        *("narrator_tob", "narrator_BigTTS", "narrator_streaming", "1narrator", "-narrator"),
        *("narrator-", "narrator_", "short-1", "n" * 257, "narrator.01", "旁白旁白旁白旁白", "narrator 01"),
    ],
)
@rule(WHO, "V3: a name that is too short, too long, odd or reserved: 400, `please rename it`", TRAIN, VENDOR)
def test_bad_name(emulator: Emulator, name: str) -> None:
    reply = train_own(emulator, name)
    assert (reply.status_code, code(reply)) == (400, 1001)
    assert "please rename it" in reply.json()["message"]
    assert emulator.state()["volcengine"] == []


@pytest.mark.parametrize("name", ["custom_zh_abc", "Narrator", "n" * 256, "narrator_tobias"])
@rule(WHO, "V3: a name has 8 to 256 letters, digits, - and _, the first a letter", TRAIN, VENDOR)
def test_good_name(emulator: Emulator, name: str) -> None:
    assert voice(train_own(emulator, name))["speaker_id"] == name


@rule(WHO, "V3: custom_speaker_id is required beside its fixed speaker_id", TRAIN, VENDOR)
def test_no_name(emulator: Emulator) -> None:
    assert code(emulator.v3_train("custom_speaker_id")) == 45001001
    assert code(emulator.v3("get_voice", "custom_speaker_id")) == 45001001


@rule(WHO, "V3: a name of one's own in speaker_id: HTTP 500, 55000000", SEEN, CLIENT)
def test_misplaced(emulator: Emulator) -> None:
    voice(train_own(emulator))
    for reply in (emulator.v3("get_voice", OWN), emulator.v3_train(OWN)):
        assert (reply.status_code, code(reply)) == (500, 55000000)


@rule(WHO, "V3: a name that was never trained: 45001107", CODES, VENDOR)
def test_own_unknown(emulator: Emulator) -> None:
    assert code(own(emulator)) == 45001107


@rule(WHO, "V3: the same name again trains the voice again", TRAIN, ASSUMED)
def test_own_again(emulator: Emulator) -> None:
    emulator.switch(training_seconds=0)
    assert [voice(train_own(emulator))["available_training_times"] for _ in range(2)] == [9, 8]
    assert emulator.voice("volcengine", OWN)["trainings"] == 2


@rule(WHO, "A post-paid voice is in no console listing", "vendor's page 2235883", VENDOR)
def test_own_unlisted(emulator: Emulator) -> None:
    voice(train_own(emulator))
    assert emulator.console().json()["Result"]["TotalCount"] == 20
    assert emulator.project().json()["Result"]["TotalCount"] == 20
    error = emulator.console({"SpeakerIDs": [OWN]}).json()["ResponseMetadata"]["Error"]
    assert error["Code"] == "OperationDenied.InvalidSpeakerID"


@rule(WHO, "A post-paid voice never used is deleted after 7 days: volcengine_trial_days", SEEN, CLIENT)
def test_trial(emulator: Emulator) -> None:
    emulator.switch(volcengine_trial_days=0.5 / 86400, training_seconds=0)
    voice(train_own(emulator))
    until(lambda: own(emulator), lambda reply: reply.status_code == 400)
    assert code(own(emulator)) == 45001107
    assert emulator.state()["volcengine"] == []
    emulator.switch(volcengine_trial_days=7)
    assert voice(train_own(emulator))["available_training_times"] == 9


@rule(WHO, "The first use of a post-paid voice fixes it: Active (4), never trained again", SEEN, CLIENT)
def test_use(emulator: Emulator) -> None:
    emulator.switch(training_seconds=0, volcengine_trial_days=1)
    voice(train_own(emulator))
    emulator.control("POST", f"voices/volcengine/{OWN}/use")
    assert voice(own(emulator))["status"] == 4
    assert code(train_own(emulator)) == 45001001
    emulator.control("POST", "voices/volcengine/S_emulator01/use", status=409)


@rule(WHO, "No post-paid voices in this account: 403, 45000030; switch volcengine_post_paid", SEEN, CLIENT)
def test_not_open(emulator: Emulator) -> None:
    emulator.switch(volcengine_post_paid=False)
    assert header(train_own(emulator)) == (403, 45000030)
    assert voice(emulator.v3_train())


@rule(WHO, "V3: too many trainings at a time, or requests a second: 429", CODES, ASSUMED)
def test_limits(emulator: Emulator) -> None:
    emulator.switch(volcengine_concurrency=1, training_seconds=60)
    voice(emulator.v3_train())
    assert header(emulator.v3_train("S_emulator02")) == (429, 45000292)
    emulator.switch(volcengine_qps=1)
    seen = [emulator.v3("get_voice").status_code for _ in range(2)]
    assert seen[-1] == 429
