"""The rules of examples/policy, without an engine."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

import consents
import rules

TODAY = date(2026, 6, 1)
HASH = "ab" * 32
RECORD = {
    "speaker": "Lin Yue",
    "agreed": date(2026, 1, 1),
    "until": date(2027, 1, 1),
    "scope": "audiobooks in Chinese",
    "document": "https://example.com/consents/7",
    "samples": [HASH],
}
PACK = Path(rules.__file__).parent


def voice(vendor: str = "coze", *, protect: bool = False, **props: Any) -> rules.Voice:
    return rules.Voice("narrator", vendor, props, protect)


def file_asset(path: str = "narrator.wav", digest: str = HASH) -> pulumi.FileAsset:
    """As the pack keeps it: with the engine's hash."""
    asset = pulumi.FileAsset(path)
    asset.hash = digest  # type: ignore[attr-defined]
    return asset


def judged(tmp_path: Path, records: object, judged_voice: rules.Voice | None = None) -> list[str]:
    file = tmp_path / "consents.yaml"
    file.write_text(records if isinstance(records, str) else yaml.safe_dump(records), encoding="utf-8")
    return rules.consent(judged_voice or voice(audio=file_asset()), file, TODAY)


@pytest.mark.parametrize(
    ("resource_type", "vendor"),
    [
        ("voiceclone:volcengine:Voice", "volcengine"),
        ("pulumi-python:dynamic/voiceclone/kling:Voice", "kling"),
        ("pulumi:providers:voiceclone", None),
        ("aws:polly/lexicon:Voice", None),
        ("voiceclone:coze:VoiceList", None),
        ("other:voiceclone:coze:Voice", None),
    ],
)
def test_voices_are_known_by_their_types(resource_type: str, vendor: str | None) -> None:
    assert rules.vendor_of(resource_type) == vendor


@pytest.mark.parametrize(
    ("props", "sample"),
    [
        ({"audio": file_asset()}, HASH),
        ({"audio": {"path": "a.wav", "hash": HASH}}, HASH),  # the dynamic provider's
        ({"audioUrl": "https://example.com/a.mp3"}, "https://example.com/a.mp3"),
        ({"videoId": "8012"}, "8012"),
        ({}, "imported:narrator"),
    ],
)
def test_what_names_a_sample(tmp_path: Path, props: dict[str, Any], sample: str) -> None:
    (refused,) = judged(tmp_path, [RECORD | {"samples": ["another"]}], voice(**props))
    assert f"under samples: {sample} (" in refused
    assert all(field in refused for field in consents.FIELDS)
    assert judged(tmp_path, [RECORD | {"samples": [sample]}], voice(**props)) == []


def test_another_sample_needs_a_consent_of_its_own(tmp_path: Path) -> None:
    other = voice(audio=file_asset(digest="cd" * 32))
    (refused,) = judged(tmp_path, [RECORD], other)
    assert "cd" * 32 in refused
    assert "the SHA-256 of narrator.wav" in refused


@pytest.mark.parametrize("field", [field for field in consents.FIELDS if field != "samples"])
@pytest.mark.parametrize("value", [None, "", 7])
def test_a_record_that_lacks_a_field_does_not_hold(tmp_path: Path, field: str, value: object) -> None:
    (refused,) = judged(tmp_path, [RECORD | {field: value}])
    assert "record 1 in consents.yaml" in refused
    assert f"{field} is missing" in refused or f"{field} must be " in refused


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"until": date(2026, 5, 31)}, "it ended on 2026-05-31"),
        ({"agreed": date(2026, 6, 2)}, "it begins on 2026-06-02"),
        ({"until": "31.12.2027"}, "until must be a date like 2027-12-31"),
    ],
)
def test_a_consent_has_its_time(tmp_path: Path, changed: dict[str, Any], words: str) -> None:
    (refused,) = judged(tmp_path, [RECORD | changed])
    assert words in refused
    assert judged(tmp_path, [RECORD | {"agreed": TODAY, "until": TODAY}]) == []


def test_one_record_that_holds_is_enough(tmp_path: Path) -> None:
    old = RECORD | {"until": date(2026, 1, 2)}
    assert judged(tmp_path, [old, RECORD]) == []
    assert len(judged(tmp_path, [old, old])) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("speaker: Lin Yue", "must be a list of records"),
        ("- a\n- b", "must be a list of records"),
        ("", "must be a list of records"),
        ("- {", "is not valid YAML"),
        ("- speaker: \0", "is not valid YAML"),
    ],
)
def test_a_file_that_cannot_be_used_lets_no_voice_through(tmp_path: Path, text: str, words: str) -> None:
    (refused,) = judged(tmp_path, text)
    assert words in refused


def test_a_missing_file_lets_no_voice_through(tmp_path: Path) -> None:
    (refused,) = rules.consent(voice(audio=file_asset()), tmp_path / "none.yaml", TODAY)
    assert "none.yaml cannot be read" in refused


def test_the_consents_of_the_examples_hold() -> None:
    records = consents.load(PACK / "consents.yaml")
    assert records
    assert [consents.faults(record, TODAY) for record in records] == [[] for _ in records]


def test_vendors() -> None:
    assert rules.allowed_vendor(voice("coze"), ["coze", "qiniu"]) == []
    (refused,) = rules.allowed_vendor(voice("kling"), ["coze", "qiniu"])
    assert "kling is not an allowed vendor" in refused
    assert "coze, qiniu" in refused


@pytest.mark.parametrize(
    ("judged_voice", "languages", "words"),
    [
        (voice(language="fr"), [], ""),
        (voice(language="en"), ["zh", "en"], ""),
        (voice("kling"), ["zh"], ""),  # has no language
        (voice(language="fr"), ["zh", "en"], "fr is not an allowed language. Allowed: zh, en."),
        (voice(language="es-MX"), ["es"], "es-MX is not an allowed language"),
        (voice(), ["zh", "en"], "declares no language"),
    ],
)
def test_languages(judged_voice: rules.Voice, languages: list[str], words: str) -> None:
    found = rules.allowed_language(judged_voice, languages)
    assert [words in sentence for sentence in found] == ([True] if words else [])


@pytest.mark.parametrize(
    ("judged_voice", "stack", "only_protect", "refused"),
    [
        (voice("qiniu", deletionPolicy="delete"), "dev", False, False),
        (voice("qiniu", deletionPolicy="delete"), "prod", False, True),
        (voice("qiniu", deletionPolicy="delete"), "prod-eu", False, True),
        (voice("qiniu", deletionPolicy="delete"), "product", False, False),
        (voice("qiniu", deletionPolicy="delete", protect=True), "prod", True, False),
        (voice("kling", deletionPolicy="retain"), "prod", False, False),
        (voice("kling", deletionPolicy="retain"), "prod", True, True),
        (voice("kling", deletionPolicy="fail"), "prod", False, True),  # Kling can delete, so it would
        (voice("coze", deletionPolicy="fail"), "prod", False, False),  # Coze cannot
        (voice("coze"), "prod", False, True),
    ],
)
def test_production(judged_voice: rules.Voice, stack: str, only_protect: bool, refused: bool) -> None:
    found = rules.production(judged_voice, stack, ["prod", "prod-*"], only_protect)
    assert len(found) == refused
    for sentence in found:
        assert f"{stack} is a production stack" in sentence
        assert ("deletionPolicy" in sentence) is not only_protect


def test_the_cap() -> None:
    assert rules.training_cap(["b", "a"], 2) == []
    (refused,) = rules.training_cap(["b", "a"], 1)
    assert "would train a, b: 2, where 1 are allowed." in refused
