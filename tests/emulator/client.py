"""A plain client of the four vendors, written from their pages; the tests' third reading of them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from requests import Response, Session

from .audio import spoken

BEARER = {"Authorization": "Bearer emulator-token"}
VOLC = {"Authorization": "Bearer;emulator-token", "Resource-Id": "seed-icl-1.0"}
KEY = {"X-Api-Key": "emulator-token", "X-Api-Request-Id": "00000000-0000-4000-8000-000000000001"}
DEADLINE = 10.0
T = TypeVar("T")


def until(what: Callable[[], T], good: Callable[[T], Any] = bool) -> T:
    """Ask until the answer is good."""
    ends = time.monotonic() + DEADLINE
    while True:
        seen = what()
        if good(seen):
            return seen
        assert time.monotonic() < ends, f"still {seen!r}"
        time.sleep(0.02)


class Emulator:
    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.http = Session()
        self.http.trust_env = False

    def send(self, method: str, path: str, **more: Any) -> Response:
        more.setdefault("timeout", 15)
        return self.http.request(method, self.origin + path, **more)

    # Control.

    def control(self, method: str, path: str, doc: Any = None, status: int = 200) -> Any:
        reply = self.send(method, f"/_emulator/{path}", json=doc)
        assert reply.status_code == status, reply.text
        return reply.json()

    def state(self) -> dict[str, Any]:
        return self.control("GET", "state")  # type: ignore[no-any-return]

    def voice(self, vendor: str, name: str) -> dict[str, Any]:
        return next(voice for voice in self.state()[vendor] if voice["id"] == name)

    def requests(self, vendor: str = "") -> list[dict[str, Any]]:
        return self.control("GET", f"requests?vendor={vendor}")  # type: ignore[no-any-return]

    def switch(self, **values: Any) -> None:
        self.control("POST", "switches", values)

    def fault(self, kind: str, **scope: Any) -> None:
        self.control("POST", "faults", {"kind": kind, **scope})

    def wait(self, vendor: str, name: str, status: str = "ready") -> dict[str, Any]:
        return until(lambda: self.voice(vendor, name), lambda voice: voice["status"] == status)

    def finish(self, vendor: str, name: str) -> None:
        """End the running training now."""
        self.control("POST", f"voices/{vendor}/{name}/finish")

    def put_sample(self, name: str, data: bytes) -> str:
        reply = self.send("PUT", f"/_emulator/samples/{name}", data=data)
        assert reply.status_code == 200
        return f"{self.origin}/_emulator/samples/{name}"

    # Volcengine.

    def upload(self, speaker: str = "S_emulator01", audio: bytes | None = None, **change: Any) -> Response:
        """The vendor's JSON. `None` leaves a field out; `audio_*` and `text` go into the one audio."""
        headers = change.pop("headers", VOLC)
        audio = spoken() if audio is None else audio
        one = {"audio_bytes": base64.b64encode(audio).decode(), "audio_format": "wav"}
        body = {"appid": "emulator-app", "speaker_id": speaker, "audios": [one], "source": 2, "model_type": 1}
        for name, value in change.items():
            where: dict[str, Any] = one if name in ("audio_bytes", "audio_format", "text") else body
            if value is None:
                where.pop(name, None)
            else:
                where[name] = value
        return self.send("POST", "/api/v1/mega_tts/audio/upload", json=body, headers=headers)

    def upload_form(
        self, speaker: str = "S_emulator01", audio: bytes | None = None, **change: Any
    ) -> Response:
        """The given page's form."""
        headers = change.pop("headers", {"Authorization": "Bearer;emulator-token"})
        fields = {"appid": "emulator-app", "speaker_id": speaker, "audio_format": "wav"} | change
        files = {"audio_data": ("a.wav", spoken() if audio is None else audio)}
        fields = {name: value for name, value in fields.items() if value is not None}
        return self.send("POST", "/api/v1/mega_tts/audio/upload", data=fields, files=files, headers=headers)

    def status(self, speaker: str = "S_emulator01", **change: Any) -> Response:
        headers = change.pop("headers", VOLC)
        body = {"appid": "emulator-app", "speaker_id": speaker} | change
        return self.send("POST", "/api/v1/mega_tts/status", json=body, headers=headers)

    def v3(self, call: str, speaker: str = "S_emulator01", **change: Any) -> Response:
        """A V3 call with an API key. `None` leaves a field out."""
        headers = change.pop("headers", KEY)
        body = {"speaker_id": speaker} | change
        body = {name: value for name, value in body.items() if value is not None}
        return self.send("POST", f"/api/v3/tts/{call}", json=body, headers=headers)

    def v3_train(self, speaker: str = "S_emulator01", audio: bytes | None = None, **change: Any) -> Response:
        data = base64.b64encode(spoken() if audio is None else audio).decode()
        one = {"data": data, "format": change.pop("format", "wav")}
        return self.v3("voice_clone", speaker, **({"audio": one} | change))

    def console(self, body: Any = None, action: str = "BatchListMegaTTSTrainStatus", **sign: Any) -> Response:
        body = {"AppID": "emulator-app"} | (body or {}) if not isinstance(body, bytes) else body
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        version = sign.pop("version", "2023-11-07")
        sent = sign.pop("sent", raw)
        query = {"Action": action, "Version": version}
        digest = sign.pop("digest", None)
        headers = signed(self.origin, query, raw, **sign)
        if digest is not None:
            headers["x-content-sha256"] = digest
        path = "/?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
        return self.send("POST", path, data=sent, headers=headers)

    def project(self, body: Any = None, **more: Any) -> Response:
        """Version 2025-05-21 of the list: by project, with a State that is mandatory."""
        body = {"ProjectName": "default", "State": ""} | (body or {})
        body = {name: value for name, value in body.items() if value is not None}
        raw = json.dumps(body).encode()
        return self.console(raw, version="2025-05-21", region="cn-beijing", **more)

    def bought(self, service: str) -> str:
        """A new Volcengine slot of this service."""
        made: str = self.control("POST", "slots", {"service": service})["slots"][0]
        return made

    def listed(self, speaker: str = "S_emulator01") -> dict[str, Any]:
        reply = self.console({"SpeakerIDs": [speaker]})
        assert reply.status_code == 200, reply.text
        return reply.json()["Result"]["Statuses"][0]  # type: ignore[no-any-return]

    # Coze.

    def clone(self, name: str = "narrator", audio: bytes | None = None, **change: Any) -> Response:
        headers = change.pop("headers", BEARER)
        files = change.pop("files", {"file": ("a.wav", spoken() if audio is None else audio)})
        fields = {"voice_name": name, "audio_format": "wav"} | change
        fields = {field: value for field, value in fields.items() if value is not None}
        return self.send("POST", "/v1/audio/voices/clone", data=fields, files=files, headers=headers)

    def cloned(self, name: str = "narrator", **change: Any) -> str:
        """A Coze voice that is ready."""
        reply = self.clone(name, **change)
        assert reply.json()["code"] == 0, reply.text
        made: str = reply.json()["data"]["voice_id"]
        self.wait("coze", made)
        return made

    def coze_list(self, **query: Any) -> list[dict[str, Any]]:
        query = {"voice_state": "all", "filter_system_voice": "true"} | query
        reply = self.send("GET", "/v1/audio/voices", params=query, headers=BEARER)
        assert reply.status_code == 200, reply.text
        return reply.json()["data"]["voice_list"]  # type: ignore[no-any-return]

    # Qiniu.

    def qiniu(self, method: str, path: str = "", body: Any = None, **more: Any) -> Response:
        return self.send(
            method, f"/v1/voice-clones{path}", json=body, headers=more.pop("headers", BEARER), **more
        )

    def qiniu_slot(self, **body: Any) -> str:
        reply = self.qiniu("POST", body=body or {"model_id": "QN_ACV"})
        assert reply.status_code == 200, reply.text
        return reply.json()["data"]["id"]  # type: ignore[no-any-return]

    def qiniu_voice(self, name: str = "narrator", audio: bytes | None = None, **body: Any) -> str:
        """A Qiniu voice in training."""
        made = self.qiniu_slot(**body)
        url = self.put_sample("qiniu.wav", spoken() if audio is None else audio)
        reply = self.qiniu("PUT", f"/{made}", {"name": name, "key": url})
        assert reply.status_code == 200, reply.text
        return made

    # Kling.

    def kling(self, method: str, path: str = "", body: Any = None, **more: Any) -> Response:
        return self.send(
            method, f"/v1/general/custom-voices{path}", json=body, headers=more.pop("headers", BEARER), **more
        )

    def kling_create(self, audio: bytes | None = None, **change: Any) -> Response:
        url = self.put_sample("kling.wav", spoken() if audio is None else audio)
        body = {"voice_name": "narrator", "voice_url": url} | change
        return self.kling("POST", body={name: value for name, value in body.items() if value is not None})

    def kling_voice(self, **change: Any) -> dict[str, Any]:
        """A Kling task that has succeeded."""
        reply = self.kling_create(**change)
        assert reply.status_code == 200, reply.text
        return self.wait("kling", reply.json()["data"]["task_id"])

    def kling_delete(self, voice: Any) -> Response:
        return self.send("POST", "/v1/general/delete-voices", json={"voice_id": voice}, headers=BEARER)


