"""What vendors that are sent a file have in common."""

from __future__ import annotations

from ..core import audio
from ..core.audio import Sample
from ..core.errors import PermanentError, ProviderBugError
from ..core.values import Asset, Properties
from .base import Order


def length_advice(inputs: Properties, shortest: float, longest: float) -> list[str]:
    """What to say of a local sample that is shorter or longer than advised (seconds). Never the network."""
    sample = inputs.get("audio")
    if not isinstance(sample, Asset) or sample.path is None:
        return []
    try:
        return audio.length_advice(audio.probe_file(sample.path), shortest, longest)
    except PermanentError:  # a file that cannot be read is an error that check reports
        return []


def sample_of(order: Order) -> Sample:
    """The order's audio, which is always there for vendors that are sent a file."""
    if order.sample is None:
        raise ProviderBugError("an order without its sample was given to a vendor that needs it")
    return order.sample


def part(sample: Sample) -> tuple[str, bytes, str]:
    """The sample as one part of a form. The file's own name is the user's business, not the vendor's."""
    return f"sample.{sample.format}", sample.data, "application/octet-stream"
