"""Kling's custom voices."""

from __future__ import annotations

import re
import time
from typing import Any

import jwt
import pytest
import requests

from .audio import encoded, noise, silence, spoken, wav
from .client import BEARER, Emulator, until
from .rules import ASSUMED, CLIENT, GIVEN, VENDOR, rule

CREATE = "given page, 创建自定义音色"
ONE = "given page, 查询自定义音色（单个）"
LIST = "given page, 查询自定义音色（列表）"
PRESETS = "given page, 查询官方音色（列表）"
DELETE = "given page, 删除自定义音色"
AUTH = "vendor's page, authentication"
CODES = "vendor's page, error codes"


def code(reply: requests.Response) -> int:
    doc = reply.json()
    assert {"code", "message", "request_id"} <= set(doc)
    return doc["code"]  # type: ignore[no-any-return]


def task(emulator: Emulator, name: str) -> dict[str, Any]:
    reply = emulator.kling("GET", f"/{name}")
    assert reply.status_code == 200, reply.text
    return reply.json()["data"]  # type: ignore[no-any-return]


def ended(emulator: Emulator, name: str) -> dict[str, Any]:
    return until(lambda: task(emulator, name), lambda seen: seen["task_status"] in ("succeed", "failed"))


@rule("Kling", "A create answers task_id, task_info, task_status submitted and two times", CREATE, GIVEN)
def test_create(emulator: Emulator) -> None:
    data = emulator.kling_create(external_task_id="mine").json()["data"]
    assert set(data) == {"task_id", "task_info", "task_status", "created_at", "updated_at"}
    assert data["task_status"] == "submitted"
    assert data["task_info"] == {"external_task_id": "mine"}


@rule("Kling", "task_id and voice_id are strings of 18 digits", ONE, CLIENT)
def test_ids(emulator: Emulator) -> None:
    voice = emulator.kling_voice()
    assert re.fullmatch(r"\d{18}", voice["id"])
    assert re.fullmatch(r"\d{18}", voice["voice_id"])
    assert voice["id"] != voice["voice_id"]


@rule("Kling", "Times are in milliseconds", CREATE, GIVEN)
def test_times(emulator: Emulator) -> None:
    data = emulator.kling_create().json()["data"]
    assert abs(data["created_at"] / 1000 - time.time()) < 5


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(change, id=id_, marks=rule("Kling", text, source, sure))
        for id_, change, text, source, sure in (
            ("no-name", {"voice_name": None}, "voice_name is required", CREATE, GIVEN),
            ("empty-name", {"voice_name": ""}, "voice_name is not empty", CREATE, ASSUMED),
            ("name-21", {"voice_name": "音" * 21}, "voice_name has at most 20 characters", CREATE, GIVEN),
            ("name-number", {"voice_name": 5}, "voice_name is a string", CREATE, GIVEN),
            ("neither", {"voice_url": None}, "voice_url or video_id is required", CREATE, GIVEN),
            (
                "both",
                {"video_id": "860000000000000001"},
                "voice_url and video_id exclude each other",
                CREATE,
                GIVEN,
            ),
            ("no-url", {"voice_url": "voice.wav"}, "voice_url is a URL", CREATE, GIVEN),
            ("base64", {"voice_url": "UklGRg=="}, "voice_url is no base64", CREATE, VENDOR),
            (
                "ogg",
                {"voice_url": "http://127.0.0.1/a.ogg"},
                "voice_url ends in .mp3 .wav .mp4 .mov",
                CREATE,
                GIVEN,
            ),
            (
                "video",
                {"voice_url": None, "video_id": "1"},
                "video_id is a video of the account",
                CREATE,
                ASSUMED,
            ),
            ("callback", {"callback_url": "nowhere"}, "callback_url is a URL", CREATE, GIVEN),
        )
    ],
)
def test_create_refuses(emulator: Emulator, change: dict[str, Any]) -> None:
    reply = emulator.kling_create(**change)
    assert (reply.status_code, code(reply)) == (400, 1201)
    assert emulator.state()["kling"] == []


