"""The command line of `python -m voiceclone_provider verify`.

Without `--spend` it only reads. What can be pasted goes to stdout, what is for the moment to stderr.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TextIO

import click

from ... import __version__
from ...account.config import KEYS, SECRET_KEYS, ProviderConfig
from ...core import audio
from ...core.audio import Sample
from ...core.clock import SYSTEM, Clock
from ...core.errors import PermanentError, VoiceError
from ...core.values import Asset, Properties
from ...lifecycle.check import check, missing_sample
from ...vendors import VENDORS
from ...vendors.base import Observation, Order, Vendor
from . import questions, record
from .questions import Subject
from .record import Recorder
from .subjects import SUBJECTS
from .walk import Walk

DONE, FAULT = 0, 1

_FILE_INPUT: Final = "audio"
_RESOURCE: Final = "verify"
_WRONG: Final = "voiceclone-verify-wrong-credentials"


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    vendor: str
    spend: bool = False
    yes: bool = False
    sample: str | None = None
    sample_url: str | None = None
    speaker_id: str | None = None
    input: tuple[str, ...] = ()
    probe_errors: bool = False
    record: str | None = None


@dataclass(frozen=True)
class Task:
    """What the command line asks for, and what it is done with."""

    vendor: type[Vendor[Any]]
    subject: Subject
    config: ProviderConfig
    inputs: Properties
    options: Options

    @property
    def key(self) -> str:
        return self.vendor.facts.key

    @property
    def slot_id(self) -> str:
        return str(self.inputs.get(self.vendor.facts.recovery.slot_input or "") or "")

    def connect(self, cancelled: threading.Event, clock: Clock) -> Vendor[Any]:
        return self.vendor.connect(self.config.of(self.key), cancelled, clock)

    def connect_wrongly(self, cancelled: threading.Event, clock: Clock) -> Vendor[Any]:
        """The same account with credentials that no account has."""
        config = self.config.of(self.key)
        secret = {key.field for key in KEYS.values() if key.vendor == self.key and key.secret}
        wrong = {field: _WRONG for field in secret if getattr(config, field)}
        return self.vendor.connect(config.model_copy(update=wrong), cancelled, clock)


@click.command(epilog="Exit codes: 0 walked through; 1 a fault; 2 wrong usage.")
@click.option("--vendor", required=True, type=click.Choice(list(VENDORS)), help="The vendor to ask.")
@click.option("--spend", is_flag=True, help="Make a voice, train it again, delete it where that can be.")
@click.option("--yes", is_flag=True, help="Do not ask before spending.")
@click.option("--sample", metavar="FILE", help="Your recording, for vendors that take a file.")
@click.option("--sample-url", metavar="URL", help="Your recording, for vendors that take a URL.")
@click.option(
    "--speaker-id",
    metavar="ID",
    help="The slot to train in, for vendors with slots.  [default: a free one]",
)
@click.option(
    "--input",
    multiple=True,
    metavar="NAME=VALUE",
    help="An input of the voice, such as language=en; may be given several times.",
)
@click.option("--probe-errors", is_flag=True, help="Also send reads that the vendor is to refuse; no cost.")
@click.option("--record", metavar="FILE", help="Write every exchange to this new file, a JSON object a line.")
@click.pass_obj
def command(clock: Clock | None, /, **given: Any) -> None:
    """Ask a vendor how it behaves where its pages disagree.

    The credentials are those of the environment. Only reads, unless --spend is given.
    """
    sys.exit(_verify(Options(**given), clock or SYSTEM))


def _verify(options: Options, clock: Clock) -> int:
    try:
        given = _inputs(options)
        config = ProviderConfig.load({}, os.environ)
        VENDORS[options.vendor].require_credentials(config.of(options.vendor))
        task = _task(options, config, given)
        sample = _sample(task)
        with _recorded(options.record) as file:
            return _Run(task, sample, file, clock).go()
    except VoiceError as error:
        _say(f"error: {error}")
        return FAULT


@contextlib.contextmanager
def _recorded(path: str | None) -> Iterator[TextIO | None]:
    """The new file for the record, where one is wanted."""
    if path is None:
        yield None
        return
    try:
        file = record.create(path)
    except OSError as error:
        raise click.UsageError(f"{path} cannot be made: {(error.strerror or 'error').lower()}") from None
    try:
        yield file
    finally:
        with contextlib.suppress(OSError):  # what cannot be written was told before
            file.close()


class _Run:
    """One run, from the plan to the table."""

    def __init__(self, task: Task, sample: Sample | None, file: TextIO | None, clock: Clock) -> None:
        token = secrets.token_hex(16)
        name = str(task.inputs.get("name") or f"{_RESOURCE}-{token[:8]}")
        handle = str(task.inputs.get(task.vendor.facts.recovery.handle_input or "") or f"voiceclone-{token}")
        known = {name: value for name, value in task.inputs.items() if value is not None}
        self._order = Order(
            inputs=task.vendor.Inputs.model_validate(known),
            name=name,
            auto_named=False,
            handle=handle,
            sample=sample,
            resource=_RESOURCE,
            slot=task.slot_id,
        )
        self._task = task
        self._clock = clock
        self._cancelled = threading.Event()
        self._recorder = Recorder(
            _secrets(task),
            clock,
            private=task.subject.private,
            kept=(name, handle, *task.subject.kept),
            audio=sample.data if sample else b"",
            file=file,
        )
        self._vendor = task.connect(self._cancelled, clock)
        self._vendor.http.witness = self._recorder.note
        self._walk = Walk(self._vendor, self._recorder, clock, self._cancelled, _say)

    def go(self) -> int:
        mode = "with --spend" if self._task.options.spend else "dry"
        self._recorder.write({"vendor": self._task.key, "provider": __version__, "mode": mode})
        with _stopped_by_signals(self._cancelled):
            result = self._walked()
        self._print_table(mode)
        if self._recorder.broken:
            _say(f"error: {self._task.options.record} is not complete: {self._recorder.broken}")
            return FAULT
        return result

    def _walked(self) -> int:
        try:
            return self._steps()
        except VoiceError as error:
            _say(f"error: {error}")
        except Exception as error:  # whatever it is, the user must learn what is at the vendor
            text = self._recorder.shown(str(error))
            _say(f"error: {type(error).__name__}: {text}. This is a bug in the voiceclone provider.")
        finally:
            self._tell_left()
        return FAULT

    def _steps(self) -> int:
        task, options = self._task, self._task.options
        _say(plan(task.vendor, task.subject, self._order.name, task.slot_id))
        for warning in (*task.config.warnings(), *task.vendor.warnings(task.inputs)):
            _say(f"warning: {warning}")
        self._walk.look(task.slot_id)
        if options.probe_errors:
            wrong = task.connect_wrongly(self._cancelled, self._clock)
            wrong.http.witness = self._recorder.note
            limits = task.subject.limits(self._vendor.account)
            self._walk.probe(wrong, task.subject.missing, limits)
        if not options.spend:
            return DONE
        slot = self._claim()
        if not options.yes and not _confirmed():
            _say("Nothing was sent that changes anything.")
            return FAULT
        self._walk.spend(self._order, slot)
        return DONE

    def _claim(self) -> Observation | None:
        """The slot to train in, for vendors that have slots; reads only."""
        if self._task.vendor.facts.recovery.slot_input is None:
            return None
        slot = self._vendor.claim(self._order, (), reserve=True)
        if slot is not None:
            _say(f"The slot is {slot.voice_id}.")
        return slot

    def _tell_left(self) -> None:
        left, facts = self._walk.left, self._task.vendor.facts
        if not left.anything:
            return
        found = [left.voice_id] if left.voice_id else self._search()
        if not found:
            _say(
                f"Left at {facts.title}: maybe a voice. A create was sent and no answer shows what it did. "
                f"Look for the name {self._order.name} in the vendor's console, or run "
                f"`python -m voiceclone_provider discover --vendor {facts.key}` in some minutes."
            )
        for voice_id in found:
            _say(f"Left at {facts.title}: voice {voice_id}, trainings sent: {left.trainings}.")
            _say(_clean_up(self._task.vendor, voice_id))

    def _search(self) -> list[str]:
        stopped = self._cancelled.is_set()
        vendor = self._task.connect(threading.Event(), self._clock)
        vendor.http.witness = self._recorder.note
        try:
            return self._walk.search(vendor, self._order, patient=not stopped)
        except Exception as error:  # what is left must be told, whatever the search met
            _say(f"error: {self._recorder.shown(str(error))}")
            return []

    def _print_table(self, mode: str) -> None:
        count = len(self._recorder.exchanges)
        date = datetime.fromtimestamp(self._clock.now(), UTC).date().isoformat()
        print(
            f"{self._task.vendor.facts.title}, {date}, voiceclone {__version__}, {mode}, {count} exchanges\n"
        )
        print(questions.table(self._task.subject.questions, self._recorder.exchanges))


def plan(vendor: type[Vendor[Any]], subject: Subject, name: str, slot_id: str) -> str:
    """What a walk with `--spend` does and costs."""
    facts = vendor.facts
    trainings = "two trainings" if facts.retrains else "one training"
    slot = f"slot {slot_id}" if slot_id else "a slot that was never trained"
    made = f"makes one voice, {name}, with {trainings}"
    what = f"sends {trainings} to {slot}" if facts.recovery.slot_input else made
    ends = (
        "The voice is deleted at the end." if facts.deletes else "There is no delete call: the voice stays."
    )
    return " ".join(filter(None, (f"With --spend, the walk {what}.", subject.cost, ends)))


def _clean_up(vendor: type[Vendor[Any]], voice_id: str) -> str:
    facts = vendor.facts
    command = f"pulumi import voiceclone:{facts.key}:Voice {_RESOURCE} {voice_id}"
    if facts.deletes:
        return f"To delete it: in the vendor's console; or `{command}`, and then `pulumi destroy`."
    return f"There is no call that deletes it. To use it: `{command}`."


def _secrets(task: Task) -> set[str]:
    """What must not be in the record: credentials of all vendors, what identifies the account, and what may
    fetch the sample."""
    found: set[str] = set()
    for key in KEYS.values():
        value = getattr(task.config.of(key.vendor), key.field)
        if value and (key.name in SECRET_KEYS or key.field.endswith("_key")):
            found |= {str(value), str(value).strip()}
    account = task.connect(threading.Event(), SYSTEM).account
    if "://" not in account:
        found.add(account)
    for value in task.inputs.values():
        if isinstance(value, str) and "://" in value:
            found |= record.url_secrets(value)
    return found


def _inputs(options: Options) -> Properties:
    """The inputs of the voice that the options describe. Raises `click.UsageError`."""
    facts = VENDORS[options.vendor].facts
    inputs: Properties = {}
    for text in options.input:
        name, equals, value = text.partition("=")
        if not equals:
            raise click.UsageError(f"--input {text} is not NAME=VALUE")
        inputs[name] = _value(value)
    takes_file = _FILE_INPUT in facts.sample_inputs
    if options.sample and not takes_file:
        raise click.UsageError(f"{facts.title} takes a URL: give --sample-url instead of --sample")
    if options.sample_url and takes_file:
        raise click.UsageError(f"{facts.title} takes a file: give --sample instead of --sample-url")
    if options.speaker_id and not facts.recovery.slot_input:
        raise click.UsageError(f"{facts.title} has no slots: leave --speaker-id out")
    if options.sample:
        inputs[_FILE_INPUT] = Asset(path=options.sample)
    if options.sample_url:
        inputs[facts.sample_inputs[0]] = options.sample_url
    if options.speaker_id and facts.recovery.slot_input:
        inputs[facts.recovery.slot_input] = options.speaker_id
    if options.spend and missing_sample(facts, inputs):
        raise click.UsageError(f"--spend needs {'--sample FILE' if takes_file else '--sample-url URL'}")
    if options.spend and not options.yes and not sys.stdin.isatty():
        raise click.UsageError("--spend asks on a terminal; give --yes where there is none")
    return inputs


def _value(text: str) -> Any:
    """`true` and `false` are booleans; everything else is text, as all other inputs are."""
    return json.loads(text) if text in ("true", "false") else text


def _task(options: Options, config: ProviderConfig, inputs: Properties) -> Task:
    """Raises `PermanentError` where an input is wrong."""
    vendor = VENDORS[options.vendor]
    urn = f"urn:pulumi:{_RESOURCE}::{_RESOURCE}::voiceclone:{options.vendor}:Voice::{_RESOURCE}"
    # Not as new: a dry run needs no sample.
    checked = check(vendor, urn, {"name": None}, inputs, config.of(options.vendor))
    if checked.faults:
        raise PermanentError("; ".join(fault.reason for fault in checked.faults))
    return Task(vendor, SUBJECTS.get(options.vendor, Subject()), config, dict(checked.inputs), options)


def _sample(task: Task) -> Sample | None:
    asset = task.inputs.get(_FILE_INPUT)
    return audio.load(asset, task.inputs.get("audioFormat"))[0] if isinstance(asset, Asset) else None


@contextlib.contextmanager
def _stopped_by_signals(cancelled: threading.Event) -> Iterator[None]:
    """The first signal stops the walk, which then says what is left; a second one ends the process."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def stop(number: int, _: object) -> None:
        cancelled.set()
        signal.signal(number, signal.SIG_DFL)

    for number in kept:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def _confirmed() -> bool:
    # A read from the terminal is not ended by a signal that only sets an event.
    kept = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        print("Go on? Say yes: ", end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip().lower() == "yes"
    except KeyboardInterrupt:
        return False
    finally:
        signal.signal(signal.SIGINT, kept)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
