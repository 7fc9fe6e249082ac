"""HTTP: what is sent again, what never is, and what an error may say."""

from __future__ import annotations

import functools
import gzip
import json
import os
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fake_clock import FakeClock
from fake_vendor import Answer, FakeVendor

from voiceclone_provider.core import http
from voiceclone_provider.core.call import LONGEST_RETRY_AFTER, Call, Reply
from voiceclone_provider.core.errors import (
    CancelledError,
    CredentialsError,
    PermanentError,
    TemporaryError,
    UnconfirmedError,
    VoiceError,
)
from voiceclone_provider.core.http import Http
from voiceclone_provider.core.pace import limited
from voiceclone_provider.core.times import rfc3339

TOKEN = "very-secret-token"
GOOD = {"code": 0, "data": "yes"}


def bearer(request: requests.PreparedRequest) -> requests.PreparedRequest:
    request.headers["Authorization"] = f"Bearer {TOKEN}"
    return request


def understand(reply: Reply) -> Any:
    """A vendor in miniature: 5xx may have acted, 429 has not, other codes are final."""
    if reply.body.get("code") == 0:
        return reply.body["data"]
    message = str(reply.body["message"])
    if reply.status >= 500:
        raise TemporaryError(message, code=str(reply.status), request_id="req-1", advice="Try later.")
    if reply.status == 429:
        raise TemporaryError(message, accepted=False)
    raise PermanentError(message, code=str(reply.status), request_id="req-1")


@pytest.fixture
def fake() -> Iterator[FakeVendor]:
    with FakeVendor() as vendor:
        yield vendor


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def pauses(clock: FakeClock) -> list[float]:
    """The pauses between attempts."""
    return clock.pauses


@pytest.fixture
def client(clock: FakeClock) -> Http:
    return Http("Vendor", bearer, (TOKEN,), threading.Event(), clock)


def read(url: str, **more: Any) -> Call:
    return Call("GET", f"{url}/voices", "read", voice="v1", **more)


def change(url: str, **more: Any) -> Call:
    return Call("POST", f"{url}/voices", "train", voice="v1", changes=True, json={"a": 1}, **more)


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


def test_a_call_says_who_it_is_and_carries_the_signature(fake: FakeVendor, client: Http) -> None:
    fake.answers(GOOD)
    assert client.call(read(fake.url, params={"page": "2"}), understand) == "yes"
    assert fake.last.method == "GET"
    assert fake.last.query == {"page": "2"}
    assert fake.last.headers["Authorization"] == f"Bearer {TOKEN}"
    assert fake.last.headers["User-Agent"].startswith("voiceclone/")


@pytest.mark.parametrize("make", [read, change])
def test_a_refused_connection_is_tried_again_even_for_changes(
    make: Callable[..., Call], client: Http, pauses: list[float]
) -> None:
    url = closed_port()
    hidden = url.replace("//", "//user:word@") + "/secret?key=secret"
    with pytest.raises(TemporaryError) as caught:
        client.call(make(hidden), understand)
    assert caught.value.message == f"{url} cannot be reached: connection refused"
    assert caught.value.accepted is False
    assert len(pauses) == http.ATTEMPTS - 1


