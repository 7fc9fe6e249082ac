"""Who has a voice: told by files and by what the engine does, to this process and to any later one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fake_clock import FakeClock

from voiceclone_provider.voice import registry
from voiceclone_provider.voice.registry import Registry

VENDOR, VOICE = "kling", "voice-1"
URN = "urn:pulumi:dev::shop::voiceclone:kling:Voice::narrator"
SIBLING = "urn:pulumi:dev::shop::voiceclone:kling:Voice::host"
HOST = "urn:pulumi:another::shop::voiceclone:kling:Voice::host"

Process = Callable[[], Registry]


@pytest.fixture(params=["files", "no files"])
def process(request: pytest.FixtureRequest, tmp_path: Path) -> Process:
    """Starts a process; one whose home cannot be written is its only one."""
    if request.param == "files":
        return lambda: Registry(tmp_path / "owners")
    (tmp_path / "owners").write_text("in the way")
    only = Registry(tmp_path / "owners")
    return lambda: only


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def later(tmp_path: Path, clock: FakeClock) -> Process:
    """Starts processes that share a home."""
    return lambda: Registry(tmp_path / "owners", clock)


def test_a_voice_of_nobody_may_be_taken_and_deleted(process: Process) -> None:
    assert process().may_take(VENDOR, VOICE, URN)
    assert process().leave_to(VENDOR, VOICE, URN, "id") == []
    assert process().leave_to(VENDOR, VOICE, URN, None) == []


def test_what_was_answered_may_be_taken_again_until_the_run_has_ended_in_order(later: Process) -> None:
    killed = later()
    killed.take(VENDOR, VOICE, URN)
    assert later().may_take(VENDOR, VOICE, URN)
    assert not later().may_take(VENDOR, VOICE, HOST)
    killed.ended()
    assert not later().may_take(VENDOR, VOICE, URN)


def test_an_import_is_not_saved_by_the_end_of_a_run_that_may_be_a_preview(later: Process) -> None:
    preview = later()
    invented = preview.take_imported(VENDOR, VOICE, URN)
    preview.shown(VENDOR, VOICE, URN, invented)
    preview.ended()
    assert later().may_take(VENDOR, VOICE, URN)
    imported = later().take_imported(VENDOR, VOICE, URN)
    assert later().leave_to(VENDOR, VOICE, URN, imported) == []


def test_an_import_takes_the_place_of_what_the_state_had(later: Process) -> None:
    """`pulumi state delete`, then `pulumi import`."""
    first = later()
    first.take(VENDOR, VOICE, URN)
    first.ended()
    imported = later().take_imported(VENDOR, VOICE, URN)
    later().shown(VENDOR, VOICE, URN, imported)
    assert later().leave_to(VENDOR, VOICE, URN, imported) == []


def test_an_import_of_what_the_resource_has_changes_nothing(later: Process) -> None:
    own = later().take(VENDOR, VOICE, URN)
    later().take_imported(VENDOR, VOICE, URN)
    assert later().leave_to(VENDOR, VOICE, URN, own) == []


def test_an_import_that_no_state_shows_counts_for_an_hour(later: Process, clock: FakeClock) -> None:
    own = later().take(VENDOR, VOICE, URN)
    later().take_imported(VENDOR, VOICE, HOST)
    assert later().leave_to(VENDOR, VOICE, URN, own) == [HOST]
    clock.advance(registry.IMPORT_COUNTS_FOR + 1)
    assert later().leave_to(VENDOR, VOICE, URN, own) == []


def test_an_entry_that_was_taken_out_of_the_state_goes_when_another_of_the_stack_comes(
    later: Process,
) -> None:
    """Pulumi says nothing of `state delete` and `retainOnDelete`."""
    later().take(VENDOR, VOICE, URN)
    later().shown(VENDOR, VOICE, SIBLING, "sibling")
    assert later().leave_to(VENDOR, VOICE, SIBLING, "sibling") == []


def test_siblings_with_one_voice_that_a_run_shows_are_both_known(later: Process) -> None:
    run = later()
    for urn in (SIBLING, URN):
        run.declared(urn, {})
        run.shown(VENDOR, VOICE, urn, f"{urn} has it")
        run.stays(VENDOR, VOICE, urn)
    assert later().leave_to(VENDOR, VOICE, SIBLING, f"{SIBLING} has it") == [URN]
    assert later().leave_to(VENDOR, VOICE, URN, f"{URN} has it") == [SIBLING]


def test_an_entry_is_given_up_for_good_when_the_run_has_ended(later: Process) -> None:
    """Until then, the engine may be killed and never save it."""
    own = later().take(VENDOR, VOICE, URN)
    later().shown(VENDOR, VOICE, HOST, "another")
    killed = later()
    assert killed.leave_to(VENDOR, VOICE, URN, own) == [HOST]
    assert later().leave_to(VENDOR, VOICE, HOST, "another") == [URN]
    killed.ended()
    assert later().leave_to(VENDOR, VOICE, HOST, "another") == []


def test_a_state_without_an_id_has_its_voice_too(later: Process) -> None:
    later().shown(VENDOR, VOICE, URN, None)
    later().shown(VENDOR, VOICE, HOST, "another")
    assert later().leave_to(VENDOR, VOICE, HOST, "another") == [URN]
    later().take(VENDOR, VOICE, URN)  # its first update
    assert later().leave_to(VENDOR, VOICE, URN, None) == [HOST], "that was never saved"


def test_a_state_that_shows_the_voice_has_it(process: Process) -> None:
    own = process().take(VENDOR, VOICE, URN)
    process().shown(VENDOR, VOICE, URN, own)
    assert not process().may_take(VENDOR, VOICE, URN)


def test_an_entry_is_left_to_another_with_the_same_voice(process: Process) -> None:
    first = process().take(VENDOR, VOICE, URN)
    process().shown(VENDOR, VOICE, HOST, "another")
    run = process()
    assert run.leave_to(VENDOR, VOICE, HOST, "another") == [URN]
    run.declared(URN, None)  # no process keeps it any more
    assert run.leave_to(VENDOR, VOICE, URN, first) == [], "the last one has it to itself"


def test_a_resource_that_took_its_own_voice_again_keeps_it(later: Process) -> None:
    old = later().take(VENDOR, VOICE, URN)
    new = later().take(VENDOR, VOICE, URN)
    assert later().leave_to(VENDOR, VOICE, URN, old) == [URN]
    assert later().leave_to(VENDOR, VOICE, URN, new) == []


def test_a_renamed_resource_or_stack_is_the_same_owner(later: Process) -> None:
    own = later().take(VENDOR, VOICE, URN)
    renamed = URN.replace(":dev:", ":production:")
    later().shown(VENDOR, VOICE, renamed, own)
    assert later().leave_to(VENDOR, VOICE, renamed, own) == []
    later().shown(VENDOR, VOICE, HOST, "another")
    assert later().leave_to(VENDOR, VOICE, HOST, "another") == [renamed]


def test_a_deleted_entry_is_released_whatever_its_name_was_then(later: Process) -> None:
    own = later().take(VENDOR, VOICE, URN)
    later().shown(VENDOR, VOICE, HOST, own)
    last = later()
    last.release(VENDOR, VOICE, URN, own)
    last.ended()
    assert later().may_take(VENDOR, VOICE, URN)


def test_a_voice_that_is_gone_has_no_owner(process: Process) -> None:
    process().take(VENDOR, VOICE, URN)
    process().declared(URN, None)
    process().gone(VENDOR, VOICE)
    assert process().may_take(VENDOR, VOICE, HOST)


@pytest.mark.parametrize("own", ["own", None])
def test_what_the_engine_keeps_in_this_run_is_not_deleted(later: Process, own: str | None) -> None:
    """Also where a state was written before there were IDs, or was edited and has one twice."""
    run = later()
    run.declared(URN, {})
    run.shown(VENDOR, VOICE, URN, own)
    run.stays(VENDOR, VOICE, URN)
    assert run.leave_to(VENDOR, VOICE, URN, own) == [URN]
    assert run.leave_to(VENDOR, VOICE, HOST, own) == [URN]


@pytest.mark.parametrize("own", ["own", None])
def test_what_the_engine_replaces_in_this_run_is_deleted(later: Process, own: str | None) -> None:
    answered, decided, refreshed = later(), later(), later()
    answered.declared(URN, {})
    answered.shown(VENDOR, VOICE, URN, own)
    decided.declared(URN, {})
    decided.shown(VENDOR, VOICE, URN, own)
    decided.stays(VENDOR, VOICE, URN)
    decided.declared(URN, None)  # `replaceOnChanges` and the like: the engine checks once more
    refreshed.shown(VENDOR, VOICE, URN, own)  # a refresh compares what nobody declares
    refreshed.stays(VENDOR, VOICE, URN)
    for run in (answered, decided, refreshed):
        assert run.leave_to(VENDOR, VOICE, URN, own) == []


def test_records_that_make_no_sense_are_none(tmp_path: Path, later: Process) -> None:
    later().take(VENDOR, VOICE, URN)
    (kept,) = (tmp_path / "owners").rglob("*.json")
    for text in ("", "[]", "{}", '{"urn": 1, "ownership_id": "x"}', "\x00"):
        kept.write_text(text)
        assert later().may_take(VENDOR, VOICE, HOST)
        assert later().leave_to(VENDOR, VOICE, HOST, "x") == []
