"""Provider configuration: composed of what each vendor asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .ports import Checked
from .values import Properties

SECRET_KEYS: frozenset[str] = frozenset()


class ProviderConfig:
    """The configuration of all vendors, from Pulumi's configuration and the environment."""

    @classmethod
    def load(cls, properties: Mapping[str, Any], environ: Mapping[str, str]) -> ProviderConfig:
        raise NotImplementedError


def check_config(news: Properties) -> Checked:
    """Faults of the provider's own configuration. Never fills in values from the environment."""
    raise NotImplementedError
