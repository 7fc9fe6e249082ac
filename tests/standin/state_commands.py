"""Commands that change nothing but the state and the configuration: `stack`, `config`, `state`, `cancel`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .deployment import Snapshot, dump, load
from .display import shown
from .project import Project, UsageError
from .resources import ROOT_TYPE

Command = Callable[[Project, argparse.Namespace], int]


def add(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the commands to a command line."""
    cancel = commands.add_parser("cancel", parents=[shared])
    cancel.add_argument("--yes", "-y", action="store_true")
    cancel.set_defaults(run=_cancel)
    _add_stack(commands.add_parser("stack").add_subparsers(required=True), shared)
    _add_config(commands.add_parser("config").add_subparsers(required=True), shared)
    _add_state(commands.add_parser("state").add_subparsers(required=True), shared)


def _command(group: Any, shared: argparse.ArgumentParser, name: str, run: Command) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = group.add_parser(name, parents=[shared])
    command.set_defaults(run=run)
    return command


def _cancel(project: Project, arguments: argparse.Namespace) -> int:
    project.store.cancel()
    return 0


# -- stack -------------------------------------------------------------------------------------------------


def _add_stack(group: Any, shared: argparse.ArgumentParser) -> None:
    for name, run in {"init": _init, "select": _select}.items():
        _command(group, shared, name, run).add_argument("name")
    remove = _command(group, shared, "rm", _remove)
    remove.add_argument("name", nargs="?")
    for flag in ("--yes", "--force", "--preserve-config"):
        remove.add_argument(flag, action="store_true")
    export = _command(group, shared, "export", _export)
    export.add_argument("--file")
    export.add_argument("--show-secrets", action="store_true")
    export.set_defaults(data=True)
    _command(group, shared, "import", _import).add_argument("--file")
    output = _command(group, shared, "output", _output)
    output.add_argument("name", nargs="?")
    for flag in ("--json", "--show-secrets"):
        output.add_argument(flag, action="store_true")
    output.set_defaults(data=True)


def _init(project: Project, arguments: argparse.Namespace) -> int:
    named = Project(project.folder, project.environment, arguments.name)
    named.init()
    named.select(named.stack)
    print(f"Created stack '{named.stack}'")
    return 0


def _select(project: Project, arguments: argparse.Namespace) -> int:
    named = Project(project.folder, project.environment, arguments.name)
    if not named.store.exists:
        raise UsageError(f"no stack named '{named.stack}' found")
    project.select(named.stack)
    return 0


def _remove(project: Project, arguments: argparse.Namespace) -> int:
    named = Project(project.folder, project.environment, arguments.name or project.stack)
    resources = _snapshot(named).resources
    if any(state.type != ROOT_TYPE for state in resources) and not arguments.force:
        raise UsageError(f"'{named.stack}' still has resources; removal rejected")
    named.store.remove()
    if not arguments.preserve_config:
        named.forget()
    return 0


def _export(project: Project, arguments: argparse.Namespace) -> int:
    exported = project.store.load()
    if arguments.show_secrets:
        from .secrets import PlainKeeper

        exported = dump(load(exported, project.keeper()), PlainKeeper())
    text = json.dumps(exported, indent=4, ensure_ascii=False)
    if arguments.file:
        Path(arguments.file).write_text(text + "\n", "utf-8")
    else:
        print(text)
    return 0


def _import(project: Project, arguments: argparse.Namespace) -> int:
    text = Path(arguments.file).read_text("utf-8") if arguments.file else sys.stdin.read()
    keeper = project.keeper()
    project.store.save(dump(load(json.loads(text), keeper), keeper))
    print("Import complete.")
    return 0


def _output(project: Project, arguments: argparse.Namespace) -> int:
    stack = next((state for state in _snapshot(project).resources if state.type == ROOT_TYPE), None)
    outputs = shown((stack.outputs or {}) if stack else {}, secrets=arguments.show_secrets)
    if arguments.name:
        if arguments.name not in outputs:
            raise UsageError(f"current stack does not have output property '{arguments.name}'")
        value = outputs[arguments.name]
        print(
            value if isinstance(value, str) and not arguments.json else json.dumps(value, ensure_ascii=False)
        )
    elif arguments.json:
        print(json.dumps(outputs, indent=2, ensure_ascii=False))
    else:
        for name, value in outputs.items():
            print(f"{name}  {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}")
    return 0


