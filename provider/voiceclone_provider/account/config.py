"""Provider configuration: composed of what each vendor asks for in its own module, and what is of none.

The order for a key is Pulumi's configuration (or the provider's argument), then the environment. Values
from the environment are read when the provider is configured and never handed back to the engine, so
that they cannot end up in a state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import ValidationError

from ..core import files
from ..core.errors import PermanentError
from ..core.ports import Checked, Fault
from ..core.values import Properties, contains_unknown
from ..vendors import VENDORS
from ..vendors.explain import explain, strange
from ..vendors.models import NotEmpty, Setting, VendorConfig, VoicecloneModel

_ENGINE_KEYS = frozenset({"version", "pluginDownloadURL", "pluginChecksums", "parameterization"})


GENERAL = ""
"""In the place of a vendor: what is of none."""


class GeneralConfig(VoicecloneModel):
    """What is the same for all vendors."""

    journal: Annotated[NotEmpty | None, Setting("VOICECLONE_JOURNAL")] = None
    """The folder that the journal of interrupted runs is kept in, and what is known of who has which voice.
    On a volume that runners share, a run goes on with what a runner that is gone has begun. A relative path
    begins at the program. Default: `voiceclone` under `PULUMI_HOME`."""


@dataclass(frozen=True)
class Key:
    """One configuration key: its vendor (or `GENERAL`), its field in the model, and how it travels."""

    name: str
    vendor: str
    field: str
    environment: str
    secret: bool


def _setting(annotation: Any, metadata: tuple[Any, ...]) -> Setting | None:
    for item in metadata:
        if isinstance(item, Setting):
            return item
    for inner in get_args(annotation):
        if get_origin(inner) is not None:
            found = _setting(inner, getattr(inner, "__metadata__", ()))
            if found:
                return found
    return None


def models() -> dict[str, type[VoicecloneModel]]:
    """The models that configuration keys are declared in: vendor by vendor, then the general one."""
    return {**{key: vendor.Config for key, vendor in VENDORS.items()}, GENERAL: GeneralConfig}


def keys() -> Iterator[Key]:
    """Every configuration key, in the order of the models."""
    for vendor_key, model in models().items():
        for name, field in model.model_fields.items():
            setting = _setting(field.annotation, tuple(field.metadata))
            if setting is None:
                raise TypeError(f"{vendor_key}: configuration field {name} has no Setting")
            yield Key(field.alias or name, vendor_key, name, setting.environment, setting.secret)


KEYS: dict[str, Key] = {key.name: key for key in keys()}
SECRET_KEYS: frozenset[str] = frozenset(key.name for key in KEYS.values() if key.secret)


class ProviderConfig:
    """The configuration of all vendors, and what is of none."""

    def __init__(self, vendors: Mapping[str, VendorConfig], general: GeneralConfig | None = None) -> None:
        self._vendors = dict(vendors)
        self.general = general or GeneralConfig()

    def of(self, vendor: str) -> Any:
        """The configuration of one vendor: an instance of its own model."""
        return self._vendors[vendor] if vendor != GENERAL else self.general

    def warnings(self) -> list[str]:
        """What is allowed and not advised, one sentence each."""
        sentences = [
            f"{key.name} ({key.environment}) is an http:// URL of another machine: others can read the "
            "credentials and samples that are sent. Use https://."
            for key in KEYS.values()
            if _readable(getattr(self._vendors.get(key.vendor), key.field, None))
        ]
        why = files.unusable() if self.general.journal else ""
        if why:
            sentences.append(
                f"journal (VOICECLONE_JOURNAL): no file can be written in {files.home()} ({why}). What an "
                "interrupted run leaves will not be found there."
            )
        return sentences

    @classmethod
    def load(cls, properties: Mapping[str, Any], environ: Mapping[str, str]) -> ProviderConfig:
        """Raises `PermanentError` naming key, variable and fault where a value cannot be used."""
        loaded: dict[str, Any] = {}
        for vendor_key, model in models().items():
            given: Properties = {}
            sources: dict[str, str] = {}
            for key in KEYS.values():
                if key.vendor != vendor_key:
                    continue
                if properties.get(key.name) not in (None, ""):
                    given[key.name], sources[key.name] = properties[key.name], f"voiceclone:{key.name}"
                elif environ.get(key.environment):
                    given[key.name], sources[key.name] = environ[key.environment], key.environment
            try:
                loaded[vendor_key] = model.model_validate(given)
            except ValidationError as error:
                reasons = [f"{sources.get(name, name)} {reason}" for name, reason in _reasons(error)]
                raise PermanentError(f"{_whose(vendor_key)}{'; '.join(reasons)}") from None
        general = loaded.pop(GENERAL)
        return cls(loaded, general)


def _whose(vendor: str) -> str:
    return "" if vendor == GENERAL else f"{VENDORS[vendor].facts.title}: "


def _readable(value: object) -> bool:
    """Whether this is a URL under which everybody on the way can read what is sent."""
    if not isinstance(value, str) or not value.startswith("http://"):
        return False
    host = urlsplit(value).hostname or ""
    return host != "localhost" and not host.startswith("127.") and host != "::1"


def check_config(news: Properties) -> Checked:
    """Faults of the provider's own configuration. Never fills in values from the environment."""
    faults: list[Fault] = []
    for vendor_key, model in models().items():
        given = {
            name: value
            for name, value in news.items()
            if name in KEYS
            and KEYS[name].vendor == vendor_key
            and not contains_unknown(value)
            and value != ""
        }
        try:
            model.model_validate(given)
        except ValidationError as error:
            faults += [Fault(name, f"{_whose(vendor_key)}{name} {why}") for name, why in _reasons(error)]
    for name in news:
        if name not in KEYS and name not in _ENGINE_KEYS and not name.startswith("__"):
            reason = f"{name} is not a configuration key of voiceclone; {strange(name, KEYS)}"
            faults.append(Fault(name, reason))
    return Checked(news, faults)


def _reasons(error: ValidationError) -> Iterator[tuple[str, str]]:
    for item in error.errors():
        name = str(item["loc"][0]) if item["loc"] else ""
        if name in SECRET_KEYS:
            yield name, "has a value that cannot be used"  # never its text
        else:
            yield name, explain(item)
