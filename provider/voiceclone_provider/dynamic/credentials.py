"""What a preview of a program without the plugin says of credentials that are missing.

Pulumi does not tell a dynamic provider that it previews, so the program says it, which reads the same
configuration.
"""

from __future__ import annotations

import os

import pulumi

_told: set[str] = set()


def warn_of_missing(vendor: str) -> None:
    """Warn, once for each vendor."""
    if vendor in _told:
        return
    _told.add(vendor)
    from ..account.account import without_vendor
    from ..account.config import KEYS, ProviderConfig
    from ..core.errors import CredentialsError, VoiceError
    from ..vendors import VENDORS

    given = pulumi.Config("voiceclone")
    try:
        config = ProviderConfig.load({name: given.get(name) for name in KEYS}, os.environ)
        VENDORS[vendor].require_credentials(config.of(vendor))
    except CredentialsError as error:
        pulumi.log.warn(without_vendor(error))
    except VoiceError:
        return  # the provider reports it
