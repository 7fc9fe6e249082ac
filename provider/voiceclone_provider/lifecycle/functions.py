"""The package's functions: what the vendors' accounts hold, whether a stack has it or not.

Every vendor has `getVoice` and `getVoices`; a vendor's catalogues are functions too. All ask the vendor
afresh, so that the preview URLs in the answers still work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from ..account.account import Account
from ..core.errors import NotFoundError
from ..core.ports import Fault
from ..core.values import UNKNOWN, Properties, contains_unknown
from ..vendors import VENDORS
from ..vendors.base import Catalogue, Observation, Status, Vendor
from ..vendors.explain import explain
from ..vendors.models import VoicecloneModel, VoiceFilter, VoiceLookup
from ..voice.state import with_code

LIST = "voices"
"""The one property of an answer that holds many."""


@dataclass(frozen=True)
class Function:
    """One function of one vendor.

    Arguments:
        about: what it gives, for people.
        Arguments, Entry: what it takes, and what an entry of the answer is.
        many: whether the answer is a list of entries; otherwise it is the one entry.
        ask: asks the vendor.
    """

    about: str
    Arguments: type[VoicecloneModel]
    Entry: type[VoicecloneModel]
    many: bool
    ask: Callable[[Account, Any], list[Properties]]

    @property
    def results(self) -> list[str]:
        """The properties of an answer."""
        return [LIST] if self.many else names(self.Entry)


@dataclass(frozen=True)
class Answer:
    """What a function gives, or what is wrong with its arguments."""

    properties: Properties
    faults: list[Fault] = field(default_factory=list)


def functions(key: str) -> Mapping[str, Function]:
    """A vendor's functions, by name."""
    vendor = VENDORS[key]
    title = vendor.facts.title
    return {
        "getVoice": Function(
            f"A voice at {title} as it is now. Asks the vendor each time.",
            vendor.Lookup,
            vendor.Info,
            False,
            _voice,
        ),
        "getVoices": Function(
            f"The voices of the account at {title}, all pages, as they are now. Asks the vendor each time.",
            vendor.Filter,
            vendor.Info,
            True,
            _voices,
        ),
        **{
            catalogue.function: Function(
                catalogue.about, catalogue.Filter, catalogue.Entry, True, _catalogue(catalogue)
            )
            for catalogue in vendor.catalogues
        },
    }


def call(connect: Callable[[], Account], function: Function, arguments: Properties) -> Answer:
    """Ask. Where an argument is not known yet (a preview), neither is the answer.

    Raises `NotFoundError` where the one voice that was asked for does not exist.
    """
    if contains_unknown(arguments):
        return Answer(dict.fromkeys(function.results, UNKNOWN))
    given = {name: value for name, value in arguments.items() if value is not None}
    try:
        wanted = function.Arguments.model_validate(given)
    except ValidationError as error:
        return Answer({}, [_fault(item) for item in error.errors()])
    found = [
        {name: value for name, value in entry.items() if value is not None}
        for entry in function.ask(connect(), wanted)
    ]
    return Answer({LIST: found} if function.many else found[0])


@dataclass(frozen=True)
class Listed:
    """A voice that could be imported: its ID as a resource, and what people call it."""

    voice_id: str
    name: str


def listed(account: Account) -> list[Listed]:
    """The account's voices; a slot that was never trained is none."""
    return [
        Listed(seen.voice_id, seen.name or seen.voice_id)
        for seen in account.vendor.listing()
        if not seen.gone and seen.status is not Status.PENDING
    ]


def info(vendor: Vendor[Any], seen: Observation) -> Properties:
    """A voice as the functions show it: with everything that the vendor reports of it."""
    known: Properties = {
        **seen.inputs,
        "name": seen.name,
        "lastError": with_code(seen.error, seen.error_code) if seen.error else None,
        "availableTrainings": seen.available_trainings,
        "previewUrl": seen.preview_url,
        "createdAt": seen.created_at,
        "updatedAt": seen.updated_at,
        "voiceId": seen.voice_id,
        **seen.extras,
        "id": seen.voice_id,
        "status": str(seen.status),
        "account": vendor.account,
    }
    return {name: known.get(name) for name in names(vendor.Info)}


def names(model: type[VoicecloneModel]) -> list[str]:
    """A model's properties, by their Pulumi names."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _voice(account: Account, wanted: VoiceLookup) -> list[Properties]:
    vendor = account.vendor
    resource_id = vendor.resolve(wanted.voice_id)
    seen = account.now(resource_id)
    if seen is None or seen.gone:
        raise NotFoundError(
            "there is no such voice",
            vendor=vendor.facts.title,
            operation="read",
            voice=wanted.voice_id,
            advice=f"The account that was asked is {vendor.account}.",
        )
    return [info(vendor, seen)]


def _voices(account: Account, wanted: VoiceFilter) -> list[Properties]:
    name = getattr(wanted, "name", None)
    return [
        info(account.vendor, seen)
        for seen in account.vendor.search(wanted)
        if not seen.gone and wanted.status in (None, seen.status) and name in (None, seen.name)
    ]


def _catalogue(catalogue: Catalogue) -> Callable[[Account, Any], list[Properties]]:
    return lambda account, wanted: catalogue.entries(account.vendor, wanted)


def _fault(item: Mapping[str, Any]) -> Fault:
    name = str(item["loc"][0]) if item["loc"] else ""
    reasons = {"missing": "is missing", "extra_forbidden": "is not an argument of this function"}
    return Fault(name, f"{name} {reasons.get(item['type']) or explain(item)}")
