"""The consent records: what a record must say, and whether one covers a sample today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

# What a record must say, and of which kind it is.
FIELDS: Mapping[str, type] = {
    "speaker": str,
    "agreed": date,
    "until": date,
    "scope": str,
    "document": str,
    "samples": list,
}
KINDS = {str: "a text", date: "a date like 2027-12-31", list: "a list"}

Record = Mapping[str, Any]


class ConsentsError(Exception):
    """The file of the records cannot be used."""


def load(file: Path) -> list[Record]:
    """The records of a file. Raises `ConsentsError` when it is no list of records."""
    try:
        records = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConsentsError(f"{file} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConsentsError(f"{file} is not valid YAML: {error}") from error
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise ConsentsError(f"{file} must be a list of records, each with {', '.join(FIELDS)}.")
    return records


def faults(record: Record, today: date) -> list[str]:
    """Why a record does not hold today; nothing when it does."""
    found = [
        f"{name} must be {KINDS[kind]}" if record.get(name) else f"{name} is missing"
        for name, kind in FIELDS.items()
        if not record.get(name) or type(record[name]) is not kind
    ]
    if found:
        return found
    if record["agreed"] > today:
        return [f"it begins on {record['agreed']}"]
    return [f"it ended on {record['until']}"] if record["until"] < today else []


def covering(records: list[Record], sample: str) -> list[tuple[int, Record]]:
    """The records that name a sample, with their places in the file, counted from 1."""
    return [
        (place, record)
        for place, record in enumerate(records, 1)
        if isinstance(record.get("samples"), list) and sample in map(str, record["samples"])
    ]
