"""Which resource depends on which, as a snapshot's list tells it (pkg/resource/graph/dependency_graph.go).

The list is in topological order, and may hold a URN more than once: what is only to be deleted comes after
what took its place.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from .resources import State


class Graph:
    """The dependencies in one list of resources."""

    def __init__(self, resources: Sequence[State]) -> None:
        self._resources = list(resources)
        self._index = {resource: place for place, resource in enumerate(self._resources)}

    def __contains__(self, resource: State) -> bool:
        return resource in self._index

    def depending_on(
        self, root: State, ignored: Collection[str] = (), *, children: bool = False
    ) -> list[State]:
        """All that depends on a resource, directly or not, in the list's order."""
        found: list[State] = []
        urns = {root.urn}
        for candidate in self._resources[self._index[root] + 1 :]:
            if candidate.urn not in ignored and not urns.isdisjoint(candidate.needs_all(parent=children)):
                found.append(candidate)
                urns.add(candidate.urn)
        return found

    def dependencies_of(self, resource: State) -> set[State]:
        """What a resource depends on directly; of a URN that is there twice, all before the resource."""
        urns = set(resource.needs_all())
        return {other for other in self._resources[: self._index[resource]] if other.urn in urns}

    def all_dependencies_of(self, resource: State) -> set[State]:
        """What a resource depends on, directly or not. Old ones depend on old ones, where there are any."""
        olds = {other.urn: other for other in self._resources if other.delete}
        news = {other.urn: other for other in self._resources if not other.delete}
        found: set[State] = set()
        waiting = [resource]
        while waiting:
            current = waiting.pop()
            first, second = (olds, news) if current.delete else (news, olds)
            for urn in current.needs_all():
                other = first.get(urn) or second.get(urn)
                if other is not None and other not in found:
                    found.add(other)
                    waiting.append(other)
        return found - {resource}


def protected(resources: Sequence[State]) -> list[str]:
    """What `--exclude-protected` leaves: what is protected, and all that this depends on."""
    graph = Graph(resources)
    kept: set[State] = set()
    for resource in resources:
        if resource.protect:
            kept |= {resource, *graph.all_dependencies_of(resource)}
    return sorted(state.urn for state in kept)
