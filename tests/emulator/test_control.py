"""The control API: what was asked, what there is, and what a person in the vendor's console would do."""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any

import pytest

from .audio import encoded, silence, spoken, wav
from .client import BEARER, Emulator, until
from .rules import OURS, VENDOR, rule

WHERE = "docs/emulator.md, control"


def control(text: str) -> pytest.MarkDecorator:
    return rule("Control", text, WHERE, OURS)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@control("requests: vendor, method, path without query, action, status, at, changes, code")
def test_requests(emulator: Emulator) -> None:
    emulator.qiniu("GET", "?a=1")
    [one] = emulator.requests()
    assert abs(one.pop("at") - time.time()) < 5
    assert one == {
        "vendor": "qiniu",
        "method": "GET",
        "path": "/v1/voice-clones",
        "action": "list",
        "status": 200,
        "changes": False,
        "voice": None,
        "code": 0,
        "fault": None,
    }


@control("requests: the actions, and which of them could change something")
def test_actions(emulator: Emulator) -> None:
    emulator.upload()
    emulator.status()
    emulator.console()
    emulator.console({"SpeakerIDs": ["S_emulator09"]}, "ActivateMegaTTSTrainStatus")
    made = emulator.cloned()
    emulator.clone(voice_id=made)
    emulator.coze_list()
    slot = emulator.qiniu_slot()
    emulator.qiniu("PUT", f"/{slot}", {"name": "a"})
    emulator.qiniu("PUT", f"/{slot}", {"name": "a", "key": f"{emulator.origin}/_emulator/samples/x.wav"})
    emulator.qiniu("GET", f"/{slot}")
    emulator.qiniu("DELETE", f"/{slot}")
    emulator.kling_create()
    emulator.kling("GET")
    emulator.kling_delete("1")
    assert [(one["vendor"], one["action"], one["changes"]) for one in emulator.requests()] == [
        ("volcengine", "upload", True),
        ("volcengine", "status", False),
        ("volcengine", "BatchListMegaTTSTrainStatus", False),
        ("volcengine", "ActivateMegaTTSTrainStatus", True),
        ("coze", "create", True),
        ("coze", "train", True),
        ("coze", "list", False),
        ("qiniu", "create", True),
        ("qiniu", "rename", True),
        ("qiniu", "train", True),
        ("qiniu", "get", False),
        ("qiniu", "delete", True),
        ("kling", "create", True),
        ("kling", "list", False),
        ("kling", "delete", True),
    ]


@control("requests: no credential is ever stored")
def test_no_credentials(emulator: Emulator) -> None:
    emulator.upload(appid="secret-app")
    emulator.kling("GET", headers={"Authorization": "Bearer secret-token"})
    emulator.qiniu("GET", headers={"Authorization": "Bearer secret-token"})
    text = json.dumps(emulator.requests())
    assert "secret" not in text
    assert "emulator-token" not in text


@control("requests: control calls are not recorded")
def test_control_unrecorded(emulator: Emulator) -> None:
    emulator.state()
    emulator.put_sample("a.wav", b"x")
    assert emulator.requests() == []


@control("requests: vendor and last narrow")
def test_requests_narrow(emulator: Emulator) -> None:
    emulator.qiniu("GET")
    emulator.kling("GET")
    emulator.kling("GET", "/1")
    assert [one["vendor"] for one in emulator.requests("kling")] == ["kling", "kling"]
    assert [one["path"] for one in emulator.control("GET", "requests?last=1")] == [
        "/v1/general/custom-voices/1"
    ]


@control("state: each vendor's voices with status, trainings and audio_sha256")
def test_state(emulator: Emulator) -> None:
    emulator.upload(audio=spoken())
    coze = emulator.clone("旁白", audio=spoken(seed=1)).json()["data"]["voice_id"]
    qiniu = emulator.qiniu_voice("念白", audio=spoken(seed=2))
    kling = emulator.kling_create(spoken(seed=3)).json()["data"]["task_id"]
    for vendor, made, seed, name in (
        ("volcengine", "S_emulator01", 0, ""),
        ("coze", coze, 1, "旁白"),
        ("qiniu", qiniu, 2, "念白"),
        ("kling", kling, 3, "narrator"),
    ):
        voice = emulator.wait(vendor, made)
        assert (voice["trainings"], voice["name"]) == (1, name)
        assert voice["audio_sha256"] == digest(spoken(seed=seed))
        [training] = voice["history"]
        assert training["result"] == "success"
        assert training["at"] <= training["finished_at"]


