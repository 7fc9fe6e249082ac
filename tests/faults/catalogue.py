"""Every kind of fault, by name."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import formatdate
from typing import Final

from . import shapes
from .http import Answer
from .kinds import (
    Kind,
    Meet,
    On,
    Scene,
    answer,
    change,
    drip,
    ends,
    hang,
    interim,
    late,
    spoil,
    stale,
    true,
)
from .proxy import Client, Exchange

_PAGE = "<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"
_NO_ROUTE = {"message": "no Route matched with those values"}
_REFUSED = {"code": 401, "message": "unauthorized", "msg": "unauthorized"}


def _page(status: int, **headers: str) -> Callable[[], Answer]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda: Answer.of(status, _PAGE.format(status), named)


def _limited(after: str) -> Meet:
    return answer(lambda: Answer.of(429, "{}", {"Retry-After": after}))


def _limited_until(scene: Scene, exchange: Exchange, client: Client) -> None:
    now = scene.clock.now()
    headers = {name: formatdate(at, usegmt=True) for name, at in (("Date", now), ("Retry-After", now + 5))}
    client.send(Answer.of(429, "{}", headers).encoded())


def _length(length: int | str | None, *, closes: bool = False) -> Meet:
    def send(true: Answer, client: Client) -> None:
        shown = len(true.body) + length if isinstance(length, int) else length
        client.send(true.head(shown) + true.body)
        if closes or length is None:
            client.close()

    return spoil(send)


def _cut(true: Answer, client: Client) -> None:
    client.send(true.head(len(true.body)) + true.body[: len(true.body) // 2])
    client.close()


def _cut_chunks(true: Answer, client: Client) -> None:
    head = true.head(0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    half = true.body[: len(true.body) // 2]
    client.send(head + f"{len(half):x}\r\n".encode() + half + b"\r\n")
    client.close()


def _cut_head(true: Answer, client: Client) -> None:
    client.send(true.head(len(true.body))[:-10])
    client.close()


def _many_headers(true: Answer, client: Client) -> None:
    client.send(b"HTTP/1.1 200 OK\r\n" + b"X-Filler: odd\r\n" * 2000)
    client.close()


def _long_header(true: Answer, client: Client) -> None:
    client.send(b"HTTP/1.1 200 OK\r\nX-Filler: " + b"odd " * 50_000)
    client.close()


def _no_http(true: Answer, client: Client) -> None:
    client.send(b"SSH-2.0-OpenSSH_9.6\r\n")
    client.close()


def _without_ours(scene: Scene, exchange: Exchange, client: Client) -> None:
    turn = shapes.with_entries(shapes.without(scene.strangers))
    client.send(turn(scene.proxy.forward(exchange)).encoded())


def _same(voices: list[object]) -> list[object]:
    return voices


_BROKEN: Final = [
    Kind("connection refused for 3 s", true, refuses=True),
    Kind("connection refused", true, refuses=True, lasts=True),
    Kind("reset before", ends(Client.reset)),
    Kind("closed before", ends(Client.close)),
    Kind("reset after", ends(Client.reset, effect=True), On.CHANGES),
    Kind("closed after", ends(Client.close, effect=True), On.CHANGES),
    Kind("hang before", hang(), hangs=True),
    Kind("hang after", hang(effect=True), On.CHANGES, hangs=True),
    Kind("cut in the headers", spoil(_cut_head)),
    Kind("cut in the body", spoil(_cut)),
    Kind("cut in the chunks", spoil(_cut_chunks)),
    Kind("many headers", spoil(_many_headers)),
    Kind("a long header", spoil(_long_header)),
    Kind("not HTTP", spoil(_no_http)),
    Kind("100 three times", interim(3, 1.0)),
    Kind("100 for 400 s", interim(200, 2.0)),
    Kind("drops for 20 s", drip(20.0)),
    Kind("drops for 300 s", drip(300.0)),
    Kind("length too large", _length(50, closes=True)),
    Kind("length too small", _length(-5)),
    Kind("length negative", _length("-1", closes=True)),
    Kind("length a word", _length("many", closes=True)),
    Kind("no length", _length(None)),
]

_STATUSES: Final = [
    *(Kind(f"{status} page", answer(_page(status))) for status in (500, 502, 503, 504)),
    *(
        Kind(f"{status} page after", answer(_page(status), effect=True), On.CHANGES)
        for status in (500, 502, 503, 504)
    ),
    Kind("500 JSON after", answer(lambda: Answer.of(500, "{}"), effect=True), On.CHANGES),
    Kind("503 with Retry-After", answer(_page(503, Retry_After="2"))),
    Kind("503 lasting", answer(_page(503)), lasts=True),
    Kind("408", answer(lambda: Answer.of(408, ""))),
    Kind("200 page", answer(_page(200))),
    Kind("200 page after", answer(_page(200), effect=True), On.CHANGES),
    Kind("404 page", answer(_page(404))),
    Kind("404 JSON", answer(lambda: Answer.of(404, _NO_ROUTE))),
    Kind("302", answer(lambda: Answer.of(302, "", {"Location": "http://127.0.0.1:9/login"}))),
    Kind("204", change(lambda true: Answer.of(204, ""))),
    Kind("202", change(lambda true: Answer.of(202, "{}"))),
    Kind("401", answer(lambda: Answer.of(401, _REFUSED))),
    Kind("401 lasting", answer(lambda: Answer.of(401, _REFUSED)), lasts=True),
    Kind("403 page lasting", answer(_page(403)), lasts=True),
    Kind("429 for 2 s", _limited("2")),
    Kind("429 until a date", _limited_until),
    Kind("429 for an hour", _limited("3600")),
    Kind("429 for -5 s", _limited("-5")),
    Kind("429 for a word", _limited("soon")),
    Kind("429 lasting", answer(lambda: Answer.of(429, "")), lasts=True),
]

_SHAPES: Final = [
    Kind("empty answer", change(lambda true: Answer.of(200, ""))),
    Kind("JSON of nothing", change(lambda true: Answer.of(200, "null"))),
    Kind("JSON list", change(lambda true: Answer.of(200, "[]"))),
    Kind("JSON of another", change(lambda true: Answer.of(200, {"ok": True}))),
    Kind("no data", change(shapes.empty_data)),
    Kind("odd data", change(shapes.odd_data)),
    Kind("numbers and texts", change(shapes.numbers)),
    Kind("odd code", answer(lambda: Answer.of(200, shapes.odd_code()))),
    Kind("odd code after", change(shapes.code), On.CHANGES),
    Kind("UTF-16", change(shapes.written("utf-16"))),
    Kind("GBK", change(shapes.written("gbk"))),
    Kind("byte order mark", change(shapes.written("utf-8-sig"))),
    Kind("gzip", change(shapes.zipped)),
    Kind("gzip only said", change(shapes.said_zipped)),
    Kind("total 0", change(shapes.counted(0)), On.COUNTED),
    Kind("total too large", change(shapes.counted(1_000_000)), On.COUNTED),
    Kind("always more", change(shapes.more(_same)), On.COUNTED, lasts=True),
    Kind("more once", change(shapes.more(_same)), On.COUNTED),
    Kind("empty page with more", change(shapes.more(lambda voices: [])), On.COUNTED),
    Kind("empty listing", change(shapes.with_entries(lambda voices: [])), On.LISTINGS),
    Kind("entries twice", change(shapes.with_entries(lambda voices: voices * 2)), On.LISTINGS),
    Kind("entries of nothing", change(shapes.with_entries(lambda voices: [None])), On.LISTINGS),
    Kind("ours not listed", _without_ours, On.LISTINGS),
]

_TIMES: Final = [
    Kind("stale for 3 s", stale(3.0), On.QUIET),
    Kind("stale for 9 s", stale(9.0), On.QUIET),
    Kind(
        "504, effect 11 s later",
        late(lambda client: client.send(_page(504)().encoded()), 16.0, 11.0),
        On.CHANGES,
    ),
    Kind(
        "504, effect 40 s later",
        late(lambda client: client.send(_page(504)().encoded()), 16.0, 40.0),
        On.CHANGES,
    ),
    Kind("reset, effect 5 s later", late(Client.reset, 0.0, 5.0), On.CHANGES),
    Kind("vendor 4 min ahead", true, skew=240.0),
    Kind("vendor 4 s behind", true, skew=-4.0),
]

NOTHING: Final = Kind("nothing", true)

KINDS: Final = {kind.name: kind for kind in (NOTHING, *_BROKEN, *_STATUSES, *_SHAPES, *_TIMES)}
