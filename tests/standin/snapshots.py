"""Saves the state after every step (pkg/backend/snapshot.go).

The real file backend keeps the snapshot that the deployment began with (`base`), the resources that the
deployment has brought forth, and which of both are done with. What is saved is the new ones, then the rest of
the base. A step that changes nothing worth saving is not saved at once, but at the end.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from .calls import Line
from .deployment import Snapshot, dump
from .resources import Operation, State
from .secrets import Keeper
from .values import equal


class SaveError(Exception):
    """The state could not be saved."""


class SnapshotManager:
    """What is known of the state while a deployment runs.

    Arguments:
        base: the state before; a refresh changes it in place.
        save: writes the exported form, and raises an `OSError` or `StateError` where it cannot.
    """

    def __init__(
        self, base: Snapshot, keeper: Keeper, save: Callable[[dict[str, Any]], None], line: Line
    ) -> None:
        self._base = base
        self._keeper = keeper
        self._save = save
        self._line = line
        self._lock = threading.Lock()
        self._news: list[State] = []
        self._dones: set[State] = set()
        self._operations: list[Operation] = []
        self._completed: set[State] = set()
        self._unsaved = True

    # -- steps ---------------------------------------------------------------------------------------------

    def begin(self, resource: State, operation: str) -> None:
        """Something is about to be done to a resource."""
        with self._lock:
            self._operations.append(Operation(resource, operation))
            self._write()

    def end(
        self,
        *,
        operated: State | None = None,
        done: State | None = None,
        new: State | None = None,
        worth_saving: bool = True,
    ) -> None:
        """It was done, or has failed.

        Arguments:
            operated: of which an operation was begun.
            done: what is no longer in the state.
            new: what is in the state from now on.
        """
        with self._lock:
            if operated is not None:
                self._completed.add(operated)
            if done is not None:
                self._dones.add(done)
            if new is not None:
                self._news.append(new)
            if worth_saving:
                self._write()
            else:
                self._unsaved = True

    def outputs(self, *, changed: bool) -> None:
        """The stack's outputs were set."""
        with self._lock:
            if changed:
                self._write()
            else:
                self._unsaved = True

    def close(self) -> None:
        """Save what was not."""
        with self._lock:
            if self._unsaved:
                self._write()

    # -- the state -----------------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        resources = [state for state in [*self._news, *self._base.resources] if state not in self._dones]
        pending = [operation for operation in self._operations if operation.resource not in self._completed]
        # Only a person can tell what became of a create.
        creates = [operation for operation in self._base.operations if operation.type == "creating"]
        return Snapshot(_normalised(resources), pending + creates)

    def _write(self) -> None:
        exported = dump(self.snapshot(), self._keeper)
        try:
            self._line.guard(self._line.hooks.before_save, exported)
            self._save(exported)
        except Exception as error:
            raise SaveError(f"failed to save snapshot: {error}") from error
        self._unsaved = False
        self._line.guard(self._line.hooks.after_save, exported)


def _normalised(resources: list[State]) -> list[State]:
    """The resources under their present names, also those only to be deleted; aliases are not saved."""
    names = {alias: state.urn for state in resources for alias in state.aliases}
    return [_renamed(state, names) for state in resources] if names else resources


def _renamed(state: State, names: dict[str, str]) -> State:
    def new(urn: str) -> str:
        return names.get(urn, urn)

    provider, _, identity = state.provider.rpartition("::")
    depends = {key: [new(urn) for urn in urns] for key, urns in state.property_dependencies.items()}
    if depends != state.property_dependencies:  # an oddity of the real one
        depends = {key: urns for key, urns in depends.items() if urns}
    return state.copy(
        urn=new(state.urn),
        aliases=[],
        parent=new(state.parent),
        provider=f"{new(provider)}::{identity}" if state.provider else "",
        dependencies=[new(urn) for urn in state.dependencies],
        property_dependencies=depends,
        deleted_with=new(state.deleted_with),
        replace_with=[new(urn) for urn in state.replace_with],
    )


def worth_saving(old: State, new: State) -> bool:
    """Whether a resource that is the same differs in anything that the state must tell."""
    plain = ("urn", "type", "custom", "timeouts", "retain_on_delete", "provider", "parent", "deleted_with")
    lists = ("replace_with", "dependencies")
    return (
        any(getattr(old, name) != getattr(new, name) for name in (*plain, "protect"))
        or any(sorted(getattr(old, name)) != sorted(getattr(new, name)) for name in lists)
        or not equal(old.inputs, new.inputs)
        or not equal(old.outputs or {}, new.outputs or {})
    )
