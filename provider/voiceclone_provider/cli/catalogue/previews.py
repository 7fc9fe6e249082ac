"""How the voices sound: their vendors are asked for fresh preview URLs, and what is there is fetched.

The URL in a state is hours old, and the vendors' are good for about one.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from ...account.config import ProviderConfig
from ...core.errors import VoiceError
from ...core.redaction import SHOWN
from ...vendors import VENDORS
from ...vendors.base import Observation, Vendor
from ..stacks import Voice
from . import words
from .folder import Folder
from .sounds import Sound, fetched, kept
from .words import Words

_AT_A_TIME = 4

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Answer:
    """What a vendor said of one voice.

    Arguments:
        error: why it said nothing.
    """

    seen: Observation | None = None
    error: VoiceError | None = None


Access = tuple[Voice, ProviderConfig | VoiceError]
"""A voice, and the configuration of its provider or why that cannot be used."""


def ask(accesses: Sequence[Access]) -> list[Answer]:
    """An answer for each voice, in as few requests as the vendors allow."""
    answers: dict[int, Answer] = {}
    accounts: dict[tuple[str, str, str], Vendor[Any]] = {}
    wanted: defaultdict[tuple[str, str, str], dict[int, str]] = defaultdict(dict)
    for place, (voice, config) in enumerate(accesses):
        try:
            vendor = _connected(voice.vendor, config)
        except VoiceError as error:
            answers[place] = Answer(error=error)
            continue
        account = (voice.vendor, vendor.account, vendor.credential)
        accounts.setdefault(account, vendor)
        wanted[account][place] = voice.id

    def observe(account: tuple[str, str, str]) -> Mapping[str, Observation] | VoiceError:
        try:
            return accounts[account].observe(set(wanted[account].values()))
        except VoiceError as error:
            return error

    for account, found in zip(wanted, at_once(observe, wanted), strict=True):
        for place, voice_id in wanted[account].items():
            if isinstance(found, VoiceError):
                answers[place] = Answer(error=found)
            else:
                seen = found.get(voice_id)
                answers[place] = Answer(seen if seen is not None and not seen.gone else None)
    return [answers[place] for place in range(len(accesses))]


def heard(folder: Folder, voice: Voice, answer: Answer) -> Sound | Words:
    """The preview as a file of the page, or why there is none. Raises `OSError`."""
    if voice.outputs.get("previewUrl") == SHOWN:
        return words.SECRET_PREVIEW
    if answer.error is not None:
        return words.unanswered(answer.error.message)
    if answer.seen is None:
        return words.NOT_THERE
    if not answer.seen.preview_url:
        return words.NO_PREVIEW
    data = fetched(answer.seen.preview_url)
    return data if isinstance(data, Words) else kept(folder, data)


def at_once(work: Callable[[T], R], items: Collection[T]) -> list[R]:
    """The work on every item, some at a time."""
    with ThreadPoolExecutor(_AT_A_TIME) as threads:
        return list(threads.map(work, items))


def _connected(key: str, config: ProviderConfig | VoiceError) -> Vendor[Any]:
    if isinstance(config, VoiceError):
        raise config
    VENDORS[key].require_credentials(config.of(key))
    return VENDORS[key].connect(config.of(key), threading.Event())
