"""Steps that ask what a resource is like: refresh, import, and reading what others manage.

pkg/resource/deploy/step.go
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from .answers import Difference, InitFailedError
from .paths import parse, reset
from .provider import Provider
from .resources import State, now
from .snapshots import SnapshotManager
from .steps import Context, Step, StepError
from .values import Properties, changed_keys, copied, equal, plain


def difference(
    provider: Provider,
    urn: str,
    id: str,  # noqa: A002
    old_inputs: Properties,
    old_outputs: Properties,
    news: Properties,
    ignore_changes: list[str],
    unknowns: bool,
) -> Difference | None:
    """The provider's diff; where it does not know, the engine compares the inputs itself.

    None where the provider's configuration is not known yet.
    """
    diff = provider.diff(urn, id, old_inputs, old_outputs, news, ignore_changes, unknowns)
    if diff is not None and diff.changes is None:
        keys = changed_keys(old_inputs, without_ignored(news, old_inputs, ignore_changes))
        diff.changes, diff.keys = bool(keys), keys
        diff.detailed = dict.fromkeys(keys, "UPDATE")
    return diff


def without_ignored(news: Properties, olds: Properties, ignored: list[str]) -> Properties:
    """The inputs, with the old values of what is not to change."""
    news = copied(news)
    for text in ignored:
        reset(parse(text), olds, news)
    return news


_INVERSE = {
    "ADD": "DELETE",
    "DELETE": "ADD",
    "ADD_REPLACE": "DELETE_REPLACE",
    "DELETE_REPLACE": "ADD_REPLACE",
}


@dataclass(eq=False)
class Refresh(Step):
    """A resource in the state is read again. `new` is `old` if nothing was read, and None if it is gone."""

    op: str = "refresh"
    diff: Difference | None = None

    logical: ClassVar[bool] = False

    @property
    def result(self) -> str:
        """What the refresh found to have happened."""
        if self.new is None:
            return "delete"
        assert self.old is not None
        if self.old.external:
            changed = not equal(plain(self.old.outputs), plain(self.new.outputs))
        else:
            changed = self.diff is not None and bool(self.diff.changes)
        return "update" if changed and self.new is not self.old else "same"

    def apply(self, context: Context) -> None:
        assert self.old is not None
        old = self.old
        if not old.custom or old.is_provider or old.pending_replacement:
            return
        provider = context.provider(old)
        reasons: list[str] = []
        try:
            found = provider.read(old.urn, old.id, old.inputs, old.outputs or {}, old.timeouts.read)
            identity, outputs, inputs = found.id, found.outputs, found.inputs
        except InitFailedError as error:
            identity, outputs, inputs, reasons = error.id, error.outputs, error.inputs, error.reasons
            told = "\n* ".join(reasons)
            context.warn(f"Refreshed resource is in an unhealthy state:\n* {told}", old.urn)
        if not identity or outputs is None:
            self.new = None
            return
        self._found(context, provider, old, identity, outputs, inputs, reasons)

    def _found(
        self,
        context: Context,
        provider: Provider,
        old: State,
        identity: str,
        outputs: Properties,
        inputs: Properties | None,
        reasons: list[str],
    ) -> None:
        inputs = copied(old.inputs) if inputs is None else inputs
        new = old.copy(id=identity, init_errors=reasons, inputs=inputs, outputs=outputs)
        if not (equal(inputs, old.inputs) and equal(outputs, old.outputs or {})):
            new.modified = now()
        self.new = new
        if not old.external:
            # What `up` would do to undo it, turned round.
            diff = difference(
                provider,
                new.urn,
                new.id,
                inputs,
                outputs,
                old.inputs,
                old.ignore_changes,
                context.preview,
            )
            if diff is not None and diff.detailed:
                diff.detailed = {path: _INVERSE.get(kind, kind) for path, kind in diff.detailed.items()}
            self.diff = diff

    def end(self, snapshots: SnapshotManager, *, successful: bool) -> None:
        snapshots.end(worth_saving=False)


@dataclass(eq=False)
class Read(Step):
    """What others manage is read, because the program wants to know of it."""

    op: str = "read"
    replacing: bool = False

    def __post_init__(self) -> None:
        if self.replacing:
            self.op = "read-replacement"

    @property
    def logical(self) -> bool:  # type: ignore[override]
        return not self.replacing

    @property
    def differs(self) -> bool:
        """Whether it is known to be unlike it was."""
        if self.old is None or self.new is None or self.old.outputs is None:
            return False
        return not equal(plain(self.old.outputs), plain(self.new.outputs))

    def apply(self, context: Context) -> None:
        assert self.new is not None
        new, failure = self.new, None
        provider = context.provider(new)
        try:
            found = provider.read(new.urn, new.id, new.inputs, new.inputs)
            identity, outputs = found.id, found.outputs
        except InitFailedError as error:
            identity, outputs, new.init_errors = error.id, error.outputs, error.reasons
            failure = StepError(str(error), partial=True)
        if outputs is None:
            raise StepError(f"resource '{new.id}' does not exist")
        new.outputs = outputs
        new.id = identity or new.id
        self._compare(new)
        if failure:
            raise failure

    def _compare(self, new: State) -> None:
        if self.old is None:
            return
        if self.replacing:
            self.old.delete = True
        new.created, new.modified = self.old.created, self.old.modified
        if not (equal(new.inputs, self.old.inputs) and equal(new.outputs, self.old.outputs or {})):
            new.modified = now()

    def begin(self, snapshots: SnapshotManager) -> None:
        assert self.new is not None
        snapshots.begin(self.new, "reading")

    def end(self, snapshots: SnapshotManager, *, successful: bool) -> None:
        done, new = (self.old, self.new) if successful else (None, None)
        snapshots.end(operated=self.new, done=done, new=new)


@dataclass(eq=False)
class Import(Step):
    """What exists is taken into the state.

    Arguments:
        old: the resource under that URN, which it replaces.
        planned: it is the `import` command that wants it, not the program.
        continue_: takes the resource as it was read, for the program's wish to be fulfilled on it.
        properties: the inputs that the `import` command was told to keep; all, if there are none.
    """

    op: str = "import"
    planned: bool = False
    seed: bytes = b""
    ignore_changes: list[str] = field(default_factory=list)
    properties: list[str] = field(default_factory=list)
    continue_: Callable[[State], None] | None = None

    def __post_init__(self) -> None:
        if self.old is not None:
            self.op = "import-replacement"

    @property
    def logical(self) -> bool:  # type: ignore[override]
        return self.old is None

    def apply(self, context: Context) -> None:
        assert self.new is not None
        new = self.new
        provider = context.provider(new)
        try:
            found = provider.read(new.urn, new.import_id, None, None, new.timeouts.read)
            identity, outputs, inputs = found.id, found.outputs, found.inputs
        except InitFailedError as error:
            identity, outputs, inputs = error.id, error.outputs, error.inputs
            new.init_errors = error.reasons
        if outputs is None:
            raise StepError(f"resource '{new.import_id}' does not exist")
        if inputs is None:
            raise StepError("provider does not support importing resources; please try updating the plugin")
        supplied, new.inputs = new.inputs, inputs
        new.id, new.outputs = identity or new.import_id, outputs
        new.created = new.modified = now()
        if self.planned:
            self._validate(context, provider, new, supplied)
        elif self.old is not None:
            self.old.delete = True

    def _validate(self, context: Context, provider: Provider, new: State, supplied: Properties) -> None:
        """The inputs are checked, and kept whatever comes of it."""
        read = new.inputs
        new.import_id = ""
        if self.properties:
            new.inputs = {**supplied, **{name: read[name] for name in self.properties if name in read}}
        else:
            new.inputs = copied(read)
        checked = provider.check(new.urn, read, new.inputs, self.seed, context.preview)
        if checked.failures:
            context.warn(
                "One or more imported inputs failed to validate. This is almost certainly a bug in the "
                "provider. The import will still proceed, but you will need to edit the generated code "
                "after copying it into your program.",
                new.urn,
            )
        for name, reason in checked.failures:
            context.warn(f"{name + ': ' if name else ''}{reason}", new.urn)

    def begin(self, snapshots: SnapshotManager) -> None:
        assert self.new is not None
        snapshots.begin(self.new, "importing")

    def end(self, snapshots: SnapshotManager, *, successful: bool) -> None:
        snapshots.end(operated=self.new, new=self.new if successful else None)

    def complete(self) -> None:
        assert self.new is not None
        if self.continue_ is not None:
            self.continue_(self.new)
        else:
            super().complete()
