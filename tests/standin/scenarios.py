"""Programs and commands that both engines are given.

A scenario is a list of steps: a program, or None for the one before, and a command. `cloud` may change what
there is before the command; `meanwhile` does something to its process.
"""

from __future__ import annotations

from typing import Final

from .scene import (
    DESTROY,
    PREVIEW,
    REFRESH,
    UP,
    URN,
    Do,
    changed,
    drifted,
    gone,
    interrupt,
    kill,
    made_by_others,
    provider,
    thing,
    unwritable,
    up,
    with_options,
)

ONE: Final = thing(v="1", w="1")
DEPENDENT: Final = {
    "a": thing(v="1"),
    "b": thing(v="1", w="${a.serial}"),
    "c": thing(v="${a.serial}"),
    "d": thing({"dependsOn": ["${a}"]}, v="1"),
}
EXCLUDED: Final = {
    "a": thing(v="1"),
    "b": thing(v="1", w="${a.serial}"),
    "c": thing({"protect": True}, v="1", w="${a.serial}"),
    "d": thing(v="1"),
}
PENDING: Final = {"a": thing(v="2"), "b": thing(v="1", w="${a.serial}"), "c": thing(v="1")}
OWN: Final = {"own": provider(region="here", note="1"), "a": thing({"provider": "${own}"}, v="1")}