@control("state: pending before the first training, training during it")
def test_state_words(emulator: Emulator) -> None:
    emulator.switch(training_seconds=60)
    made = emulator.qiniu_slot()
    assert emulator.voice("qiniu", made)["status"] == "pending"
    emulator.upload()
    assert emulator.voice("volcengine", "S_emulator01")["status"] == "training"


@control("state: empty Volcengine slots are under slots, trained ones under volcengine")
def test_state_slots(emulator: Emulator) -> None:
    assert (emulator.state()["volcengine"], len(emulator.state()["slots"])) == ([], 20)
    emulator.upload("S_emulator07")
    state = emulator.state()
    assert [voice["id"] for voice in state["volcengine"]] == ["S_emulator07"]
    assert "S_emulator07" not in state["slots"]


@control("state: Kling shows voice_id and external_task_id")
def test_state_kling(emulator: Emulator) -> None:
    voice = emulator.kling_voice(external_task_id="mine")
    assert voice["external_task_id"] == "mine"
    assert voice["voice_id"] != voice["id"]


@control("reset: an empty account with twenty free slots, no requests, faults or switches")
def test_reset(emulator: Emulator) -> None:
    emulator.upload()
    emulator.cloned()
    emulator.fault("status", code=500, times=0)
    emulator.switch(qiniu_paid=True)
    emulator.control("POST", "reset")
    state = emulator.state()
    assert [state[vendor] for vendor in ("volcengine", "coze", "qiniu", "kling")] == [[], [], [], []]
    assert len(state["slots"]) == 20
    assert emulator.control("GET", "requests") == emulator.control("GET", "faults") == []
    assert emulator.control("GET", "switches")["qiniu_paid"] is False


@pytest.mark.parametrize("vendor", ["volcengine", "coze", "qiniu"])
@control("retrain: someone trained the voice on other audio, at once")
def test_retrain(emulator: Emulator, vendor: str) -> None:
    made = voice_of(emulator, vendor)
    before = emulator.wait(vendor, made)
    emulator.control("POST", f"voices/{vendor}/{made}/retrain")
    after = emulator.voice(vendor, made)
    assert (after["status"], after["trainings"]) == ("ready", 2)
    assert after["audio_sha256"] != before["audio_sha256"]
    assert after["history"][-1]["by"] == "console"


@control("retrain with `seconds` takes its time")
def test_retrain_seconds(emulator: Emulator) -> None:
    made = voice_of(emulator, "volcengine")
    emulator.wait("volcengine", made)
    emulator.control("POST", f"voices/volcengine/{made}/retrain", {"seconds": 60})
    assert emulator.voice("volcengine", made)["status"] == "training"
    emulator.finish("volcengine", made)
    assert emulator.status().json()["version"] == "V2"


@control("retrain: Kling has none (409)")
def test_retrain_kling(emulator: Emulator) -> None:
    made = emulator.kling_voice()["id"]
    emulator.control("POST", f"voices/kling/{made}/retrain", status=409)


@pytest.mark.parametrize("vendor", ["coze", "qiniu", "kling"])
@control("DELETE: the voice is gone at the vendor")
def test_delete(emulator: Emulator, vendor: str) -> None:
    made = voice_of(emulator, vendor)
    emulator.wait(vendor, made)
    emulator.control("DELETE", f"voices/{vendor}/{made}")
    assert emulator.state()[vendor] == []
    emulator.control("DELETE", f"voices/{vendor}/{made}", status=404)


@control("DELETE: a Volcengine slot becomes reclaimed")
def test_delete_slot(emulator: Emulator) -> None:
    voice_of(emulator, "volcengine")
    emulator.control("DELETE", "voices/volcengine/S_emulator01")
    assert emulator.voice("volcengine", "S_emulator01")["status"] == "reclaimed"