@rule("Kling", "A name of 20 characters in any script will do", CREATE, GIVEN)
def test_name_20(emulator: Emulator) -> None:
    assert emulator.kling_create(voice_name="音" * 20).status_code == 200


@rule("Kling", "An empty video_id counts as none", "vendor's own example", VENDOR)
def test_empty_video(emulator: Emulator) -> None:
    assert emulator.kling_create(video_id="").status_code == 200


@rule("Kling", "A query in voice_url does not hide the extension", CREATE, ASSUMED)
def test_query(emulator: Emulator) -> None:
    url = emulator.put_sample("signed.wav", spoken()) + "?X-Amz-Signature=abc"
    made = emulator.kling_create(voice_url=url).json()["data"]["task_id"]
    assert ended(emulator, made)["task_status"] == "succeed"


@rule("Kling", "task_status goes submitted, processing, succeed", ONE, GIVEN)
def test_states(emulator: Emulator) -> None:
    emulator.switch(training_seconds=1)
    created = emulator.kling_create().json()["data"]
    made = created["task_id"]
    seen: list[str] = [created["task_status"]]

    def look() -> str:
        seen.append(task(emulator, made)["task_status"])
        return seen[-1]

    until(look, lambda last: last == "succeed")
    assert list(dict.fromkeys(seen)) == ["submitted", "processing", "succeed"]


@rule("Kling", "While it runs task_result is {} and task_status_msg empty", "clients' logs", CLIENT)
def test_running(emulator: Emulator) -> None:
    emulator.switch(training_seconds=60)
    data = task(emulator, emulator.kling_create().json()["data"]["task_id"])
    assert (data["task_result"], data["task_status_msg"]) == ({}, "")


@rule("Kling", "A task that succeeded has one voice: ID, name, trial_url, owner", ONE, GIVEN)
def test_result(emulator: Emulator) -> None:
    voice = emulator.kling_voice(voice_name="旁白")
    [made] = task(emulator, voice["id"])["task_result"]["voices"]
    assert (made["voice_id"], made["voice_name"]) == (voice["voice_id"], "旁白")
    assert made["owned_by"] not in ("", "kling")
    assert emulator.http.get(made["trial_url"], timeout=5).content == spoken()


@rule("Kling", "final_unit_deduction is a string: 0.05 for a voice", ONE, CLIENT)
def test_units(emulator: Emulator) -> None:
    assert task(emulator, emulator.kling_voice()["id"])["final_unit_deduction"] == "0.05"


@rule("Kling", "A task without an ID of one's own has an empty task_info", "clients' logs", CLIENT)
def test_task_info(emulator: Emulator) -> None:
    assert task(emulator, emulator.kling_voice()["id"])["task_info"] == {}


@rule("Kling", "updated_at moves when the task ends", ONE, ASSUMED)
def test_updated(emulator: Emulator) -> None:
    data = task(emulator, emulator.kling_voice()["id"])
    assert data["updated_at"] > data["created_at"]


@pytest.mark.parametrize(
    ("audio", "reason"),
    [
        pytest.param(audio, reason, id=id_, marks=rule("Kling", text, CREATE, sure))
        for id_, audio, reason, text, sure in (
            ("short", spoken(4.5), "shorter", "Under 5 seconds the task fails", GIVEN),
            ("long", spoken(31.0), "longer", "Over 30 seconds the task fails", GIVEN),
            ("silence", wav(silence()), "human voice", "Without a voice the task fails", GIVEN),
            ("noise", wav(noise()), "human voice", "Noise fails the task", GIVEN),
            ("text", b"no audio" * 99, "voice_url", "What is no audio fails the task", ASSUMED),
            ("ogg", encoded("ogg"), "ogg", "What is no mp3, wav, mp4 or mov inside fails the task", ASSUMED),
        )
    ],
)
def test_bad_audio(emulator: Emulator, audio: bytes, reason: str) -> None:
    made = emulator.kling_create(audio).json()["data"]["task_id"]
    data = ended(emulator, made)
    assert data["task_status"] == "failed"
    assert reason in data["task_status_msg"]
    assert data["task_result"] == {}


