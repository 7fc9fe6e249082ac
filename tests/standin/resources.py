"""Resources: what a program wants (`Goal`), and what the state knows (`State`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any, Final

from .values import Properties, copied

ROOT_TYPE: Final = "pulumi:pulumi:Stack"
_PROVIDERS: Final = "pulumi:providers:"


def make_urn(stack: str, project: str, parent_type: str, type_: str, name: str) -> str:
    qualified = f"{parent_type}${type_}" if parent_type else type_
    return f"urn:pulumi:{stack}::{project}::{qualified}::{name}"


def qualified_type(urn: str) -> str:
    """A resource's type after those of its parents."""
    return urn.split("::", 3)[2]


def type_of(urn: str) -> str:
    return qualified_type(urn).rpartition("$")[2]


def name_of(urn: str) -> str:
    return urn.split("::", 3)[3]


def is_provider_type(type_: str) -> bool:
    return type_.startswith(_PROVIDERS)


def is_default_provider(urn: str) -> bool:
    return is_provider_type(type_of(urn)) and (
        name_of(urn) == "default" or name_of(urn).startswith("default_")
    )


def package_of(type_: str) -> str:
    return type_.removeprefix(_PROVIDERS) if is_provider_type(type_) else type_.partition(":")[0]


def provider_type(package: str) -> str:
    return _PROVIDERS + package


def split_reference(reference: str) -> tuple[str, str]:
    """URN and ID in a provider reference."""
    urn, _, identity = reference.rpartition("::")
    return urn, identity


def now() -> str:
    """This moment, as the state holds it."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Timeouts:
    """Seconds; 0 where the program says nothing."""

    create: float = 0
    update: float = 0
    delete: float = 0
    read: float = 0


@dataclass(frozen=True)
class Alias:
    """What a resource may have been called before: a URN, or the parts in which it differed."""

    urn: str = ""
    name: str = ""
    type: str = ""
    parent: str = ""
    no_parent: bool = False
    stack: str = ""
    project: str = ""


@dataclass
class Goal:
    """What a program wants of one resource."""

    type: str
    name: str
    custom: bool = True
    properties: Properties = field(default_factory=dict)
    parent: str = ""
    dependencies: list[str] = field(default_factory=list)
    property_dependencies: dict[str, list[str]] = field(default_factory=dict)
    provider: str = ""
    protect: bool = False
    delete_before_replace: bool | None = None
    ignore_changes: list[str] = field(default_factory=list)
    replace_on_changes: list[str] = field(default_factory=list)
    additional_secret_outputs: list[str] = field(default_factory=list)
    aliases: list[Alias] = field(default_factory=list)
    import_id: str = ""
    timeouts: Timeouts = field(default_factory=Timeouts)
    retain_on_delete: bool = False
    deleted_with: str = ""
    replace_with: list[str] = field(default_factory=list)


@dataclass(eq=False)
class State:
    """A resource in the state. Two are the same only if they are one object: a URN may be there twice."""

    urn: str
    type: str
    custom: bool = True
    delete: bool = False
    id: str = ""
    inputs: Properties = field(default_factory=dict)
    outputs: Properties | None = None
    parent: str = ""
    protect: bool = False
    taint: bool = False
    external: bool = False
    dependencies: list[str] = field(default_factory=list)
    init_errors: list[str] = field(default_factory=list)
    provider: str = ""
    property_dependencies: dict[str, list[str]] = field(default_factory=dict)
    pending_replacement: bool = False
    additional_secret_outputs: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    timeouts: Timeouts = field(default_factory=Timeouts)
    import_id: str = ""
    retain_on_delete: bool = False
    deleted_with: str = ""
    replace_with: list[str] = field(default_factory=list)
    created: str = ""
    modified: str = ""
    ignore_changes: list[str] = field(default_factory=list)
    replace_on_changes: list[str] = field(default_factory=list)
    refresh_before_update: bool = False
    others: dict[str, Any] = field(default_factory=dict)
    """What else was in the state that the real engine wrote, and goes back there as it is."""

    @classmethod
    def wanted(cls, urn: str, goal: Goal, aliases: list[str], old: State | None) -> State:
        """What the state shall be, before anything is known of the outcome."""
        return cls(
            urn=urn,
            type=goal.type,
            custom=goal.custom,
            inputs=copied(goal.properties),
            parent=goal.parent,
            protect=goal.protect,
            dependencies=list(goal.dependencies),
            provider=goal.provider,
            property_dependencies={name: list(urns) for name, urns in goal.property_dependencies.items()},
            additional_secret_outputs=list(goal.additional_secret_outputs),
            aliases=list(aliases),
            timeouts=goal.timeouts,
            import_id=goal.import_id,
            retain_on_delete=goal.retain_on_delete,
            deleted_with=goal.deleted_with,
            replace_with=list(goal.replace_with),
            created=old.created if old else "",
            modified=old.modified if old else "",
            ignore_changes=list(goal.ignore_changes),
            replace_on_changes=list(goal.replace_on_changes),
            refresh_before_update=bool(old and old.refresh_before_update),
        )

    def copy(self, **changes: Any) -> State:
        """Another state with the same content: nothing in it is shared."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        deep = {name: copied(value) for name, value in values.items()}
        return replace(self, **{**deep, **changes})

    @property
    def name(self) -> str:
        return name_of(self.urn)

    @property
    def is_provider(self) -> bool:
        return is_provider_type(self.type)

    @property
    def reference(self) -> str:
        """How resources name this provider."""
        return f"{self.urn}::{self.id}"

    def needs(self, *, parent: bool = True) -> Iterator[str]:
        """URNs of all that this resource depends on, its provider apart."""
        if parent and self.parent:
            yield self.parent
        yield from self.dependencies
        for urns in self.property_dependencies.values():
            yield from urns
        if self.deleted_with:
            yield self.deleted_with
        yield from self.replace_with

    def needs_all(self, *, parent: bool = True) -> Iterator[str]:
        """The same, and its provider."""
        yield from self.needs(parent=parent)
        if self.provider:
            yield split_reference(self.provider)[0]


@dataclass(frozen=True)
class Operation:
    """Something that was begun on a resource, and of whose end the state does not know."""

    resource: State
    type: str
