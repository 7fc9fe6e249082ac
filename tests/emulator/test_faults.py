"""Misbehaviour on command."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests

from .audio import spoken
from .client import BEARER, Emulator, until
from .rules import OURS, rule

WHERE = "docs/emulator.md, faults"


def faulty(text: str) -> pytest.MarkDecorator:
    return rule("Control", text, WHERE, OURS)


def gone(emulator: Emulator, method: str = "POST", **more: Any) -> None:
    """The request gets no reply."""
    with pytest.raises(
        (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
    ):
        emulator.send(method, "/v1/voice-clones", json={"model_id": "QN_ACV"}, headers=BEARER, **more)


def slots(emulator: Emulator) -> int:
    return len(emulator.state()["qiniu"])


@faulty("refuse: the connection is reset before the request is read, no effect")
def test_refuse(emulator: Emulator) -> None:
    emulator.fault("refuse", vendor="qiniu")
    gone(emulator)
    assert slots(emulator) == 0
    assert emulator.requests()[-1]["status"] == 0


@faulty("reset-before: the connection is reset after the request, no effect")
def test_reset_before(emulator: Emulator) -> None:
    emulator.fault("reset-before", vendor="qiniu")
    gone(emulator)
    assert slots(emulator) == 0


@faulty("reset-after: the connection is reset, the effect is there")
def test_reset_after(emulator: Emulator) -> None:
    emulator.fault("reset-after", vendor="qiniu")
    gone(emulator)
    assert slots(emulator) == 1


@faulty("timeout-before: no answer, no effect")
def test_timeout_before(emulator: Emulator) -> None:
    emulator.fault("timeout-before", vendor="qiniu")
    gone(emulator, timeout=0.3)
    assert slots(emulator) == 0


@faulty("timeout-after: no answer, the effect is there")
def test_timeout_after(emulator: Emulator) -> None:
    emulator.fault("timeout-after", vendor="qiniu")
    gone(emulator, timeout=0.3)
    assert slots(emulator) == 1


@faulty("slow: the answer comes after `seconds`")
def test_slow(emulator: Emulator) -> None:
    emulator.fault("slow", vendor="qiniu", seconds=0.5)
    started = time.monotonic()
    assert emulator.qiniu("GET").json()["code"] == 0
    assert time.monotonic() - started >= 0.5


@faulty("slow: the body takes `body_seconds`")
def test_slow_body(emulator: Emulator) -> None:
    emulator.fault("slow", vendor="qiniu", seconds=0, body_seconds=1)
    started = time.monotonic()
    reply = emulator.qiniu("GET", stream=True)
    assert time.monotonic() - started < 0.9
    assert reply.json()["code"] == 0
    assert time.monotonic() - started >= 0.9


@faulty("status: any status, headers and body; no effect")
def test_status(emulator: Emulator) -> None:
    emulator.fault("status", vendor="qiniu", code=429, headers={"Retry-After": "3"}, body={"code": 429})
    reply = emulator.qiniu("POST", body={"model_id": "QN_ACV"})
    assert (reply.status_code, reply.headers["Retry-After"], reply.json()) == (429, "3", {"code": 429})
    assert slots(emulator) == 0


@faulty("status with `after`: the effect is there")
def test_status_after(emulator: Emulator) -> None:
    emulator.fault("status", vendor="qiniu", code=503, after=True)
    assert emulator.qiniu("POST", body={"model_id": "QN_ACV"}).status_code == 503
    assert slots(emulator) == 1


@faulty("truncate: half the body, then the connection is closed; the effect is there")
def test_truncate(emulator: Emulator) -> None:
    emulator.fault("truncate", vendor="qiniu")
    gone(emulator)
    assert slots(emulator) == 1


@faulty("html: a gateway's page instead of JSON, 502 unless `code` says otherwise")
def test_html(emulator: Emulator) -> None:
    emulator.fault("html", vendor="qiniu")
    reply = emulator.qiniu("GET")
    assert reply.status_code == 502
    assert reply.headers["Content-Type"].startswith("text/html")
    assert "<html>" in reply.text


@faulty("endless: a body that goes on until the client leaves")
def test_endless(emulator: Emulator) -> None:
    emulator.fault("endless", vendor="qiniu")
    with emulator.qiniu("GET", stream=True) as reply:
        assert sum(len(reply.raw.read(100_000)) for _ in range(30)) == 3_000_000


@faulty("not-json: the right status and content type, but no JSON")
def test_not_json(emulator: Emulator) -> None:
    emulator.fault("not-json", vendor="qiniu")
    reply = emulator.qiniu("GET")
    assert (reply.status_code, reply.headers["Content-Type"].split(";")[0]) == (200, "application/json")
    with pytest.raises(requests.JSONDecodeError):
        reply.json()


@faulty("content-type: the right body as text/plain")
def test_content_type(emulator: Emulator) -> None:
    emulator.fault("content-type", vendor="qiniu")
    reply = emulator.qiniu("GET")
    assert reply.headers["Content-Type"].startswith("text/plain")
    assert reply.json()["code"] == 0


@faulty("redirect: to `location`")
def test_redirect(emulator: Emulator) -> None:
    emulator.fault("redirect", vendor="qiniu", location="http://127.0.0.1:9/x")
    reply = emulator.qiniu("GET", allow_redirects=False)
    assert (reply.status_code, reply.headers["Location"]) == (307, "http://127.0.0.1:9/x")


@faulty("stale: a read is `seconds` behind the writes")
def test_stale(emulator: Emulator) -> None:
    made = emulator.cloned()
    emulator.fault("stale", vendor="coze", seconds=60)
    assert emulator.coze_list() == []
    assert [voice["voice_id"] for voice in emulator.coze_list()] == [made]


@faulty("stale also hides a deletion")
def test_stale_deletion(emulator: Emulator) -> None:
    made = emulator.qiniu_slot()
    created = emulator.voice("qiniu", made)["created_at"]
    until(lambda: time.time() - created > 0.8)
    emulator.qiniu("DELETE", f"/{made}")
    emulator.fault("stale", vendor="qiniu", seconds=0.7)
    assert emulator.qiniu("GET", f"/{made}").status_code == 200
    assert emulator.qiniu("GET", f"/{made}").status_code == 404


@faulty("train-fail: the next training fails with `code`")
def test_train_fail(emulator: Emulator) -> None:
    emulator.fault("train-fail", vendor="kling", code=1301, message="content safety")
    made = emulator.kling_create().json()["data"]["task_id"]
    assert emulator.wait("kling", made, "failed")["error"] == {"code": 1301, "message": "content safety"}
    emulator.kling_voice()


@faulty("train-forever: the next training never ends")
def test_train_forever(emulator: Emulator) -> None:
    emulator.switch(training_seconds=0)
    emulator.fault("train-forever", vendor="volcengine")
    emulator.upload()
    emulator.upload("S_emulator02")
    assert emulator.wait("volcengine", "S_emulator02")["status"] == "ready"
    assert emulator.status().json()["status"] == 1


@faulty("times: one by default")
def test_times_default(emulator: Emulator) -> None:
    emulator.fault("status", code=500, vendor="qiniu")
    assert [emulator.qiniu("GET").status_code for _ in range(2)] == [500, 200]


@faulty("times: as many as said")
def test_times(emulator: Emulator) -> None:
    emulator.fault("status", code=500, vendor="qiniu", times=3)
    assert [emulator.qiniu("GET").status_code for _ in range(4)] == [500, 500, 500, 200]


@pytest.mark.parametrize("times", [0, None])
@faulty("times 0 or null: until the faults are cleared")
def test_times_forever(emulator: Emulator, times: int | None) -> None:
    emulator.fault("status", code=500, vendor="qiniu", times=times)
    assert {emulator.qiniu("GET").status_code for _ in range(5)} == {500}
    emulator.control("DELETE", "faults")
    assert emulator.qiniu("GET").status_code == 200


@faulty("vendor, method and path narrow a fault; path is a prefix or a whole regular expression")
def test_scope(emulator: Emulator) -> None:
    emulator.fault("status", code=500, vendor="coze", times=0)
    emulator.fault("status", code=501, method="put", times=0)
    emulator.fault("status", code=502, path="/v1/general/", times=0)
    emulator.fault("status", code=503, path="/v1/voice-clones/[0-9]+", times=0)
    assert emulator.send("GET", "/v1/audio/voices").status_code == 500
    assert emulator.qiniu("PUT", "/x").status_code == 501
    assert emulator.kling("GET").status_code == 502
    assert emulator.qiniu("GET", "/123").status_code == 503
    assert emulator.qiniu("GET", "/abc").status_code == 404
    assert emulator.qiniu("GET").status_code == 200


@faulty("action narrows a fault to what /_emulator/requests calls it")
def test_scope_action(emulator: Emulator) -> None:
    emulator.fault("status", code=500, action="create", times=0)
    assert emulator.qiniu("GET").status_code == 200
    assert emulator.qiniu("POST").status_code == 500


@pytest.mark.parametrize("named", ["id", "name"])
@faulty("voice narrows a fault to requests about a voice, by ID or name")
def test_scope_voice(emulator: Emulator, named: str) -> None:
    first, second = emulator.qiniu_slot(), emulator.qiniu_slot()
    emulator.qiniu("PUT", f"/{first}", {"name": "旁白"})
    emulator.fault("status", code=500, voice=first if named == "id" else "旁白", times=0)
    assert emulator.qiniu("GET", f"/{first}").status_code == 500
    assert emulator.qiniu("GET", f"/{second}").status_code == 200
    assert emulator.qiniu("PUT", f"/{second}", {"name": "旁白"}).status_code == 500


@faulty("voice is a whole word: S_emulator1 is not S_emulator10")
def test_scope_voice_word(emulator: Emulator) -> None:
    emulator.fault("status", code=500, voice="S_emulator1", times=0)
    assert emulator.status("S_emulator10").status_code == 200
    assert emulator.status("S_emulator1").status_code == 500


@faulty("voice narrows train-fail")
def test_train_fail_voice(emulator: Emulator) -> None:
    emulator.fault("train-fail", voice="S_emulator02", code=1109)
    emulator.upload("S_emulator01")
    emulator.upload("S_emulator02")
    emulator.wait("volcengine", "S_emulator01", "ready")
    emulator.wait("volcengine", "S_emulator02", "failed")


@pytest.mark.parametrize(
    "fault",
    [{}, {"kind": "odd"}, {"kind": "status"}, {"kind": "slow", "times": -1}, {"kind": "slow", "odd": 1},
     {"kind": "slow", "path": "("}, {"kind": "status", "code": 99}, {"kind": "slow", "seconds": "1"}],
)  # fmt: skip
@faulty("A fault that makes no sense is refused with a reason")
def test_bad_fault(emulator: Emulator, fault: dict[str, Any]) -> None:
    assert emulator.control("POST", "faults", fault, status=400)["error"]
    assert emulator.control("GET", "faults") == []


@faulty("A Coze retrain can fail after it was accepted: train-fail with `after`")
def test_coze_fail_after(emulator: Emulator) -> None:
    emulator.fault("train-fail", vendor="coze", code=1114, after=True)
    made = emulator.clone(audio=spoken()).json()["data"]["voice_id"]
    assert emulator.wait("coze", made, "failed")["trainings"] == 1
    assert emulator.coze_list()[0]["state"] == "init"
