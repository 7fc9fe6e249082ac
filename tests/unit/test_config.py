"""Configuration: where a value comes from, and that no secret is told."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from test_schema import ENVIRONMENT, SECRETS

from voiceclone_provider.account.config import KEYS, SECRET_KEYS, ProviderConfig, check_config
from voiceclone_provider.core.errors import CredentialsError, PermanentError
from voiceclone_provider.core.values import UNKNOWN
from voiceclone_provider.lifecycle import Lifecycle
from voiceclone_provider.vendors import VENDORS
from voiceclone_provider.voice.journal import Entry

COMPLETE = {
    "volcengine": {"volcengineAppId": "1", "volcengineAccessToken": "t"},
    "coze": {"cozeToken": "t"},
    "qiniu": {"qiniuToken": "t"},
    "kling": {"klingApiKey": "t"},
}


def value_of(config: ProviderConfig, name: str) -> Any:
    key = KEYS[name]
    return getattr(config.of(key.vendor), key.field)


def value_for(name: str) -> str:
    return "https://vendor.example" if name.endswith("Url") else "a value"


@pytest.mark.parametrize(
    ("url", "warns"),
    [
        ("http://coze.example", True),
        ("http://10.0.0.7:8080", True),
        ("https://coze.example", False),
        ("http://127.0.0.1:9", False),
        ("http://localhost:9", False),
        ("http://[::1]:9", False),
    ],
)
def test_a_base_url_that_others_can_read_is_warned_of(url: str, warns: bool) -> None:
    config = ProviderConfig.load({"cozeBaseUrl": url}, {})
    assert [warning.split(" ")[0] for warning in config.warnings()] == ["cozeBaseUrl"] * warns


def test_a_journal_that_cannot_be_written_is_warned_of(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder, warned in ((tmp_path / "new", []), (tmp_path / "file" / "folder", ["journal"])):
        lifecycle = Lifecycle(ProviderConfig.load({}, {"VOICECLONE_JOURNAL": str(folder)}))
        assert [sentence.split(" ")[0] for sentence in lifecycle.warnings()] == warned
    assert str(folder) in lifecycle.warnings()[0]
    assert Lifecycle(ProviderConfig.load({}, {})).warnings() == []


def test_everything_that_is_kept_is_kept_where_the_configuration_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "pulumi"))
    for folder, home in (
        (str(tmp_path / "shared"), tmp_path / "shared"),
        ("", tmp_path / "pulumi/voiceclone"),
    ):
        lifecycle = Lifecycle(ProviderConfig.load({"journal": folder}, {}))
        lifecycle._registry.take("coze", "v", "urn")
        lifecycle._journal.write("urn", Entry(account="coze", at=0.0, fingerprint=""))
        volcengine = VENDORS["volcengine"]
        vendor: Any = volcengine.connect(volcengine.Config(), threading.Event())
        vendor._reservations.take("S_1")
        assert {path.relative_to(home).parts[0] for path in home.rglob("*") if path.is_file()} == {
            "intents",
            "owners",
            "slots",
        }
    Lifecycle(ProviderConfig.load({}, {}))


@pytest.mark.parametrize("url", ["https://me:pass-word@coze.example", "ftp://me:pass-word@coze.example"])
def test_a_base_url_with_a_password_is_refused_and_not_shown(url: str) -> None:
    (fault,) = check_config({"cozeBaseUrl": url}).faults
    assert fault.property == "cozeBaseUrl"
    assert "pass-word" not in fault.reason
    with pytest.raises(PermanentError) as caught:
        ProviderConfig.load({"cozeBaseUrl": url}, {})
    assert "pass-word" not in str(caught.value)


def test_the_keys_are_those_of_the_contract() -> None:
    assert {name: key.environment for name, key in KEYS.items()} == {
        **ENVIRONMENT,
        "volcengineUploadEncoding": "VOLCENGINE_SPEECH_UPLOAD_ENCODING",
        "volcengineApi": "VOLCENGINE_SPEECH_API",
    }
    assert SECRET_KEYS == SECRETS


@pytest.mark.parametrize("name", ENVIRONMENT)
def test_a_value_comes_from_the_configuration_or_the_environment(name: str) -> None:
    value = value_for(name)
    assert value_of(ProviderConfig.load({name: value}, {}), name) == value
    assert value_of(ProviderConfig.load({}, {ENVIRONMENT[name]: value}), name) == value
    assert value_of(ProviderConfig.load({}, {}), name) is None


@pytest.mark.parametrize("empty", [None, ""])
@pytest.mark.parametrize("name", ENVIRONMENT)
def test_the_configuration_wins_unless_it_is_empty(name: str, empty: str | None) -> None:
    value, other = value_for(name), value_for(name) + "/other"
    assert value_of(ProviderConfig.load({name: value}, {ENVIRONMENT[name]: other}), name) == value
    assert value_of(ProviderConfig.load({name: empty}, {ENVIRONMENT[name]: value}), name) == value
    assert value_of(ProviderConfig.load({name: empty}, {ENVIRONMENT[name]: ""}), name) is None


@pytest.mark.parametrize("name", [name for name in ENVIRONMENT if name.endswith("Url")])
def test_a_base_url_that_is_none_is_told_with_where_it_came_from(name: str) -> None:
    with pytest.raises(PermanentError, match=f"voiceclone:{name} is 'vendor.example'"):
        ProviderConfig.load({name: "vendor.example"}, {})
    with pytest.raises(PermanentError, match=f"{ENVIRONMENT[name]} is 'vendor.example'"):
        ProviderConfig.load({}, {ENVIRONMENT[name]: "vendor.example"})
    (fault,) = check_config({name: "vendor.example"}).faults
    assert fault.property == name


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_a_secret_that_cannot_be_used_is_not_told(name: str) -> None:
    odd: Any = {"hush": "hush"}
    with pytest.raises(PermanentError) as caught:
        ProviderConfig.load({name: odd}, {})
    (fault,) = check_config({name: odd}).faults
    assert name in str(caught.value)
    assert "hush" not in str(caught.value) + fault.reason


def test_the_upload_encoding_has_two_values_and_a_default() -> None:
    assert value_of(ProviderConfig.load({}, {}), "volcengineUploadEncoding") == "json"
    given = ProviderConfig.load({"volcengineUploadEncoding": "form"}, {})
    assert value_of(given, "volcengineUploadEncoding") == "form"
    with pytest.raises(PermanentError, match="'xml', but must be one of 'json'"):
        ProviderConfig.load({"volcengineUploadEncoding": "xml"}, {})


def test_check_fills_nothing_in_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What check returns is stored in the state."""
    for variable in ENVIRONMENT.values():
        monkeypatch.setenv(variable, "https://secret.example")
    assert check_config({}).inputs == {}
    assert check_config({"cozeToken": "t"}).inputs == {"cozeToken": "t"}


