"""The stand-in manages no real voices: whatever it may reach lies on this machine.

A vendor's address may come from the stack's configuration, from a provider resource, or from the environment;
where none says otherwise, the provider talks to the vendor itself. A provider is not configured with an
address elsewhere, and no resource or function of a vendor without an address gets as far as its provider.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from .values import plain

# The provider's keys that hold a vendor's address, and the variables that stand in for them.
_ADDRESSES: Final = {
    "volcengine": {
        "volcengineBaseUrl": "VOLCENGINE_SPEECH_BASE_URL",
        "volcengineConsoleUrl": "VOLCENGINE_CONSOLE_URL",
    },
    "coze": {"cozeBaseUrl": "COZE_API_BASE"},
    "qiniu": {"qiniuBaseUrl": "QINIU_XROBO_BASE_URL"},
    "kling": {"klingBaseUrl": "KLING_BASE_URL"},
}


class UnsafeError(Exception):
    """Something real might be reached."""


def is_local(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def must_be_local(url: str) -> None:
    if not is_local(url):
        raise UnsafeError(
            f"the stand-in reaches nothing but this machine, and {url!r} is elsewhere; use the Pulumi CLI"
        )


@dataclass(frozen=True)
class Guard:
    """Looks at every address that a provider would take.

    Arguments:
        environment: what the provider's process sees.
        strict: whether a vendor without an address is a real one. A provider that was made by a test, with
            vendors that are only played, has no addresses.
    """

    environment: Mapping[str, str]
    strict: bool = True

    def check_config(self, inputs: Mapping[str, Any]) -> None:
        """Fail if a provider is told an address that is not on this machine."""
        for keys in _ADDRESSES.values():
            for key, variable in keys.items():
                address = plain(inputs.get(key)) or self.environment.get(variable)
                if isinstance(address, str) and not is_local(address):
                    raise UnsafeError(
                        f"the stand-in manages no real voices, and voiceclone:{key} ({variable}) is "
                        f"{address!r}, which is not on this machine; use the Pulumi CLI for that"
                    )

    def check_vendor(self, token: str, inputs: Mapping[str, Any]) -> None:
        """Fail if a vendor is used whose address nobody has told.

        Arguments:
            token: of the resource or function.
            inputs: the provider's.
        """
        package, _, rest = token.partition(":")
        vendor = rest.partition(":")[0].partition("/")[0]
        if not self.strict or package != "voiceclone":
            return
        for key, variable in _ADDRESSES.get(vendor, {}).items():
            if not (inputs.get(key) or self.environment.get(variable)):
                raise UnsafeError(
                    f"the stand-in manages no real voices, and without voiceclone:{key} or {variable} the "
                    "provider would talk to the vendor itself; start the emulator and take what its --env "
                    "prints, or use the Pulumi CLI"
                )
