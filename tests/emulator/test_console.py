"""Volcengine's console API: signature, listing, locking."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests

from .audio import silence, spoken, wav
from .client import VOLC, Emulator, until
from .rules import ASSUMED, CLIENT, GIVEN, OURS, VENDOR, rule

WHO = "Volcengine console"
SIGN = "vendor's signature page"
LIST = "vendor's page 2235883"
GIVEN_LIST = "given page, 批量查询状态"


def result(reply: requests.Response) -> dict[str, Any]:
    assert reply.status_code == 200, reply.text
    return reply.json()["Result"]  # type: ignore[no-any-return]


def error(reply: requests.Response) -> str:
    assert reply.status_code >= 400
    return reply.json()["ResponseMetadata"]["Error"]["Code"]  # type: ignore[no-any-return]


def ids(reply: requests.Response) -> list[str]:
    return [status["SpeakerID"] for status in result(reply)["Statuses"]]


def trained(emulator: Emulator, speaker: str = "S_emulator01") -> None:
    emulator.upload(speaker)
    emulator.wait("volcengine", speaker)


@pytest.mark.parametrize(
    "names",
    [
        "content-type;host;x-content-sha256;x-date",
        "host;x-content-sha256;x-date",
        "content-type;host;x-date",
        "host;x-date",
        "x-content-sha256;x-date",
    ],
)
@rule(WHO, "The list of signed headers is the client's choice; x-date is in it", SIGN, CLIENT)
def test_signed_headers(emulator: Emulator, names: str) -> None:
    assert emulator.console(names=names).status_code == 200


@pytest.mark.parametrize(
    ("sign", "wanted"),
    [
        pytest.param(sign, wanted, id=id_, marks=rule(WHO, text, SIGN, sure))
        for id_, sign, wanted, text, sure in (
            ("key", {"key": "other"}, "InvalidAccessKey", "An unknown access key", VENDOR),
            ("secret", {"secret": "other"}, "SignatureDoesNotMatch", "A wrong secret key", VENDOR),
            (
                "service",
                {"service": "iam"},
                "SignatureDoesNotMatch",
                "The service is speech_saas_prod",
                VENDOR,
            ),
            ("no-date", {"names": "host"}, "SignatureDoesNotMatch", "x-date is signed", VENDOR),
            ("body", {"sent": b"{}"}, "SignatureDoesNotMatch", "The body is part of the signature", VENDOR),
            (
                "old",
                {"minutes_ahead": -16},
                "InvalidTimestamp",
                "A date over 15 minutes old is refused",
                ASSUMED,
            ),
            (
                "future",
                {"minutes_ahead": 16},
                "InvalidTimestamp",
                "A date over 15 minutes ahead is refused",
                ASSUMED,
            ),
        )
    ],
)
def test_signature(emulator: Emulator, sign: dict[str, Any], wanted: str) -> None:
    assert error(emulator.console(**sign)) == wanted


@rule(WHO, "X-Content-Sha256 is the body's hash, signed or not", SIGN, VENDOR)
def test_content_hash(emulator: Emulator) -> None:
    assert error(emulator.console(names="host;x-date", digest="0" * 64)) == "SignatureDoesNotMatch"
    assert emulator.console(names="host;x-date").status_code == 200


@rule(WHO, "Without Authorization: MissingAuthenticationToken", SIGN, VENDOR)
def test_unsigned(emulator: Emulator) -> None:
    path = "/?Action=BatchListMegaTTSTrainStatus&Version=2023-11-07"
    assert error(emulator.send("POST", path, json={})) == "MissingAuthenticationToken"
    bearer = {"Authorization": "Bearer emulator-token"}
    assert error(emulator.send("POST", path, json={}, headers=bearer)) == "InvalidAuthorization"


@rule(WHO, "The region is in the scope: cn-north-1 and cn-beijing are taken", SIGN, CLIENT)
def test_region(emulator: Emulator) -> None:
    for region in ("cn-north-1", "cn-beijing"):
        doc = emulator.console(region=region).json()
        assert doc["ResponseMetadata"]["Region"] == region


@rule(WHO, "ResponseMetadata has RequestId, Action, Version", GIVEN_LIST, GIVEN)
def test_metadata(emulator: Emulator) -> None:
    metadata = emulator.console().json()["ResponseMetadata"]
    assert metadata["RequestId"]
    assert (metadata["Action"], metadata["Version"]) == ("BatchListMegaTTSTrainStatus", "2023-11-07")


@rule(WHO, "An unknown action: InvalidActionOrVersion", SIGN, VENDOR)
def test_action(emulator: Emulator) -> None:
    assert error(emulator.console(action="Nothing")) == "InvalidActionOrVersion"


@rule(WHO, "An unknown version: InvalidActionOrVersion", SIGN, VENDOR)
def test_version(emulator: Emulator) -> None:
    assert error(emulator.console(version="2020-01-01")) == "InvalidActionOrVersion"


@rule(
    WHO, "The account starts with slots S_emulator01 to S_emulator20, state Unknown", "control API", ASSUMED
)
def test_slots(emulator: Emulator) -> None:
    listed = result(emulator.console({"PageSize": 100}))
    assert [one["SpeakerID"] for one in listed["Statuses"]] == [f"S_emulator{at:02d}" for at in range(1, 21)]
    assert {one["State"] for one in listed["Statuses"]} == {"Unknown"}


@rule(WHO, "A slot that was never trained has SpeakerID, State and Version alone", LIST, VENDOR)
def test_unknown(emulator: Emulator) -> None:
    assert set(emulator.listed()) == {"SpeakerID", "State", "Version"}


@rule(WHO, "State goes Unknown, Training, Success", LIST, VENDOR)
def test_states(emulator: Emulator) -> None:
    emulator.switch(training_seconds=60)
    assert emulator.listed()["State"] == "Unknown"
    emulator.upload()
    assert emulator.listed()["State"] == "Training"
    emulator.finish("volcengine", "S_emulator01")
    assert emulator.listed()["State"] == "Success"


@rule(WHO, "A trained slot has all fields, times in milliseconds", LIST, VENDOR)
def test_fields(emulator: Emulator) -> None:
    trained(emulator)
    slot = emulator.listed()
    assert set(slot) == {
        *("SpeakerID", "State", "Version", "CreateTime", "DemoAudio", "InstanceNO", "IsActivable"),
        *("ExpireTime", "OrderTime", "Alias", "AvailableTrainingTimes", "ModelTypeDetails"),
    }
    assert abs(slot["CreateTime"] / 1000 - time.time()) < 5
    assert slot["ExpireTime"] > slot["CreateTime"] >= slot["OrderTime"]
    assert slot["Version"] == "V1"


@rule(WHO, "ModelTypeDetails names model, speaker and Resource-Id", LIST, VENDOR)
def test_model(emulator: Emulator) -> None:
    trained(emulator)
    [detail] = emulator.listed()["ModelTypeDetails"]
    assert (detail["ModelType"], detail["ResourceID"]) == (1, "seed-icl-1.0")


@rule(WHO, "DemoAudio serves the voice", LIST, VENDOR)
def test_demo(emulator: Emulator) -> None:
    trained(emulator)
    assert emulator.http.get(emulator.listed()["DemoAudio"], timeout=5).content == spoken()


@rule(WHO, "AvailableTrainingTimes counts down from the upload on", LIST, ASSUMED)
def test_left(emulator: Emulator) -> None:
    trained(emulator)
    assert emulator.listed()["AvailableTrainingTimes"] == 9
    emulator.switch(training_seconds=60)
    emulator.upload()
    assert emulator.listed()["AvailableTrainingTimes"] == 8


@rule(WHO, "AppID is required and one's own", LIST, VENDOR)
def test_app(emulator: Emulator) -> None:
    for app in (None, "", "other", 5):
        assert error(emulator.console({"AppID": app})) == "InvalidParameter.AppID"


@rule(WHO, "A body that is no JSON object: InvalidParameter", LIST, ASSUMED)
def test_body(emulator: Emulator) -> None:
    for body in (b"", b"[]", b"{"):
        assert error(emulator.console(body)) == "InvalidParameter"


@rule(WHO, "SpeakerIDs narrows the list", LIST, VENDOR)
def test_speakers(emulator: Emulator) -> None:
    assert ids(emulator.console({"SpeakerIDs": ["S_emulator03", "S_emulator01"]})) == [
        "S_emulator03",
        "S_emulator01",
    ]


@rule(WHO, "Empty SpeakerIDs are all", LIST, VENDOR)
def test_speakers_empty(emulator: Emulator) -> None:
    assert result(emulator.console({"SpeakerIDs": []}))["TotalCount"] == 20


@rule(WHO, "One wrong SpeakerID fails the whole call", "a client's note", CLIENT)
def test_wrong_speaker(emulator: Emulator) -> None:
    reply = emulator.console({"SpeakerIDs": ["S_emulator01", "S_other"]})
    assert error(reply) == "OperationDenied.InvalidSpeakerID"


@rule(WHO, "Pages of ten by default; TotalCount counts all", LIST, VENDOR)
def test_default_page(emulator: Emulator) -> None:
    listed = result(emulator.console())
    assert (len(listed["Statuses"]), listed["TotalCount"], listed["PageNumber"], listed["PageSize"]) == (
        10,
        20,
        1,
        10,
    )


@rule(WHO, "PageNumber and PageSize page", GIVEN_LIST, GIVEN)
def test_pages(emulator: Emulator) -> None:
    pages = [ids(emulator.console({"PageNumber": page, "PageSize": 8})) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [8, 8, 4, 0]
    assert len({one for page in pages for one in page}) == 20


@rule(WHO, "NextToken leads to the end, where it is empty", LIST, VENDOR)
def test_tokens(emulator: Emulator) -> None:
    seen, token = [], ""
    for _ in range(3):
        page = result(emulator.console({"MaxResults": 7, "NextToken": token}))
        seen += [one["SpeakerID"] for one in page["Statuses"]]
        token = page["NextToken"]
    assert token == ""
    assert len(set(seen)) == len(seen) == 20


@rule(WHO, "NextToken and MaxResults win over PageNumber and PageSize", LIST, VENDOR)
def test_token_wins(emulator: Emulator) -> None:
    token = result(emulator.console({"MaxResults": 5}))["NextToken"]
    page = ids(emulator.console({"NextToken": token, "MaxResults": 5, "PageNumber": 4, "PageSize": 1}))
    assert page == [f"S_emulator{at:02d}" for at in range(6, 11)]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({name: value}, id=f"{name}-{value}", marks=rule(WHO, text, LIST, VENDOR))
        for name, value, text in (
            ("PageNumber", 0, "PageNumber is above 0"),
            ("PageSize", 0, "PageSize is at least 1"),
            ("PageSize", 101, "PageSize is at most 100"),
            ("MaxResults", 101, "MaxResults is at most 100"),
            ("NextToken", "%", "NextToken is one that was given out"),
            ("State", "Done", "State is one of six"),
            ("SpeakerIDs", "S_emulator01", "SpeakerIDs is a list"),
            ("OrderTimeStart", "yesterday", "OrderTimeStart is in milliseconds"),
        )
    ],
)
def test_refused(emulator: Emulator, body: dict[str, Any]) -> None:
    assert error(emulator.console(body)) == "OperationDenied.InvalidParameter"


@rule(WHO, "State narrows the list", LIST, VENDOR)
def test_state(emulator: Emulator) -> None:
    trained(emulator, "S_emulator05")
    assert ids(emulator.console({"State": "Success"})) == ["S_emulator05"]
    assert result(emulator.console({"State": "Unknown"}))["TotalCount"] == 19


@rule(WHO, "OrderTimeStart and OrderTimeEnd narrow the list", LIST, VENDOR)
def test_order_time(emulator: Emulator) -> None:
    at = int(time.time() * 1000)
    assert result(emulator.console({"OrderTimeEnd": at - 3_600_000}))["TotalCount"] == 0
    assert (
        result(emulator.console({"OrderTimeStart": at - 3_600_000, "OrderTimeEnd": at}))["TotalCount"] == 20
    )


@rule(WHO, "ExpireTimeStart and ExpireTimeEnd narrow the list", LIST, VENDOR)
def test_expire_time(emulator: Emulator) -> None:
    year = int((time.time() + 364 * 86400) * 1000)
    assert result(emulator.console({"ExpireTimeEnd": year}))["TotalCount"] == 0
    assert result(emulator.console({"ExpireTimeStart": year}))["TotalCount"] == 20


@rule(WHO, "A failed training is listed as Failed, which the page does not have; switch", LIST, ASSUMED)
def test_failed(emulator: Emulator) -> None:
    emulator.upload(audio=wav(silence()))
    emulator.wait("volcengine", "S_emulator01", "failed")
    assert emulator.listed()["State"] == "Failed"
    emulator.switch(volcengine_list_failed_as="Unknown")
    assert emulator.listed()["State"] == "Unknown"
    assert emulator.voice("volcengine", "S_emulator01")["status"] == "failed"


@rule(
    WHO,
    "Total and Statuses alone; IsActivatable, ResourceID: switch volcengine_given_names",
    GIVEN_LIST,
    GIVEN,
)
def test_given_names(emulator: Emulator) -> None:
    emulator.switch(volcengine_given_names=True)
    trained(emulator)
    listed = result(emulator.console({"State": "Success"}))
    assert set(listed) == {"Total", "Statuses"}
    assert listed["Total"] == 1
    slot = listed["Statuses"][0]
    assert (slot["IsActivatable"], slot["ResourceID"]) == (True, "seed-icl-1.0")
    assert not {"IsActivable", "ModelTypeDetails"} & set(slot)


@rule(WHO, "ListMegaTTSTrainStatus answers likewise", "given page, 接口列表", GIVEN)
def test_list(emulator: Emulator) -> None:
    assert result(emulator.console(action="ListMegaTTSTrainStatus"))["TotalCount"] == 20


@rule(WHO, "ListMegaTTSTrainStatus is offline: switch volcengine_list_offline", LIST, VENDOR)
def test_list_offline(emulator: Emulator) -> None:
    emulator.switch(volcengine_list_offline=True)
    assert error(emulator.console(action="ListMegaTTSTrainStatus")) == "InvalidActionOrVersion"
    assert emulator.console().status_code == 200


@rule(WHO, "Activate locks a slot: Active, no training left, not activable", "client code", CLIENT)
def test_activate(emulator: Emulator) -> None:
    trained(emulator)
    reply = emulator.console({"SpeakerIDs": ["S_emulator01"]}, "ActivateMegaTTSTrainStatus")
    assert result(reply)["Statuses"][0]["State"] == "Active"
    slot = emulator.listed()
    assert (slot["State"], slot["AvailableTrainingTimes"], slot["IsActivable"]) == ("Active", 0, False)
    assert emulator.upload().json()["BaseResp"]["StatusCode"] == 1001


@rule(WHO, "Only a slot in state Success can be activated; all or none", "client code", ASSUMED)
def test_activate_untrained(emulator: Emulator) -> None:
    trained(emulator)
    body = {"SpeakerIDs": ["S_emulator01", "S_emulator02"]}
    assert error(emulator.console(body, "ActivateMegaTTSTrainStatus")) == "OperationDenied.InvalidSpeakerID"
    assert emulator.listed()["State"] == "Success"


@rule(WHO, "Activate wants SpeakerIDs", "client code", ASSUMED)
def test_activate_nothing(emulator: Emulator) -> None:
    assert error(emulator.console({}, "ActivateMegaTTSTrainStatus")) == "OperationDenied.InvalidParameter"


@rule(WHO, "An expired slot is Expired, a reclaimed one Reclaimed, both stay listed", LIST, VENDOR)
def test_gone(emulator: Emulator) -> None:
    for speaker in ("S_emulator01", "S_emulator02"):
        trained(emulator, speaker)
    emulator.control("POST", "voices/volcengine/S_emulator01/expire")
    emulator.control("DELETE", "voices/volcengine/S_emulator02")
    assert (emulator.listed("S_emulator01")["State"], emulator.listed("S_emulator02")["State"]) == (
        "Expired",
        "Reclaimed",
    )
    assert ids(emulator.console({"State": "Reclaimed"})) == ["S_emulator02"]


@rule(WHO, "The list lags behind the upload: switch volcengine_lag_seconds", LIST, ASSUMED)
def test_lag(emulator: Emulator) -> None:
    emulator.switch(volcengine_lag_seconds=0.5, training_seconds=60)
    until(lambda: len(ids(emulator.console())) == 10)
    emulator.upload()
    assert emulator.listed()["State"] == "Unknown"
    until(lambda: emulator.listed()["State"] == "Training")


@rule(WHO, "Too many calls: 429, FlowLimitExceeded; switch volcengine_qps", SIGN, ASSUMED)
def test_rate(emulator: Emulator) -> None:
    emulator.switch(volcengine_qps=1)
    emulator.console()
    reply = emulator.console()
    assert (reply.status_code, error(reply)) == (429, "FlowLimitExceeded")


# Services.


OLDER = "vendor's older page, ResourceIDs"
SERVICES = ("volc.megatts.voiceclone", "volc.seedicl.voiceclone", "volc.dialog.voiceclone")


def upload(emulator: Emulator, speaker: str, model: int) -> requests.Response:
    return emulator.upload(
        speaker, model_type=model, headers=VOLC | {"Resource-Id": "volc.megatts.voiceclone"}
    )


@rule(WHO, "Slots are bought of a service; without one they take the models of 1.0 and 2.0", OLDER, VENDOR)
def test_buy_service(emulator: Emulator) -> None:
    made = emulator.bought(SERVICES[1])
    assert made == "S_emulator21"
    assert upload(emulator, made, 4).json()["BaseResp"]["StatusCode"] == 0
    assert emulator.wait("volcengine", made)["service"] == SERVICES[1]
    for slot, model in (("S_emulator01", 1), ("S_emulator02", 4)):
        assert upload(emulator, slot, model).json()["BaseResp"]["StatusCode"] == 0


@pytest.mark.parametrize(
    ("service", "model", "other"), [(SERVICES[0], 1, 4), (SERVICES[1], 4, 1), (SERVICES[2], 1, 4)]
)
@rule(WHO, "A slot is not trained with a model of another service: 1001", OLDER, ASSUMED)
def test_other_service(emulator: Emulator, service: str, model: int, other: int) -> None:
    made = emulator.bought(service)
    assert upload(emulator, made, other).json()["BaseResp"]["StatusCode"] == 1001
    assert made in emulator.state()["slots"]
    assert upload(emulator, made, model).json()["BaseResp"]["StatusCode"] == 0


@rule(
    WHO,
    "A model of another service: HTTP 500 and 55000000; switch volcengine_mismatch_500",
    "clients' logs",
    CLIENT,
)
def test_other_service_500(emulator: Emulator) -> None:
    emulator.switch(volcengine_mismatch_500=True)
    reply = upload(emulator, emulator.bought(SERVICES[0]), 4)
    assert (reply.status_code, reply.json()["code"]) == (500, 55000000)


@rule(WHO, "InstanceNO begins with the order's code: S2S_Model_storage is realtime", OLDER, VENDOR)
def test_instance(emulator: Emulator) -> None:
    seen = {}
    for service, model in zip(SERVICES, (1, 4, 1), strict=True):
        made = emulator.bought(service)
        upload(emulator, made, model)
        emulator.wait("volcengine", made)
        row = emulator.listed(made)
        seen[service] = (row["InstanceNO"].removesuffix(made), row["ModelTypeDetails"][0]["ResourceID"])
    assert seen == {
        SERVICES[0]: ("Model_storage_", "seed-icl-1.0"),
        SERVICES[1]: ("Model_storage_", "seed-icl-2.0"),
        SERVICES[2]: ("S2S_Model_storage_", "seed-icl-1.0"),
    }


@rule(WHO, "ResourceIDs narrows the list, by service or by model", OLDER, VENDOR)
def test_resource_filter(emulator: Emulator) -> None:
    made = dict(zip("123", (emulator.bought(one) for one in SERVICES), strict=True))

    def asked(*names: str) -> set[str]:
        every = ids(emulator.console({"ResourceIDs": list(names), "PageSize": 100}))
        return {number for number, slot in made.items() if slot in every}

    assert [asked(one) for one in SERVICES] == [{"1"}, {"2"}, {"3"}]
    assert asked("seed-icl-1.0") == {"1", "3"}
    assert asked("seed-icl-2.0") == {"2"}
    assert asked(SERVICES[0], SERVICES[2]) == {"1", "3"}
    assert error(emulator.console({"ResourceIDs": ["other"]})) == "OperationDenied.InvalidParameter"
    emulator.switch(volcengine_resource_filter=False)
    assert asked(SERVICES[0]) == {"1", "2", "3"}


@rule(WHO, "A service that nobody sells cannot be bought", "control API", OURS)
def test_no_service(emulator: Emulator) -> None:
    for doc in ({"service": "other"}, {"service": 1}, {"vendor": "coze", "service": SERVICES[0]}):
        emulator.control("POST", "slots", doc, status=400)


# Version 2025-05-21.


TYPED = "vendor's SDK, speechsaasprod20250521"


@rule(WHO, "2025-05-21 beside 2023-11-07: by ProjectName, without AppID", TYPED, VENDOR)
def test_project(emulator: Emulator) -> None:
    listed = result(emulator.project())
    assert set(listed) == {"TotalCount", "NextToken", "PageNumber", "PageSize", "Statuses"}
    assert listed["TotalCount"] == 20
    assert emulator.project().json()["ResponseMetadata"]["Version"] == "2025-05-21"


@rule(WHO, "2025-05-21: ProjectName is mandatory and one's own", TYPED, VENDOR)
def test_project_name(emulator: Emulator) -> None:
    for name in (None, "", "other", 5):
        assert error(emulator.project({"ProjectName": name})) == "InvalidParameter.ProjectName"


@rule(WHO, "2025-05-21: State is mandatory; an empty one is any", TYPED, CLIENT)
def test_project_state(emulator: Emulator) -> None:
    trained(emulator)
    assert error(emulator.project({"State": None})) == "OperationDenied.InvalidParameter"
    assert error(emulator.project({"State": "Odd"})) == "OperationDenied.InvalidParameter"
    assert ids(emulator.project({"State": "Success"})) == ["S_emulator01"]
    assert result(emulator.project({"State": ""}))["TotalCount"] == 20


@rule(WHO, "2025-05-21: pages of at most 1000, page numbers to 10000; MaxResults from 0", TYPED, VENDOR)
def test_project_paging(emulator: Emulator) -> None:
    assert len(ids(emulator.project({"PageSize": 1000}))) == 20
    assert len(ids(emulator.project({"MaxResults": 0}))) == 10
    for body in ({"PageSize": 1001}, {"PageNumber": 10001}, {"MaxResults": 1001}):
        assert error(emulator.project(body)) == "OperationDenied.InvalidParameter"
    token = result(emulator.project({"MaxResults": 15}))["NextToken"]
    assert len(ids(emulator.project({"MaxResults": 15, "NextToken": token}))) == 5


@rule(WHO, "2025-05-21: rows as the SDK types them; Version in lower case", TYPED, CLIENT)
def test_project_rows(emulator: Emulator) -> None:
    trained(emulator)
    [row] = result(emulator.project({"State": "Success"}))["Statuses"]
    assert set(row) == {
        *("Alias", "AvailableTrainingTimes", "CreateTime", "DemoAudio", "ExpireTime", "InstanceNO"),
        *("IsActivable", "OrderTime", "SpeakerID", "State", "Version"),
    }
    assert row["Version"] == "v1"


@rule(
    WHO,
    "2025-05-21: rows with all that was seen live: switch volcengine_project_rows, live",
    "clients' logs",
    CLIENT,
)
def test_live_rows(emulator: Emulator) -> None:
    emulator.switch(volcengine_project_rows="live")
    trained(emulator)
    [row] = result(emulator.project({"State": "Success"}))["Statuses"]
    assert {"InstanceStatus", "IsActivatable", "ResourceID", "ModelTypeDetails"} <= set(row)
    assert "IsActivable" not in row


@rule(WHO, "IsActivable as a string: switch volcengine_activable_string", TYPED, VENDOR)
def test_activable_string(emulator: Emulator) -> None:
    trained(emulator)
    assert emulator.listed()["IsActivable"] is True
    emulator.switch(volcengine_activable_string=True)
    assert emulator.listed()["IsActivable"] == "true"
    emulator.control("POST", "voices/volcengine/S_emulator01/lock")
    assert result(emulator.project({"State": "Active"}))["Statuses"][0]["IsActivable"] == "false"


@rule(WHO, "ListMegaTTSTrainStatus is not offline in 2025-05-21", TYPED, VENDOR)
def test_project_list(emulator: Emulator) -> None:
    emulator.switch(volcengine_list_offline=True)
    assert result(emulator.project(action="ListMegaTTSTrainStatus"))["TotalCount"] == 20
    assert error(emulator.project(action="ActivateMegaTTSTrainStatus")) == "InvalidActionOrVersion"
