"""What other languages get: the schema and the SDKs made of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .stack import ROOT, Stack
from .voices import VENDORS

MADE = {
    "python": "pulumi_voiceclone/coze/voice.py",
    "nodejs": "coze/voice.ts",
    "go": "voiceclone/coze/voice.go",
}


@pytest.mark.parametrize("language", MADE)
def test_sdks_can_be_made(stack: Stack, tmp_path: Path, language: str) -> None:
    sdks = tmp_path / "sdks"
    made = ["package", "gen-sdk", str(ROOT / "schema.json"), "--language", language, "--out", str(sdks)]
    stack.must(*made)
    assert (sdks / language / MADE[language]).is_file()


def test_the_plugin_serves_the_schema(stack: Stack) -> None:
    served = json.loads(stack.must("package", "get-schema", str(ROOT / "pulumi-resource-voiceclone")).out)
    assert served["name"] == "voiceclone"
    assert {vendor.type for vendor in VENDORS.values()} <= served["resources"].keys()
    stack.must("schema", "check", str(ROOT / "schema.json"))
