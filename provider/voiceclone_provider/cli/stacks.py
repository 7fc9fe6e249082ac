"""The stacks that a command is about: which they are, a workspace for each, and the voices in their states.

On Pulumi's Automation API, which needs the CLI on PATH. The commands that it runs inherit the environment, so
backend, passphrase and `PULUMI_HOME` are those of the user's own `pulumi`. Nothing here changes a stack, nor
which one the user has selected.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import click
from pulumi import automation

from ..core.errors import PermanentError
from ..core.redaction import SHOWN
from ..dynamic import keys
from ..plugin.codec import SECRET, SIGNATURE
from ..vendors import VENDORS

_PROJECT_FILES: Final = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")
_FACES: Final = {
    of_face(vendor): vendor for vendor in VENDORS for of_face in (keys.plugin_type, keys.dynamic_type)
}
_PROVIDER_TYPE: Final = "pulumi:providers:voiceclone"
_DEFAULT: Final = re.compile(r"default(_\d.*)?")  # the name that the engine gives to its own providers


# -- which stacks ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """What a user means by PROJECT[:STACK]: a folder with a Pulumi.yaml, and perhaps a stack's name."""

    folder: Path
    stack: str | None = None

    @classmethod
    def parse(cls, word: str) -> Place:
        """Raises `click.UsageError` where there is no such project."""
        folder, colon, stack = word.rpartition(":")
        for place in (cls(Path(word)), cls(Path(folder or "."), stack)) if colon else (cls(Path(word)),):
            if any((place.folder / name).is_file() for name in _PROJECT_FILES) and place.stack != "":
                return place
        raise click.UsageError(f"'{word}' is no PROJECT or PROJECT:STACK: it has no Pulumi.yaml.")


class Project:
    """A project's folder. Raises `PermanentError` where there is no usable CLI."""

    def __init__(self, folder: Path, command: automation.PulumiCommand) -> None:
        self.folder = folder
        self._workspace = _Workspace(work_dir=str(folder), pulumi_command=command)

    @cached_property
    def name(self) -> str:
        """As its Pulumi.yaml has it, or its folder's where that cannot be read: the CLI says why."""
        return self._settings.name if self._settings else self.folder.resolve().name

    @property
    def program(self) -> Path:
        """The folder that the program runs in, where the paths of its assets begin."""
        return self.folder / ((self._settings and self._settings.main) or "")

    @cached_property
    def _settings(self) -> automation.ProjectSettings | None:
        """Its Pulumi.yaml; `None` where that cannot be read."""
        try:
            return self._workspace.project_settings()
        except Exception:  # whatever the YAML reader raises
            return None

    def stacks(self, *, every: bool) -> list[Stack]:
        """The selected stack, or every one of this project in the backend. Raises `PermanentError`."""
        try:
            listed = self._workspace.list_stacks()
        except automation.CommandError as error:
            raise failed(error) from None
        chosen = [stack.name for stack in listed if every or stack.current]
        if not chosen and not every:
            raise PermanentError(
                f"no stack of {self.folder} is selected",
                advice=f"Name one ({self.folder}:STACK), or select one with `pulumi stack select`.",
            )
        if not chosen:
            raise PermanentError(
                f"{self.folder} has no stack in this backend",
                advice="Look at PULUMI_BACKEND_URL, or make one with `pulumi stack init`.",
            )
        return [self.stack(name) for name in chosen]

    def stack(self, name: str) -> Stack:
        """The stack of this name, which nobody has looked for yet."""
        return Stack(self, automation.Stack.select(name, self._workspace))


def chosen(places: Iterable[Place], *, every: bool = False) -> list[Stack]:
    """The stacks that are meant, each once: of a place without a stack's name the selected one, or `every`
    one. Raises `PermanentError`."""
    cli = command()
    found: dict[str, Stack] = {}
    for place in places:
        project = Project(place.folder, cli)
        for stack in [project.stack(place.stack)] if place.stack else project.stacks(every=every):
            found.setdefault(stack.label, stack)
    return list(found.values())


@dataclass(frozen=True)
class Stack:
    """A stack, and the Automation API's handle to it."""

    project: Project
    api: automation.Stack

    @property
    def label(self) -> str:
        """What people call it, the same on every machine."""
        return f"{self.project.name}/{self.api.name}"

    def state(self) -> State:
        """As the backend has it. Raises `PermanentError`."""
        try:
            return State.parse(self.api.export_stack().deployment)
        except automation.CommandError as error:
            raise failed(error) from None

    def config(self) -> dict[str, Any]:
        """What the stack's configuration says to this package, secrets among it, without `voiceclone:`."""
        try:
            values = self.api.get_all_config()
        except automation.CommandError as error:
            raise failed(error) from None
        own = (key.partition(":") for key in values)
        return {name: values[f"voiceclone:{name}"].value for space, _, name in own if space == "voiceclone"}


def command() -> automation.PulumiCommand:
    """The Pulumi CLI. Raises `PermanentError` where there is none, or too old a one."""
    try:
        return automation.PulumiCommand()
    except OSError:
        raise PermanentError(
            "the Pulumi CLI is not found", advice="Install it, or add its folder to PATH."
        ) from None
    except automation.InvalidVersionError as error:
        raise PermanentError(str(error).rstrip(".")) from None


