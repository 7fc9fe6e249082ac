"""The dynamic provider: each call of `pulumi.dynamic` is translated, handed to the lifecycle, and answered.

States hold `VoiceProvider` pickled by reference: this module's and this class's name, and nothing else. Hence
neither may ever be renamed or moved, and no instance may have attributes when a program is running; what the
provider's own process needs is set by `configure` there, and is never pickled.
"""

from __future__ import annotations

import os
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from ..core.errors import InitFailedError, NotFoundError, ProviderBugError, VoiceError
from ..core.redaction import Secrets
from . import host, keys

if TYPE_CHECKING:
    from ..core.ports import Fault, Reporter
    from ..core.values import Asset, Properties
    from ..lifecycle import Lifecycle

T = TypeVar("T")

_NO_IMPORT: Final = "A program without the plugin cannot import: docs/dynamic.md says how to import a voice."


class VoiceProvider(ResourceProvider):
    """The voices of all vendors.

    Every call may raise `host.UserError`, whose text is one sentence for the user.
    """

    serialize_as_secret_always = False  # there is nothing in it, and in the clear everybody can see that

    _lifecycle: Lifecycle

    def configure(self, req: ConfigureRequest) -> None:
        """Read the credentials: from the stack's configuration (`voiceclone:…`) or the environment."""
        self._lifecycle = _answered(lambda: _lifecycles.get(req.config.get))

    def check(self, olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        secrets = Secrets()

        def call() -> CheckResult:
            from ..core.values import Asset
            from . import wire

            hidden, given = _hidden(news), wire.decode(news)
            secrets.learn(given, hidden.get(keys.SECRETS, ()))
            inputs, unreadable = _with_hashes(given)
            urn, kept = hidden[keys.URN], _put_back(given)
            if kept:  # its file need not be there any more: without its place, nobody looks
                inputs = {**inputs, "audio": Asset(hash=kept.hash)}
            before, vendor = wire.decode(olds) or None, keys.vendor_of(urn)
            checked = self._lifecycle.check(vendor, urn, before, inputs)
            faults = [*checked.faults, *unreadable]
            if before is None:
                faults += _without_sample(vendor, inputs, faults)
            failures = [_failure(fault, secrets) for fault in faults]
            declared = {**checked.inputs, "audio": kept} if kept else checked.inputs
            return CheckResult({**wire.encode(declared), keys.HIDDEN: hidden}, failures)

        return _answered(call, secrets)

    def diff(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        secrets = Secrets()

        def call() -> DiffResult:
            from . import wire

            before, after = _hidden(olds), _hidden(news)
            urn, state = after.get(keys.URN) or before[keys.URN], wire.decode(olds)
            secrets.learn(state, before.get(keys.SECRETS, ()))
            vendor = keys.vendor_of(urn)
            difference = self._lifecycle.diff(
                vendor,
                urn,
                id_,
                state,
                _inputs_in(vendor, state),
                wire.decode(news),
                secrets.reporter(_reporter(urn)),
            )
            changes = (
                bool(difference.changes)
                or bool(before.get(keys.TROUBLE))
                or keys.read_from_state(before) != keys.read_from_state(after)
            )
            return DiffResult(changes, difference.replaces, list(difference.stables), False)

        return _answered(call, secrets)

    def create(self, props: dict[str, Any]) -> CreateResult:
        secrets = Secrets()

        def call() -> CreateResult:
            from . import wire

            hidden, inputs = _hidden(props), wire.decode(props)
            urn = hidden[keys.URN]
            secrets.learn(inputs, hidden.get(keys.SECRETS, ()))
            try:
                created = self._lifecycle.create(
                    keys.vendor_of(urn),
                    urn,
                    inputs,
                    timeout=_timeout(hidden, "create"),
                    preview=False,
                    reporter=secrets.reporter(_reporter(urn)),
                )
            except InitFailedError as error:
                return CreateResult(error.voice_id, _kept(error, hidden, secrets))
            return CreateResult(
                created.voice_id, {**wire.encode(secrets.state(created.state)), keys.HIDDEN: hidden}
            )

        return _answered(call, secrets)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        secrets = Secrets()

        def call() -> ReadResult:
            from ..vendors import VENDORS
            from . import wire

            hidden = _hidden(props)
            urn, state = hidden[keys.URN], wire.decode(props)
            secrets.learn(state, hidden.get(keys.SECRETS, ()))
            vendor = keys.vendor_of(urn)
            managed = "status" in state  # a look-up (`get`) comes with inputs alone
            inputs = _inputs_in(vendor, state) if managed else None
            reporter = secrets.reporter(_reporter(urn))
            try:
                found = self._lifecycle.read(
                    vendor, urn, id_, state if managed else None, inputs, reporter=reporter
                )
            except InitFailedError as error:
                reporter.warning(error.text(secrets.redact))
                id_now, after, now = error.voice_id, error.state, error.inputs
            else:
                if found is None and not managed:
                    raise NotFoundError(
                        "there is no such voice",
                        vendor=VENDORS[vendor].facts.title,
                        operation="read",
                        voice=id_,
                        advice="Look at the ID, and at the account that the credentials are of.",
                    )
                if found is None:
                    return ReadResult("", {})
                id_now, after, now = found.voice_id, found.state, found.inputs
            hidden.pop(keys.TROUBLE, None)
            same = now is None or now == inputs
            return ReadResult(
                id_now,
                {**wire.encode(secrets.state(after)), keys.HIDDEN: hidden},
                None if same else {**wire.encode(now or {}), keys.HIDDEN: hidden},
            )

        return _answered(call, secrets)

    def update(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        secrets = Secrets()

        def call() -> UpdateResult:
            from . import wire

            hidden, state, inputs = _hidden(news), wire.decode(olds), wire.decode(news)
            secrets.learn(state, _hidden(olds).get(keys.SECRETS, ()))
            secrets.learn(inputs, hidden.get(keys.SECRETS, ()))
            urn = hidden[keys.URN]
            vendor = keys.vendor_of(urn)
            declared = _inputs_in(vendor, state)
            difference = self._lifecycle.diff(vendor, urn, id_, state, declared, inputs)
            if not difference.changes and not _hidden(olds).get(keys.TROUBLE):
                return UpdateResult({**wire.encode(state), keys.HIDDEN: hidden})  # nothing of the vendor's
            try:
                after = self._lifecycle.update(
                    vendor,
                    urn,
                    id_,
                    state,
                    declared,
                    inputs,
                    timeout=_timeout(hidden, "update"),
                    preview=False,
                    reporter=secrets.reporter(_reporter(urn)),
                )
            except InitFailedError as error:
                return UpdateResult(_kept(error, hidden, secrets))
            return UpdateResult({**wire.encode(secrets.state(after)), keys.HIDDEN: hidden})

        return _answered(call, secrets)

    def delete(self, id_: str, props: dict[str, Any]) -> None:
        secrets = Secrets()

        def call() -> None:
            from . import wire

            hidden, state = _hidden(props), wire.decode(props)
            secrets.learn(state, hidden.get(keys.SECRETS, ()))
            urn = hidden[keys.URN]
            vendor = keys.vendor_of(urn)
            self._lifecycle.delete(
                vendor,
                urn,
                id_,
                state,
                _inputs_in(vendor, state),
                timeout=_timeout(hidden, "delete"),
                reporter=secrets.reporter(_reporter(urn)),
            )

        _answered(call, secrets)


class _Lifecycles:
    """The lifecycle of this process. States written by several releases may hold several texts for the same
    provider, each of which becomes an object of its own; what they know of each other's voices they share."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_config: dict[str, Lifecycle] = {}
        self.calls: set[int] = set()  # threads that answer one

    def get(self, configured: Callable[[str], Any]) -> Lifecycle:
        from ..account.config import KEYS, ProviderConfig
        from ..lifecycle import Lifecycle

        given = {name: configured(f"voiceclone:{name}") for name in KEYS}
        with self._lock:
            key = repr(sorted(given.items()))
            if key not in self._by_config:
                host.prepare(self.cancel)
                self._by_config[key] = Lifecycle(ProviderConfig.load(given, os.environ))
            return self._by_config[key]

    def cancel(self) -> None:
        """The engine says so on Ctrl-C, and at the end of every ordinary run, when no call is under way."""
        for lifecycle in list(self._by_config.values()):
            if not self.calls:
                lifecycle.ended()
            lifecycle.cancel()


_lifecycles = _Lifecycles()


def _answered(call: Callable[[], T], secrets: Secrets | None = None) -> T:
    """The call's result; a fault becomes one sentence, without the secrets."""
    _lifecycles.calls.add(threading.get_ident())
    try:
        return call()
    except VoiceError as error:
        text = error.text((secrets or Secrets()).redact)
        raise host.UserError(f"{text} {_NO_IMPORT}" if "pulumi import" in text else text) from None
    except ProviderBugError as error:
        raise host.UserError(str(error)) from None
    except Exception as error:
        _bug(error)
    finally:
        _lifecycles.calls.discard(threading.get_ident())


def _bug(error: Exception) -> NoReturn:
    # Type and place, not its text, which may quote anything, credentials too.
    frames = traceback.extract_tb(error.__traceback__)
    place = f" in {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    raise host.UserError(str(ProviderBugError(f"Unexpected {type(error).__name__}{place}"))) from None


def _hidden(properties: Mapping[str, Any]) -> dict[str, Any]:
    return dict(properties.get(keys.HIDDEN) or {})


def _reporter(urn: str) -> Reporter:
    return host.reporter(keys.shown_urn(urn))


def _timeout(hidden: Mapping[str, Any], verb: str) -> float:
    from . import wire

    return wire.seconds(hidden.get(keys.TIMEOUTS, {}).get(verb))


def _inputs_in(vendor: str, state: Properties) -> Properties:
    """What the program declared when this state was written: the engine does not say, but outputs repeat
    every input."""
    from ..vendors import VENDORS

    names = [field.alias or name for name, field in VENDORS[vendor].Inputs.model_fields.items()]
    return {name: state[name] for name in names if name in state}


def _put_back(inputs: Properties) -> Asset | None:
    """The sample that the engine put back for `ignore_changes`, if it did."""
    from ..core.values import Asset

    sample = inputs.get("audio")
    return sample if isinstance(sample, Asset) and sample.hash else None


def _with_hashes(inputs: Properties) -> tuple[Properties, list[Fault]]:
    """The inputs with the hashes of their assets, and why one is not known."""
    from ..core.ports import Fault
    from . import wire

    known, faults = dict(inputs), []
    for name, value in inputs.items():
        try:
            known[name] = wire.all_hashed(value)
        except VoiceError as error:
            faults.append(Fault(name, f"{name}: {error.message}"))
    return known, faults


def _without_sample(vendor: str, inputs: Properties, faults: list[Fault]) -> list[Fault]:
    """A new voice without a sample: to the core it may be one to import, which cannot be done here."""
    from ..lifecycle.check import missing_sample
    from ..vendors import VENDORS

    facts = VENDORS[vendor].facts
    missing = missing_sample(facts, inputs)
    known = any(fault.property in facts.sample_inputs for fault in faults)
    return [missing] if missing and not known else []


def _failure(fault: Fault, secrets: Secrets) -> CheckFailure:
    shown = secrets.fault(fault)
    return CheckFailure(shown.property, shown.reason)


def _kept(error: InitFailedError, hidden: Mapping[str, Any], secrets: Secrets) -> dict[str, Any]:
    """The state of a voice that is not as declared. The engine takes it for a success: the program says
    otherwise, and diff finds a change. The program ends with the first such voice, so each is reported
    here."""
    from . import wire

    trouble = error.text(secrets.redact)
    _reporter(hidden[keys.URN]).warning(trouble)
    return {**wire.encode(secrets.state(error.state)), keys.HIDDEN: {**hidden, keys.TROUBLE: trouble}}