@pytest.mark.parametrize("seconds", [5.0, 30.0])
@rule("Kling", "5 and 30 seconds are within the limits", CREATE, GIVEN)
def test_limits(emulator: Emulator, seconds: float) -> None:
    made = emulator.kling_create(spoken(seconds)).json()["data"]["task_id"]
    assert ended(emulator, made)["task_status"] == "succeed"


@pytest.mark.parametrize("container", ["mp3", "mp4", "mov"])
@rule("Kling", "mp3, wav, mp4 and mov are taken", CREATE, GIVEN)
def test_containers(emulator: Emulator, container: str) -> None:
    url = emulator.put_sample(f"a.{container}", encoded(container))
    made = emulator.kling_create(voice_url=url).json()["data"]["task_id"]
    assert ended(emulator, made)["task_status"] == "succeed"


@rule("Kling", "A URL that cannot be reached fails the task, with a reason", CREATE, ASSUMED)
def test_unreachable(emulator: Emulator) -> None:
    made = emulator.kling_create(voice_url="http://127.0.0.1:9/a.wav").json()["data"]["task_id"]
    assert "reached" in ended(emulator, made)["task_status_msg"]


@pytest.mark.parametrize(
    ("video", "status"),
    [
        pytest.param(video, status, id=id_, marks=rule("Kling", text, "given page, 注意", GIVEN))
        for id_, video, status, text in (
            ("v2.6", "860000000000000001", "succeed", "A V2.6 video with sound will do"),
            ("avatar", "860000000000000002", "succeed", "A video of the avatar API will do"),
            ("lip-sync", "860000000000000003", "succeed", "A video of the lip-sync API will do"),
            ("mute", "860000000000000004", "failed", "A video without sound fails the task"),
            ("older", "860000000000000005", "failed", "A video of an older model fails the task"),
            ("long", "860000000000000006", "failed", "A video over 30 seconds fails the task"),
        )
    ],
)
def test_videos(emulator: Emulator, video: str, status: str) -> None:
    made = emulator.kling_create(voice_url=None, video_id=video).json()["data"]["task_id"]
    assert ended(emulator, made)["task_status"] == status


@rule("Kling", "A task is found by its external_task_id too", ONE, GIVEN)
def test_external(emulator: Emulator) -> None:
    made = emulator.kling_create(external_task_id="mine").json()["data"]["task_id"]
    assert task(emulator, "mine")["task_id"] == made


@rule("Kling", "A used external_task_id is refused with 1201, not replayed", "clients' logs", CLIENT)
def test_external_twice(emulator: Emulator) -> None:
    emulator.kling_create(external_task_id="mine")
    reply = emulator.kling_create(external_task_id="mine")
    assert (reply.status_code, code(reply)) == (400, 1201)
    assert len(emulator.state()["kling"]) == 1


@rule("Kling", "A deleted task's external_task_id stays used", CREATE, ASSUMED)
def test_external_deleted(emulator: Emulator) -> None:
    emulator.kling_delete(emulator.kling_voice(external_task_id="mine")["voice_id"])
    assert code(emulator.kling_create(external_task_id="mine")) == 1201


@rule("Kling", "An unknown task: 1201, Task not found by id/external id", "clients' logs", CLIENT)
def test_unknown(emulator: Emulator) -> None:
    reply = emulator.kling("GET", "/123")
    assert (reply.status_code, code(reply)) == (400, 1201)
    assert reply.json()["message"] == "Task not found by id/external id"


@rule("Kling", "A voice_id is no task_id", ONE, ASSUMED)
def test_by_voice_id(emulator: Emulator) -> None:
    assert code(emulator.kling("GET", f"/{emulator.kling_voice()['voice_id']}")) == 1201


