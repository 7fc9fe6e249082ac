"""What is done to one resource, and how it is saved (pkg/resource/deploy/step.go, pkg/backend/snapshot.go).

A step is applied once. `begin` and `end` tell the snapshot manager of it, before and after; in a preview
there is none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from .answers import InitFailedError, ProviderError
from .plugins import PluginError
from .provider import Provider
from .registry import Registry
from .resources import Goal, State, now
from .safety import UnsafeError
from .snapshots import SnapshotManager, worth_saving
from .values import Properties, Secret, copied, secret
from .wire import WireError


class StepError(Exception):
    """A step failed; `partial` if the resource is there all the same."""

    def __init__(self, text: str, *, partial: bool = False) -> None:
        super().__init__(text)
        self.partial = partial


class ProtectedError(StepError):
    """A resource is not deleted because it is protected."""


@dataclass(eq=False)
class Registration:
    """A program's wish for one resource, and what it waits for.

    Arguments:
        complete: takes the resource's state once the wish is fulfilled, and None where it cannot be. Called
            from the thread of the step.
        skipped: the resource was not asked for, and nothing is known of it.
    """

    goal: Goal
    complete: Callable[[State | None], None] = lambda state: None
    skipped: bool = False


class Context(Protocol):
    """What a step needs of its deployment."""

    preview: bool
    registry: Registry

    def provider(self, state: State) -> Provider:
        """The provider that manages a resource."""

    def warn(self, text: str, urn: str) -> None: ...


@dataclass(eq=False)
class Step:
    """One step. `old` is the resource before, `new` after it."""

    old: State | None
    new: State | None
    registration: Registration | None = None
    op: str = ""

    logical: ClassVar[bool] = True

    @property
    def resource(self) -> State:
        """The latest that is known of the resource."""
        state = self.new or self.old
        assert state is not None
        return state

    def apply(self, context: Context) -> None:
        """Do it. What fails raises `StepError`."""

    def begin(self, snapshots: SnapshotManager) -> None: ...

    def end(self, snapshots: SnapshotManager, *, successful: bool) -> None: ...

    def complete(self) -> None:
        """Let the program have the outcome."""
        if self.registration is not None:
            self.registration.complete(self.new)

    def fail(self) -> None:
        if self.registration is not None:
            self.registration.complete(None)


@dataclass(eq=False)
class Same(Step):
    """Nothing changes.

    Arguments:
        skipped: the resource is not there, and is not made because it was not asked for.
        untargeted: it is the same only because it was not asked for.
    """

    op: str = "same"
    skipped: bool = False
    untargeted: bool = False

    def apply(self, context: Context) -> None:
        assert self.old is not None
        assert self.new is not None
        self.new.id, self.new.outputs = self.old.id, self.old.outputs
        if self.new.is_provider and not self.skipped and not self.untargeted:
            # A provider that holds its changed configuration for the same goes on with what it had.
            context.registry.same(self.new.copy(inputs=copied(self.old.inputs)), checked=True)

    def complete(self) -> None:
        if self.registration is not None:
            self.registration.skipped = self.skipped
        super().complete()

    def end(self, snapshots: SnapshotManager, *, successful: bool) -> None:
        assert self.old is not None
        assert self.new is not None
        if not successful:
            snapshots.end()
        elif self.skipped:
            snapshots.end(done=self.old, worth_saving=False)
        else:
            snapshots.end(done=self.old, new=self.new, worth_saving=worth_saving(self.old, self.new))


@dataclass(eq=False)
class Create(Step):
    """A resource is made.

    Arguments:
        pending_delete: `old` is to be deleted later.
    """

    op: str = "create"
    pending_delete: bool = False

    @property
    def logical(self) -> bool:  # type: ignore[override]
        return self.op == "create"

    def apply(self, context: Context) -> None:
        assert self.new is not None
        new, failure = self.new, None
        if new.custom:
            try:
                self._create(context, new)
            except InitFailedError as error:
                new.id, new.outputs, new.init_errors = error.id, error.outputs, error.reasons
                failure = StepError(str(error), partial=True)
        new.created = new.modified = now()
        if self.pending_delete:
            assert self.old is not None
            self.old.delete = True
        if failure:
            raise failure

    def _create(self, context: Context, new: State) -> None:
        if new.is_provider:
            found = context.registry.create(new.urn, new.inputs, preview=context.preview)
        else:
            found = context.provider(new).create(new.urn, new.inputs, new.timeouts.create, context.preview)
        new.id, new.outputs = found.id, found.outputs

    def begin(self, snapshots: SnapshotManager) -> None:
        assert self.new is not None
        snapshots.begin(self.new, "creating")

    def end(self, snapshots: SnapshotManager, *, successful: bool) -> None:
        done = self.old if successful and self.old and self.old.pending_replacement else None
        snapshots.end(operated=self.new, done=done, new=self.new if successful else None)


@dataclass(eq=False)
class Replace(Step):
    """Says that a resource is replaced; others do it."""

    op: str = "replace"

    def complete(self) -> None: ...


@dataclass(eq=False)
class Update(Step):
    """A resource is changed in place."""

    op: str = "update"
    ignore_changes: list[str] = field(default_factory=list)

    def apply(self, context: Context) -> None:
        assert self.old is not None
        assert self.new is not None
        new, failure = self.new, None
        new.id, new.created, new.modified = self.old.id, self.old.created, self.old.modified
        if new.custom:
            try:
                new.outputs = self._update(context, self.old, new)
            except InitFailedError as error:
                # What is there was not made from the new inputs.
                new.outputs, new.init_errors = error.outputs, error.reasons
                new.inputs = copied(self.old.inputs)
                failure = StepError(str(error), partial=True)
            new.modified = now()
        if failure:
            raise failure

    def _update(self, context: Context, old: State, new: State) -> Properties:
        if new.is_provider:
            return context.registry.update(new.urn, new.id, new.inputs)
        return context.provider(new).update(
            new.urn,
            old.id,
            old.inputs,
            old.outputs or {},
            new.inputs,
            self.ignore_changes,
            new.timeouts.update,
            context.preview,
        )

    def begin(self, snapshots: SnapshotManager) -> None:
        assert self.new is not None
        snapshots.begin(self.new, "updating")

    def end(self, snapshots: SnapshotManager, *, successful: bool) -> None:
        done, new = (self.old, self.new) if successful else (None, None)
        snapshots.end(operated=self.new, done=done, new=new)


@dataclass(eq=False)
class Delete(Step):
    """A resource is deleted.

    Arguments:
        replacing: it was replaced, or will be.
        pending_replacement: it will be; until then it stays in the state.
        deleted: URNs of all that is deleted.
    """

    op: str = "delete"
    replacing: bool = False
    pending_replacement: bool = False
    deleted: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self.resource.external:
            self.op = "discard-replaced" if self.replacing else "discard"
        elif self.replacing:
            self.op = "delete-replaced"

    @property
    def logical(self) -> bool:  # type: ignore[override]
        return not self.replacing

    def apply(self, context: Context) -> None:
        old = self.resource
        if old.protect and not self.replacing:
            raise ProtectedError(
                f'resource "{old.urn}" cannot be deleted\nbecause it is protected. To unprotect it, either '
                "remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`, or "
                f"use the command:\n`pulumi state unprotect '{old.urn}'`"
            )
        by_another = old.deleted_with in self.deleted if old.deleted_with else False
        if not (context.preview or old.external or old.retain_on_delete or by_another) and old.custom:
            if old.is_provider:
                context.registry.delete(old)
            else:
                context.provider(old).delete(
                    old.urn, old.id, old.inputs, old.outputs or {}, old.timeouts.delete
                )
        if self.pending_replacement:
            old.pending_replacement = True

    def begin(self, snapshots: SnapshotManager) -> None:
        snapshots.begin(self.resource, "deleting")

    def end(self, snapshots: SnapshotManager, *, successful: bool) -> None:
        gone = successful and not self.resource.pending_replacement
        snapshots.end(operated=self.resource, done=self.resource if gone else None)


@dataclass(eq=False)
class RemovePendingReplace(Step):
    """A resource that was deleted to be replaced is not wanted any more."""

    op: str = "remove-pending-replace"

    logical: ClassVar[bool] = False

    def end(self, snapshots: SnapshotManager, *, successful: bool) -> None:
        snapshots.end(done=self.old)


def mark_secrets(state: State) -> None:
    """Outputs are secret where the program says so, and where an input of that name is."""
    outputs = state.outputs or {}
    for name, value in outputs.items():
        marked = name in state.additional_secret_outputs or isinstance(state.inputs.get(name), Secret)
        outputs[name] = secret(value) if marked else value


def applied(step: Step, context: Context) -> StepError | None:
    """Apply a step; what failed."""
    error: StepError | None = None
    try:
        step.apply(context)
    except StepError as failed:
        error = failed
    except (ProviderError, PluginError, WireError, UnsafeError) as failed:
        error = StepError(str(failed))
    if step.new is not None and step.op != "replace":
        mark_secrets(step.new)
    return error
