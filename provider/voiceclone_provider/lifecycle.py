"""The six verbs of a cloned voice, for any vendor."""

from __future__ import annotations

from .config import ProviderConfig
from .ports import Checked, Created, Difference, Found, Reporter
from .values import Properties


class Lifecycle:
    """Placeholder signatures; the real ones follow."""

    def __init__(self, config: ProviderConfig) -> None:
        self._config = config

    def check(self, vendor: str, urn: str, olds: Properties | None, news: Properties) -> Checked:
        raise NotImplementedError

    def diff(
        self,
        vendor: str,
        urn: str,
        voice_id: str,
        state: Properties,
        old_inputs: Properties | None,
        news: Properties,
    ) -> Difference:
        raise NotImplementedError

    def create(
        self, vendor: str, urn: str, inputs: Properties, *, timeout: float, preview: bool, reporter: Reporter
    ) -> Created:
        raise NotImplementedError

    def read(
        self,
        vendor: str,
        urn: str,
        voice_id: str,
        state: Properties | None,
        inputs: Properties | None,
        *,
        timeout: float,
        reporter: Reporter,
    ) -> Found | None:
        raise NotImplementedError

    def update(
        self,
        vendor: str,
        urn: str,
        voice_id: str,
        state: Properties,
        old_inputs: Properties | None,
        news: Properties,
        *,
        timeout: float,
        preview: bool,
        reporter: Reporter,
    ) -> Properties:
        raise NotImplementedError

    def delete(
        self,
        vendor: str,
        urn: str,
        voice_id: str,
        state: Properties,
        old_inputs: Properties | None,
        *,
        timeout: float,
        reporter: Reporter,
    ) -> None:
        raise NotImplementedError

    def cancel(self) -> None:
        raise NotImplementedError