@rule("Kling", "The list pages with pageNum and pageSize; data is an array", LIST, GIVEN)
def test_paging(emulator: Emulator) -> None:
    made = [emulator.kling_create().json()["data"]["task_id"] for _ in range(5)]
    pages = [emulator.kling("GET", f"?pageNum={page}&pageSize=2").json()["data"] for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert {one["task_id"] for page in pages for one in page} == set(made)


@rule("Kling", "pageSize is 30 by default", LIST, GIVEN)
def test_page_default(emulator: Emulator) -> None:
    for _ in range(31):
        emulator.kling_create()
    assert len(emulator.kling("GET").json()["data"]) == 30


@rule("Kling", "The newest task comes first", LIST, ASSUMED)
def test_order(emulator: Emulator) -> None:
    made = [emulator.kling_create().json()["data"]["task_id"] for _ in range(3)]
    assert [one["task_id"] for one in emulator.kling("GET").json()["data"]] == made[::-1]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(query, id=query, marks=rule("Kling", text, LIST, GIVEN))
        for query, text in (
            ("pageNum=0", "pageNum starts at 1"),
            ("pageNum=1001", "pageNum is at most 1000"),
            ("pageNum=x", "pageNum is a number"),
            ("pageSize=0", "pageSize is at least 1"),
            (
                "pageSize=501",
                "pageSize is at most 500 (1000 on the vendor's page: switch kling_max_page_size)",
            ),
        )
    ],
)
def test_page_refused(emulator: Emulator, query: str) -> None:
    assert code(emulator.kling("GET", f"?{query}")) == 1201
    assert code(emulator.send("GET", f"/v1/general/presets-voices?{query}", headers=BEARER)) == 1201


@rule("Kling", "pageSize up to 1000: switch kling_max_page_size", "vendor's page", VENDOR)
def test_page_1000(emulator: Emulator) -> None:
    emulator.switch(kling_max_page_size=1000)
    assert code(emulator.kling("GET", "?pageSize=1000")) == 0


@rule("Kling", "Presets are owned by kling, in tasks without task_info and deductions", PRESETS, GIVEN)
def test_presets(emulator: Emulator) -> None:
    emulator.kling_voice()
    data = emulator.send("GET", "/v1/general/presets-voices", headers=BEARER).json()["data"]
    assert {one["task_result"]["voices"][0]["owned_by"] for one in data} == {"kling"}
    assert all("task_info" not in one and "final_unit_deduction" not in one for one in data)


@rule("Kling", "Presets page like tasks", PRESETS, GIVEN)
def test_presets_paging(emulator: Emulator) -> None:
    path = "/v1/general/presets-voices"
    assert len(emulator.send("GET", path, headers=BEARER).json()["data"]) == 30
    second = emulator.send("GET", f"{path}?pageNum=2", headers=BEARER).json()["data"]
    assert 0 < len(second) < 30


@rule("Kling", "Delete is a POST by voice_id and answers task_id and task_status", DELETE, GIVEN)
def test_delete(emulator: Emulator) -> None:
    reply = emulator.kling_delete(emulator.kling_voice()["voice_id"])
    assert code(reply) == 0
    assert set(reply.json()["data"]) == {"task_id", "task_status"}
    assert emulator.state()["kling"] == []


@rule("Kling", "Delete does not know task IDs", DELETE, GIVEN)
def test_delete_task(emulator: Emulator) -> None:
    assert code(emulator.kling_delete(emulator.kling_voice()["id"])) == 1201
    assert len(emulator.state()["kling"]) == 1


@rule("Kling", "Only custom voices can be deleted", DELETE, GIVEN)
def test_delete_preset(emulator: Emulator) -> None:
    data = emulator.send("GET", "/v1/general/presets-voices", headers=BEARER).json()["data"]
    assert code(emulator.kling_delete(data[0]["task_result"]["voices"][0]["voice_id"])) == 1201


@rule("Kling", "voice_id is required to delete", DELETE, GIVEN)
def test_delete_nothing(emulator: Emulator) -> None:
    assert code(emulator.kling_delete(None)) == 1201