SCENARIOS: Final[dict[str, list[Do]]] = {
    "life": [
        up(PREVIEW, a=ONE),
        up(a=ONE),
        up(a=ONE),
        up(("up", "--yes", "--skip-preview", "--expect-no-changes"), a=ONE),
        up(PREVIEW, a=thing(v="1", w="2")),
        up(a=thing(v="1", w="2")),
        up(("up", "--yes"), a=thing(v="1", w="3")),
        up(PREVIEW, a=thing(v="2", w="3")),
        up(a=thing(v="2", w="3")),
        Do(DESTROY),
        Do(DESTROY),
    ],
    "values": [
        up(
            a=thing(
                v="1",
                secretive="plain in the program",
                w={"fn::secret": "s3cret"},
                asset={"fn::stringAsset": "text"},
                list=[1, 2.5, True, None, "x", {"k": ["v"]}, {"fn::secret": "in a list"}],
                map={"a": {"b": "${pulumi.stack}"}, "n": 3, "s": {"fn::secret": [1]}},
            ),
        ),
        Do(REFRESH),
        up(a=thing(v="1", map={"n": 3}, list=[])),
        Do(("stack", "export")),
    ],
    "dependencies": [
        Do(
            PREVIEW, DEPENDENT, {"outputs": {"serial": "${a.serial}", "both": "${b.w}/${c.v}", "all": "${d}"}}
        ),
        Do(UP, DEPENDENT, {"outputs": {"serial": "${a.serial}", "both": "${b.w}/${c.v}"}}),
        Do(PREVIEW, changed(DEPENDENT, "a", v="2")),
        Do(UP, changed(DEPENDENT, "a", v="2")),
        Do(DESTROY),
    ],
    "a dependency that cannot be created": [
        Do(UP, changed(DEPENDENT, "a", fail="create")),
        Do(("up", "--yes", "--skip-preview", "--continue-on-error"), changed(DEPENDENT, "a", fail="create")),
        Do(UP, DEPENDENT),
    ],
    "init errors and recovery": [
        up(a=thing(v="1", init="create"), b=thing(v="1")),
        up(a=thing(v="1", init="create"), b=thing(v="1")),
        up(a=thing(v="1", init="create,update"), b=thing(v="1")),
        Do(REFRESH),
        up(a=thing(v="1", w="2", init="update"), b=thing(v="1")),
        up(a=thing(v="1", w="2", init=""), b=thing(v="1")),
        up(a=thing(v="1", w="2", init=""), b=thing(v="1")),
        Do(DESTROY),
    ],
    "replacements that are not ready": [
        up(a=thing(v="1"), z=thing(v="1")),
        up(a=thing(v="2", init="create"), z=thing(v="1")),
        Do(REFRESH),
        up(("up", "--yes", "--skip-preview", "--target", f"{URN}z"), a=thing(v="2"), z=thing(v="1", w="2")),
        up(a=thing(v="3", init="create"), z=thing(v="1", w="2")),
        up(a=thing(v="1"), z=thing(v="1", w="2")),
        up(a=thing(v="4", init="create"), z=thing(v="1", w="2")),
        up(a=thing(v="4"), z=thing(v="1", w="3", fail="update")),
        up(a=thing(v="4"), z=thing(v="1", w="3", fail="update")),
        up(("up", "--yes", "--skip-preview", "--continue-on-error"), a=thing(v="4"), f=thing(fail="create")),
        up(a=thing(v="4")),
        up(a=thing(v="5", init="create")),
        Do(DESTROY),
    ],
    "an old one that cannot be deleted": [
        up(a=thing(v="1", fail="delete")),
        up(a=thing(v="2")),
        up(a=thing(v="2")),
        up(PREVIEW, a=thing(v="2")),
        Do(REFRESH, cloud=gone("a")),
        up(a=thing(v="2")),
    ],
    "replaced on demand": [
        Do(UP, DEPENDENT),
        Do((*PREVIEW, "--replace", f"{URN}a"), DEPENDENT),
        Do((*UP, "--replace", f"{URN}a"), DEPENDENT),
        Do((*UP, "--target-replace", f"{URN}d"), DEPENDENT),
        Do((*UP, "--replace", f"{URN}c"), with_options(DEPENDENT, "c", deleteBeforeReplace=True)),
        Do((*UP, "--replace", f"{URN}nobody"), DEPENDENT),
    ],
    "taint": [
        Do(UP, DEPENDENT),
        Do(("state", "taint", f"{URN}a", "--yes")),
        Do(PREVIEW),
        Do(UP),
        Do(UP),
    ],
    "aliases": [
        Do(UP, DEPENDENT),
        up(
            a2=thing({"aliases": [{"name": "a"}]}, v="1"),
            b=thing(v="1", w="${a2.serial}"),
            d=thing({"dependsOn": ["${a2}"]}, v="1"),
        ),
        up(a3=thing({"aliases": [f"{URN}a2"]}, v="2")),
        up(a4=thing({"aliases": [{"name": "a3"}]}, v="3", init="create")),
        up(a4=thing(v="3")),
    ],
    "delete before replace": [
        Do(UP, with_options(DEPENDENT, "a", deleteBeforeReplace=True)),
        Do(PREVIEW, with_options(changed(DEPENDENT, "a", v="2"), "a", deleteBeforeReplace=True)),
        Do(UP, with_options(changed(DEPENDENT, "a", v="2"), "a", deleteBeforeReplace=True)),
        up(a=thing(v="3", dbr=True)),
        up(a=thing(v="4", dbr=True, fail="create")),
        up(a=thing(v="4", dbr=True)),
        up(a=thing(v="5", dbr=True, init="create")),
        up(a=thing(v="6", dbr=True, fail="create")),
        up(),
    ],
    "protect": [
        up(a=thing({"protect": True}, v="1"), b=thing(v="${a.v}")),
        up(PREVIEW, a=thing({"protect": True}, v="2"), b=thing(v="${a.v}")),
        up(a=thing({"protect": True}, v="2"), b=thing(v="${a.v}")),
        up(b=thing(v="1")),
        Do(DESTROY),
        up(a=thing(v="2"), b=thing(v="1")),
        Do(DESTROY),
    ],
    "retain on delete": [
        up(a=thing({"retainOnDelete": True}, v="1"), b=thing(v="1")),
        up(a=thing({"retainOnDelete": True}, v="2")),
        Do(DESTROY),
    ],
    "ignore changes": [
        up(a=thing({"ignoreChanges": ["w"]}, v="1", w="1", map={"x": 1, "y": 1})),
        up(a=thing({"ignoreChanges": ["w", "map.x"]}, v="1", w="2", map={"x": 2, "y": 1})),
        up(a=thing({"ignoreChanges": ["w"]}, v="2", w="3")),
        up(a=thing({"ignoreChanges": ["d"]}, v="2", w="3")),
    ],
    "replace on changes": [
        up(a=thing({"replaceOnChanges": ["w"]}, v="1", w="1")),
        up(a=thing({"replaceOnChanges": ["w"]}, v="1", w="2")),
        up(a=thing({"replaceOnChanges": ["*"]}, v="1", w="2", init="create")),
    ],
    "explicit provider": [
        Do(PREVIEW, OWN),
        Do(UP, OWN),
        Do(UP, OWN),
        Do(UP, changed(OWN, "own", note="2")),
        Do(REFRESH),
        Do(UP, changed(OWN, "own", region="there")),
        Do(UP, {"a": thing(v="1")}),
        Do(UP, {**OWN, "own2": provider(region="there"), "a": thing({"provider": "${own2}"}, v="1")}),
        Do(DESTROY),
    ],
    "an unknown provider": [
        Do(
            PREVIEW,
            {
                "first": thing(v="1"),
                "own": provider(region="${first.serial}"),
                "a": thing({"provider": "${own}"}, v="1"),
            },
        ),
        Do(
            UP,
            {
                "first": thing(v="1"),
                "own": provider(region="${first.serial}"),
                "a": thing({"provider": "${own}"}, v="1"),
            },
        ),
    ],
    "configuration": [
        Do(("config", "set", "toy:region", "here"), {"a": ONE}),
        Do(("config", "set", "--secret", "toy:note", "s3cret")),
        Do(UP),
        Do(UP),
        Do(("config", "set", "toy:note", "plain")),
        Do(UP),
        Do(("config", "rm", "toy:region")),
        Do(UP),
        Do(DESTROY),
    ],
    "refresh": [
        up(a=thing(v="1", w="1"), b=thing(v="1", w="${a.serial}"), c=thing(v="1")),
        Do(REFRESH),
        Do(("refresh", "--preview-only", "--expect-no-changes"), cloud=drifted("c", w="theirs")),
        Do(REFRESH),
        Do(UP),
        Do(REFRESH, cloud=gone("a")),
        Do(UP),
        Do(("up", "--yes", "--skip-preview", "--refresh"), cloud=drifted("c", w="again")),
        Do(REFRESH, cloud=drifted("c", init="read")),
        Do(REFRESH, cloud=drifted("c", init="", fail="read")),
        Do((*REFRESH, "--target", f"{URN}a"), cloud=drifted("c", fail="")),
    ],
    "import option": [
        up(PREVIEW, x=ONE),
        Do(UP, {"x": ONE}, cloud=None),
        Do(
            PREVIEW,
            {"x": ONE, "a": thing({"import": "theirs-1"}, v="1")},
            cloud=made_by_others(v="1", d="default"),
        ),
        up(x=ONE, a=thing({"import": "theirs-1"}, v="1")),
        up(x=ONE, a=thing({"import": "theirs-1"}, v="1", w="2")),
        up(a=thing({"import": "theirs-1"}, v="2", w="2")),
        up(x=ONE),
        up(b=thing({"import": "nobody"}, v="1")),
        up(x=thing({"import": "theirs-1"}, v="1", w="2")),
    ],
    "import command": [
        up(x=ONE),
        Do(
            ("import", "--yes", "--skip-preview", "toy:index:Thing", "a", "theirs-1"),
            cloud=made_by_others(v="1", d="default"),
            plugins=False,
        ),
        Do(("import", "--yes", "--skip-preview", "--protect=false", "toy:index:Thing", "b", "nobody")),
        Do(UP, {"x": ONE, "a": thing({"protect": True}, v="1")}),
    ],
    "get": [
        up(x=ONE),
        Do(
            UP,
            {"x": ONE, "a": {"type": "toy:index:Thing", "get": {"id": "theirs-1"}}, "b": thing(v="${a.v}")},
            cloud=made_by_others(v="1", d="default"),
        ),
        Do(PREVIEW),
        Do(UP),
        Do(UP, {"x": ONE, "a": {"type": "toy:index:Thing", "get": {"id": "theirs-1", "state": {"w": "?"}}}}),
        Do(UP, {"x": {"type": "toy:index:Thing", "get": {"id": "theirs-1"}}}),
        Do(UP, {"x": ONE}),
        Do(DESTROY),
    ],
    "functions": [
        Do(
            PREVIEW,
            {"a": thing(v="1"), "b": thing(v="${count.count}")},
            {
                "variables": {
                    "count": {"fn::invoke": {"function": "toy:index:count", "arguments": {"v": "${a.v}"}}}
                }
            },
        ),
        Do(UP),
    ],
    "bad inputs": [
        up(PREVIEW, a=thing(v="bad"), b=thing(v="${a.serial}")),
        up(a=thing(v="bad"), b=thing(v="${a.serial}")),
    ],
    "targets": [
        up(a=thing(v="1"), b=thing(v="1", w="${a.serial}"), c=thing(v="1")),
        up(
            (*UP, "--target", f"{URN}c"),
            a=thing(v="2"),
            b=thing(v="1", w="${a.serial}"),
            c=thing(v="1", w="2"),
            e=thing(v="1"),
        ),
        up((*UP, "--target", f"{URN}f"), a=thing(v="1"), e=thing(v="1"), f=thing(v="${e.serial}")),
        up((*UP, "--target", f"{URN}c"), a=thing(v="1"), b=thing(v="1", w="${a.serial}")),
        up((*UP, "--target", f"{URN}nobody"), a=thing(v="1"), b=thing(v="1", w="${a.serial}")),
        Do((*DESTROY, "--target", f"{URN}nobody")),
        Do((*DESTROY, "--target", f"{URN}b")),
        Do((*DESTROY, "--target", f"{URN}a", "--target-dependents")),
    ],
    "excluded": [
        Do(UP, EXCLUDED),
        Do((*UP, "--exclude", f"{URN}d"), changed(EXCLUDED, "d", w="2")),
        Do((*UP, "--exclude", f"{URN}a"), changed(EXCLUDED, "a", v="2")),
        Do((*REFRESH, "--exclude", f"{URN}d"), EXCLUDED),
        Do((*REFRESH, "--target", f"{URN}a", "--target-dependents")),
        Do((*DESTROY, "--exclude", f"{URN}b")),
        Do((*DESTROY, "--exclude-protected")),
        Do((*DESTROY, "--exclude-protected")),
    ],
    "timeouts": [
        up(a=thing({"customTimeouts": {"create": "1m", "update": "1h5m", "delete": "30s"}}, v="1")),
        up(a=thing({"customTimeouts": {"create": "1m", "update": "1h5m", "delete": "30s"}}, v="1", w="2")),
        up(a=thing({"customTimeouts": {"create": "2m", "delete": "1.5s"}}, v="2", w="2")),
        up(),
    ],
    "pending deletes": [
        up(a=thing(v="1", fail="delete"), b=thing(v="1", w="${a.serial}"), c=thing(v="1")),
        Do(UP, PENDING),
        Do((*UP, "--target", f"{URN}c"), changed(PENDING, "c", w="2")),
        up(
            a=thing(v="3"),
            b=thing(v="1", w="${a.serial}"),
            c=thing({"dependsOn": ["${b}"]}, v="1", fail="update"),
        ),
        Do(("state", "taint", f"{URN}b", "--yes")),
        Do((*DESTROY, "--target", f"{URN}b")),
        Do((*DESTROY, "--exclude", f"{URN}a")),
        Do(DESTROY),
        Do(REFRESH, cloud=gone("a")),
        Do(DESTROY),
    ],
    "a save that is tried again": [
        Do(UP, {"a": thing(v="1", sleep=2), "b": thing(v="${a.serial}")}, meanwhile=unwritable(5)),
        Do(UP),
    ],
    "a save that fails": [
        Do(UP, {"a": thing(v="1", sleep=2), "b": thing(v="1", sleep=3)}, meanwhile=unwritable(45)),
        Do(UP),
    ],
    "failing deletes": [
        up(a=thing(v="1", fail="delete"), b=thing(v="1", w="${a.serial}"), c=thing(v="1", fail="delete")),
        Do((*DESTROY, "--continue-on-error")),
    ],
    "deleted with": [
        up(a=thing(v="1"), b=thing({"deletedWith": "${a}"}, v="1")),
        up(a=thing(v="2"), b=thing({"deletedWith": "${a}"}, v="1")),
        Do(DESTROY),
    ],
    "ctrl-c": [
        Do(UP, {"a": thing(v="1", sleep=20)}, meanwhile=interrupt(1)),
        Do(UP, {"a": thing(v="1", sleep=20)}),
    ],
    "ctrl-c twice": [
        Do(UP, {"a": thing(v="1", sleep=6, stubborn=True)}, meanwhile=interrupt(2)),
        Do(("cancel", "--yes")),
        Do(UP, {"a": thing(v="1", sleep=0)}),
        Do((*REFRESH, "--clear-pending-creates")),
    ],
    "kill": [
        Do(UP, {"a": thing(v="1", sleep=10), "b": thing(v="1")}, meanwhile=kill),
        Do(UP),
        Do(("cancel", "--yes")),
        Do(UP, {"a": thing(v="1", sleep=0), "b": thing(v="1")}),
        Do((*REFRESH, "--clear-pending-creates")),
    ],
}
