"""The dynamic provider's values, identities and process."""

from __future__ import annotations

import sys
import threading
import time
from concurrent import futures
from types import ModuleType, SimpleNamespace
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.output import UNKNOWN as NOT_KNOWN

from voiceclone_provider.core.values import UNKNOWN, Archive, Asset
from voiceclone_provider.dynamic import host, keys, wire
from voiceclone_provider.plugin.package import Package
from voiceclone_provider.vendors import VENDORS

TEXT = st.text(max_size=5)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | TEXT | st.just(UNKNOWN),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
ASSETS = st.builds(Asset, hash=TEXT, path=TEXT) | st.builds(Asset, hash=TEXT, uri=TEXT) | st.just(Archive())
NAMES = st.text(min_size=1, max_size=8).filter(lambda name: not name.startswith("__") and name != "audio")


@given(st.dictionaries(NAMES, JSON), st.none() | ASSETS)
def test_what_is_sent_comes_back(properties: dict[str, Any], audio: Asset | Archive | None) -> None:
    sent = properties if audio is None else {**properties, "audio": audio}
    assert wire.decode(wire.encode(sent)) == sent


def test_pulumis_own_values() -> None:
    assert wire.decode({"a": NOT_KNOWN, "b": [NOT_KNOWN], "__provider": "x"}) == {
        "a": UNKNOWN,
        "b": [UNKNOWN],
    }
    assert wire.decode({"audio": pulumi.FileAsset("a.wav")}) == {"audio": Asset(path="a.wav")}
    assert wire.decode({"audio": pulumi.RemoteAsset("https://a")}) == {"audio": Asset(uri="https://a")}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30s", 30),
        ("1h30m", 5400),
        ("1.5m", 90),
        ("500ms", 0.5),
        ("", 0),
        (None, 0),
        ("soon", 0),
        ("1..2s", 0),
    ],
)
def test_durations(text: str | None, seconds: float) -> None:
    assert wire.seconds(text) == pytest.approx(seconds)


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("name", ["narrator", "a::b", "旁白"])
def test_a_voice_has_the_plugins_urn(vendor: str, name: str) -> None:
    urn = keys.urn_of("dev", "shop", vendor, name)
    assert urn == f"urn:pulumi:dev::shop::voiceclone:{vendor}:Voice::{name}"
    assert Package().vendor(urn) == keys.vendor_of(urn) == vendor
    assert (
        keys.shown_urn(urn)
        == f"urn:pulumi:dev::shop::pulumi-python:dynamic/voiceclone/{vendor}:Voice::{name}"
    )

    parent = "urn:pulumi:dev::shop::my:a:House$my:b:Room::room"
    child = keys.child_urn(parent, vendor, name)
    assert child == f"urn:pulumi:dev::shop::my:a:House$my:b:Room$voiceclone:{vendor}:Voice::{name}"
    assert Package().vendor(child) == keys.vendor_of(child) == vendor
    assert (
        keys.shown_urn(child).split("::")[2].endswith(f"Room$pulumi-python:dynamic/voiceclone/{vendor}:Voice")
    )
    assert keys.child_urn("urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", vendor, name) == urn


# -- the process -------------------------------------------------------------------------------------------


def servicer_class() -> type[Any]:
    """A class as Pulumi's, as far as it matters, with methods of its own: hooks stay on them."""

    class Servicer:
        def Create(self) -> None: ...  # noqa: N802

        def Update(self) -> None: ...  # noqa: N802

        def Read(self) -> None: ...  # noqa: N802

        def Delete(self) -> None: ...  # noqa: N802

        def Cancel(self) -> None: ...  # noqa: N802

    return Servicer


def in_process(monkeypatch: pytest.MonkeyPatch, **attributes: Any) -> ModuleType:
    module = ModuleType("__main__")
    module.__spec__ = SimpleNamespace(name="pulumi.dynamic.__main__")  # type: ignore[assignment]
    vars(module).update(attributes)
    monkeypatch.setitem(sys.modules, "__main__", module)
    return module


def test_the_process_gets_threads_and_a_cancel(monkeypatch: pytest.MonkeyPatch) -> None:
    servicer = servicer_class()
    in_process(monkeypatch, DynamicResourceProviderServicer=servicer)
    cancelled = threading.Event()
    host.prepare(cancelled.set)
    bound: Any = servicer()
    pools = {
        name: getattr(bound, name).experimental_thread_pool for name in ("Create", "Update", "Read", "Delete")
    }
    assert len(set(pools.values())) == 1
    started = threading.Barrier(9)
    with pools["Create"] as pool:
        for _ in range(8):
            pool.submit(started.wait, 10)
        started.wait(10)  # all eight run at once
    assert isinstance(bound.Cancel.experimental_thread_pool, futures.ThreadPoolExecutor)
    assert not cancelled.is_set()
    assert bound.Cancel.experimental_thread_pool.submit(lambda: "answered").result(10) == "answered"
    assert cancelled.is_set()


def test_the_hook_is_grpcs_own() -> None:
    """Where gRPC stops looking for it, four threads are what is left."""
    import grpc._server as server

    pool, default = futures.ThreadPoolExecutor(1), futures.ThreadPoolExecutor(1)
    servicer = servicer_class()
    servicer.Create.experimental_thread_pool = pool
    assert server._select_thread_pool_for_behavior(servicer().Create, default) is pool
    assert server._select_thread_pool_for_behavior(servicer().Update, default) is default


def test_faults_are_told_without_a_stack_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    import traceback

    module = in_process(monkeypatch, traceback=traceback)
    host.prepare(lambda: None)
    try:
        raise host.UserError("one sentence")
    except host.UserError:
        assert module.traceback.format_exc() == "one sentence"
    try:
        raise ValueError("of another provider in the same program")
    except ValueError:
        assert module.traceback.format_exc() == traceback.format_exc()
    assert module.traceback.print_exc is traceback.print_exc
    assert traceback.format_exc.__module__ == "traceback"


def test_another_process_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    import traceback

    in_process(monkeypatch)
    host.prepare(lambda: None)  # a release without any of the hooks
    module = in_process(monkeypatch, traceback=traceback)
    module.__spec__ = None
    host.prepare(lambda: None)
    assert module.traceback is traceback


@pytest.mark.parametrize(
    ("arguments", "address"),
    [(["-m", "127.0.0.1:4711"], "127.0.0.1:4711"), (["-m"], None), (["-m", "--debug"], None)],
)
def test_the_engine_is_the_last_argument(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], address: str | None
) -> None:
    monkeypatch.setattr(sys, "argv", arguments)
    host._engine.cache_clear()
    try:
        assert host._engine()._address == address
        if address is None:
            began = time.monotonic()
            host.reporter("urn").warning("goes nowhere")
            assert time.monotonic() - began < 1
    finally:
        host._engine.cache_clear()
