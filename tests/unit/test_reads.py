"""Shared reads: how many calls they cost, and what they never get wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from memory_vendor import FLAVOURS, KEYS_REFUSED, Memory, Named, Slots, World

from voiceclone_provider.account import listings as reads
from voiceclone_provider.account.account import Account
from voiceclone_provider.core.errors import PermanentError, TemporaryError
from voiceclone_provider.vendors.base import Observation, Status
from voiceclone_provider.vendors.models import VendorConfig
from voiceclone_provider.voice.registry import Registry

NOBODY = Registry(Path("nobody", "writes", "here"))


class ListOnly(Named):
    """Like Coze: even one voice is read from the listing, and so is its absence."""

    @property
    def reads_by_listing(self) -> bool:
        return True

    def beyond_listing(self, voice_id: str, listed: Observation | None) -> Observation | None:
        return listed

    def is_gone(self, voice_id: str, listed: Callable[[], list[Observation]] | None = None) -> bool:
        for look in [listed] if listed else [self.listing, self.listing]:
            voices = look()
            if not voices:
                raise PermanentError("the account shows no voices at all")
            if any(voice.voice_id == voice_id for voice in voices):
                return False
        return True


class Console(Slots):
    """Like Volcengine: a listing that does not show every slot, and does not say why a training failed."""

    unlisted: frozenset[str] = frozenset()

    @property
    def reads_by_listing(self) -> bool:
        return True

    def listing(self) -> list[Observation]:
        return [voice for voice in super().listing() if voice.voice_id not in self.unlisted]

    def beyond_listing(self, voice_id: str, listed: Observation | None) -> Observation | None:
        if listed is None or listed.status is Status.FAILED:
            return self.observe([voice_id]).get(voice_id)
        return listed


def account(kind: type[Memory], voices: int = 20) -> tuple[Account, World]:
    world = World()
    for number in range(voices):
        world.trained(voice_id=f"v{number}", name=f"voice {number}")
    flavour: type[Memory] = type("Counted", (kind,), {"world": world})
    return Account(flavour.connect(VendorConfig(), threading.Event()), threading.Event(), NOBODY), world


def together(account: Account, voices: list[str]) -> list[Observation | None]:
    gate = threading.Barrier(len(voices))

    def look(voice_id: str) -> Observation | None:
        gate.wait()
        return account.look(voice_id)

    with ThreadPoolExecutor(len(voices)) as threads:
        return list(threads.map(look, voices))


def sent(world: World) -> list[str]:
    return [call.operation for call in world.sent]


VOICES = [f"v{number}" for number in range(20)]
KINDS = [*FLAVOURS.values(), ListOnly, Console]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_reads_share_a_listing_together_or_one_after_another(kind: type[Memory]) -> None:
    for everybody in (
        lambda account: together(account, VOICES),
        lambda account: [account.look(voice) for voice in VOICES],
    ):
        of, world = account(kind)
        found = everybody(of)
        assert [seen and seen.voice_id for seen in found] == VOICES
        assert sent(world).count("list") == 1
        # Where one voice can be asked for, the first one is, before anybody knows that others come.
        assert len(world.sent) <= (1 if kind in (ListOnly, Console) else 2)


def test_a_voice_read_alone_costs_no_listing() -> None:
    of, world = account(FLAVOURS["qiniu"])
    assert of.look("v7")
    assert sent(world) == ["observe"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_listing_is_not_shared_for_ever(kind: type[Memory], monkeypatch: pytest.MonkeyPatch) -> None:
    of, world = account(kind)
    together(of, VOICES)
    monkeypatch.setattr(reads, "SHARED_FOR", 0.0)
    world.voices["v3"].name = "another"
    seen = of.look("v3")
    assert seen
    assert seen.name == "another"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_our_own_change_ends_the_sharing(kind: type[Memory]) -> None:
    of, world = account(kind)
    together(of, VOICES)
    world.voices["v3"].name = "ours"
    of.wrote()
    seen = of.look("v3")
    assert seen
    assert seen.name == "ours"


def test_a_listing_that_our_change_overtook_is_not_shared() -> None:
    of, world = account(ListOnly)
    world.on["list"] = lambda: of.wrote()
    of.look("v1")
    world.sent.clear()
    of.look("v3")
    assert sent(world) == ["list"]


@pytest.mark.parametrize("gone", [1, 19])
def test_voices_that_are_gone_share_their_proof(gone: int) -> None:
    of, world = account(ListOnly)
    for voice in VOICES[:gone]:
        world.voices[voice].gone = True
    found = together(of, VOICES)
    assert [seen is None for seen in found] == [True] * gone + [False] * (20 - gone)
    with ThreadPoolExecutor(20) as threads:
        assert all(threads.map(of.is_gone, VOICES[:gone]))
    assert sent(world) == ["list", "list"], "one that did not show them, and one that confirms it"


def test_a_proof_is_never_the_listing_that_raised_the_question() -> None:
    of, world = account(ListOnly)
    world._before, world.stale = {"v1": world.voices["v1"]}, 1  # a listing that lags behind
    assert of.look("v2") is None
    assert not of.is_gone("v2")
    assert of.look("v2"), "the newer listing is the one that counts"


def test_an_empty_listing_is_asked_for_once() -> None:
    of, world = account(ListOnly, voices=0)
    assert together(of, VOICES) == [None] * 20
    for voice in VOICES:
        with pytest.raises(PermanentError, match="no voices at all"):
            of.is_gone(voice)
    assert sent(world) == ["list"]


def test_only_what_a_listing_cannot_tell_is_asked_for() -> None:
    of, world = account(Console)
    type(of.vendor).unlisted = frozenset({"v4", "v5"})  # type: ignore[attr-defined]
    world.voices["v6"].status, world.voices["v6"].error = Status.FAILED, "too much noise"
    found = together(of, VOICES)
    assert all(found)
    assert sorted(sent(world)) == ["list", "observe", "observe", "observe"]


def test_a_fault_is_shared_by_those_who_waited_for_the_answer() -> None:
    of, world = account(ListOnly)

    def when_all_wait() -> None:
        while of._reads._readers < len(VOICES):
            time.sleep(0.001)

    world.on["list"] = when_all_wait
    asked = of.vendor.listing

    def fails() -> list[Observation]:
        asked()
        raise TemporaryError("the vendor is down")

    def told(voice_id: str) -> str:
        with pytest.raises(TemporaryError) as caught:
            of.look(voice_id)
        return str(caught.value)

    of.vendor.listing = fails  # type: ignore[method-assign]
    with ThreadPoolExecutor(20) as threads:
        assert set(threads.map(told, VOICES)) == {"the vendor is down."}
    assert len(world.sent) <= 3
    of.vendor.listing = asked  # type: ignore[method-assign]
    assert of.look("v1")


def test_one_accounts_failure_does_not_touch_another() -> None:
    broken, its = account(ListOnly)
    sound, _ = account(ListOnly)
    its.raises["list"] = [TemporaryError("the vendor is down")] * 20
    with ThreadPoolExecutor(2) as threads:
        fails = threads.submit(broken.look, "v1")
        works = threads.submit(sound.look, "v1")
        assert works.result()
        assert isinstance(fails.exception(), TemporaryError)


def test_credentials_that_cannot_list_read_one_by_one() -> None:
    of, world = account(FLAVOURS["qiniu"])
    world.raises["list"] = [KEYS_REFUSED] * 20
    assert all(of.look(voice) for voice in VOICES[:5])
    assert sent(world) == ["observe", "list", *["observe"] * 4]


def test_where_even_one_voice_needs_the_listing_its_fault_is_told() -> None:
    of, world = account(ListOnly)
    world.raises["list"] = [KEYS_REFUSED]
    with pytest.raises(PermanentError, match="refused"):
        of.look("v1")
    assert of.look("v1")
