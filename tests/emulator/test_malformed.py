"""Malformed input at every endpoint: always the vendor's own envelope, never a traceback, never a 500."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .audio import spoken
from .client import BEARER, KEY, VOLC, Emulator, signed
from .rules import OURS, rule

ENDPOINTS = {
    "volcengine-upload": ("POST", "/api/v1/mega_tts/audio/upload"),
    "volcengine-status": ("POST", "/api/v1/mega_tts/status"),
    "volcengine-v3-train": ("POST", "/api/v3/tts/voice_clone"),
    "volcengine-v3-get": ("POST", "/api/v3/tts/get_voice"),
    "volcengine-v3-upgrade": ("POST", "/api/v3/tts/upgrade_voice"),
    "volcengine-project": ("POST", "/?Action=BatchListMegaTTSTrainStatus&Version=2025-05-21"),
    "volcengine-list": ("POST", "/?Action=BatchListMegaTTSTrainStatus&Version=2023-11-07"),
    "volcengine-activate": ("POST", "/?Action=ActivateMegaTTSTrainStatus&Version=2023-11-07"),
    "coze-clone": ("POST", "/v1/audio/voices/clone"),
    "qiniu-create": ("POST", "/v1/voice-clones"),
    "qiniu-put": ("PUT", "/v1/voice-clones/{id}"),
    "kling-create": ("POST", "/v1/general/custom-voices"),
    "kling-delete": ("POST", "/v1/general/delete-voices"),
}
READS = {
    "volcengine-status-get": ("/api/v1/mega_tts/status", ("appid", "speaker_id")),
    "coze-list": (
        "/v1/audio/voices",
        ("filter_system_voice", "model_type", "voice_state", "page_num", "page_size"),
    ),
    "qiniu-get": ("/v1/voice-clones/{any}", ()),
    "qiniu-list": ("/v1/voice-clones", ("limit",)),
    "qiniu-quotas": ("/v1/quotas", ("resource_type", "limit", "cursor", "start_time", "end_time")),
    "qiniu-quota": ("/v1/voice-clones/quota", ("tier",)),
    "kling-get": ("/v1/general/custom-voices/{any}", ()),
    "kling-list": ("/v1/general/custom-voices", ("pageNum", "pageSize")),
    "kling-presets": ("/v1/general/presets-voices", ("pageNum", "pageSize")),
}
FIELDS = [
    *("appid", "speaker_id", "audios", "source", "language", "model_type", "extra_params", "audio_bytes"),
    *("AppID", "SpeakerIDs", "State", "PageNumber", "PageSize", "NextToken", "MaxResults", "OrderTimeStart"),
    *(
        "model_id",
        "tier",
        "name",
        "key",
        "voice_name",
        "voice_url",
        "video_id",
        "callback_url",
        "external_task_id",
    ),
    "voice_id",
]
TELLING = [
    *("emulator-app", "S_emulator01", "QN_ACV", "free", "zh", "Unknown", "MQ==", "860000000000000001"),
    *(
        "http://127.0.0.1:9/a.wav",
        "http://[::1",
        "http://x:99999/a.wav",
        "9" * 400,
        "\x00",
        "\ud800",
        "a" * 3000,
    ),
    *(0, 1, 2, -1, 10**30, 1.5, True),
]
VALID: dict[str, dict[str, Any]] = {
    "volcengine-upload": {
        "appid": "emulator-app",
        "speaker_id": "S_emulator01",
        "audios": [{"audio_bytes": base64.b64encode(spoken(2.0)).decode(), "audio_format": "wav"}],
        "source": 2,
        "model_type": 1,
        "language": 0,
        "extra_params": "{}",
    },
    "volcengine-status": {"appid": "emulator-app", "speaker_id": "S_emulator01"},
    "volcengine-v3-train": {
        "speaker_id": "custom_speaker_id",
        "custom_speaker_id": "narrator-01",
        "audio": {"data": base64.b64encode(spoken(2.0)).decode(), "format": "wav"},
        "text": "",
        "language": 0,
        "extra_params": {"demo_text": "four", "enable_audio_denoise": False},
    },
    "volcengine-v3-get": {"speaker_id": "S_emulator01", "custom_speaker_id": ""},
    "volcengine-v3-upgrade": {"speaker_id": "S_emulator01", "custom_speaker_id": ""},
    "volcengine-project": {"ProjectName": "default", "State": "", "MaxResults": 10, "SpeakerIDs": []},
    "volcengine-list": {
        "AppID": "emulator-app",
        "PageNumber": 1,
        "PageSize": 10,
        "SpeakerIDs": [],
        "State": "",
    },
    "volcengine-activate": {"AppID": "emulator-app", "SpeakerIDs": ["S_emulator01"]},
    "coze-clone": {"voice_name": "a"},
    "qiniu-create": {"model_id": "QN_ACV", "language": "zh", "tier": "free"},
    "qiniu-put": {"name": "a", "key": "http://127.0.0.1:9/a.wav"},
    "kling-create": {
        "voice_name": "a",
        "voice_url": "http://127.0.0.1:9/a.wav",
        "video_id": "",
        "callback_url": "",
        "external_task_id": "",
    },
    "kling-delete": {"voice_id": "1"},
}
text = st.text(max_size=30)
value = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | text | st.sampled_from(TELLING),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS) | text, inner, max_size=4)
    ),
    max_leaves=8,
)
documents = st.dictionaries(st.sampled_from(FIELDS) | text, value, max_size=8)
bodies = documents.map(lambda doc: json.dumps(doc).encode()) | st.binary(max_size=200) | value.map(
    lambda one: json.dumps(one).encode()
)  # fmt: skip
thrown = settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


def envelope(vendor: str, reply: requests.Response) -> None:
    """The reply is one the vendor could have sent."""
    doc = reply.json()
    if reply.status_code == 500:  # V3 has one that is the caller's fault
        assert doc["code"] == 55000000, reply.text
        assert "internal error" not in reply.text
    else:
        assert reply.status_code in (200, 400, 401, 403, 404, 413, 429), reply.text
    assert "Traceback" not in reply.text
    if vendor == "volcengine":
        assert (
            {"StatusCode", "StatusMessage"} <= set(doc.get("BaseResp", ()))
            or "ResponseMetadata" in doc
            or {"code", "message"} <= set(doc.get("header", doc))
            or {"speaker_id", "status", "speaker_status"} <= set(doc)
        )
    elif vendor == "coze":
        assert {"code", "msg", "detail"} <= set(doc)
    elif vendor == "qiniu":
        assert {"code", "msg", "reqid"} <= set(doc)
    else:
        assert {"code", "message", "request_id"} <= set(doc)


def headers(emulator: Emulator, name: str, path: str, body: bytes) -> dict[str, str]:
    if "Action=" in path:
        query = dict(pair.split("=") for pair in path.removeprefix("/?").split("&"))
        return signed(emulator.origin, query, body)
    if "-v3-" in name:
        return {"Content-Type": "application/json"} | KEY
    return {"Content-Type": "application/json"} | (VOLC if name.startswith("volcengine") else BEARER)


def ours(vendor: str, what: str) -> pytest.MarkDecorator:
    return rule("Control", f"{vendor}: {what}", "docs/emulator.md", OURS)


def each(what: str, names: Any) -> list[Any]:
    return [pytest.param(name, id=name, marks=ours(name, what)) for name in names]


@pytest.mark.parametrize("name", each("any body gets the vendor's envelope", ENDPOINTS))
@thrown
@given(body=bodies)
def test_bodies(emulator: Emulator, name: str, body: bytes) -> None:
    method, path = ENDPOINTS[name]
    path = path.replace("{id}", "0" * 32)
    emulator.switch(training_seconds=0)
    reply = emulator.send(method, path, data=body, headers=headers(emulator, name, path, body))
    envelope(name.split("-")[0], reply)


@pytest.mark.parametrize("name", each("any value in any field gets the vendor's envelope", ENDPOINTS))
@thrown
@given(data=st.data())
def test_fields(emulator: Emulator, name: str, data: st.DataObject) -> None:
    method, path = ENDPOINTS[name]
    if "{id}" in path:
        slots = emulator.state()["qiniu"]
        path = path.replace("{id}", slots[0]["id"] if slots else emulator.qiniu_slot())
    doc = dict(VALID[name])
    for field in data.draw(st.lists(st.sampled_from(sorted(doc)), min_size=1, max_size=2)):
        doc[field] = data.draw(value)
    if name == "volcengine-upload" and data.draw(st.booleans()):
        doc["audios"] = [VALID[name]["audios"][0] | data.draw(documents)]
    emulator.switch(training_seconds=0)
    body = json.dumps(doc).encode()
    envelope(
        name.split("-")[0],
        emulator.send(method, path, data=body, headers=headers(emulator, name, path, body)),
    )


@pytest.mark.parametrize("name", each("any query gets the vendor's envelope", READS))
@thrown
@given(data=st.data())
def test_queries(emulator: Emulator, name: str, data: st.DataObject) -> None:
    path, known = READS[name]
    usable = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    number = st.integers(-5, 2000).map(str)
    query = data.draw(
        st.dictionaries(st.sampled_from(known) if known else usable, usable | number, max_size=6)
    )
    if "{any}" in path:
        part = data.draw(usable.filter(lambda one: one not in ("", ".", "..") and "/" not in one))
        path = path.replace("{any}", quote(part, safe=""))
    reply = emulator.send("GET", path, params=query, headers=VOLC if "volcengine" in name else BEARER)
    envelope(name.split("-")[0], reply)


@ours("coze", "any form gets the vendor's envelope")
@thrown
@given(
    fields=st.lists(
        st.tuples(
            st.sampled_from(
                ["voice_name", "file", "audio_format", "text", "language", "voice_id", "space_id"]
            ),
            st.binary(max_size=50) | st.sampled_from([b"wav", b"pcm", b"zh", spoken(2.0)]),
        ),
        max_size=7,
    )
)
def test_forms(emulator: Emulator, fields: list[tuple[str, bytes]]) -> None:
    parts = [(name, ("x", data)) for name, data in fields] or [("x", ("x", b""))]
    reply = emulator.send("POST", "/v1/audio/voices/clone", files=parts, headers=BEARER)
    envelope("coze", reply)


@pytest.mark.parametrize(
    "name", each("any multipart body gets the vendor's envelope", ["volcengine-upload", "coze-clone"])
)
@thrown
@given(
    body=st.binary(max_size=300),
    boundary=st.sampled_from(["x", "", '"x"', "x; y", "é"]),
    cut=st.integers(0, 400),
)
def test_multipart(emulator: Emulator, name: str, body: bytes, boundary: str, cut: int) -> None:
    method, path = ENDPOINTS[name]
    whole = b'--x\r\nContent-Disposition: form-data; name="speaker_id"\r\n\r\n' + body + b"\r\n--x--\r\n"
    content = {"Content-Type": f"multipart/form-data; boundary={boundary}".encode()}
    sent: Any = (VOLC if name.startswith("volcengine") else BEARER) | content
    envelope(name.split("-")[0], emulator.send(method, path, data=whole[:cut], headers=sent))


@pytest.mark.parametrize("name", each("any Authorization gets the vendor's envelope", [*ENDPOINTS, *READS]))
@thrown
@given(
    header=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)
    | st.sampled_from(
        ["Bearer", "Bearer;", "Bearer ..", "Bearer a.b.c", "HMAC-SHA256 Credential=emulator-ak/1/x"]
    )
)
def test_authorisation(emulator: Emulator, name: str, header: str) -> None:
    method, path = ENDPOINTS.get(name) or ("GET", READS[name][0])
    path = path.replace("{id}", "1").replace("{any}", "1")
    reply = emulator.send(method, path, data=b"{}", headers={"Authorization": header.strip()})
    envelope(name.split("-")[0], reply)
    if not name.startswith("coze"):
        assert reply.status_code in (400, 401, 403)
    else:
        assert reply.json()["code"] == 700012006


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("name", each("a wrong method gets the vendor's envelope", [*ENDPOINTS, *READS]))
def test_methods(emulator: Emulator, name: str, method: str) -> None:
    path = (ENDPOINTS.get(name) or ("", READS[name][0]))[1].replace("{id}", "1").replace("{any}", "1")
    reply = emulator.send(method, path, headers=BEARER)
    if reply.status_code == 405:
        reply.status_code = 404
    envelope(name.split("-")[0], reply)


@pytest.mark.parametrize(
    "name", each("a body over 64 MB gets the vendor's envelope", ["coze-clone", "kling-create"])
)
def test_too_large(emulator: Emulator, name: str) -> None:
    method, path = ENDPOINTS[name]
    envelope(
        name.split("-")[0],
        emulator.send(method, path, data=bytes(65 * 1024 * 1024), headers=BEARER, timeout=60),
    )


control_bodies = documents.map(lambda doc: json.dumps(doc).encode()) | st.binary(max_size=50)


@pytest.mark.parametrize("path", ["faults", "switches", "slots", "voices/volcengine/S_emulator01/retrain"])
@rule(
    "Control", "Any body at the control API gets a reason or an effect, never a 500", "docs/emulator.md", OURS
)
@thrown
@given(body=control_bodies)
def test_control(emulator: Emulator, path: str, body: bytes) -> None:
    reply = emulator.send("POST", f"/_emulator/{path}", data=body)
    assert reply.status_code in (200, 400, 409), reply.text
    reply.json()