def test_an_unknown_host_is_told_in_words(
    client: Http, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere(*args: Any, **more: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    with pytest.raises(TemporaryError, match="the host name is not known"):
        client.call(read("http://voices.invalid"), understand)


@pytest.mark.parametrize("broken", ["before", "after"])
def test_a_reset_during_a_read_is_tried_again(
    broken: Any, fake: FakeVendor, client: Http, pauses: list[float]
) -> None:
    fake.answers(Answer(GOOD, broken=broken), GOOD)
    assert client.call(read(fake.url), understand) == "yes"
    assert len(fake.requests) == 2


@pytest.mark.parametrize("broken", ["before", "after"])
def test_a_reset_during_a_change_is_never_sent_again(
    broken: Any, fake: FakeVendor, client: Http, pauses: list[float]
) -> None:
    fake.answers(Answer(GOOD, broken=broken), GOOD)
    with pytest.raises(UnconfirmedError):
        client.call(change(fake.url), understand)
    assert len(fake.requests) == 1


def test_a_witness_is_told_of_every_attempt(fake: FakeVendor, client: Http, pauses: list[float]) -> None:
    told: list[tuple[str, Any]] = []

    def witness(call: Call, answer: Reply | VoiceError) -> None:
        told.append((call.operation, answer.body if isinstance(answer, Reply) else answer.message))

    client.witness = witness
    busy = {"code": 5, "message": "busy"}
    fake.answers(Answer(GOOD, broken="before"), Answer(busy, status=500), Answer(b"<html>", status=502), GOOD)
    client.call(read(fake.url), understand)
    assert [operation for operation, _ in told] == ["read"] * 4
    broken, *others = [answer for _, answer in told]
    assert "connection" in broken
    assert others == [busy, "an answer that is not a JSON object (HTTP 502)", GOOD]


def test_a_change_without_an_answer_in_time_is_unconfirmed(
    fake: FakeVendor, client: Http, pauses: list[float]
) -> None:
    hold = threading.Event()
    fake.answers(Answer(GOOD, hold=hold), GOOD)
    with pytest.raises(UnconfirmedError, match="no answer in time"):
        client.call(change(fake.url, timeout=0.2), understand)
    hold.set()
    assert len(fake.requests) == 1


def test_a_read_without_an_answer_in_time_is_tried_again(
    fake: FakeVendor, client: Http, pauses: list[float]
) -> None:
    hold = threading.Event()
    fake.answers(Answer(GOOD, hold=hold), GOOD)
    assert client.call(read(fake.url, timeout=0.2), understand) == "yes"
    hold.set()


ENDLESS = {
    "body": (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b" "),
    "chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "size of a chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
    "header": (b"HTTP/1.1 200 OK\r\nX: ", b"a"),
    "status line": (b"HTTP/1.1 2", b"0"),
    "continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
}


@pytest.mark.parametrize("kind", ENDLESS)
@pytest.mark.parametrize("changes", [False, True])
def test_an_answer_that_trickles_ends_at_the_time_out(kind: str, changes: bool) -> None:
    stop = threading.Event()
    begin, drop = ENDLESS[kind]

    def trickle(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(begin)
            while not stop.wait(0.05):
                try:
                    connection.sendall(drop)
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=trickle, args=(server,), daemon=True).start()
        started = time.monotonic()
        client = Http("Vendor", bearer, (), threading.Event())
        call = replace(change(f"http://127.0.0.1:{server.getsockname()[1]}", timeout=0.4), changes=changes)
        expected = UnconfirmedError if changes else TemporaryError
        with limited(time.monotonic() + 1.0, print), pytest.raises(expected, match="no answer in time"):
            client.call(call, understand)
        assert time.monotonic() - started < 25
        stop.set()


def test_a_redirect_is_not_followed(fake: FakeVendor, client: Http) -> None:
    with FakeVendor() as other:
        other.answers(GOOD)
        fake.answers(Answer(b"moved", 302, {"Location": f"{other.url}/voices"}))
        for call in (read(fake.url), change(fake.url)):
            with pytest.raises(PermanentError, match="redirect") as caught:
                client.call(call, understand)
            assert caught.value.code == "302"
        assert other.requests == []
    assert len(fake.requests) == 2


@pytest.mark.parametrize(("make", "error"), [(read, TemporaryError), (change, UnconfirmedError)])
def test_a_huge_body_is_not_read_to_its_end(
    make: Callable[..., Call],
    error: type[VoiceError],
    fake: FakeVendor,
    client: Http,
    pauses: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http, "MAX_RESPONSE_BYTES", 2**20)
    fake.answers(Answer(b" " * (2**20 + 70_000)))
    with pytest.raises(error, match="larger than 1 MB"):
        client.call(make(fake.url), understand)


@functools.cache
def bombs() -> dict[str, bytes]:
    """By `Content-Encoding`: some hundred bytes that are 256 MB, and some that are nothing but work."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = b"".join(packer.compress(bytes(2**20)) for _ in range(256)) + packer.flush()
    nothing = gzip.compress(gzip.compress(b"") * 400_000)
    return {
        "gzip": zeros,
        "deflate": nothing,
        "gzip, gzip": gzip.compress(zeros),
        "gzip, gzip, gzip": gzip.compress(nothing),
        " GZIP ": b"{}",
        "br": b"{}",
    }


@pytest.mark.parametrize(("make", "error"), [(read, TemporaryError), (change, UnconfirmedError)])
def test_a_packed_answer_is_unpacked_once_and_no_further_than_its_limit(
    make: Callable[..., Call],
    error: type[VoiceError],
    fake: FakeVendor,
    client: Http,
    pauses: list[float],
) -> None:
    """Without the limit, it takes minutes of work, and gigabytes."""
    for encoding, body in bombs().items():
        fake.answers(Answer(body, headers={"Content-Encoding": encoding}))
        with pytest.raises(error, match=r"compressed as|larger than|not a JSON object"):
            client.call(make(fake.url), understand)
        assert fake.last.headers["Accept-Encoding"] == "identity"
    for encoding, pack in (("Identity", bytes), (" GZIP ", gzip.compress), ("deflate", zlib.compress)):
        fake.answers(Answer(pack(json.dumps(GOOD).encode()), headers={"Content-Encoding": encoding}))
        assert client.call(make(fake.url), understand) == "yes"


@pytest.mark.parametrize("make", [read, change])
def test_a_redirects_body_is_not_read(make: Callable[..., Call], fake: FakeVendor, client: Http) -> None:
    headers = {"Location": "/elsewhere", "Content-Encoding": "gzip, gzip"}
    fake.answers(Answer(bombs()["gzip, gzip"], 302, headers))
    with pytest.raises(PermanentError, match="redirect"):
        client.call(make(fake.url), understand)
    fake.answers(Answer(b"endless", 302, {"Location": "/elsewhere"}, declared=10**12))
    with pytest.raises(PermanentError, match="redirect"):
        client.call(make(fake.url), understand)


HTML = b"<html><h1>Bad gateway</h1></html>"
ODD = {
    "html": Answer(HTML, 200, {"Content-Type": "text/html"}),
    "gateway": Answer(HTML, 502, {"Content-Type": "text/html"}),
    "truncated JSON": Answer(b'{"code": 0, "da'),
    "short body": Answer(b'{"code": 0, "data": "y"}', declared=1000),
    "nothing": Answer(b""),
    "a list": Answer(b"[]"),
    "not UTF-8": Answer(b"\xff\xfe\x00"),
    "nested too deep": Answer(b"[" * 200_000),
    "unknown shape": Answer(b'{"data": {}}'),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_odd_answer_to_a_read_is_tried_again(
    odd: Answer, fake: FakeVendor, client: Http, pauses: list[float]
) -> None:
    fake.answers(odd, GOOD)
    assert client.call(read(fake.url), understand) == "yes"


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_odd_answer_to_a_change_is_unconfirmed(
    odd: Answer, fake: FakeVendor, client: Http, pauses: list[float]
) -> None:
    fake.answers(odd, GOOD)
    with pytest.raises(UnconfirmedError):
        client.call(change(fake.url), understand)
    assert len(fake.requests) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 415])
def test_a_page_of_refusal_is_final(status: int, fake: FakeVendor, client: Http) -> None:
    fake.answers(Answer(HTML, status))
    for call in (read(fake.url), change(fake.url)):
        with pytest.raises(PermanentError, match=f"HTTP {status}") as caught:
            client.call(call, understand)
        assert "base URL" in caught.value.advice
    assert len(fake.requests) == 2


def test_json_counts_whatever_the_content_type_says(fake: FakeVendor, client: Http) -> None:
    fake.answers(Answer(b'\xef\xbb\xbf{"code": 0, "data": "yes"}', 200, {"Content-Type": "text/html"}))
    assert client.call(change(fake.url), understand) == "yes"


def test_a_read_is_tried_again_after_503(fake: FakeVendor, client: Http, pauses: list[float]) -> None:
    fake.answers(Answer({"code": 5, "message": "busy"}, 503), GOOD)
    assert client.call(read(fake.url), understand) == "yes"
    assert 0 <= pauses[0] <= http.LONGEST_PAUSE


def test_a_change_is_sent_once_after_500(fake: FakeVendor, client: Http, pauses: list[float]) -> None:
    fake.answers(Answer({"code": 5, "message": "busy"}, 500), GOOD)
    with pytest.raises(UnconfirmedError, match="busy") as caught:
        client.call(change(fake.url), understand)
    assert len(fake.requests) == 1
    assert str(caught.value) == "Vendor train v1: busy (code 500, request ID req-1). Try later."


@pytest.mark.parametrize("body", [{"code": 5, "message": "slow down"}, HTML])
def test_429_is_tried_again_as_late_as_asked(
    body: Any, fake: FakeVendor, client: Http, pauses: list[float]
) -> None:
    fake.answers(Answer(body, 429, {"Retry-After": "7"}), GOOD)
    assert client.call(change(fake.url), understand) == "yes"
    assert len(fake.requests) == 2
    assert pauses[0] >= 7


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3", 3.0),
        ("0", 0.0),
        ("-4", 0.0),
        ("9999", LONGEST_RETRY_AFTER),
        ("inf", LONGEST_RETRY_AFTER),
        ("nan", None),
        ("soon", None),
        ("", None),
        ("Wed, 21 Oct 2026 07:28:07 GMT", 7.0),
        ("Wed, 21 Oct 2026 09:28:07 +0200", 7.0),
        ("Wed, 21 Oct 2026 07:27:00 GMT", 0.0),
        ("Thu, 22 Oct 2026 07:28:00 GMT", LONGEST_RETRY_AFTER),
        ("Wed, 21 Oct 2026 07:28:0066666666666666666 GMT", None),
    ],
)
def test_retry_after(header: str, seconds: float | None) -> None:
    headers = {"Retry-After": header, "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}
    assert Reply(429, headers, None, "").retry_after == seconds


@pytest.mark.parametrize("date", [{}, {"Date": ""}, {"Date": "today"}])
def test_a_date_to_wait_until_in_an_answer_without_a_date(date: dict[str, str]) -> None:
    headers = {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT", **date}
    assert Reply(429, headers, None, "").retry_after is None


def test_attempts_end(fake: FakeVendor, client: Http, pauses: list[float]) -> None:
    fake.answers(Answer({"code": 5, "message": "busy"}, 503))
    with pytest.raises(TemporaryError, match="busy"):
        client.call(read(fake.url), understand)
    assert len(fake.requests) == http.ATTEMPTS


def test_the_accounts_budget_of_retries_runs_out_and_recovers(
    fake: FakeVendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "BUDGET", 6)
    client = Http("Vendor", bearer, (TOKEN,), threading.Event(), FakeClock())
    fake.answers(Answer({"code": 5, "message": "busy"}, 503))
    for _ in range(5):
        with pytest.raises(TemporaryError):
            client.call(read(fake.url), understand)
    assert len(fake.requests) == 5 + 6  # each call once, and the budget
    fake.answers(GOOD)
    client.call(read(fake.url), understand)
    fake.answers(Answer({"code": 5, "message": "busy"}, 503), GOOD)
    assert client.call(read(fake.url), understand) == "yes"


def test_netrc_is_not_used(
    fake: FakeVendor, client: Http, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    fake.answers(GOOD)
    client.call(read(fake.url), understand)
    client.call(change(fake.url), understand)
    assert {request.headers["Authorization"] for request in fake.requests} == {f"Bearer {TOKEN}"}


def test_no_call_is_sent_after_ctrl_c(fake: FakeVendor) -> None:
    cancelled = threading.Event()
    cancelled.set()
    fake.answers(GOOD)
    with pytest.raises(CancelledError):
        Http("Vendor", bearer, (), cancelled).call(change(fake.url), understand)
    assert fake.requests == []


def test_ctrl_c_ends_a_pause(fake: FakeVendor) -> None:
    cancelled = threading.Event()
    fake.answers(Answer({"code": 5, "message": "busy"}, 429, {"Retry-After": "50"}))
    threading.Timer(0.2, cancelled.set).start()
    started = time.monotonic()
    with pytest.raises(CancelledError):
        Http("Vendor", bearer, (), cancelled).call(change(fake.url), understand)
    assert time.monotonic() - started < 25
    assert len(fake.requests) == 1


@pytest.mark.parametrize(("make", "error"), [(read, CancelledError), (change, UnconfirmedError)])
def test_ctrl_c_does_not_wait_for_a_vendor_that_hangs(
    make: Callable[..., Call], error: type[VoiceError], fake: FakeVendor
) -> None:
    cancelled, hold = threading.Event(), threading.Event()
    fake.answers(Answer(GOOD, hold=hold))
    threading.Timer(0.2, cancelled.set).start()
    started = time.monotonic()
    with pytest.raises(error):
        Http("Vendor", bearer, (), cancelled).call(make(fake.url), understand)
    assert time.monotonic() - started < 25
    hold.set()


def test_ctrl_c_still_takes_the_answer_to_a_change_that_comes_at_once(fake: FakeVendor) -> None:
    cancelled, hold = threading.Event(), threading.Event()
    fake.answers(Answer(GOOD, hold=hold))
    threading.Timer(0.2, cancelled.set).start()
    threading.Timer(0.5, hold.set).start()
    assert Http("Vendor", bearer, (), cancelled).call(change(fake.url), understand) == "yes"


def test_secrets_and_signatures_are_kept_out_of_errors(fake: FakeVendor) -> None:
    def sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = "Bearer;made.just.now"
        return request

    client = Http("Vendor", sign, ("short", "short-and-long"), threading.Event())
    fake.answers(Answer({"code": 1, "message": "no made.just.now, short, short-and-long, bad"}, 401))
    with pytest.raises(PermanentError) as caught:
        client.call(read(fake.url), understand)
    for text in (str(caught.value), repr(caught.value)):
        assert "no [secret], [secret], [secret], bad" in text


def test_a_reply_that_counts_as_good_quotes_no_credential(fake: FakeVendor) -> None:
    http = Http("Vendor", bearer, (TOKEN,), threading.Event(), FakeClock())
    fake.answers({"code": 0, "voices": [{"error": f"bad header: Bearer {TOKEN}\x1b[2J\ud800", "n": 1}]})
    reply = http.call(read(fake.url), lambda reply: reply.body)
    assert reply == {"code": 0, "voices": [{"error": "bad header: [secret]\ufffd[2J\ufffd", "n": 1}]}


@pytest.mark.parametrize("number", [b"1e999", b"NaN", b"-Infinity", b"9" * 5000])
def test_a_number_that_is_none_makes_an_odd_answer(fake: FakeVendor, client: Http, number: bytes) -> None:
    fake.answers(Answer(b'{"code": 0, "at": ' + number + b"}"))
    with pytest.raises(TemporaryError, match="not a JSON object"):
        client.call(read(fake.url), understand)


def test_a_moment_that_no_calendar_has_makes_an_odd_answer(fake: FakeVendor, client: Http) -> None:
    fake.answers(Answer(b'{"code": 0, "at": 1' + b"0" * 300 + b"}"))
    with pytest.raises(TemporaryError, match="unknown shape"):
        client.call(read(fake.url), lambda reply: rfc3339(reply.body["at"]))


@pytest.mark.parametrize("token", ["two\nlines", "ключ"])
def test_a_token_that_cannot_be_sent_is_not_shown(token: str, fake: FakeVendor) -> None:
    def sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    fake.answers(GOOD)
    with pytest.raises(CredentialsError, match="cannot be sent") as caught:
        Http("Vendor", sign, (), threading.Event()).call(change(fake.url), understand)
    assert token not in str(caught.value)
    assert fake.requests == []


@pytest.mark.parametrize("url", ["no-scheme", "ftp://host", "http://", "http://[broken"])
def test_a_base_url_that_is_none(url: str, client: Http) -> None:
    with pytest.raises(PermanentError, match="base URL cannot be used"):
        client.call(change(url), understand)


def test_a_server_that_is_not_secure_is_final(fake: FakeVendor, client: Http) -> None:
    fake.answers(GOOD)
    with pytest.raises(PermanentError, match="not secure"):
        client.call(change(fake.url.replace("http://", "https://")), understand)


def test_reads_reuse_a_connection_and_changes_do_not(fake: FakeVendor, client: Http) -> None:
    call = read(fake.url)
    assert client._session(call) is client._session(call)
    assert client._session(change(fake.url)) is not client._session(change(fake.url))


@pytest.fixture
def dropping(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """A proxy that takes whatever it is sent, and hangs up; what it was sent."""
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    received: list[bytes] = []

    def serve(server: socket.socket) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            received.append(connection.recv(65536))
            connection.close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, args=(server,), daemon=True).start()
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{server.getsockname()[1]}")
        yield received


def test_a_reply_that_a_proxy_loses_is_not_taken_for_a_request_that_was_not_sent(
    dropping: list[bytes], client: Http
) -> None:
    with pytest.raises(UnconfirmedError):
        client.call(change("http://vendor.example"), understand)
    assert len(dropping) == 1
    assert dropping[0].startswith(b"POST http://vendor.example/voices")


def test_a_tunnel_that_a_proxy_does_not_open_is_a_request_that_was_not_sent(
    dropping: list[bytes], client: Http
) -> None:
    with pytest.raises(TemporaryError, match="cannot be reached") as caught:
        client.call(change("https://vendor.example"), understand)
    assert not caught.value.accepted
    assert len(dropping) == http.ATTEMPTS
    assert all(request.startswith(b"CONNECT vendor.example:443") for request in dropping)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate for this machine that requests trusts, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + private)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    return path


def test_a_tls_error_while_reading_is_a_lost_reply(certificate: Path, client: Http) -> None:
    received: list[bytes] = []
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)

    def serve(server: socket.socket) -> None:
        connection, _ = server.accept()
        secure = tls.wrap_socket(connection, server_side=True)
        received.append(secure.recv(65536))
        os.write(secure.fileno(), b"this is no TLS record at all")
        secure.close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, args=(server,), daemon=True).start()
        with pytest.raises(UnconfirmedError):
            client.call(change(f"https://127.0.0.1:{server.getsockname()[1]}"), understand)
    assert len(received) == 1