@rule("Kling", "A voice deleted before: 1201, Voice id not found", DELETE, ASSUMED)
def test_delete_twice(emulator: Emulator) -> None:
    voice = emulator.kling_voice()["voice_id"]
    emulator.kling_delete(voice)
    assert code(emulator.kling_delete(voice)) == 1201


@rule("Kling", "While it is made a voice cannot be deleted: nobody has its ID yet", DELETE, ASSUMED)
def test_delete_early(emulator: Emulator) -> None:
    emulator.switch(training_seconds=60)
    made = emulator.kling_create().json()["data"]["task_id"]
    assert code(emulator.kling_delete(emulator.voice("kling", made)["voice_id"])) == 1201


@rule("Kling", "The task of a deleted voice is gone from the list and by ID", DELETE, ASSUMED)
def test_deleted_task(emulator: Emulator) -> None:
    voice = emulator.kling_voice(external_task_id="mine")
    emulator.kling_delete(voice["voice_id"])
    assert code(emulator.kling("GET", f"/{voice['id']}")) == 1201
    assert code(emulator.kling("GET", "/mine")) == 1201
    assert emulator.kling("GET").json()["data"] == []


@rule("Kling", "Its task stays, without voices: switch kling_keep_deleted", DELETE, ASSUMED)
def test_keep_deleted(emulator: Emulator) -> None:
    emulator.switch(kling_keep_deleted=True)
    voice = emulator.kling_voice()
    emulator.kling_delete(voice["voice_id"])
    assert task(emulator, voice["id"])["task_result"] == {"voices": []}
    assert [one["task_id"] for one in emulator.kling("GET").json()["data"]] == [voice["id"]]


# Authentication.


def token(key: str = "emulator-ak", secret: str = "emulator-sk", **change: Any) -> dict[str, str]:  # noqa: S107
    at = int(time.time())
    claims = {"iss": key, "exp": at + 1800, "nbf": at - 5} | change
    claims = {name: value for name, value in claims.items() if value is not None}
    return {"Authorization": "Bearer " + jwt.encode(claims, secret, algorithm="HS256")}


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@rule("Kling", "A JWT of AK and SK is taken", AUTH, VENDOR)
def test_jwt(emulator: Emulator) -> None:
    assert code(emulator.kling("GET", headers=token())) == 0


@rule("Kling", "An API key is taken beside it", AUTH, VENDOR)
def test_api_key(emulator: Emulator) -> None:
    assert code(emulator.kling("GET", headers=BEARER)) == 0


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize(
    ("wanted", "header"),
    [
        pytest.param(wanted, header, id=id_, marks=rule("Kling", text, CODES, VENDOR))
        for id_, wanted, header, text in (
            ("empty", 1001, dict, "No Authorization: 401, 1001"),
            ("secret", 1000, lambda: token(secret="other"), "A wrong signature: 401, 1000"),
            ("issuer", 1000, lambda: token(key="other"), "An unknown access key: 401, 1000"),
            ("garbage", 1002, lambda: {"Authorization": "Bearer x"}, "Neither JWT nor API key: 401, 1002"),
            ("scheme", 1002, lambda: {"Authorization": "emulator-token"}, "No Bearer: 401, 1002"),
            ("no-exp", 1002, lambda: token(exp=None), "A JWT without exp: 401, 1002"),
            ("early", 1003, lambda: token(nbf=int(time.time()) + 60), "Not yet valid: 401, 1003"),
            ("late", 1004, lambda: token(exp=int(time.time()) - 1), "Expired: 401, 1004"),
        )
    ],
)
def test_unauthorised(emulator: Emulator, wanted: int, header: Any) -> None:
    for method, path in (
        ("GET", "custom-voices"),
        ("GET", "custom-voices/1"),
        ("POST", "custom-voices"),
        ("GET", "presets-voices"),
        ("POST", "delete-voices"),
    ):
        reply = emulator.send(method, f"/v1/general/{path}", headers=header())
        assert (reply.status_code, code(reply)) == (401, wanted)


