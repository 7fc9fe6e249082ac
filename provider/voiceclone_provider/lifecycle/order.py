"""Orders: what a create or a training sends, made of inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core import audio
from ..core.errors import PermanentError
from ..core.values import Asset, Properties
from ..vendors.base import Order, Vendor
from ..voice.fingerprint import auto_name, handle
from .check import missing_sample


def orders(vendor: Vendor[Any], urn: str, inputs: Properties, wanted: str) -> Callable[[int], Order]:
    """Makes the order of an attempt; attempts differ in their handle only.

    The sample is read once, and only when the first order is made, which raises `PermanentError` when
    there is none or it cannot be sent.
    """
    kind = type(vendor)
    name = inputs.get("name") or ""
    declared = {key: value for key, value in inputs.items() if value is not None}
    loaded: list[audio.Sample | None] = []

    def order(attempt: int) -> Order:
        missing = missing_sample(kind.facts, inputs)
        if missing:
            raise PermanentError(missing.reason)
        if not loaded:
            sample = inputs.get("audio")
            content = audio.load(sample, inputs.get("audioFormat"))[0] if isinstance(sample, Asset) else None
            loaded.append(content)
        return Order(
            inputs=kind.Inputs.model_validate(declared),
            name=name,
            auto_named=name == auto_name(kind.facts, urn, inputs),
            handle=str(inputs.get(kind.facts.handle_input or "") or handle(urn, wanted, attempt)),
            sample=loaded[0],
            resource=urn.rsplit("::", 1)[-1],
            place=str(inputs.get(kind.facts.id_input or "") or ""),
        )

    return order
