"""Bills of materials (CycloneDX) of what is needed at run time, in the versions of the lock file."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import metadata

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from audit import told

from . import lock
from .project import epoch, version

PROVIDER = "voiceclone-provider"


def of(names: Iterable[str]) -> bytes:
    """The bill of the provider with these packages. The same packages and time make the same bytes."""
    root = _component(PROVIDER, version(), "Apache-2.0")
    parts = [
        _component(name, number, told(metadata.metadata(name)))
        for name, number in re.findall(r"^([\w.-]+)==([^ ;\\]+)", lock.pins(names), re.MULTILINE)
    ]
    bill = Bom(components=parts, serial_number=uuid.UUID(int=0))
    bill.metadata.component = root
    bill.metadata.timestamp = datetime.fromtimestamp(epoch(), UTC)
    bill.register_dependency(root, parts)
    bill.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, _text(bill))
    return (_text(bill) + "\n").encode()


def _component(name: str, number: str, licence: str) -> Component:
    url = PackageURL("pypi", name=name, version=number)
    return Component(
        type=ComponentType.LIBRARY,
        name=name,
        version=number,
        bom_ref=url.to_string(),
        purl=url,
        licenses=[LicenseFactory().make_from_string(licence)],
    )


def _text(bill: Bom) -> str:
    return make_outputter(bill, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=2)
