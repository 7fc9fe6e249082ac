"""Provider configuration: composed of what each vendor asks for in its own module.

The order for a key is Pulumi's configuration (or the provider's argument), then the environment. Values
from the environment are read when the provider is configured and never handed back to the engine, so
that they cannot end up in a state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import ValidationError

from ..core.errors import PermanentError
from ..core.ports import Checked, Fault
from ..core.values import Properties, contains_unknown
from ..vendors import VENDORS
from ..vendors.explain import explain
from ..vendors.models import Setting, VendorConfig

_ENGINE_KEYS = frozenset({"version", "pluginDownloadURL", "pluginChecksums", "parameterization"})


@dataclass(frozen=True)
class Key:
    """One configuration key: whose it is, its field in the vendor's model, and how it travels."""

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


def keys() -> Iterator[Key]:
    """Every configuration key, vendor by vendor, in the order of the models."""
    for vendor_key, vendor in VENDORS.items():
        for name, field in vendor.Config.model_fields.items():
            setting = _setting(field.annotation, tuple(field.metadata))
            if setting is None:
                raise TypeError(f"{vendor_key}: configuration field {name} has no Setting")
            yield Key(field.alias or name, vendor_key, name, setting.environment, setting.secret)


KEYS: dict[str, Key] = {key.name: key for key in keys()}
SECRET_KEYS: frozenset[str] = frozenset(key.name for key in KEYS.values() if key.secret)


class ProviderConfig:
    """The configuration of all vendors."""

    def __init__(self, vendors: Mapping[str, VendorConfig]) -> None:
        self._vendors = dict(vendors)

    def of(self, vendor: str) -> Any:
        """The configuration of one vendor: an instance of its own model."""
        return self._vendors[vendor]

    def warnings(self) -> list[str]:
        """What is allowed and not advised, one sentence each."""
        return [
            f"{key.name} ({key.environment}) is an http:// URL of another machine: others can read the "
            "credentials and samples that are sent. Use https://."
            for key in KEYS.values()
            if _readable(getattr(self._vendors.get(key.vendor), key.field, None))
        ]

    @classmethod
    def load(cls, properties: Mapping[str, Any], environ: Mapping[str, str]) -> ProviderConfig:
        """Raises `PermanentError` naming key, variable and fault where a value cannot be used."""
        vendors: dict[str, VendorConfig] = {}
        for vendor_key, vendor in VENDORS.items():
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
                vendors[vendor_key] = vendor.Config.model_validate(given)
            except ValidationError as error:
                reasons = [f"{sources.get(name, name)} {reason}" for name, reason in _reasons(error)]
                raise PermanentError(f"{vendor.facts.title}: {'; '.join(reasons)}") from None
        return cls(vendors)


def _readable(value: object) -> bool:
    """Whether this is a URL under which everybody on the way can read what is sent."""
    if not isinstance(value, str) or not value.startswith("http://"):
        return False
    host = urlsplit(value).hostname or ""
    return host != "localhost" and not host.startswith("127.") and host != "::1"


def check_config(news: Properties) -> Checked:
    """Faults of the provider's own configuration. Never fills in values from the environment."""
    faults: list[Fault] = []
    for vendor_key, vendor in VENDORS.items():
        given = {
            name: value
            for name, value in news.items()
            if name in KEYS
            and KEYS[name].vendor == vendor_key
            and not contains_unknown(value)
            and value != ""
        }
        try:
            vendor.Config.model_validate(given)
        except ValidationError as error:
            faults += [Fault(name, f"{vendor.facts.title}: {name} {why}") for name, why in _reasons(error)]
    for name in news:
        if name not in KEYS and name not in _ENGINE_KEYS and not name.startswith("__"):
            faults.append(Fault(name, f"{name} is not a configuration key of voiceclone"))
    return Checked(news, faults)


def _reasons(error: ValidationError) -> Iterator[tuple[str, str]]:
    for item in error.errors():
        name = str(item["loc"][0]) if item["loc"] else ""
        if name in SECRET_KEYS:
            yield name, "has a value that cannot be used"  # never its text
        else:
            yield name, explain(item)