def failed(error: Exception) -> PermanentError:
    """A command of the CLI that failed, in the CLI's own words, of which only its errors are kept."""
    if not isinstance(error, automation.CommandError):
        return PermanentError(
            f"the Automation API failed in a way that is not known ({type(error).__name__})"
        )
    if isinstance(error, automation.ConcurrentUpdateError):
        return PermanentError(
            "another update of this stack is running, and has locked it",
            advice="Wait for its end. If it was killed, run `pulumi cancel`.",
        )
    lines = re.findall(r"(?:^|\s)error: (.+)", str(error))
    told = "; ".join(dict.fromkeys(line.strip() for line in lines))
    return PermanentError(told.rstrip(".") or "the Pulumi CLI failed and did not say why")


class _Workspace(automation.LocalWorkspace):
    def select_stack(self, stack_name: str) -> None:
        """Nothing: every command is given the stack's name, and what the user has selected stays."""


# -- what is in a state ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Voice:
    """A voice in a state, of either face; without what is secret.

    Arguments:
        type: the plugin's type, also where the dynamic provider has it.
        id: Pulumi's resource ID, which the vendor's listing has as `voice_id`.
        inputs, outputs: texts that were secret are "[secret]".
        provider: the reference of its provider (URN and ID).
        protect: whether Pulumi refuses to delete it.
        delete: whether it was replaced, and the next update deletes it.
        external: whether the program only looks at it.
        dependents: URNs of what depends on it, in the state's order.
    """

    urn: str
    type: str
    vendor: str
    id: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    provider: str = ""
    protect: bool = False
    delete: bool = False
    external: bool = False
    dependents: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return short_name(self.urn)

    @property
    def account(self) -> str:
        """Which account it lives in; empty where the state does not say it."""
        account = self.outputs.get("account")
        return account if isinstance(account, str) and account != SHOWN else ""


@dataclass(frozen=True)
class State:
    """A stack's state.

    Arguments:
        voices: in the state's order, those that wait to be deleted among them.
        managed: the types of the resources that a refresh reads, by URN.
        providers: the inputs of the plugin's explicit providers by their references, with their secrets.
        pending: operations that were interrupted, as (kind, URN).
    """

    voices: tuple[Voice, ...] = ()
    managed: Mapping[str, str] = field(default_factory=dict)
    providers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    pending: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, deployment: Mapping[str, Any] | None) -> State:
        """The `deployment` of an exported stack. Raises `PermanentError` where it is none."""
        try:
            resources: list[dict[str, Any]] = list((deployment or {}).get("resources") or ())
            pending = (deployment or {}).get("pending_operations") or ()
            return cls(
                voices=tuple(_voices(resources)),
                managed={item["urn"]: item["type"] for item in resources if _managed(item)},
                providers={
                    f"{item['urn']}::{item['id']}": opened(item.get("inputs") or {})
                    for item in resources
                    if item["type"] == _PROVIDER_TYPE and not _DEFAULT.fullmatch(short_name(item["urn"]))
                },
                pending=tuple((item["type"], item["resource"]["urn"]) for item in pending),
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise PermanentError("the stack's state cannot be read") from None


def _voices(resources: Iterable[Mapping[str, Any]]) -> Iterable[Voice]:
    dependents = defaultdict(list)
    for item in resources:
        for urn in item.get("dependencies") or ():
            dependents[urn].append(item["urn"])
    for item in resources:
        vendor = _FACES.get(item["type"])
        if vendor is not None and item.get("id"):
            yield Voice(
                urn=item["urn"],
                type=keys.plugin_type(vendor),
                vendor=vendor,
                id=item["id"],
                inputs=concealed(item.get("inputs") or {}),
                outputs=concealed(item.get("outputs") or {}),
                provider=item.get("provider") or "",
                protect=bool(item.get("protect")),
                delete=bool(item.get("delete")),
                external=bool(item.get("external")),
                dependents=tuple(dependents[item["urn"]]),
            )


def _managed(item: Mapping[str, Any]) -> bool:
    own = item.get("custom") and not item["type"].startswith("pulumi:providers:")
    return bool(own and not item.get("delete") and not item.get("external"))


def vendor_of(kind: str) -> str | None:
    """The vendor of a voice's type, of either face; `None` where the type is no voice's."""
    return _FACES.get(kind)


def short_name(urn: str) -> str:
    return urn.split("::", 3)[-1]


def concealed(value: Any) -> Any:
    """A value of a state with "[secret]" for what is secret."""
    if isinstance(value, Mapping):
        if value.get(SIGNATURE) == SECRET:
            return SHOWN
        return {name: concealed(item) for name, item in value.items()}
    return [concealed(item) for item in value] if isinstance(value, list) else value


def opened(value: Any) -> Any:
    """A value of a state that was exported with its secrets, as it is without their wrapping."""
    if isinstance(value, Mapping):
        if value.get(SIGNATURE) == SECRET:
            return opened(json.loads(value["plaintext"]))
        return {name: opened(item) for name, item in value.items()}
    return [opened(item) for item in value] if isinstance(value, list) else value