# -- config ------------------------------------------------------------------------------------------------


def _add_config(group: Any, shared: argparse.ArgumentParser) -> None:
    one = _command(group, shared, "set", _set)
    one.add_argument("key")
    one.add_argument("value", nargs="?")
    for flag in ("--secret", "--plaintext"):
        one.add_argument(flag, action="store_true")
    several = _command(group, shared, "set-all", _set_all)
    for flag in ("--secret", "--plaintext"):
        several.add_argument(flag, action="append", default=[])
    _command(group, shared, "rm", _unset).add_argument("key")
    get = _command(group, shared, "get", _get)
    get.add_argument("key")
    get.set_defaults(data=True)


def _set(project: Project, arguments: argparse.Namespace) -> int:
    value = sys.stdin.read().rstrip("\n") if arguments.value is None else arguments.value
    project.configure({arguments.key: value}, project.keeper() if arguments.secret else None)
    return 0


def _set_all(project: Project, arguments: argparse.Namespace) -> int:
    project.configure(dict(pair.split("=", 1) for pair in arguments.plaintext), None)
    if arguments.secret:
        project.configure(dict(pair.split("=", 1) for pair in arguments.secret), project.keeper())
    return 0


def _unset(project: Project, arguments: argparse.Namespace) -> int:
    project.unset(arguments.key)
    return 0


def _get(project: Project, arguments: argparse.Namespace) -> int:
    config = project.config(project.keeper())
    key = project.key(arguments.key)
    if key not in config:
        raise UsageError(f"configuration key '{arguments.key}' not found for stack '{project.stack}'")
    print(shown(config[key], secrets=True))
    return 0


# -- state -------------------------------------------------------------------------------------------------


def _add_state(group: Any, shared: argparse.ArgumentParser) -> None:
    for name, run in {
        "taint": _taint,
        "untaint": _untaint,
        "delete": _delete,
        "unprotect": _unprotect,
    }.items():
        command = _command(group, shared, name, run)
        command.add_argument("urn", nargs="?")
        for flag in ("--yes", "--all", "--force"):
            command.add_argument(flag, action="store_true")


def _taint(project: Project, arguments: argparse.Namespace) -> int:
    return _mark(project, arguments, "taint", True)


def _untaint(project: Project, arguments: argparse.Namespace) -> int:
    return _mark(project, arguments, "taint", False)


def _unprotect(project: Project, arguments: argparse.Namespace) -> int:
    return _mark(project, arguments, "protect", False)


def _mark(project: Project, arguments: argparse.Namespace, mark: str, value: bool) -> int:
    snapshot = _snapshot(project)
    for state in snapshot.resources:
        if arguments.all or state.urn == arguments.urn:
            setattr(state, mark, value)
    _save(project, snapshot)
    return 0


def _delete(project: Project, arguments: argparse.Namespace) -> int:
    """Forget resources; what depends on them must not stay."""
    snapshot = _snapshot(project)
    if arguments.all:
        _save(project, Snapshot())
        return 0
    gone = [state for state in snapshot.resources if state.urn == arguments.urn]
    if not gone:
        raise UsageError(f'No such resource "{arguments.urn}" exists in the current state')
    left = [state for state in snapshot.resources if state not in gone]
    dependents = [state.urn for state in left if arguments.urn in state.needs_all()]
    if dependents:
        raise UsageError(f"{arguments.urn} can't be deleted: {', '.join(dependents)} depend on it")
    if any(state.protect for state in gone) and not arguments.force:
        raise UsageError(f"{arguments.urn} can't be deleted because it is protected")
    _save(project, Snapshot(left, snapshot.operations))
    return 0


def clear_pending_creates(project: Project) -> None:
    snapshot = _snapshot(project)
    snapshot.operations = [operation for operation in snapshot.operations if operation.type != "creating"]
    _save(project, snapshot)


def _snapshot(project: Project) -> Snapshot:
    return load(project.store.load(), project.keeper())


def _save(project: Project, snapshot: Snapshot) -> None:
    project.store.save(dump(snapshot, project.keeper()))