@control("rename, lock, expire: as in the console")
def test_console(emulator: Emulator) -> None:
    voice_of(emulator, "volcengine")
    emulator.wait("volcengine", "S_emulator01")
    emulator.control("POST", "voices/volcengine/S_emulator01/rename", {"name": "小茧"})
    assert emulator.listed()["Alias"] == "小茧"
    emulator.control("POST", "voices/volcengine/S_emulator01/lock")
    assert emulator.voice("volcengine", "S_emulator01")["status"] == "locked"
    emulator.control("POST", "voices/volcengine/S_emulator01/expire")
    assert emulator.voice("volcengine", "S_emulator01")["status"] == "expired"
    emulator.control("POST", "voices/volcengine/S_emulator01/restore")
    assert emulator.voice("volcengine", "S_emulator01")["status"] == "ready"


@control("quota: how many trainings are left")
def test_quota(emulator: Emulator) -> None:
    made = emulator.cloned()
    emulator.control("POST", f"voices/coze/{made}/quota", {"left": 1})
    assert emulator.coze_list()[0]["available_training_times"] == 1
    assert emulator.clone(voice_id=made).json()["code"] == 0
    emulator.wait("coze", made)
    assert emulator.clone(voice_id=made).json()["code"] == 1123


@control("fail: the voice's last training has failed")
def test_fail(emulator: Emulator) -> None:
    emulator.switch(training_seconds=60)
    made = emulator.kling_create().json()["data"]["task_id"]
    emulator.control("POST", f"voices/kling/{made}/fail", {"code": 1301, "message": "no"})
    assert emulator.voice("kling", made)["error"] == {"code": 1301, "message": "no"}


@control("finish: the running training ends now")
def test_finish(emulator: Emulator) -> None:
    emulator.switch(training_seconds=60)
    made = voice_of(emulator, "qiniu")
    emulator.control("POST", f"voices/qiniu/{made}/finish")
    assert emulator.qiniu("GET", f"/{made}").json()["data"]["state"] == "Success"


@control("Kling's voices are found by task, voice and external ID")
def test_kling_names(emulator: Emulator) -> None:
    voice = emulator.kling_voice(external_task_id="mine")
    for name in (voice["id"], voice["voice_id"], "mine"):
        emulator.control("POST", f"voices/kling/{name}/rename", {"name": f"by-{name}"})
        assert emulator.voice("kling", voice["id"])["name"] == f"by-{name}"


@pytest.mark.parametrize(
    ("method", "path", "doc", "status"),
    [
        ("DELETE", "voices/coze/1", None, 404),
        ("DELETE", "voices/other/1", None, 404),
        ("POST", "voices/volcengine/S_emulator01/dance", None, 404),
        ("POST", "voices/volcengine/S_emulator01/rename", {}, 400),
        ("POST", "voices/volcengine/S_emulator01/quota", {"left": -1}, 400),
        ("POST", "voices/volcengine/S_emulator01/fail", None, 409),
        ("GET", "nothing", None, 404),
        ("POST", "switches", {"odd": 1}, 400),
        ("POST", "switches", {"qiniu_paid": 1}, 400),
        ("POST", "switches", {"volcengine_version": "odd"}, 400),
        ("POST", "slots", {"vendor": "kling"}, 400),
        ("POST", "slots", {"vendor": 1}, 400),
        ("POST", "faults", [], 400),
        ("GET", "requests?last=x", None, 400),
        ("GET", "samples/nothing.wav", None, 404),
    ],
)
@control("A control call that makes no sense is refused with a reason")
def test_refused(emulator: Emulator, method: str, path: str, doc: Any, status: int) -> None:
    assert emulator.control(method, path, doc, status=status)["error"]


@control("switches: all or none are set")
def test_switches(emulator: Emulator) -> None:
    emulator.control("POST", "switches", {"qiniu_paid": True, "odd": 1}, status=400)
    assert emulator.control("GET", "switches")["qiniu_paid"] is False


