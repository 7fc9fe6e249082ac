"""What a command finds around it: the project, its stack, the stack's configuration, the plugins.

The same files and environment variables as the real CLI's: Pulumi.yaml, Pulumi.<stack>.yaml, PULUMI_HOME,
PULUMI_BACKEND_URL, PULUMI_STACK, PULUMI_CONFIG_PASSPHRASE, PULUMI_DEBUG_PROVIDERS.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import yaml

from .plugins import Attached, Launcher, Process
from .program import Program
from .secrets import PassphraseKeeper, SecretsError
from .store import Store
from .values import Secret, plain

_RETRIES: Final = 11
"""As the real file backend tries to write the state, half a minute in all."""


class UsageError(Exception):
    """The command cannot be done as it was given."""


class Project:
    """A project, and one of its stacks.

    Arguments:
        folder: where the program lies.
        stack: its name, or None for the one that is selected.
        plugin: where it is not to be looked for.
    """

    def __init__(
        self, folder: Path, environment: Mapping[str, str], stack: str | None, plugin: Launcher | None = None
    ) -> None:
        self.folder = folder
        self._plugin = plugin
        self.environment = environment
        self._program: Program | None = None
        declared = yaml.safe_load(self._file().read_text("utf-8")) or {}
        self.name = str(declared["name"])
        self._stack = stack

    @property
    def program(self) -> Program:
        if self._program is None:
            self._program = Program.load(self.folder)
        return self._program

    def _file(self) -> Path:
        for name in ("Pulumi.yaml", "Pulumi.yml"):
            if (self.folder / name).is_file():
                return self.folder / name
        raise UsageError(
            "no Pulumi.yaml project file found (searching upwards from the current directory is not done)"
        )

    # -- stack and state -----------------------------------------------------------------------------------

    @property
    def stack(self) -> str:
        found = self._stack or self.environment.get("PULUMI_STACK") or self._selected()
        if not found:
            raise UsageError("no stack selected; please use `pulumi stack select` to choose one")
        return found.rpartition("/")[2]

    def select(self, stack: str) -> None:
        file = self._selection()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"stack": stack}))

    def _selected(self) -> str:
        try:
            return str(json.loads(self._selection().read_text("utf-8"))["stack"])
        except (OSError, ValueError, KeyError):
            return ""

    def _selection(self) -> Path:
        digest = hashlib.sha1(str(self._file()).encode(), usedforsecurity=False).hexdigest()
        return self.home / "workspaces" / f"{self.name}-{digest}-workspace.json"

    @property
    def home(self) -> Path:
        return Path(self.environment.get("PULUMI_HOME") or Path.home() / ".pulumi")

    @property
    def store(self) -> Store:
        url = self.environment.get("PULUMI_BACKEND_URL", "")
        if not url.startswith("file://"):
            raise UsageError(
                "the stand-in keeps its state in a folder that PULUMI_BACKEND_URL=file://… names, and has no "
                f"other backend ({url or 'none is named'})"
            )
        path = unquote(urlsplit(url).netloc + urlsplit(url).path)
        return Store(Path(path).expanduser(), self.name, self.stack, retries=_RETRIES)

    # -- configuration -------------------------------------------------------------------------------------

    @property
    def _config_file(self) -> Path:
        return self.folder / f"Pulumi.{self.stack}.yaml"

    def _settings(self) -> dict[str, Any]:
        file = self._config_file
        return (yaml.safe_load(file.read_text("utf-8")) or {}) if file.is_file() else {}

    def _write(self, settings: dict[str, Any]) -> None:
        self._config_file.write_text(yaml.safe_dump(settings, sort_keys=False, allow_unicode=True), "utf-8")

    def init(self) -> None:
        """Make the stack."""
        self.store.create()
        settings = self._settings()
        if "encryptionsalt" not in settings:
            settings["encryptionsalt"] = PassphraseKeeper(self._passphrase()).salt
            self._write(settings)

    def keeper(self) -> PassphraseKeeper:
        """The keeper of this stack's secrets."""
        settings = self._settings()
        if settings.get("secretsprovider") not in (None, "passphrase", "default"):
            raise SecretsError(f"the stand-in knows no secrets provider {settings['secretsprovider']!r}")
        salt = settings.get("encryptionsalt")
        if salt is None:
            keeper = PassphraseKeeper(self._passphrase())
            self._write({"encryptionsalt": keeper.salt, **settings})
            return keeper
        return PassphraseKeeper(self._passphrase(), str(salt))

    def _passphrase(self) -> str:
        phrase = self.environment.get("PULUMI_CONFIG_PASSPHRASE")
        file = self.environment.get("PULUMI_CONFIG_PASSPHRASE_FILE")
        if phrase is None and file:
            phrase = Path(file).read_text("utf-8").strip()
        if phrase is None:
            raise SecretsError(
                "passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE "
                "environment variables"
            )
        return phrase

    def config(self, keeper: PassphraseKeeper) -> dict[str, Any]:
        """The stack's configuration; keys without a name space are the project's."""
        found: dict[str, Any] = {}
        for key, value in (self._settings().get("config") or {}).items():
            if isinstance(value, Mapping) and value.keys() == {"secure"}:
                found[key] = Secret(keeper.decrypt(value["secure"]))
            else:
                found[key] = _text(value)
        return found

    def configure(self, values: Mapping[str, str], keeper: PassphraseKeeper | None) -> None:
        """Set values; as secrets where there is a keeper."""
        settings = self._settings()
        config = settings.setdefault("config", {})
        for key, value in values.items():
            config[self.key(key)] = {"secure": keeper.encrypt(value)} if keeper else value
        self._write(settings)

    def forget(self) -> None:
        """Remove the configuration."""
        self._config_file.unlink(missing_ok=True)

    def unset(self, key: str) -> None:
        settings = self._settings()
        (settings.get("config") or {}).pop(self.key(key), None)
        self._write(settings)

    def key(self, key: str) -> str:
        return key if ":" in key else f"{self.name}:{key}"

    # -- plugins -------------------------------------------------------------------------------------------

    def launchers(self, config: Mapping[str, Any]) -> Mapping[str, Launcher]:
        """How plugins are reached, by package."""
        return _Launchers(self, config)

    def launcher(self, package: str, config: Mapping[str, Any]) -> Launcher:
        if self._plugin is not None:
            return self._plugin
        for attached in filter(None, self.environment.get("PULUMI_DEBUG_PROVIDERS", "").split(",")):
            name, _, port = attached.partition(":")
            if name == package:
                return Attached(int(port))
        environment = {
            **self.environment,
            "PULUMI_PROJECT": self.name,
            "PULUMI_CONFIG": json.dumps({key: plain(value) for key, value in config.items()}),
        }
        return Process(self.plugin(package, self.program.packages.get(package, "")), self.folder, environment)

    def plugin(self, package: str, place: str) -> Path:
        """The plugin's executable: where the program says, or on PATH."""
        name = f"pulumi-resource-{package}"
        path = (self.folder / place).resolve()
        if place and path.is_dir():
            path = path / name
        if place and path.is_file():
            return path
        found = shutil.which(name, path=self.environment.get("PATH"))
        if found is None:
            raise UsageError(
                f"no resource plugin '{name}' found; `packages` in Pulumi.yaml says where it lies"
            )
        return Path(found)


class _Launchers(Mapping[str, Launcher]):
    """Looks for a plugin when it is needed."""

    def __init__(self, project: Project, config: Mapping[str, Any]) -> None:
        self._project = project
        self._config = config
        self._known: dict[str, Launcher] = {}

    def __getitem__(self, package: str) -> Launcher:
        if package not in self._known:
            self._known[package] = self._project.launcher(package, self._config)
        return self._known[package]

    def __iter__(self) -> Iterator[str]:
        return iter(self._project.program.packages)

    def __len__(self) -> int:
        return len(self._project.program.packages)


def _text(value: Any) -> str:
    """A plain value of the configuration, as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)


def current(
    environment: Mapping[str, str] = os.environ, stack: str | None = None, plugin: Launcher | None = None
) -> Project:
    return Project(Path.cwd(), environment, stack, plugin)