def signed(
    origin: str,
    query: dict[str, str],
    body: bytes,
    *,
    key: str = "emulator-ak",
    secret: str = "emulator-sk",  # noqa: S107  a published one
    names: str = "content-type;host;x-content-sha256;x-date",
    region: str = "cn-north-1",
    service: str = "speech_saas_prod",
    minutes_ahead: int = 0,
) -> dict[str, str]:
    """The headers of a console call, signed as Volcengine's signature page says."""
    date = (datetime.now(UTC) + timedelta(minutes=minutes_ahead)).strftime("%Y%m%dT%H%M%SZ")
    digest = hashlib.sha256(body).hexdigest()
    headers = {
        "content-type": "application/json",
        "host": urlsplit(origin).netloc,
        "x-content-sha256": digest,
        "x-date": date,
    }
    canonical_query = "&".join(
        f"{quote(name, safe='-_.~')}={quote(query[name], safe='-_.~')}" for name in sorted(query)
    )
    listed = "".join(f"{name}:{headers[name]}\n" for name in names.split(";"))
    canonical = f"POST\n/\n{canonical_query}\n{listed}\n{names}\n{digest}"
    scope = f"{date[:8]}/{region}/{service}/request"
    to_sign = f"HMAC-SHA256\n{date}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    chain = secret.encode()
    for step in scope.split("/"):
        chain = hmac.new(chain, step.encode(), hashlib.sha256).digest()
    signature = hmac.new(chain, to_sign.encode(), hashlib.sha256).hexdigest()
    headers["authorization"] = (
        f"HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={names}, Signature={signature}"
    )
    return headers
