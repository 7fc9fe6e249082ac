"""A web page beside the emulator: what it cannot do, and what must go on all the same."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from voiceclone_provider.emulator.guard import Guard

from .audio import encoded, silence, spoken
from .browser import Evaluate, look, shown
from .client import BEARER, Emulator
from .rules import OURS, rule

HOSTILE = b"<script>document.title = 'run'</script>"
ATTEMPTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("POST", "/_emulator/reset", {}),
    ("GET", "/_emulator/state", {}),
    ("GET", "/_emulator/nothing", {}),
    ("PUT", "/_emulator/samples/mine.wav", {"data": HOSTILE}),
    ("GET", "/_emulator/samples/narrator-zh.wav", {}),
    ("POST", "/_emulator/switches", {"json": {"qiniu_paid": True}}),
    ("DELETE", "/_emulator/faults", {}),
    ("POST", "/v1/voice-clones", {"json": {"model_id": "QN_ACV"}, "headers": BEARER}),
    ("GET", "/v1/audio/voices", {"headers": BEARER}),
)
NAMES = [f"{method}{path}".replace("/", "-") for method, path, _ in ATTEMPTS]
WHERE = "docs/emulator.md, beside a browser"


def ours(text: str) -> pytest.MarkDecorator:
    return rule("Control", text, WHERE, OURS)


def untouched(emulator: Emulator, attempt: tuple[str, str, dict[str, Any]], **headers: str) -> None:
    """The attempt is refused, leaves nothing behind, and no fault was spent on it."""
    made = emulator.qiniu_slot()
    emulator.fault("status", code=500)
    before = [emulator.control("GET", path) for path in ("state", "requests", "faults", "switches")]
    method, path, more = attempt
    reply = emulator.send(method, path, **{**more, "headers": {**more.get("headers", {}), **headers}})
    assert (reply.status_code, [*reply.json()]) == (403, ["error"])
    assert before == [emulator.control("GET", path) for path in ("state", "requests", "faults", "switches")]
    assert emulator.state()["qiniu"][0]["id"] == made
    assert emulator.send("GET", "/_emulator/samples/mine.wav").status_code == 404


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=NAMES)
@ours("A request whose Host is another machine's name is refused before anything happens: 403")
def test_rebound(emulator: Emulator, attempt: tuple[str, str, dict[str, Any]]) -> None:
    untouched(emulator, attempt, Host=f"rebound.example:{urlsplit(emulator.origin).port}")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1:8787",
        "127.8.9.10:1",
        "localhost",
        "LocalHost:80",
        "voices.localhost:8787",
        "[::1]",
        "[::1]:8787",
    ],
)
@ours("Host is any loopback name, with any port: 127.0.0.0/8, ::1, localhost, *.localhost")
def test_loopback(emulator: Emulator, host: str) -> None:
    assert emulator.send("GET", "/_emulator/state", headers={"Host": host}).status_code == 200
    assert emulator.send("GET", "/v1/audio/voices", headers={**BEARER, "Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "",
        "rebound.example",
        "localhost.rebound.example",
        "notlocalhost",
        "127.0.0.1.rebound.example:8787",
        "128.0.0.1",
        "0.0.0.0:8787",
        "192.168.1.5",
        "[::2]",
        "[::ffff:192.168.1.5]",
        "localhost:8787:1",
        "rebound.example@localhost",
        "rebound.example/.localhost",
        "2130706433",
    ],
)
@ours("Any other Host is refused, however much it looks like one of them")
def test_other_hosts(emulator: Emulator, host: str) -> None:
    assert emulator.send("GET", "/_emulator/state", headers={"Host": host}).status_code == 403


@ours("Host is also what --host says; with --host 0.0.0.0, any address and the machine's name")
def test_told_to_listen_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "Studio")
    named = Guard("Voices.test", "192.168.1.5")
    assert all(map(named.knows, ("voices.test:8787", "192.168.1.5", "localhost")))
    assert not any(map(named.knows, ("studio", "192.168.1.6", "other.test")))
    for host in ("0.0.0.0", "::"):  # noqa: S104  nothing listens here
        everywhere = Guard(host, host)
        assert all(map(everywhere.knows, ("studio:8787", "192.168.1.6", "[2001:db8::1]:8787", "127.0.0.1")))
        assert not everywhere.knows("rebound.example")


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=NAMES)
@ours("A request that a browser sends for a page of another origin is refused: 403")
def test_other_origin(emulator: Emulator, attempt: tuple[str, str, dict[str, Any]]) -> None:
    untouched(emulator, attempt, Origin="http://page.example")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://localhost"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"},
    ],
)
@ours("Another port and `null` are other origins; without an Origin, `Sec-Fetch-Site` says it")
def test_foreign(emulator: Emulator, headers: dict[str, str]) -> None:
    untouched(emulator, ("POST", "/_emulator/reset", {}), **headers)


@ours("The emulator's own page may do all; a client that is no browser sends neither header")
def test_own_origin(emulator: Emulator) -> None:
    own = {"Origin": emulator.origin, "Sec-Fetch-Site": "same-origin"}
    assert emulator.send("PUT", "/_emulator/samples/a.wav", data=spoken(), headers=own).status_code == 200
    assert emulator.send("POST", "/_emulator/reset", headers=own).status_code == 200
    assert emulator.send("GET", "/_emulator/state", headers={"Sec-Fetch-Site": "none"}).status_code == 200
    node = {**BEARER, "Sec-Fetch-Mode": "cors"}  # what Node's fetch sends
    assert emulator.qiniu("POST", body={"model_id": "QN_ACV"}, headers=node).status_code == 200


@ours("Another page may link to the emulator's page, not frame it")
def test_linked(emulator: Emulator) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    for path in ("/", "/_emulator", "/_emulator/"):
        assert emulator.send("GET", path, headers={**link, "Sec-Fetch-Dest": "document"}).status_code == 200
        assert emulator.send("GET", path, headers={**link, "Sec-Fetch-Dest": "iframe"}).status_code == 403
    action = emulator.send("GET", "/?Action=Nothing", headers={**link, "Sec-Fetch-Dest": "document"})
    assert action.status_code == 403


@ours("Another page may play a preview, whose URL is signed, and cannot read it")
def test_preview_elsewhere(emulator: Emulator) -> None:
    emulator.cloned()
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "audio", "Origin": "http://page.example"}
    reply = emulator.http.get(emulator.coze_list()[0]["preview_audio"], headers=headers, timeout=5)
    assert (reply.status_code, reply.content) == (200, spoken())
    assert "Access-Control-Allow-Origin" not in reply.headers


@pytest.mark.parametrize(
    ("kind", "served"),
    [
        ("wav", "audio/wav"),
        ("mp3", "audio/mpeg"),
        ("ogg", "audio/ogg"),
        ("m4a", "audio/mp4"),
        ("mp4", "audio/mp4"),
        ("mov", "audio/mp4"),
        ("aac", "audio/aac"),
    ],
    ids=lambda value: value.removeprefix("audio/"),
)
@ours("samples and previews: the content type is that of the bytes, and always one of audio")
def test_content_type(emulator: Emulator, kind: str, served: str) -> None:
    data = spoken() if kind == "wav" else encoded(kind)
    url = emulator.put_sample("page.html", data)
    stored = emulator.send(
        "PUT", "/_emulator/samples/page.html", data=data, headers={"Content-Type": "text/html"}
    )
    assert stored.status_code == 200
    reply = emulator.http.get(url, timeout=5)
    assert (reply.headers["Content-Type"], reply.content) == (served, data)
    assert reply.headers["Content-Disposition"] == f'inline; filename="voice.{kind}"'
    inert(reply.headers)


@ours("samples: what is no audio is kept, for a training to fail on, and not served: 415")
def test_no_audio(emulator: Emulator) -> None:
    for name in ("a.html", "a.js", "a.svg", "a.wav", "a"):
        reply = emulator.http.get(emulator.put_sample(name, HOSTILE), timeout=5)
        assert reply.status_code == 415
        assert b"run" not in reply.content
        inert(reply.headers)


@ours("Nothing is sniffed, run, framed or given a cookie by any answer")
def test_headers(emulator: Emulator) -> None:
    emulator.cloned(audio=spoken())
    for path in (
        "/_emulator/state",
        "/_emulator/nothing",
        "/v1/audio/voices",
        "/other",
        "/_emulator/previews/a/b/c",
    ):
        inert(emulator.send("GET", path).headers)
    inert(emulator.http.get(emulator.coze_list()[0]["preview_audio"], timeout=5).headers)
    emulator.fault("html")
    inert(emulator.send("GET", "/v1/voice-clones").headers)


def inert(headers: Any) -> None:
    assert headers["X-Content-Type-Options"] == "nosniff"
    rules = [rule.strip() for rule in headers["Content-Security-Policy"].split(";")]
    assert {"default-src 'none'", "frame-ancestors 'none'"} <= {*rules}
    assert any(rule.split()[0] == "sandbox" for rule in rules)
    assert "script" not in headers["Content-Security-Policy"]
    assert "Set-Cookie" not in headers


@ours("The page runs its own script alone: none within it, none from elsewhere")
def test_page_policy(emulator: Emulator) -> None:
    reply = emulator.send("GET", "/")
    policy = reply.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "<script>" not in reply.text
    assert "style>" not in reply.text
    script = emulator.send("GET", "/_emulator/page.js")
    assert script.headers["Content-Type"].startswith("text/javascript")
    inert(script.headers)


@ours("In a browser: a page of another origin changes nothing and reads nothing")
def test_page_elsewhere(emulator: Emulator, elsewhere: str, browser: str) -> None:
    made = emulator.cloned()
    emulator.put_sample("good.wav", silence())

    async def attack(evaluate: Evaluate) -> None:
        send = "fetch('%s/_emulator/%s', {method: 'POST', mode: 'no-cors', body: 'x'}).then(r => r.type)"
        assert await evaluate(send % (emulator.origin, "reset")) == "opaque"
        assert await evaluate(send % (emulator.origin, f"voices/coze/{made}/fail")) == "opaque"
        assert await evaluate(send % (emulator.origin, "samples/bad.js")) == "opaque"
        read = f"fetch('{emulator.origin}/_emulator/state').then(r => r.text(), e => 'refused')"
        assert await evaluate(read) == "refused"

    look(browser, f"{elsewhere}/", attack)
    assert [(voice["id"], voice["status"]) for voice in emulator.state()["coze"]] == [(made, "ready")]
    assert emulator.send("GET", "/_emulator/samples/bad.js").status_code == 404


@ours("In a browser: a page whose name was made to lead to the emulator gets nothing")
def test_page_rebound(emulator: Emulator, browser: str) -> None:
    made = emulator.cloned()

    async def attack(evaluate: Evaluate) -> None:
        assert "Host header" in await shown(evaluate, "document.body.innerText")
        send = "fetch('/_emulator/%s', {method: '%s'}).then(r => r.status, () => 'not sent')"
        assert await evaluate(send % ("state", "GET")) in (403, "not sent")
        assert await evaluate(send % ("reset", "POST")) in (403, "not sent")

    look(browser, f"http://rebound.example:{urlsplit(emulator.origin).port}/", attack)
    assert [voice["id"] for voice in emulator.state()["coze"]] == [made]


@ours("In a browser: a preview opened on its own is heard")
def test_preview_alone(emulator: Emulator, browser: str) -> None:
    emulator.cloned()

    async def hear(evaluate: Evaluate) -> None:
        heard = "document.querySelector('video, audio')?.duration || 0"
        assert abs(await shown(evaluate, heard, lambda length: length > 1) - 12) < 0.1

    look(browser, emulator.coze_list()[0]["preview_audio"], hear)
