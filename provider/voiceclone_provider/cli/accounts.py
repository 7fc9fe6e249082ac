"""The vendor accounts that stacks use: the configuration of their providers, and the accounts' voices."""

from __future__ import annotations

import os
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from ..account.config import ProviderConfig
from ..core.errors import CredentialsError, VoiceError
from ..vendors import VENDORS
from ..vendors.base import Observation, Vendor


@dataclass(frozen=True)
class Listing:
    """What one account showed.

    Arguments:
        account: as the vendor's module names it; empty where it could not even be connected to.
        voices: all that exist, oldest first, empty slots among them.
        error: why there are none, if they could not be listed.
    """

    vendor: str
    account: str = ""
    voices: Sequence[Observation] = ()
    error: VoiceError | None = None


def configurations(config: Mapping[str, Any], explicit: Iterable[Mapping[str, Any]]) -> list[ProviderConfig]:
    """Of the providers that a stack has: the default one, which takes the stack's configuration, and the
    explicit ones, whose inputs are in the state. What neither gives comes from the environment.

    The default provider is taken as it will be configured by the next `pulumi up`: a token that was changed
    since the last one counts. Raises `PermanentError` naming a key that cannot be used.
    """
    return [ProviderConfig.load(given, os.environ) for given in (config, *explicit)]


def without_credentials(vendor: str, config: ProviderConfig) -> CredentialsError | None:
    """What is missing to use a vendor; `None` where nothing is."""
    try:
        VENDORS[vendor].require_credentials(config.of(vendor))
    except CredentialsError as error:
        return error
    return None


def listings(configs: Iterable[ProviderConfig], vendors: Collection[str] = tuple(VENDORS)) -> list[Listing]:
    """The voices of every account of these vendors that the configurations have credentials for. Each
    account is listed once; one that fails does not keep the others' voices back."""
    cancelled = threading.Event()
    accounts: dict[tuple[str, str, str], Vendor[Any]] = {}
    for config in configs:
        for key in VENDORS:
            if key in vendors and without_credentials(key, config) is None:
                vendor = VENDORS[key].connect(config.of(key), cancelled)
                accounts.setdefault((key, vendor.account, vendor.credential), vendor)
    with ThreadPoolExecutor(max(1, len(accounts))) as threads:
        return list(threads.map(_listed, accounts.values()))


def _listed(vendor: Vendor[Any]) -> Listing:
    key, account = vendor.facts.key, vendor.account
    try:
        voices = [voice for voice in vendor.listing() if not voice.gone]
    except VoiceError as error:
        return Listing(key, account, error=error)
    voices.sort(key=lambda voice: (voice.created_at or "", voice.voice_id))
    return Listing(key, account, voices)