@rule("Kling", "An unsigned JWT (alg none) is refused", AUTH, ASSUMED)
def test_unsigned(emulator: Emulator) -> None:
    made = jwt.encode({"iss": "emulator-ak", "exp": int(time.time()) + 60}, "", algorithm="none")
    assert code(emulator.kling("GET", headers={"Authorization": f"Bearer {made}"})) == 1002


# Limits.


@rule("Kling", "Creates at a time: 429, 1303; switch kling_concurrency. Queries are free", CODES, VENDOR)
def test_concurrency(emulator: Emulator) -> None:
    emulator.switch(kling_concurrency=1, training_seconds=60)
    emulator.kling_create()
    reply = emulator.kling_create()
    assert (reply.status_code, code(reply)) == (429, 1303)
    assert code(emulator.kling("GET")) == 0


@rule("Kling", "Too many requests: 429, 1302; switch kling_qps", CODES, VENDOR)
def test_rate(emulator: Emulator) -> None:
    emulator.switch(kling_qps=1)
    emulator.kling("GET")
    reply = emulator.kling("GET")
    assert (reply.status_code, code(reply)) == (429, 1302)


@rule("Kling", "No units left: 429, 1102; switch kling_units", CODES, VENDOR)
def test_balance(emulator: Emulator) -> None:
    emulator.switch(kling_units=0.1)
    codes = [code(emulator.kling_create()) for _ in range(3)]
    assert codes == [0, 0, 1102]


@rule("Kling", "A wrong method: 404, 1202", CODES, VENDOR)
def test_method(emulator: Emulator) -> None:
    reply = emulator.send("DELETE", "/v1/general/delete-voices", headers=BEARER)
    assert (reply.status_code, code(reply)) == (404, 1202)


@rule("Kling", "An unknown path: 404, 1203", CODES, VENDOR)
def test_path(emulator: Emulator) -> None:
    reply = emulator.send("GET", "/v1/general/nothing", headers=BEARER)
    assert (reply.status_code, code(reply)) == (404, 1203)


# Deleting takes time.


@rule(
    "Kling",
    "delete-voices may answer submitted; until the task has ended the voice is there: kling_delete_seconds",
    DELETE,
    GIVEN,
)
def test_delete_later(emulator: Emulator) -> None:
    emulator.switch(kling_delete_seconds=0.5)
    voice = emulator.kling_voice()
    data = emulator.kling_delete(voice["voice_id"]).json()["data"]
    assert data["task_status"] == "submitted"
    assert data["task_id"] != voice["id"]
    assert task(emulator, voice["id"])["task_result"]["voices"][0]["voice_id"] == voice["voice_id"]
    assert [one["task_id"] for one in emulator.kling("GET").json()["data"]] == [voice["id"]]
    until(lambda: emulator.kling("GET").json()["data"], lambda seen: seen == [])
    assert code(emulator.kling("GET", f"/{voice['id']}")) == 1201
    assert emulator.state()["kling"] == []


@rule("Kling", "A delete that is sent again while its task runs answers the same task", DELETE, ASSUMED)
def test_delete_again(emulator: Emulator) -> None:
    emulator.switch(kling_delete_seconds=60)
    voice = emulator.kling_voice()["voice_id"]
    first, second = (emulator.kling_delete(voice).json()["data"]["task_id"] for _ in range(2))
    assert first == second


@rule("Kling", "A delete task may fail; the voice stays: switch kling_delete_fails", DELETE, GIVEN)
def test_delete_fails(emulator: Emulator) -> None:
    emulator.switch(kling_delete_fails=True)
    voice = emulator.kling_voice()
    assert emulator.kling_delete(voice["voice_id"]).json()["data"]["task_status"] == "failed"
    emulator.switch(kling_delete_seconds=0.2, kling_delete_task_shown=True)
    made = emulator.kling_delete(voice["voice_id"]).json()["data"]
    assert made["task_status"] == "submitted"
    assert ended(emulator, made["task_id"])["task_status"] == "failed"
    assert task(emulator, voice["id"])["task_result"]["voices"]
    emulator.switch(kling_delete_fails=False, kling_delete_seconds=0)
    assert emulator.kling_delete(voice["voice_id"]).json()["data"]["task_status"] == "succeed"
    assert emulator.state()["kling"] == []