@control("samples: what a test puts there is served, with any query")
def test_samples(emulator: Emulator) -> None:
    url = emulator.put_sample("mine.mp3", encoded("mp3"))
    reply = emulator.http.get(f"{url}?X-Amz-Signature=1", timeout=5)
    assert reply.content == encoded("mp3")
    assert reply.headers["Content-Type"] == "audio/mpeg"
    assert emulator.send("DELETE", "/_emulator/samples/mine.mp3").status_code == 200
    assert emulator.http.get(url, timeout=5).status_code == 404


@control("samples: what is behind a URL can change")
def test_samples_change(emulator: Emulator) -> None:
    made = emulator.qiniu_voice(audio=spoken())
    emulator.wait("qiniu", made)
    url = emulator.put_sample("qiniu.wav", spoken(seed=5))
    emulator.qiniu("PUT", f"/{made}", {"name": "a", "key": url})
    assert emulator.voice("qiniu", made)["audio_sha256"] == digest(spoken(seed=5))


@control("samples: the repository's voices are there")
def test_samples_folder(emulator: Emulator) -> None:
    assert emulator.send("GET", "/_emulator/samples/narrator-zh.wav").content[:4] == b"RIFF"
    assert emulator.send("GET", "/_emulator/samples/..%2Fyaml%2FPulumi.yaml").status_code == 404


@rule("Control", "preview URLs expire (an hour; switch preview_seconds)", "vendor's page 1305191", VENDOR)
def test_preview_expires(emulator: Emulator) -> None:
    emulator.cloned()
    emulator.switch(preview_seconds=-5)
    stale = emulator.coze_list()[0]["preview_audio"]
    emulator.switch(preview_seconds=60)
    fresh = emulator.coze_list()[0]["preview_audio"]
    assert emulator.http.get(stale, timeout=5).status_code == 403
    assert emulator.http.get(fresh, timeout=5).status_code == 200


@control("preview URLs are signed: a changed one is refused")
def test_preview_signed(emulator: Emulator) -> None:
    emulator.cloned()
    url = emulator.coze_list()[0]["preview_audio"]
    assert emulator.http.get(url.replace("x-expires=", "x-expires=9"), timeout=5).status_code == 403
    assert emulator.http.get(url.partition("?")[0], timeout=5).status_code == 403


@control("training_spread: trainings take more or less time than training_seconds")
def test_spread(emulator: Emulator) -> None:
    emulator.switch(training_seconds=0.2, training_spread=1.0)
    made = [emulator.clone().json()["data"]["voice_id"] for _ in range(8)]
    ended = [emulator.wait("coze", one)["history"][0] for one in made]
    assert len({round(one["finished_at"] - one["at"], 3) for one in ended}) > 3


@control("slots: more can be bought")
def test_buy(emulator: Emulator) -> None:
    assert emulator.control("POST", "slots", {"count": 2}) == {"slots": ["S_emulator21", "S_emulator22"]}
    assert emulator.upload("S_emulator22").json()["BaseResp"]["StatusCode"] == 0


@control("judge_audio off: silence and noise are trained")
def test_judge_off(emulator: Emulator) -> None:
    emulator.switch(judge_audio=False)
    assert emulator.clone(audio=wav(silence())).json()["code"] == 0


@control("A sample on another port is fetched")
def test_elsewhere(emulator: Emulator, elsewhere: str) -> None:
    made = emulator.kling_create(voice_url=f"{elsewhere}/voice.wav").json()["data"]["task_id"]
    assert emulator.wait("kling", made)["audio_sha256"] == digest(spoken())
    made = emulator.kling_create(voice_url=f"{elsewhere}/missing.wav").json()["data"]["task_id"]
    assert "404" in emulator.wait("kling", made, "failed")["error"]["message"]


@control("An unknown path belongs to no vendor: 404")
def test_no_vendor(emulator: Emulator) -> None:
    assert emulator.send("GET", "/v2/other", headers=BEARER).status_code == 404
    assert emulator.requests() == []


def voice_of(emulator: Emulator, vendor: str) -> str:
    if vendor == "volcengine":
        emulator.upload()
        return "S_emulator01"
    if vendor == "coze":
        return emulator.cloned()
    if vendor == "qiniu":
        return emulator.qiniu_voice()
    return str(until(emulator.kling_create).json()["data"]["task_id"])
