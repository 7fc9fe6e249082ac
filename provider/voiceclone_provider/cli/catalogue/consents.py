"""The file of consents: a YAML list of records, as the example of a policy pack has it.

- speaker: who agreed
  agreed: 2026-01-15
  until: 2030-01-14
  scope: what for
  document: where the signed text is
  samples: [the SHA-256 of a sample's file, or its URL or video ID, …]
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from ...core.errors import PermanentError

_FIELDS: Final = ("speaker", "agreed", "until", "scope", "document", "samples")

Consent = dict[str, str]
"""What a record that names a sample says, and its `source`: the file and the record's place in it, from 1.
Days are `YYYY-MM-DD`; what it does not say is empty. Whether it holds depends on the day of reading."""


class Consents:
    """The records of a file."""

    def __init__(self, name: str, records: Sequence[dict[str, Any]]) -> None:
        self._name = name
        self._records = records

    @classmethod
    def read(cls, path: Path) -> Consents:
        """Raises `PermanentError` where the file is no list of records."""
        import yaml

        try:
            records = yaml.safe_load(path.read_text("utf-8"))
        except OSError as error:
            raise PermanentError(f"cannot read {path}: {(error.strerror or 'error').lower()}") from None
        except (yaml.YAMLError, UnicodeDecodeError):
            raise PermanentError(f"{path} is not valid YAML") from None
        if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
            raise PermanentError(
                f"{path} is no list of records", advice=f"Each record has {', '.join(_FIELDS)}."
            )
        return cls(path.name, records)

    def covering(self, sample: str) -> list[Consent]:
        """The records that name a sample: by its SHA-256, its URL, its video ID, or `imported:<resource>`."""
        return [
            {
                "source": f"{self._name}#{place}",
                "speaker": _text(record, "speaker"),
                "agreed": _day(record, "agreed"),
                "until": _day(record, "until"),
                "scope": _text(record, "scope"),
                "document": _text(record, "document"),
            }
            for place, record in enumerate(self._records, 1)
            if isinstance(record.get("samples"), list) and sample in map(str, record["samples"])
        ]


def _text(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    return value if isinstance(value, str) else ""


def _day(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    return value.isoformat() if type(value) is date else ""