def test_unknown_values_and_the_engine_s_own_keys_pass() -> None:
    news = dict.fromkeys(KEYS, UNKNOWN)
    assert check_config({**news, "version": "1.0.0", "pluginDownloadURL": "", "__internal": {}}).faults == []


def test_a_key_that_does_not_exist_is_told() -> None:
    (fault,) = check_config({"cozeTokn": "t"}).faults
    assert fault.property == "cozeTokn"
    assert fault.reason == "cozeTokn is not a configuration key of voiceclone; did you mean cozeToken?"


@pytest.mark.parametrize("key", VENDORS)
def test_a_vendor_without_credentials_costs_nothing_until_it_is_used(key: str) -> None:
    config = ProviderConfig.load({}, {})
    with pytest.raises(CredentialsError) as caught:
        VENDORS[key].require_credentials(config.of(key))
    for name in COMPLETE[key]:
        if name in str(caught.value):
            assert ENVIRONMENT[name] in str(caught.value)
            break
    else:
        pytest.fail(f"no key is named: {caught.value}")
    VENDORS[key].require_credentials(ProviderConfig.load(COMPLETE[key], {}).of(key))


def test_the_configuration_does_not_show_its_secrets() -> None:
    given = ProviderConfig.load({name: f"hush-{name}" for name in SECRETS}, {})
    assert "hush" not in repr(given)
    assert "hush" not in str(given)
