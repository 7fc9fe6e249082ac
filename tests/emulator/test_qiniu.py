"""Qiniu's voice clones."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest

from .audio import encoded, noise, silence, spoken, wav
from .client import BEARER, Emulator, until
from .rules import ASSUMED, CLIENT, GIVEN, VENDOR, rule

CREATE = "given page, 1. 创建音色栏位"
TRAIN = "given page, 2. 训练音色"
STATES = "given page, 音色状态说明"
NEWER = "vendor's newer page"


def put(emulator: Emulator, voice: str, **body: Any) -> Any:
    return emulator.qiniu("PUT", f"/{voice}", body)


def shown(emulator: Emulator, voice: str) -> dict[str, Any]:
    reply = emulator.qiniu("GET", f"/{voice}")
    assert reply.status_code == 200
    return reply.json()["data"]  # type: ignore[no-any-return]


def ends(emulator: Emulator, voice: str) -> str:
    return str(
        until(lambda: shown(emulator, voice)["state"], lambda state: state not in ("Init", "Training"))
    )


@rule("Qiniu", "A slot is made with model_id QN_ACV: state Init, no demo_url, no language", CREATE, GIVEN)
def test_create(emulator: Emulator) -> None:
    doc = emulator.qiniu("POST", body={"model_id": "QN_ACV"}).json()
    assert doc["code"] == 0
    data = doc["data"]
    assert (data["state"], data["demo_url"], data["language"]) == ("Init", "", "")


@rule("Qiniu", "The envelope is code, msg, reqid and data", CREATE, GIVEN)
def test_envelope(emulator: Emulator) -> None:
    assert set(emulator.qiniu("GET").json()) == {"code", "msg", "reqid", "data"}


@rule("Qiniu", "A new slot is called 复刻音色- and the last five of its ID", NEWER, VENDOR)
def test_default_name(emulator: Emulator) -> None:
    made = emulator.qiniu_slot()
    assert shown(emulator, made)["name"] == f"复刻音色-{made[-5:]}"


@rule("Qiniu", "IDs are 32 hexadecimal digits", "vendor's samples", CLIENT)
def test_id(emulator: Emulator) -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", emulator.qiniu_slot())


@pytest.mark.parametrize(
    ("body", "language"),
    [
        pytest.param(
            {"language": "en"}, "en", id="language", marks=rule("Qiniu", "language, newer", NEWER, VENDOR)
        ),
        pytest.param(
            {"tier": "free"},
            "zh",
            id="tier",
            marks=rule("Qiniu", "tier, newer; zh by default", NEWER, VENDOR),
        ),
        pytest.param(
            {"tier": "pro", "language": "yue"},
            "yue",
            id="pro",
            marks=rule("Qiniu", "pro has more languages", NEWER, VENDOR),
        ),
    ],
)
def test_create_newer(emulator: Emulator, body: dict[str, str], language: str) -> None:
    made = emulator.qiniu_slot(**body)
    assert shown(emulator, made)["language"] == language
    assert shown(emulator, made)["tier"] == body.get("tier", "free")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(body, id=id_, marks=rule("Qiniu", text, source, sure))
        for id_, body, text, source, sure in (
            ("model", {"model_id": "QN_OTHER"}, "model_id is QN_ACV alone", CREATE, GIVEN),
            ("tier", {"tier": "gold"}, "tier is free or pro", NEWER, VENDOR),
            ("lite", {"tier": "lite"}, "lite is a tier of quotas alone", NEWER, VENDOR),
            ("language", {"language": "xx"}, "language is a known one", NEWER, VENDOR),
            ("free-ja", {"language": "ja"}, "free has zh and en only", NEWER, VENDOR),
            ("number", {"tier": 1}, "tier is a string", NEWER, VENDOR),
        )
    ],
)
def test_create_refuses(emulator: Emulator, body: dict[str, Any]) -> None:
    reply = emulator.qiniu("POST", body=body)
    assert (reply.status_code, reply.json()["code"]) == (400, 400)
    assert emulator.state()["qiniu"] == []


@rule("Qiniu", "PUT with key trains: Training, then Success with a demo_url", STATES, GIVEN)
def test_train(emulator: Emulator) -> None:
    emulator.switch(training_seconds=60)
    made = emulator.qiniu_voice("narrator")
    voice = shown(emulator, made)
    assert (voice["name"], voice["state"], voice["language"]) == ("narrator", "Training", "zh")
    emulator.finish("qiniu", made)
    assert ends(emulator, made) == "Success"
    assert emulator.http.get(shown(emulator, made)["demo_url"], timeout=5).content == spoken()


@rule("Qiniu", "The PUT itself answers state Training", TRAIN, GIVEN)
def test_put_answers(emulator: Emulator) -> None:
    url = emulator.put_sample("a.wav", spoken())
    reply = put(emulator, emulator.qiniu_slot(), name="a", key=url)
    assert reply.json()["data"]["state"] == "Training"


@rule("Qiniu", "PUT without key only renames", TRAIN, GIVEN)
def test_rename(emulator: Emulator) -> None:
    made = emulator.qiniu_voice()
    emulator.wait("qiniu", made)
    assert put(emulator, made, name="new").json()["data"]["state"] == "Success"
    assert shown(emulator, made)["name"] == "new"
    assert emulator.voice("qiniu", made)["trainings"] == 1


@rule("Qiniu", "An empty key is no key", TRAIN, GIVEN)
def test_empty_key(emulator: Emulator) -> None:
    made = emulator.qiniu_slot()
    assert put(emulator, made, name="new", key="").json()["data"]["state"] == "Init"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(body, id=id_, marks=rule("Qiniu", text, source, sure))
        for id_, body, text, source, sure in (
            ("no-name", {"key": "http://127.0.0.1/a.wav"}, "name is required with key too", TRAIN, GIVEN),
            ("empty-name", {"name": ""}, "name is not empty", TRAIN, ASSUMED),
            ("name-21", {"name": "a" * 21}, "name has at most 20 characters", TRAIN, GIVEN),
            ("no-url", {"name": "a", "key": "a.wav"}, "key is a URL", TRAIN, GIVEN),
            ("ftp", {"name": "a", "key": "ftp://x/a.wav"}, "key is an http or https URL", TRAIN, ASSUMED),
            ("key-number", {"name": "a", "key": 5}, "key is a string", TRAIN, GIVEN),
        )
    ],
)
def test_put_refuses(emulator: Emulator, body: dict[str, Any]) -> None:
    made = emulator.qiniu_slot()
    reply = put(emulator, made, **body)
    assert (reply.status_code, reply.json()["code"]) == (400, 400)
    assert emulator.voice("qiniu", made)["trainings"] == 0


@rule("Qiniu", "A character counts one in any script: 20 Chinese ones are a name", TRAIN, GIVEN)
def test_name_20(emulator: Emulator) -> None:
    assert put(emulator, emulator.qiniu_slot(), name="音" * 20).status_code == 200


@rule("Qiniu", "A voice is trained again in place", TRAIN, GIVEN)
def test_retrain(emulator: Emulator) -> None:
    made = emulator.qiniu_voice()
    emulator.wait("qiniu", made)
    url = emulator.put_sample("b.wav", spoken(seed=1))
    put(emulator, made, name="narrator", key=url)
    voice = emulator.wait("qiniu", made)
    assert voice["trainings"] == 2
    assert voice["audio_url"] == url


@pytest.mark.parametrize(
    "audio",
    [
        pytest.param(audio, id=id_, marks=rule("Qiniu", text, source, ASSUMED))
        for id_, audio, text, source in (
            ("text", b"hello" * 99, "What is no audio fails the training", STATES),
            ("empty", b"", "An empty file fails the training", STATES),
            ("silence", wav(silence()), "Silence fails the training", STATES),
            ("noise", wav(noise()), "Noise fails the training", STATES),
        )
    ],
)
def test_bad_audio(emulator: Emulator, audio: bytes) -> None:
    made = emulator.qiniu_voice(audio=audio)
    assert ends(emulator, made) == "Failed"


@rule("Qiniu", "10 to 60 seconds are advice: 3 seconds are trained", TRAIN, GIVEN)
def test_short(emulator: Emulator) -> None:
    assert ends(emulator, emulator.qiniu_voice(audio=spoken(3.0))) == "Success"


@rule("Qiniu", "A URL that answers 404 fails the training", STATES, ASSUMED)
def test_missing(emulator: Emulator) -> None:
    made = emulator.qiniu_slot()
    put(emulator, made, name="a", key=f"{emulator.origin}/_emulator/samples/none.wav")
    assert ends(emulator, made) == "Failed"


@rule("Qiniu", "A URL that cannot be reached fails the training", STATES, ASSUMED)
def test_unreachable(emulator: Emulator) -> None:
    made = emulator.qiniu_slot()
    put(emulator, made, name="a", key="http://127.0.0.1:9/a.wav")
    assert ends(emulator, made) == "Failed"


@rule("Qiniu", "A failed voice is trained again", STATES, GIVEN)
def test_failed_again(emulator: Emulator) -> None:
    made = emulator.qiniu_voice(audio=b"no audio")
    ends(emulator, made)
    put(emulator, made, name="a", key=emulator.put_sample("a.mp3", encoded("mp3")))
    assert ends(emulator, made) == "Success"


@rule("Qiniu", "No reply gives a reason for a failure", STATES, GIVEN)
def test_no_reason(emulator: Emulator) -> None:
    made = emulator.qiniu_voice(audio=b"no audio")
    ends(emulator, made)
    assert set(shown(emulator, made)) == {"id", "name", "language", "demo_url", "state", "tier"}


@rule("Qiniu", "A voice in training takes no other key", TRAIN, ASSUMED)
def test_busy(emulator: Emulator) -> None:
    emulator.switch(training_seconds=60)
    made = emulator.qiniu_voice()
    url = emulator.put_sample("a.wav", spoken())
    assert put(emulator, made, name="narrator", key=url).status_code == 400


@rule("Qiniu", "A voice in training can be renamed", TRAIN, ASSUMED)
def test_rename_busy(emulator: Emulator) -> None:
    emulator.switch(training_seconds=60)
    made = emulator.qiniu_voice()
    assert put(emulator, made, name="other").json()["data"] | {"demo_url": ""} == {
        "id": made,
        "name": "other",
        "language": "zh",
        "demo_url": "",
        "state": "Training",
        "tier": "free",
    }


@rule("Qiniu", "The list has all voices in all states, without paging", "given page, 4. 获取音色列表", GIVEN)
def test_list(emulator: Emulator) -> None:
    emulator.switch(training_seconds=60)
    made = [emulator.qiniu_slot() for _ in range(120)]
    emulator.qiniu("PUT", f"/{made[0]}", {"name": "a", "key": emulator.put_sample("a.wav", spoken())})
    voices = emulator.qiniu("GET").json()["data"]["voices"]
    assert [voice["id"] for voice in voices] == made
    assert {voice["state"] for voice in voices} == {"Init", "Training"}


@rule("Qiniu", "DELETE answers empty data; then the voice is 404", "given page, 5. 删除音色", GIVEN)
def test_delete(emulator: Emulator) -> None:
    made = emulator.qiniu_voice()
    assert emulator.qiniu("DELETE", f"/{made}").json()["data"] == {}
    for reply in (
        emulator.qiniu("GET", f"/{made}"),
        emulator.qiniu("DELETE", f"/{made}"),
        put(emulator, made, name="a"),
    ):
        assert (reply.status_code, reply.json()["code"]) == (404, 404)
    assert emulator.qiniu("GET").json()["data"]["voices"] == []


@rule("Qiniu", "A paid slot cannot be deleted: 403", NEWER, VENDOR)
def test_delete_paid(emulator: Emulator) -> None:
    made = emulator.qiniu_slot(tier="pro")
    reply = emulator.qiniu("DELETE", f"/{made}")
    assert (reply.status_code, reply.json()["code"]) == (403, 403)
    assert shown(emulator, made)["id"] == made


@rule("Qiniu", "Every slot counts as paid: switch qiniu_paid", NEWER, VENDOR)
def test_paid_switch(emulator: Emulator) -> None:
    emulator.switch(qiniu_paid=True)
    assert emulator.qiniu("DELETE", f"/{emulator.qiniu_slot()}").status_code == 403


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Qiniu ak:sign"}]
)
@rule("Qiniu", "A wrong token: 401, on every call", "given page, all calls", GIVEN)
def test_token(emulator: Emulator, header: dict[str, str]) -> None:
    made = emulator.qiniu_slot()
    for method, path in (
        ("POST", ""),
        ("GET", ""),
        ("GET", f"/{made}"),
        ("PUT", f"/{made}"),
        ("DELETE", f"/{made}"),
    ):
        reply = emulator.qiniu(method, path, {"name": "a"}, headers=header)
        assert (reply.status_code, reply.json()["code"]) == (401, 401)
    assert emulator.send("GET", "/v1/quotas?resource_type=1", headers=header).status_code == 401


@rule("Qiniu", "HTTP 200 with the status in `code` alone: switch qiniu_http_status", "one client", CLIENT)
def test_http_200(emulator: Emulator) -> None:
    emulator.switch(qiniu_http_status=False)
    reply = emulator.qiniu("GET", "/nothing")
    assert (reply.status_code, reply.json()["code"]) == (200, 404)


def quotas(emulator: Emulator, query: str = "") -> Any:
    return emulator.send("GET", f"/v1/quotas{query}", headers=BEARER)


@rule("Qiniu", "Quotas: a package for each tier, counting slots; pro counts trainings", NEWER, VENDOR)
def test_quotas(emulator: Emulator) -> None:
    emulator.qiniu_slot()
    pro = emulator.qiniu_voice(tier="pro")
    emulator.wait("qiniu", pro)
    put(emulator, pro, name="other")
    packages = quotas(emulator, "?resource_type=1").json()["data"]["quotas"]
    assert {one["resource_package"]["type"]: one["usage_count"] for one in packages} == {
        "free": 1,
        "lite": 0,
        "pro": 1,
    }
    assert {(one["status"], type(one["total_count"])) for one in packages} == {(0, int)}


@rule("Qiniu", "Quotas page with limit and cursor", NEWER, VENDOR)
def test_quotas_paging(emulator: Emulator) -> None:
    first = quotas(emulator, "?limit=2").json()["data"]
    assert len(first["quotas"]) == 2
    second = quotas(emulator, f"?limit=2&cursor={quote(first['next_cursor'])}").json()["data"]
    assert (len(second["quotas"]), second["next_cursor"]) == (1, "")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        pytest.param(query, count, id=f"type{query}", marks=rule("Qiniu", text, NEWER, VENDOR))
        for query, count, text in (
            ("", 3, "Quotas: resource_type is optional"),
            ("?resource_type=0", 3, "Quotas: resource_type 0 is all"),
            ("?resource_type=2", 0, "Quotas: other resource types have no voices"),
            (
                "?start_time=2026-01-01T00:00:00Z&end_time=2026-02-01T00:00:00Z",
                3,
                "Quotas: start_time and end_time in RFC 3339",
            ),
        )
    ],
)
def test_quotas_type(emulator: Emulator, query: str, count: int) -> None:
    assert len(quotas(emulator, query).json()["data"]["quotas"]) == count


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(query, id=query, marks=rule("Qiniu", text, NEWER, VENDOR))
        for query, text in (
            ("limit=101", "Quotas: a page has at most 100"),
            ("limit=0", "Quotas: a page has at least 1"),
            ("resource_type=5", "Quotas: resource_type is 0 to 4"),
            ("cursor=x", "Quotas: cursor is one that was given out"),
            ("start_time=2026-01-01T00:00:00Z", "Quotas: start_time and end_time go together"),
            (
                "start_time=2025-12-01T00:00:00Z&end_time=2026-01-01T00:00:00Z",
                "Quotas: not across the turn of a year",
            ),
            ("start_time=yesterday&end_time=today", "Quotas: other forms of a time are refused"),
        )
    ],
)
def test_quotas_refuse(emulator: Emulator, query: str) -> None:
    assert quotas(emulator, f"?{query}").status_code == 400


@rule("Qiniu", "voice-clones/quota: available_count of a tier, which is required", NEWER, VENDOR)
def test_quota(emulator: Emulator) -> None:
    emulator.switch(qiniu_slots=10)
    emulator.qiniu_slot(tier="free")
    assert emulator.qiniu("GET", "/quota?tier=free").json()["data"] == {"available_count": 9}
    assert emulator.qiniu("GET", "/quota?tier=pro").json()["data"] == {"available_count": 10}
    for query in ("", "?tier=gold"):
        assert emulator.qiniu("GET", f"/quota{query}").status_code == 400


@rule("Qiniu", "An empty body makes a free slot in zh", NEWER, VENDOR)
def test_create_empty(emulator: Emulator) -> None:
    data = emulator.qiniu("POST", body={}).json()["data"]
    assert (data["language"], data["tier"], data["state"]) == ("zh", "free", "Init")


CURRENT: list[dict[str, Any]] = [{}, {"language": "en"}, {"tier": "free"}, {"language": "zh", "tier": "free"}]


@rule("Qiniu", "Only the given page's body is taken: switch qiniu_create, given", CREATE, GIVEN)
def test_create_given(emulator: Emulator) -> None:
    emulator.switch(qiniu_create="given")
    for body in (*CURRENT, {"model_id": "QN_ACV", "language": "zh"}):
        assert emulator.qiniu("POST", body=body).status_code == 400
    assert emulator.state()["qiniu"] == []
    data = emulator.qiniu("POST", body={"model_id": "QN_ACV"}).json()["data"]
    assert set(data) == {"id", "name", "language", "demo_url", "state"}
    assert quotas(emulator).status_code == 404


@rule("Qiniu", "model_id is refused: switch qiniu_create, current", NEWER, VENDOR)
def test_create_current(emulator: Emulator) -> None:
    emulator.switch(qiniu_create="current")
    for body in ({"model_id": "QN_ACV"}, {"model_id": "QN_ACV", "language": "zh"}):
        assert emulator.qiniu("POST", body=body).status_code == 400
    assert emulator.state()["qiniu"] == []
    assert [emulator.qiniu("POST", body=body).status_code for body in CURRENT] == [200] * 4


@rule(
    "Qiniu",
    'A voice in training has language "": switch qiniu_training_language',
    "given page, 4. 获取音色列表",
    GIVEN,
)
def test_training_language(emulator: Emulator) -> None:
    emulator.switch(training_seconds=60, qiniu_training_language=False)
    made = emulator.qiniu_voice(language="en")
    assert shown(emulator, made)["language"] == ""
    emulator.finish("qiniu", made)
    assert shown(emulator, made)["language"] == "en"


@rule("Qiniu", "demo_url while training: the former; switch qiniu_training_demo: always, never", TRAIN, GIVEN)
def test_training_demo(emulator: Emulator) -> None:
    emulator.switch(training_seconds=60)
    made = emulator.qiniu_voice()
    assert shown(emulator, made)["demo_url"] == ""
    emulator.switch(qiniu_training_demo="always")
    assert shown(emulator, made)["demo_url"].startswith("http")
    emulator.switch(qiniu_training_demo="former")
    emulator.finish("qiniu", made)
    put(emulator, made, name="narrator", key=emulator.put_sample("b.wav", spoken(seed=1)))
    assert shown(emulator, made)["state"] == "Training"
    assert shown(emulator, made)["demo_url"].startswith("http")
    emulator.switch(qiniu_training_demo="never")
    assert shown(emulator, made)["demo_url"] == ""


@rule("Qiniu", "The reply to PUT has the former name: switch qiniu_put_former_name", NEWER, VENDOR)
def test_put_former_name(emulator: Emulator) -> None:
    emulator.switch(qiniu_put_former_name=True)
    made = emulator.qiniu_slot()
    assert put(emulator, made, name="new").json()["data"]["name"] == f"复刻音色-{made[-5:]}"
    assert shown(emulator, made)["name"] == "new"


@rule("Qiniu", "The default name ends at random: switch qiniu_default_name", CREATE, GIVEN)
def test_random_name(emulator: Emulator) -> None:
    emulator.switch(qiniu_default_name="random")
    made = emulator.qiniu_slot()
    assert re.fullmatch("复刻音色-[A-Z0-9]{5}", shown(emulator, made)["name"])


@rule("Qiniu", "IDs like voice_clone_abc123: switch qiniu_ids", CREATE, GIVEN)
def test_prefixed_id(emulator: Emulator) -> None:
    emulator.switch(qiniu_ids="prefixed")
    assert re.fullmatch("voice_clone_[a-z0-9]+", emulator.qiniu_slot())


@rule("Qiniu", "A success has no msg: switch qiniu_msg", NEWER, VENDOR)
def test_no_msg(emulator: Emulator) -> None:
    emulator.switch(qiniu_msg=False)
    assert "msg" not in emulator.qiniu("GET").json()
    assert "msg" in emulator.qiniu("GET", "/nothing").json()


@rule("Qiniu", "No slot left: 403; switch qiniu_slots", NEWER, ASSUMED)
def test_slots(emulator: Emulator) -> None:
    emulator.switch(qiniu_slots=1)
    emulator.qiniu_slot()
    assert emulator.qiniu("POST", body={"model_id": "QN_ACV"}).status_code == 403


@rule("Qiniu", "Too many requests: 429; switch qiniu_qps", "assumed", ASSUMED)
def test_rate(emulator: Emulator) -> None:
    emulator.switch(qiniu_qps=1)
    emulator.qiniu("GET")
    reply = emulator.qiniu("GET")
    assert (reply.status_code, reply.json()["code"]) == (429, 429)


@rule("Qiniu", "Too many trainings at a time: 429; switch qiniu_concurrency", "assumed", ASSUMED)
def test_concurrency(emulator: Emulator) -> None:
    emulator.switch(qiniu_concurrency=1, training_seconds=60)
    emulator.qiniu_voice()
    url = emulator.put_sample("a.wav", spoken())
    assert put(emulator, emulator.qiniu_slot(), name="a", key=url).status_code == 429
