"""The console API's list of slots: 批量查询状态 (BatchListMegaTTSTrainStatus), in the vendor's two versions.

2023-11-07 lists an application's slots (pages 1772920 and 2235883), 2025-05-21 a project's (the vendor's SDK
`volcenginesdk-speechsaasprod20250521`). Post-paid voices are in neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...core.call import Call, Reply
from ...core.errors import CannotListError, VoiceError
from ...core.http import Http
from ..base import Observation
from .signature import Signature
from .slots import KEY_PAIR
from .wire import LIST_STATES, slots

BY_APPLICATION = "2023-11-07"
BY_PROJECT = "2025-05-21"
REGIONS = {BY_APPLICATION: "cn-north-1", BY_PROJECT: "cn-beijing"}
PAGE_SIZE = 100
MOST_PAGES = 200

BAD_PARAMETER = ("InvalidParameter", "MissingParameter", "OperationDenied.InvalidParameter")
"""What a code begins with where the vendor does not take a parameter."""

_STATES = (*LIST_STATES.values(), "Reclaimed")


@dataclass(frozen=True)
class Scope:
    """Whose slots are listed: an application's or, where `project` is given, a project's."""

    app_id: str
    project: str

    @property
    def version(self) -> str:
        return BY_PROJECT if self.project else BY_APPLICATION


class Console:
    """The slots that a key pair can see. Without one, every method raises `CannotListError`."""

    def __init__(self, http: Http, url: str, scope: Scope, access_key: str, secret_key: str) -> None:
        self._http = http
        self._url = url
        self._scope = scope
        self._by_state = False
        region = REGIONS[scope.version]
        self._signature = (
            Signature(access_key, secret_key, http.clock, region) if access_key and secret_key else None
        )

    @property
    def available(self) -> bool:
        return self._signature is not None

    @property
    def lists_services(self) -> bool:
        """Whether slots can be listed by their service (`ResourceIDs`)."""
        return not self._scope.project

    def listing(self, filters: Mapping[str, Any] | None = None) -> list[Observation]:
        """Every slot that the filters leave, once."""
        found = {slot.voice_id: slot for page in self.pages(filters) for slot in page}
        return list(found.values())

    def pages(self, filters: Mapping[str, Any] | None = None) -> Iterator[list[Observation]]:
        """The same, page by page."""
        wanted = dict(filters or {})
        if not self._scope.project:
            yield from self._list({"AppID": self._scope.app_id, **wanted})
            return
        wanted["ProjectName"] = self._scope.project
        if "State" not in wanted and not self._by_state:
            try:
                yield from self._list({**wanted, "State": ""})
            except VoiceError as error:
                if not error.code.startswith(BAD_PARAMETER):
                    raise
                self._by_state = True  # the SDK says that a state is mandatory
            else:
                return
        for state in [wanted["State"]] if "State" in wanted else _STATES:
            yield from self._list({**wanted, "State": state})

    def _understood(self, reply: Reply) -> tuple[list[Observation], int | None]:
        return slots(reply, "project" if self._scope.project else "console")

    def _list(self, wanted: Mapping[str, Any]) -> Iterator[list[Observation]]:
        if self._signature is None:
            raise CannotListError(
                "voices cannot be listed without the console API's key pair",
                vendor="Volcengine",
                operation="list",
                advice=f"Configure both {KEY_PAIR}.",
            )
        seen: set[str] = set()
        for number in range(1, MOST_PAGES + 1):
            call = Call(
                method="POST",
                url=f"{self._url}/",
                operation="list",
                params={"Action": "BatchListMegaTTSTrainStatus", "Version": self._scope.version},
                json={**wanted, "PageNumber": number, "PageSize": PAGE_SIZE},
            )
            page, total = self._http.call(call, self._understood, auth=self._signature)
            yield page
            new = {slot.voice_id for slot in page} - seen
            seen |= new
            # Without a total, a page that is not full is the last. A page that repeats others ends it too.
            if not new or (len(page) < PAGE_SIZE if total is None else len(seen) >= total):
                return
