"""Secrets in what is told."""

from __future__ import annotations

import base64
import json

import pytest

from voiceclone_provider.core.errors import InitFailedError, PermanentError
from voiceclone_provider.core.ports import Fault
from voiceclone_provider.core.redaction import Secrets
from voiceclone_provider.core.values import UNKNOWN, Asset

URL = "https://samples.example/anna/one%20take.wav?sign=private"


@pytest.mark.parametrize(
    ("value", "told", "shown"),
    [
        ("hush", "the text 'hush' is short", "the text '[secret]' is short"),
        (URL, f"cannot fetch {URL}", "cannot fetch [secret]"),
        (URL, "404 for /anna/one%20take.wav", "404 for [secret]"),
        (URL, "404 for /anna/one take.wav", "404 for [secret]"),
        (URL, "wrong sign=private", "wrong [secret]"),
        ([{"take": "hush"}, 1.0, UNKNOWN], "hush 1.0", "[secret] 1.0"),
        (Asset("0", path="voices/anna.wav"), "no voices/anna.wav", "no [secret]"),
        ("https://[", "cannot fetch https://[", "cannot fetch [secret]"),
        ("hush hush", "hush hush", "[secret]"),
        ("en", "the end", "the end"),
        (["a secret", "secret"], "a secret", "[secret]"),
    ],
)
def test_texts_of_secrets_are_concealed(value: object, told: str, shown: str) -> None:
    secrets = Secrets()
    secrets.learn({"a": value, "b": "told"}, {"a"})
    assert secrets.redact(told) == shown


def test_the_longer_of_two_is_concealed_first() -> None:
    secrets = Secrets()
    secrets.learn({"a": "hush", "b": "hush-hush"}, ["a", "b"])
    assert secrets.redact("hush-hush") == "[secret]"


def test_what_was_secret_is_not_told_and_not_marked() -> None:
    secrets = Secrets()
    secrets.hide({"text": "hush"}, {"text"})
    assert secrets.names == set()
    assert secrets.state({"lastError": "no hush", "text": "hush"}) == {
        "lastError": "no [secret]",
        "text": "hush",
    }
    assert secrets.names == set()


HARD = 's3cr&t/é="x"'


@pytest.mark.parametrize(
    "quoted",
    [
        HARD,
        "s3cr%26t%2F%C3%A9%3D%22x%22",
        "s3cr%26t%2f%c3%a9%3d%22x%22",
        "s3cr%26t/%C3%A9%3D%22x%22",
        json.dumps(HARD)[1:-1],
        json.dumps(HARD, ensure_ascii=False)[1:-1],
        base64.b64encode(HARD.encode()).decode(),
        base64.urlsafe_b64encode(HARD.encode()).decode(),
    ],
)
def test_a_secret_is_found_as_vendors_write_it(quoted: str) -> None:
    secrets = Secrets()
    secrets.learn({"text": HARD}, ["text"])
    assert secrets.redact(f"bad: {quoted}").rstrip("=") == "bad: [secret]"


def test_a_long_secret_is_found_before_the_message_is_cut() -> None:
    secrets, text = Secrets(), "what is said in the sample " * 30
    secrets.learn({"text": text}, ["text"])
    error = PermanentError(f"differs from: {text}", vendor="Coze", operation="train", voice="v")
    assert error.text(secrets.redact) == "Coze train v: differs from: [secret]."
    assert secrets.state({"lastError": f"differs from: {text}"})["lastError"] == "differs from: [secret]"
    assert len(str(PermanentError("x" * 9999))) < 600
    assert InitFailedError("v", {}, error).text(secrets.redact) == error.text(secrets.redact)


def test_what_is_made_of_a_secret_is_one() -> None:
    secrets = Secrets()
    given = {"speakerId": "S_hush", "cozeBaseUrl": "https://hush.example"}
    secrets.learn(given, given)
    secrets.state(
        {
            "voiceId": "S_hush",
            "account": "https://hush.example",
            "trainedOn": "f",
            "pendingTraining": {"fingerprint": "f"},
            "status": "Ready",
            "lastError": "no S_hush",
        }
    )
    assert secrets.names >= {"voiceId", "account", "trainedOn", "pendingTraining"}
    assert not secrets.names & {"status", "lastError"}


def test_a_fault_of_a_secret_tells_neither_its_value_nor_its_reason() -> None:
    secrets = Secrets()
    secrets.learn({"triggers": [12345]}, {"triggers"})
    shown = secrets.fault(Fault("triggers[0]", "is 12345"))
    assert (shown.property, "12345" in shown.reason, "triggers" in shown.reason) == ("", False, True)
    assert secrets.fault(Fault("text", "is long")) == Fault("text", "is long")
