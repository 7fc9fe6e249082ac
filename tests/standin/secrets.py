"""How secrets are kept in the state: as Pulumi's passphrase provider does, or not at all.

The passphrase provider (pkg/secrets/passphrase/manager.go, sdk/go/common/resource/config/crypt.go) makes a
key from the passphrase with PBKDF2, a million rounds, and encrypts with AES-256-GCM. Its state is the salt
and the word `pulumi`, encrypted. The real CLI reads what is written here, and the other way round.

Without encryption a secret is written as `plaintext`, as `pulumi stack export --show-secrets` does. That is
for tests that run many commands in one process; the real CLI imports no such state, since it does not say how
its secrets are to be kept.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import os
from typing import Any, Final, Protocol

_ROUNDS: Final = 1_000_000
_PROOF: Final = "pulumi"


class SecretsError(Exception):
    """The passphrase is missing or wrong, or a secret cannot be read."""


class Keeper(Protocol):
    """Keeps secrets."""

    @property
    def provider(self) -> dict[str, Any] | None:
        """What the state says of it, as `secrets_providers`."""

    def write(self, text: str) -> dict[str, str]:
        """What the state says of a secret, besides that it is one."""

    def read(self, item: dict[str, str]) -> str:
        """The secret."""


class PlainKeeper:
    """Keeps secrets readable."""

    provider: None = None

    def write(self, text: str) -> dict[str, str]:
        return {"plaintext": text}

    def read(self, item: dict[str, str]) -> str:
        if "plaintext" not in item:
            raise SecretsError("the state holds an encrypted secret, and there is no passphrase")
        return item["plaintext"]


class PassphraseKeeper:
    """Keeps secrets as Pulumi's `passphrase` provider.

    Arguments:
        phrase: the passphrase.
        state: what `encryptionsalt` says, and None for a new stack.
    """

    def __init__(self, phrase: str, state: str | None = None) -> None:
        self._phrase = phrase
        if state is None:
            salt = base64.b64encode(os.urandom(8)).decode()
            self.salt = f"v1:{salt}:{_encrypt(self._key(salt), _PROOF)}"
        else:
            self.salt = state
        self._written: dict[str, str] = {}
        self._read: dict[str, str] = {}

    def check(self) -> None:
        """Fail when the passphrase is not the one that the stack was made with."""
        _, salt, proof = self.salt.split(":", 2)
        try:
            matches = _decrypt(self._key(salt), proof) == _PROOF
        except SecretsError:
            matches = False
        if not matches:
            raise SecretsError("incorrect passphrase")

    @property
    def provider(self) -> dict[str, Any]:
        return {"type": "passphrase", "state": {"salt": self.salt}}

    def write(self, text: str) -> dict[str, str]:
        return {"ciphertext": self.encrypt(text)}

    def read(self, item: dict[str, str]) -> str:
        return item["plaintext"] if "plaintext" in item else self.decrypt(item["ciphertext"])

    def encrypt(self, text: str) -> str:
        # A secret that has not changed is not written anew, as in the real CLI.
        if text not in self._written:
            self._written[text] = _encrypt(self._key(), text)
        return self._written[text]

    def decrypt(self, cipher: str) -> str:
        if cipher not in self._read:
            self._read[cipher] = _decrypt(self._key(), cipher)
            self._written.setdefault(self._read[cipher], cipher)
        return self._read[cipher]

    def _key(self, salt: str | None = None) -> bytes:
        return _derive(self._phrase, salt or self.salt.split(":")[1])


@functools.cache
def _derive(phrase: str, salt: str) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", phrase.encode(), base64.b64decode(salt), _ROUNDS)


def _encrypt(key: bytes, text: str) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # 50 ms, and most stacks have no secrets

    nonce = os.urandom(12)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), None)
    return f"v1:{base64.b64encode(nonce).decode()}:{base64.b64encode(sealed).decode()}"


def _decrypt(key: bytes, cipher: str) -> str:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    version, nonce, sealed = cipher.split(":")
    if version != "v1":
        raise SecretsError(f"a secret is in a format that is not known: {version}")
    try:
        return AESGCM(key).decrypt(base64.b64decode(nonce), base64.b64decode(sealed), None).decode()
    except InvalidTag:
        raise SecretsError("a secret cannot be decrypted with this passphrase") from None
