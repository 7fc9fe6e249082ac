"""The layers: what may import what, and what a start must not pay for."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

from voiceclone_provider.emulator.registry import VENDORS as EMULATED
from voiceclone_provider.vendors import VENDORS

ROOT = Path(__file__).parents[2]
PACKAGE = "voiceclone_provider"
MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 50


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(PACKAGE, cache_dir=None)


def test_the_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_no_vendor_knows_another_down_to_its_last_module(graph: grimp.ImportGraph) -> None:
    def family(module: str) -> str | None:
        name = module.removeprefix(f"{PACKAGE}.vendors.").split(".")[0]
        return name if name in VENDORS else None

    wrong = [
        (module, imported)
        for module in graph.find_descendants(f"{PACKAGE}.vendors")
        for imported in graph.find_modules_directly_imported_by(module)
        if family(module) and family(imported) not in (family(module), None)
    ]
    assert wrong == []


def test_the_emulator_shares_nothing_with_the_provider(graph: grimp.ImportGraph) -> None:
    emulator = graph.find_descendants(f"{PACKAGE}.emulator") | {f"{PACKAGE}.emulator"}
    imported = {found for module in emulator for found in graph.find_modules_directly_imported_by(module)}
    assert {found for found in imported if found.startswith(PACKAGE)} <= emulator


def test_no_modules_import_each_other_in_a_circle(graph: grimp.ImportGraph) -> None:
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    TopologicalSorter(imports).prepare()  # raises CycleError, with the circle


def test_an_emulated_vendor_imports_the_core_alone(graph: grimp.ImportGraph) -> None:
    for key in EMULATED:
        folder = f"{PACKAGE}.emulator.{key}"
        allowed = graph.find_descendants(f"{PACKAGE}.emulator.core") | graph.find_descendants(folder)
        for module in graph.find_descendants(folder):
            imported = graph.find_modules_directly_imported_by(module)
            assert {found for found in imported if found.startswith(PACKAGE)} <= allowed


def test_nothing_of_the_emulator_but_its_registry_names_a_vendor() -> None:
    emulator = ROOT / "provider" / PACKAGE / "emulator"
    naming = {
        path.relative_to(emulator).parts[0]
        for path in emulator.rglob("*.*")
        if path.suffix in (".py", ".html") and any(key in path.read_text("utf-8").lower() for key in EMULATED)
    }
    assert naming == {"registry.py", *EMULATED}


def test_nobody_but_the_registry_names_a_vendor(graph: grimp.ImportGraph) -> None:
    for key in VENDORS:
        folder = f"{PACKAGE}.vendors.{key}"
        importers = graph.find_modules_that_directly_import(folder)
        for module in graph.find_descendants(folder):
            importers |= graph.find_modules_that_directly_import(module)
        outside = {importer for importer in importers if not f"{importer}.".startswith(f"{folder}.")}
        assert outside == {f"{PACKAGE}.vendors"}


def test_the_core_never_sees_pulumi() -> None:
    """Neither face's types reach the lifecycle, so that both share one."""
    code = f"import sys, {PACKAGE}.lifecycle; print(sorted({{m.split('.')[0] for m in sys.modules}}))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(eval(run.stdout))  # noqa: S307 - our own list of names
    assert loaded & {"pulumi", "grpc", "google", "aiohttp", "av", "tinytag", "jwt"} == set()


def test_the_plugin_starts_without_what_it_may_not_need() -> None:
    code = f"import sys, {PACKAGE}.plugin.server; print(sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(eval(run.stdout))  # noqa: S307 - our own list of names
    assert (
        loaded & {"aiohttp", "av", "tinytag", "jwt", f"{PACKAGE}.emulator", "requests", "pydantic"} == set()
    )


GENERATED = {f"{key}.py" for key in VENDORS}
"""In `dynamic`: as long as a vendor's inputs are many."""


def _sources() -> list[Path]:
    files = (ROOT / "provider" / PACKAGE).rglob("*.py")
    return [path for path in files if path.parent.name != "dynamic" or path.name not in GENERATED]


def test_files_can_be_read_in_one_sitting() -> None:
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in _sources()}
    assert {path.name: count for path, count in lines.items() if count > MOST_LINES} == {}


def test_functions_fit_on_a_screen() -> None:
    lines = {
        f"{path.name}: {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in _sources()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: count for name, count in lines.items() if count > MOST_LINES_OF_A_FUNCTION} == {}