@rule(
    "Kling", "No call for a delete task; with switch kling_delete_task_shown GET by its ID", DELETE, ASSUMED
)
def test_delete_task_shown(emulator: Emulator) -> None:
    emulator.switch(kling_delete_seconds=0.2)
    made = emulator.kling_delete(emulator.kling_voice()["voice_id"]).json()["data"]["task_id"]
    assert code(emulator.kling("GET", f"/{made}")) == 1201
    emulator.switch(kling_delete_task_shown=True)
    assert ended(emulator, made)["task_status"] == "succeed"


@rule("Kling", "A delete's reply without data: switch kling_delete_bare", "a client's log", CLIENT)
def test_delete_bare(emulator: Emulator) -> None:
    emulator.switch(kling_delete_bare=True)
    doc = emulator.kling_delete(emulator.kling_voice()["voice_id"]).json()
    assert set(doc) == {"code", "message", "request_id"}
    assert emulator.state()["kling"] == []


@rule(
    "Kling",
    "Deleted before: `already be deleted`, as elements have it: switch kling_already_deleted",
    "a client's log",
    CLIENT,
)
def test_already_deleted(emulator: Emulator) -> None:
    emulator.switch(kling_already_deleted=True)
    voice = emulator.kling_voice()["voice_id"]
    emulator.kling_delete(voice)
    reply = emulator.kling_delete(voice)
    assert (reply.status_code, code(reply)) == (400, 1201)
    assert "already be deleted" in reply.json()["message"]


@rule("Kling", "The kept task of a deleted voice has its voices: kling_deleted_keeps_result", LIST, ASSUMED)
def test_deleted_keeps_result(emulator: Emulator) -> None:
    emulator.switch(kling_keep_deleted=True, kling_deleted_keeps_result=True)
    voice = emulator.kling_voice()
    emulator.kling_delete(voice["voice_id"])
    assert task(emulator, voice["id"])["task_result"]["voices"][0]["voice_id"] == voice["voice_id"]


@rule("Kling", "An unknown task is 404 and 1203: switch kling_not_found_1203", CODES, VENDOR)
def test_not_found(emulator: Emulator) -> None:
    emulator.switch(kling_not_found_1203=True)
    reply = emulator.kling("GET", "/900000000000000000")
    assert (reply.status_code, code(reply)) == (404, 1203)


@rule("Kling", "A task by its voice's ID: switch kling_get_by_voice_id", ONE, CLIENT)
def test_by_voice(emulator: Emulator) -> None:
    voice = emulator.kling_voice()
    assert code(emulator.kling("GET", f"/{voice['voice_id']}")) == 1201
    emulator.switch(kling_get_by_voice_id=True)
    assert task(emulator, voice["voice_id"])["task_id"] == voice["id"]


@rule("Kling", "task_status succeeded: switch kling_succeeded", "vendor's newer APIs", VENDOR)
def test_succeeded(emulator: Emulator) -> None:
    emulator.switch(kling_succeeded=True)
    voice = emulator.kling_voice()
    assert task(emulator, voice["id"])["task_status"] == "succeeded"
    assert emulator.kling_delete(voice["voice_id"]).json()["data"]["task_status"] == "succeeded"


@rule("Kling", "final_balance_deduction: switch kling_balance_deduction", "vendor's newer page", VENDOR)
def test_balance_deduction(emulator: Emulator) -> None:
    voice = emulator.kling_voice()
    assert "final_balance_deduction" not in task(emulator, voice["id"])
    emulator.switch(kling_balance_deduction=True)
    assert set(task(emulator, voice["id"])["final_balance_deduction"]) == {"quota", "list_price"}
