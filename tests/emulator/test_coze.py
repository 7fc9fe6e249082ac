"""Coze: clone and list."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
import requests

from .audio import encoded, noise, silence, speech, spoken, wav
from .client import BEARER, Emulator, until
from .rules import ASSUMED, CLIENT, GIVEN, VENDOR, rule

BODY = "given page, 请求参数 > Body"
NEEDS = "given page, 音色复刻素材要求"
REPLY = "given page, 返回参数"
LIST = "vendor's list page and SDKs"


def code(reply: requests.Response) -> int:
    doc = reply.json()
    assert {"code", "msg", "detail"} <= set(doc)
    return doc["code"]  # type: ignore[no-any-return]


def case(id_: str, change: dict[str, Any], wanted: int, text: str, source: str, sure: str) -> Any:
    return pytest.param(change, wanted, id=id_, marks=rule("Coze", text, source, sure))


@rule("Coze", "A clone answers code 0, msg empty and data with voice_id alone", REPLY, GIVEN)
def test_clone_answers(emulator: Emulator) -> None:
    doc = emulator.clone().json()
    assert doc["code"] == 0
    assert doc["msg"] == ""
    assert list(doc["data"]) == ["voice_id"]


@rule("Coze", "voice_id is a string of 19 digits", REPLY, CLIENT)
def test_voice_id(emulator: Emulator) -> None:
    made = {emulator.clone().json()["data"]["voice_id"] for _ in range(20)}
    assert len(made) == 20
    assert all(re.fullmatch(r"\d{19}", one) for one in made)


@rule("Coze", "detail.logid names the request, as does X-Tt-Logid", REPLY, GIVEN)
def test_log_id(emulator: Emulator) -> None:
    reply = emulator.clone()
    assert reply.headers["X-Tt-Logid"] == reply.json()["detail"]["logid"]


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        case("no-name", {"voice_name": None}, 4000, "voice_name is required", BODY, GIVEN),
        case("empty-name", {"voice_name": ""}, 4000, "voice_name is not empty", BODY, ASSUMED),
        case("name-129", {"voice_name": "a" * 129}, 4000, "voice_name has at most 128 bytes", BODY, GIVEN),
        case(
            "name-zh",
            {"voice_name": "音" * 43},
            4000,
            "128 bytes are UTF-8 bytes, not characters",
            BODY,
            GIVEN,
        ),
        case("text-1025", {"text": "a" * 1025}, 4000, "text has at most 1024 bytes", BODY, GIVEN),
        case("language", {"language": "fr"}, 4000, "language is one of six", BODY, GIVEN),
        case(
            "no-format", {"audio_format": None}, 4000, "audio_format is required", "given page, 示例", GIVEN
        ),
        case("format", {"audio_format": "flac"}, 4000, "audio_format is one of six", NEEDS, GIVEN),
        case("empty", {"audio": b""}, 1101, "An empty file is refused", NEEDS, ASSUMED),
        case(
            "text-file",
            {"audio": b"words" * 99},
            1108,
            "What cannot be decoded is refused at once",
            NEEDS,
            ASSUMED,
        ),
        case("silence", {"audio": wav(silence())}, 1111, "Silence is refused at once: 1111", NEEDS, ASSUMED),
        case("noise", {"audio": wav(noise())}, 1112, "Noise is refused at once: 1112", NEEDS, ASSUMED),
        case("mismatch", {"audio_format": "mp3"}, 1108, "The file is what audio_format says", NEEDS, ASSUMED),
        case(
            "unknown-id", {"voice_id": "7" * 19}, 4200, "voice_id must be a voice of one's own", BODY, ASSUMED
        ),
    ],
)
def test_clone_refuses(emulator: Emulator, change: dict[str, Any], wanted: int) -> None:
    assert code(emulator.clone(**change)) == wanted
    assert emulator.state()["coze"] == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({name: value}, id=id_, marks=rule("Coze", text, source, sure))
        for id_, name, value, text, source, sure in (
            ("name-128", "voice_name", "a" * 128, "voice_name may have 128 bytes", BODY, GIVEN),
            ("name-short", "voice_name", "jay", "A name of three letters will do", "given page, 示例", GIVEN),
            ("text-1024", "text", "a" * 1024, "text may have 1024 bytes", BODY, GIVEN),
            ("description", "description", "old man", "description is taken", "vendor's SDKs", CLIENT),
        )
    ],
)
def test_clone_takes(emulator: Emulator, change: dict[str, Any]) -> None:
    assert code(emulator.clone(**change)) == 0


@pytest.mark.parametrize("language", ["zh", "en", "ja", "es", "id", "pt"])
@rule("Coze", "Six languages: zh, en, ja, es, id, pt", BODY, GIVEN)
def test_languages(emulator: Emulator, language: str) -> None:
    emulator.cloned(language=language)
    assert emulator.coze_list()[0]["language_code"] == language


@rule("Coze", "The call must be multipart/form-data", "given page, 接口说明", GIVEN)
def test_multipart(emulator: Emulator) -> None:
    reply = emulator.send("POST", "/v1/audio/voices/clone", json={"voice_name": "a"}, headers=BEARER)
    assert code(reply) == 4000


@rule("Coze", "A file is required", "given page, 示例", GIVEN)
def test_no_file(emulator: Emulator) -> None:
    parts = {"voice_name": (None, "a"), "audio_format": (None, "wav")}
    assert code(emulator.clone(files=parts)) == 4000


@rule("Coze", "One file at a time", NEEDS, GIVEN)
def test_two_files(emulator: Emulator) -> None:
    one = ("file", ("a.wav", spoken()))
    assert code(emulator.clone(files=[one, one])) == 4000


@rule("Coze", "A file over 10 MB is refused", NEEDS, GIVEN)
def test_largest(emulator: Emulator) -> None:
    assert code(emulator.clone(audio=wav(bytes(10 * 1024 * 1024)))) == 4000


@rule("Coze", "Neither the order of the parts nor the file's name matters", "vendor's SDKs", CLIENT)
def test_part_order(emulator: Emulator) -> None:
    head = '--xyz\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
    octets = '; filename=""\r\nContent-Type: application/octet-stream'
    audio = head.format("file", octets).encode() + spoken() + b"\r\n"
    fields = head.format("voice_name", "").encode() + b"first\r\n"
    fields += head.format("audio_format", "").encode() + b"wav\r\n"
    for body in (audio + fields, fields + audio):
        reply = emulator.send(
            "POST",
            "/v1/audio/voices/clone",
            data=body + b"--xyz--\r\n",
            headers=BEARER | {"Content-Type": "multipart/form-data; boundary=xyz"},
        )
        assert code(reply) == 0


@pytest.mark.parametrize("container", ["mp3", "ogg", "m4a", "aac"])
@rule("Coze", "wav, mp3, ogg, m4a and aac are taken", NEEDS, GIVEN)
def test_containers(emulator: Emulator, container: str) -> None:
    assert code(emulator.clone(audio=encoded(container), audio_format=container)) == 0


@rule("Coze", "pcm is 24 kHz and mono", NEEDS, GIVEN)
def test_pcm(emulator: Emulator) -> None:
    assert code(emulator.clone(audio=speech(rate=24000), audio_format="pcm")) == 0
    assert code(emulator.clone(audio=spoken(), audio_format="pcm")) == 1108


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "emulator-token"}]
)
@rule("Coze", "A wrong token: code 700012006 with HTTP 200; switch coze_auth_status", "clients' logs", CLIENT)
def test_token(emulator: Emulator, header: dict[str, str]) -> None:
    for reply in (emulator.clone(headers=header), emulator.send("GET", "/v1/audio/voices", headers=header)):
        assert (reply.status_code, code(reply)) == (200, 700012006)
    emulator.switch(coze_auth_status=401)
    assert emulator.clone(headers=header).status_code == 401
    assert emulator.state()["coze"] == []


@rule("Coze", "A voice is init until it is trained, then cloned", LIST, VENDOR)
def test_states(emulator: Emulator) -> None:
    emulator.switch(training_seconds=60)
    made = emulator.clone().json()["data"]["voice_id"]
    assert [(voice["voice_id"], voice["state"]) for voice in emulator.coze_list()] == [(made, "init")]
    emulator.finish("coze", made)
    assert [voice["state"] for voice in emulator.coze_list()] == ["cloned"]


@rule("Coze", "voice_id trains a voice again: same ID, new audio", BODY, GIVEN)
def test_retrain(emulator: Emulator) -> None:
    made = emulator.cloned()
    assert emulator.clone(voice_id=made, audio=spoken(seed=1)).json()["data"]["voice_id"] == made
    voice = emulator.wait("coze", made)
    assert voice["trainings"] == 2
    assert len({training["audio_sha256"] for training in voice["history"]}) == 2


@rule("Coze", "A retrain is the only way to rename", BODY, GIVEN)
def test_rename(emulator: Emulator) -> None:
    made = emulator.cloned("before")
    emulator.clone("after", voice_id=made)
    emulator.wait("coze", made)
    assert emulator.coze_list()[0]["name"] == "after"


@rule("Coze", "During a retrain the state stays cloned, and nothing moves before its end", LIST, ASSUMED)
def test_retrain_silent(emulator: Emulator) -> None:
    made = emulator.cloned()
    before = emulator.coze_list()[0]
    emulator.switch(training_seconds=1.2)
    emulator.clone(voice_id=made)
    during = emulator.coze_list()[0]
    kept = ("state", "available_training_times", "update_time")
    assert [during[name] for name in kept] == [before[name] for name in kept]
    after = until(lambda: emulator.coze_list()[0], lambda voice: voice["available_training_times"] == 8)
    assert after["update_time"] > before["update_time"]
    assert after["state"] == "cloned"


@rule("Coze", "A fresh clone has nine trainings left", "given page, 接口说明", GIVEN)
def test_left(emulator: Emulator) -> None:
    emulator.cloned()
    assert emulator.coze_list()[0]["available_training_times"] == 9


@rule("Coze", "Ten trainings a voice, the first included", "given page, 接口说明", GIVEN)
def test_ten(emulator: Emulator) -> None:
    emulator.switch(training_seconds=0)
    made = emulator.cloned()
    assert [code(emulator.clone(voice_id=made)) for _ in range(10)] == [0] * 9 + [1123]
    assert emulator.voice("coze", made)["trainings"] == 10
    assert emulator.coze_list()[0]["available_training_times"] == 0


@rule("Coze", "A voice in training takes no other", LIST, ASSUMED)
def test_busy(emulator: Emulator) -> None:
    emulator.switch(training_seconds=60)
    made = emulator.clone().json()["data"]["voice_id"]
    assert code(emulator.clone(voice_id=made)) == 4000
    assert emulator.voice("coze", made)["trainings"] == 1


@rule("Coze", "Names need not be unique", LIST, ASSUMED)
def test_same_name(emulator: Emulator) -> None:
    assert emulator.cloned("twin") != emulator.cloned("twin")


@rule("Coze", "A voice belongs to a space and cannot be trained from another", "given page, 接口说明", GIVEN)
def test_spaces(emulator: Emulator) -> None:
    made = emulator.cloned(space_id="736163827687053")
    assert code(emulator.clone(voice_id=made)) == 4200
    assert code(emulator.clone(voice_id=made, space_id="736163827687053")) == 0


@rule("Coze", "The list never tells the space", LIST, VENDOR)
def test_space_untold(emulator: Emulator) -> None:
    emulator.cloned(space_id="736163827687053")
    assert "space_id" not in emulator.coze_list()[0]


@rule("Coze", "preview_text has a default", BODY, GIVEN)
def test_preview_text(emulator: Emulator) -> None:
    emulator.cloned()
    assert emulator.coze_list()[0]["preview_text"].startswith("你好，我是你的专属AI克隆声音")


@rule("Coze", "preview_audio is a signed URL that serves the voice", LIST, VENDOR)
def test_preview(emulator: Emulator) -> None:
    emulator.cloned()
    url = emulator.coze_list()[0]["preview_audio"]
    assert "x-expires=" in url
    assert emulator.http.get(url, timeout=5).content == spoken()


@rule("Coze", "The full object in the clone's reply: switch coze_clone_full_object", "cozepy", CLIENT)
def test_full_object(emulator: Emulator) -> None:
    emulator.switch(coze_clone_full_object=True)
    data = emulator.clone().json()["data"]
    assert {"voice_id", "name", "state", "available_training_times", "create_time"} <= set(data)


@rule(
    "Coze", "Judged within the call: a fault train-fail is the call's own code, nothing is made", BODY, GIVEN
)
def test_train_fail(emulator: Emulator) -> None:
    emulator.fault("train-fail", vendor="coze", code=1109, message="WERError")
    assert code(emulator.clone()) == 1109
    assert emulator.state()["coze"] == []


@rule("Coze", "A paid number of voices: switch coze_slots", "given page, 接口说明", ASSUMED)
def test_slots(emulator: Emulator) -> None:
    emulator.switch(coze_slots=1)
    assert code(emulator.clone()) == 0
    assert code(emulator.clone()) == 4011


@rule("Coze", "Too many requests: 429, code 4013; switch coze_qps", LIST, ASSUMED)
def test_rate(emulator: Emulator) -> None:
    emulator.switch(coze_qps=1)
    emulator.coze_list()
    reply = emulator.send("GET", "/v1/audio/voices", headers=BEARER)
    assert (reply.status_code, code(reply)) == (429, 4013)


@rule("Coze", "Too many clones at a time: 429; switch coze_concurrency", LIST, ASSUMED)
def test_concurrency(emulator: Emulator) -> None:
    emulator.switch(coze_concurrency=1, training_seconds=60)
    assert code(emulator.clone()) == 0
    assert emulator.clone().status_code == 429


# The list.


def listing(emulator: Emulator, **query: Any) -> dict[str, Any]:
    reply = emulator.send("GET", "/v1/audio/voices", params=query, headers=BEARER)
    assert code(reply) == 0
    return reply.json()["data"]  # type: ignore[no-any-return]


@rule("Coze", "Without voice_state the list has cloned voices only", LIST, VENDOR)
def test_default_state(emulator: Emulator) -> None:
    emulator.switch(training_seconds=60)
    made = emulator.clone().json()["data"]["voice_id"]
    assert made not in [voice["voice_id"] for voice in listing(emulator)["voice_list"]]
    assert [voice["voice_id"] for voice in listing(emulator, voice_state="init")["voice_list"]] == [made]


@rule("Coze", "System voices are listed unless filter_system_voice is true", LIST, VENDOR)
def test_system(emulator: Emulator) -> None:
    assert any(voice["is_system_voice"] for voice in listing(emulator)["voice_list"])
    assert listing(emulator, filter_system_voice="true")["voice_list"] == []


@rule("Coze", "model_type filters big and small", LIST, VENDOR)
def test_model_type(emulator: Emulator) -> None:
    emulator.cloned()
    assert {voice["model_type"] for voice in listing(emulator, model_type="small")["voice_list"]} == {"small"}
    assert {voice["model_type"] for voice in listing(emulator, model_type="big")["voice_list"]} == {"big"}


@rule("Coze", "page_size pages, has_more tells whether there is a next page", LIST, VENDOR)
def test_paging(emulator: Emulator) -> None:
    made = [emulator.clone().json()["data"]["voice_id"] for _ in range(5)]
    pages = [
        listing(emulator, voice_state="all", filter_system_voice="true", page_size=2, page_num=page)
        for page in (1, 2, 3, 4)
    ]
    assert [voice["voice_id"] for page in pages for voice in page["voice_list"]] == made
    assert [page["has_more"] for page in pages] == [True, True, False, False]


@rule("Coze", "System voices page together with one's own", LIST, ASSUMED)
def test_paging_system(emulator: Emulator) -> None:
    emulator.cloned()
    every = listing(emulator, voice_state="all")["voice_list"]
    paged = [
        listing(emulator, voice_state="all", page_size=2, page_num=page)["voice_list"] for page in (1, 2, 3)
    ]
    ids = [voice["voice_id"] for page in paged for voice in page]
    assert ids == [voice["voice_id"] for voice in every]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({name: value}, id=f"{name}-{value}", marks=rule("Coze", text, LIST, VENDOR))
        for name, value, text in (
            ("page_num", "0", "page_num starts at 1"),
            ("page_num", "x", "page_num is a number"),
            ("page_size", "0", "page_size is at least 1"),
            ("page_size", "101", "page_size is at most 100"),
            ("voice_state", "ready", "voice_state is init, cloned or all"),
            ("model_type", "huge", "model_type is big or small"),
            ("filter_system_voice", "maybe", "filter_system_voice is a boolean"),
        )
    ],
)
def test_list_refuses(emulator: Emulator, query: dict[str, str]) -> None:
    reply = emulator.send("GET", "/v1/audio/voices", params=query, headers=BEARER)
    assert (reply.status_code, code(reply)) == (400, 4000)


@rule("Coze", "create_time and update_time are whole seconds", LIST, VENDOR)
def test_times(emulator: Emulator) -> None:
    emulator.cloned()
    voice = emulator.coze_list()[0]
    for name in ("create_time", "update_time"):
        assert isinstance(voice[name], int)
        assert abs(voice[name] - time.time()) < 5


@rule("Coze", "An unknown path answers in Coze's envelope", "given page, 返回参数", ASSUMED)
def test_no_get_by_id(emulator: Emulator) -> None:
    made = emulator.cloned()
    for method in ("GET", "DELETE"):
        reply = emulator.send(method, f"/v1/audio/voices/{made}", headers=BEARER)
        assert reply.status_code == 404
        assert code(reply) > 0


# Permissions, credit, bought voices.


RIGHTS = "given page, 基础信息 > 权限"
MONEY = "given page, 接口说明"
CODES = "vendor's page, error codes"


@rule("Coze", "A token without createVoice: 4101, nothing made; switch coze_create_voice", RIGHTS, CLIENT)
def test_no_create_permission(emulator: Emulator) -> None:
    emulator.switch(coze_create_voice=False)
    reply = emulator.clone()
    assert code(reply) == 4101
    assert "does not have permission to access CloneVoice" in reply.json()["msg"]
    assert emulator.coze_list() == []


@rule("Coze", "A token without listVoice: 4101, but it may clone; switch coze_list_voice", LIST, ASSUMED)
def test_no_list_permission(emulator: Emulator) -> None:
    emulator.switch(coze_list_voice=False)
    assert code(emulator.send("GET", "/v1/audio/voices", headers=BEARER)) == 4101
    assert code(emulator.clone()) == 0


@pytest.mark.parametrize(
    ("credit", "wanted"),
    [
        pytest.param(credit, wanted, id=credit, marks=rule("Coze", text, CODES, VENDOR))
        for credit, wanted, text in (
            ("spent", 4011, "No credit: 4011, nothing made; switch coze_credit, spent"),
            ("arrears", 4019, "An account in arrears: 4019, nothing made; switch coze_credit, arrears"),
        )
    ],
)
def test_credit(emulator: Emulator, credit: str, wanted: int) -> None:
    emulator.switch(coze_credit=credit)
    assert code(emulator.clone()) == wanted
    assert emulator.coze_list() == []


def bought(emulator: Emulator, count: int = 1) -> list[str]:
    made = emulator.control("POST", "slots", {"vendor": "coze", "count": count})["slots"]
    assert all(isinstance(one, str) for one in made)
    return made  # type: ignore[no-any-return]


@rule("Coze", "A bought voice is listed as init until it is trained", LIST, ASSUMED)
def test_bought(emulator: Emulator) -> None:
    [made] = bought(emulator)
    assert listing(emulator, filter_system_voice="true")["voice_list"] == []
    [voice] = emulator.coze_list(voice_state="init")
    assert (voice["voice_id"], voice["state"], voice["available_training_times"]) == (made, "init", 10)
    assert emulator.voice("coze", made)["status"] == "pending"


@rule("Coze", "A bought voice is trained with its voice_id, as in a retrain", BODY, ASSUMED)
def test_train_bought(emulator: Emulator) -> None:
    [made] = bought(emulator)
    assert emulator.cloned("narrator", voice_id=made) == made
    [voice] = emulator.coze_list()
    assert (voice["voice_id"], voice["name"], voice["state"], voice["available_training_times"]) == (
        made,
        "narrator",
        "cloned",
        9,
    )


@rule("Coze", "One voice is included, more are bought: switch coze_included", MONEY, GIVEN)
def test_included(emulator: Emulator) -> None:
    emulator.switch(coze_included=1)
    [spare] = bought(emulator)
    assert code(emulator.clone()) == 0
    assert code(emulator.clone()) == 4011
    assert code(emulator.clone(voice_id=spare)) == 0
    emulator.switch(coze_no_voice_code=4000)
    assert code(emulator.clone()) == 4000
    assert len(emulator.coze_list()) == 2


# The other sides.


@rule("Coze", "The list's sample has no state: switch coze_state_shown", LIST, VENDOR)
def test_no_state(emulator: Emulator) -> None:
    emulator.switch(coze_state_shown=False)
    emulator.cloned()
    assert "state" not in emulator.coze_list()[0]


@rule("Coze", "A wrong token's code: switch coze_auth_code", CODES, VENDOR)
def test_auth_code(emulator: Emulator) -> None:
    emulator.switch(coze_auth_code=4100, coze_auth_status=401)
    reply = emulator.clone(headers={"Authorization": "Bearer wrong"})
    assert (reply.status_code, code(reply)) == (401, 4100)


@rule("Coze", "Every refusal in HTTP 200: switch coze_http_status", "vendor's SDKs", CLIENT)
def test_http_200(emulator: Emulator) -> None:
    emulator.switch(coze_http_status=False)
    reply = emulator.clone(voice_name=None)
    assert (reply.status_code, code(reply)) == (200, 4000)
    assert emulator.send("GET", "/v1/audio/nothing", headers=BEARER).status_code == 200


@rule("Coze", "A name has seven bytes or more: switch coze_name_bytes_min", "vendor's SDKs", CLIENT)
def test_short_name(emulator: Emulator) -> None:
    emulator.switch(coze_name_bytes_min=7)
    assert code(emulator.clone("jay")) == 4000
    assert code(emulator.clone("jay jay")) == 0
