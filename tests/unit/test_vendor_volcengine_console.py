"""Volcengine's console: the signature, the list of slots, and which of them a voice may live in."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from fake_clock import FakeClock
from fake_vendor import Answer, FakeVendor, Request, assert_sent
from volcengine_face import (
    AK,
    APP,
    ID,
    SK,
    STATUS,
    connect,
    order,
    page,
    slot,
    status,
)

from voiceclone_provider.core.errors import (
    CredentialsError,
    NotFoundError,
    PermanentError,
    TemporaryError,
    ThrottledError,
    VoiceError,
)
from voiceclone_provider.vendors.base import Observation, Status
from voiceclone_provider.vendors.volcengine.client import Volcengine
from voiceclone_provider.vendors.volcengine.reservations import Reservations
from voiceclone_provider.vendors.volcengine.signature import Signature
from voiceclone_provider.vendors.volcengine.wire import CONSOLE_ERRORS


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeVendor]:
    with FakeVendor() as vendor:
        yield vendor


@pytest.fixture
def plain(fake: FakeVendor) -> Volcengine:
    """Without the console API's keys, and with a Resource-Id so that one is tried only."""
    return connect(fake, volcengineResourceId="volc.megatts.voiceclone")


@pytest.fixture
def keyed(fake: FakeVendor) -> Volcengine:
    return connect(fake, volcengineAccessKey=AK, volcengineSecretKey=SK)


# The console


@pytest.mark.parametrize(
    ("state", "expected", "version"),
    [
        ("Unknown", Status.PENDING, "/9/@console"),
        ("Training", Status.TRAINING, "V1/9/1761400817000@console"),
        ("Success", Status.READY, "V1/9/1761400817000@console"),
        ("Failed", Status.FAILED, "V1/9/1761400817000@console"),
        # These change the times and what is left without a training.
        ("Active", Status.LOCKED, "V1"),
        ("Expired", Status.EXPIRED, "V1"),
        ("Reclaimed", Status.EXPIRED, "V1"),
    ],
)
def test_listing(state: str, expected: Status, version: str, fake: FakeVendor, keyed: Volcengine) -> None:
    fake.answers(page(slot(state=state)))
    assert keyed.listing() == [
        Observation(
            ID,
            expected,
            version=version,
            available_trainings=9,
            preview_url="https://example.com/demo.wav",
            created_at="2025-10-25T14:00:17Z",
            inputs={"modelType": "ICL_1_0"},
            extras={
                "cluster": "volcano_icl",
                "instanceNo": "S2S_Model_storage_g-e_W094e4FDP1aq",
                "alias": "小茧",
                "expiresAt": "2026-10-25T15:59:59Z",
                "resourceId": "seed-icl-1.0",
            },
            gone=state == "Reclaimed",
        )
    ]
    assert (fake.last.method, fake.last.path) == ("POST", "/")
    assert fake.last.query == {"Action": "BatchListMegaTTSTrainStatus", "Version": "2023-11-07"}
    assert fake.last.json == {"AppID": APP, "PageNumber": 1, "PageSize": 100}
    assert "Resource-Id" not in fake.last.headers


def test_listing_as_the_older_page_has_it(fake: FakeVendor, keyed: Volcengine) -> None:
    old = slot(
        IsActivable=None,
        IsActivatable=True,
        ModelTypeDetails=None,
        ResourceID="seed-icl-2.0",
        AvailableTrainingTimes=None,
    )
    fake.answers(page(old, TotalCount=None, Total=1))
    (seen,) = keyed.listing()
    assert seen.available_trainings is None
    assert seen.inputs == {"modelType": "ICL_2_0"}
    assert seen.extras["resourceId"] == "seed-icl-2.0"


def test_listing_of_little(fake: FakeVendor, keyed: Volcengine) -> None:
    fake.answers(page({"SpeakerID": ID, "State": "Unknown", "Version": "V0"}))
    assert keyed.listing() == [Observation(ID, Status.PENDING, extras={"cluster": "volcano_icl"})]
    fake.answers(page(Statuses=None) | {"Result": {"TotalCount": 0, "Statuses": None}})
    assert keyed.listing() == []


def test_models_that_cannot_be_told(fake: FakeVendor, keyed: Volcengine) -> None:
    two = [{"ModelType": 1, "ResourceID": "seed-icl-1.0"}, {"ModelType": 4, "ResourceID": "seed-icl-2.0"}]
    fake.answers(
        page(slot(ModelTypeDetails=two), slot("S_2", ModelTypeDetails=None, ResourceID="seed-icl-1.0"))
    )
    assert [seen.inputs for seen in keyed.listing()] == [{}, {}]


@pytest.mark.parametrize("result", [{}, {"TotalCount": 3}, {"Statuses": [{}]}])
def test_listing_without_its_list(result: Any, fake: FakeVendor, keyed: Volcengine) -> None:
    fake.answers(page() | {"Result": result})
    with pytest.raises(TemporaryError, match="unknown shape"):
        keyed.listing()


@pytest.mark.parametrize("total", [250, None])
def test_paging(total: int | None, fake: FakeVendor, keyed: Volcengine) -> None:
    slots = [slot(f"S_{number}") for number in range(250)]
    chunks = [slots[:100], slots[100:200], slots[200:]]
    fake.answers(*(page(*chunk, TotalCount=total) for chunk in chunks))
    assert len(keyed.listing()) == 250
    assert [request.json["PageNumber"] for request in fake.requests] == [1, 2, 3]


def test_paging_that_repeats_itself_ends(fake: FakeVendor, keyed: Volcengine) -> None:
    fake.answers(page(slot(), TotalCount=500))
    assert len(keyed.listing()) == 1
    assert len(fake.requests) == 2


def test_observe_many(fake: FakeVendor, keyed: Volcengine) -> None:
    """The console has no word for a training that failed: the voice API is asked as well."""
    fake.answers(
        page(*(slot(f"S_{number}") for number in range(100)), TotalCount=150),
        page(slot("S_100", "Active"), slot("S_101", "Success"), TotalCount=102),
        status(2),
        status(3, 1111, "AEDError"),
        status(1),
    )
    seen = keyed.observe({"S_1": 0, "S_100": 0, "S_101": 0, "S_postpaid": 0})
    assert {voice_id: voice.status for voice_id, voice in seen.items()} == {
        "S_1": Status.READY,
        "S_100": Status.LOCKED,
        "S_101": Status.FAILED,
        "S_postpaid": Status.TRAINING,
    }
    assert seen["S_101"].error.startswith("AEDError. No speech was found")
    assert [request.path for request in fake.requests] == ["/", "/", STATUS, STATUS, STATUS]
    fake.answers(page(slot("S_1"), TotalCount=1000), status(2))
    keyed.observe(["S_1"])
    assert [request.path for request in fake.requests] == ["/", STATUS]
    assert keyed.observe([]) == {}
    assert len(fake.requests) == 2


def test_listing_needs_keys(plain: Volcengine) -> None:
    with pytest.raises(PermanentError, match="VOLCENGINE_ACCESS_KEY and VOLCENGINE_SECRET_KEY"):
        plain.listing()


def verified(request: Request) -> bool:
    """The console's check, written down once more from the vendor's words."""
    match = re.fullmatch(
        r"HMAC-SHA256 Credential=(\S+?)/(\d{8})/cn-north-1/speech_saas_prod/request, "
        r"SignedHeaders=(\S+), Signature=([0-9a-f]{64})",
        request.headers["Authorization"],
    )
    assert match
    access_key, date, names, signature = match.groups()
    headers = {name.lower(): value for name, value in request.headers.items()}
    assert headers["x-content-sha256"] == hashlib.sha256(request.body).hexdigest()
    assert headers["x-date"].startswith(f"{date}T")
    query = "&".join(f"{name}={value}" for name, value in sorted(request.query.items()))
    signed = "".join(f"{name}:{headers[name]}\n" for name in names.split(";"))
    canonical = f"{request.method}\n{request.path}\n{query}\n{signed}\n{names}\n{headers['x-content-sha256']}"
    scope = f"{date}/cn-north-1/speech_saas_prod/request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = SK.encode()
    for part in (date, "cn-north-1", "speech_saas_prod", "request"):
        key = hmac.digest(key, part.encode(), "sha256")
    text = f"HMAC-SHA256\n{headers['x-date']}\n{scope}\n{digest}"
    return access_key == AK and hmac.digest(key, text.encode(), "sha256").hex() == signature


def test_signature_on_the_wire(fake: FakeVendor, keyed: Volcengine) -> None:
    fake.answers(page())
    keyed.listing()
    assert fake.last.headers["Host"] == fake.url.removeprefix("http://")
    assert verified(fake.last)


@pytest.mark.parametrize("url", ["https://open.volcengineapi.com", "https://open.volcengineapi.com:443/"])
def test_signature_as_the_vendors_own_client_signs(url: str) -> None:
    """The expected text was made with `SignerV4` of volcenginesdk-core 5.0.54."""
    clock = FakeClock(datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC).timestamp())
    request = requests.Request(
        "POST",
        url,
        params={"Version": "2023-11-07", "Action": "BatchListMegaTTSTrainStatus"},
        json={"AppID": APP, "PageNumber": 1, "PageSize": 100},
        auth=Signature(AK, SK, clock),
    ).prepare()
    assert request.headers["X-Date"] == "20250102T030405Z"
    assert request.headers["Authorization"] == (
        "HMAC-SHA256 Credential=AKLTexample/20250102/cn-north-1/speech_saas_prod/request, "
        "SignedHeaders=content-type;host;x-content-sha256;x-date, "
        "Signature=9bcdd566f15f89f4254e99fc1ccf253f77f028c5d170551a1cdba4c3d3e8f98e"
    )


# Errors


@pytest.mark.parametrize("code", sorted({*CONSOLE_ERRORS, "InvalidParameter.State", "Something.New"}))
def test_console_errors(code: str, fake: FakeVendor, keyed: Volcengine) -> None:
    answer = {"ResponseMetadata": {"RequestId": "2025req", "Error": {"Code": code, "Message": f"no, {SK}"}}}
    fake.answers(Answer(answer, 400))
    with pytest.raises(VoiceError) as caught:
        keyed.listing()
    expected = CONSOLE_ERRORS.get(code) or CONSOLE_ERRORS.get(code.split(".")[0])
    text = str(caught.value)
    assert f"Volcengine list: no, [secret] (code {code}, request ID 2025req)." in text
    assert caught.value.advice == (expected[1] if expected else "")
    assert_sent(fake, caught.value)
    if isinstance(caught.value, CredentialsError):
        assert "VOLCENGINE_" in text


@pytest.mark.parametrize(
    ("http_status", "error"),
    [
        (401, CredentialsError),
        (403, CredentialsError),
        (404, PermanentError),
        (429, ThrottledError),
        (500, TemporaryError),
    ],
)
def test_console_statuses(
    http_status: int, error: type[VoiceError], fake: FakeVendor, keyed: Volcengine
) -> None:
    fake.answers(Answer({"ResponseMetadata": {}}, http_status))
    with pytest.raises(error) as caught:
        keyed.listing()
    assert type(caught.value) is error


def test_reads_are_repeated(fake: FakeVendor, keyed: Volcengine) -> None:
    fake.answers(Answer({"ResponseMetadata": {}}, 503), Answer(b"", 502), page(slot()))
    assert len(keyed.listing()) == 1
    first, *_, last = fake.requests
    assert verified(first)
    assert verified(last)
    fake.answers(Answer({"message": "oops"}, 500), page(), status(2))
    keyed.observe([ID])
    assert len(fake.requests) == 3


# Gone


@pytest.mark.parametrize(
    ("script", "gone"),
    [
        ([page(slot(state="Reclaimed"))], True),
        ([page(slot(state="Expired"))], False),
        ([page(slot(state="Success"))], False),
        ([page(slot(state="Unknown")), status(0)], True),
        ([page(slot(state="Unknown")), status(2)], False),
        ([page(slot("S_other")), status(2)], False),
        ([page(slot("S_other")), status(0)], True),
        ([page(), status(None, 1107)], True),
        ([page(), status(1)], False),
    ],
)
def test_is_gone(script: Any, gone: bool, fake: FakeVendor, keyed: Volcengine) -> None:
    fake.answers(*script)
    assert keyed.is_gone(ID) is gone


def test_is_gone_under_both_resources(fake: FakeVendor) -> None:
    fake.answers(status(0), status(2))
    assert not connect(fake).is_gone(ID)
    fake.answers(status(0))
    assert connect(fake).is_gone(ID)
    assert len(fake.requests) == 2


@pytest.mark.parametrize("code", [401, 403, 429, 500, 503])
def test_an_error_proves_nothing(code: int, fake: FakeVendor, plain: Volcengine) -> None:
    fake.answers(Answer({"message": "no"}, code))
    with pytest.raises(VoiceError) as caught:
        plain.is_gone(ID)
    assert not isinstance(caught.value, NotFoundError)


# Slots


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (
            slot(),
            [
                "already holds a trained voice",
                f"voiceclone:volcengine:Voice <name> {ID}",
                "overwriteExisting",
            ],
        ),
        (slot(state="Training"), ["is in training", "overwriteExisting"]),
        (slot(state="Active"), ["locked", "pulumi import"]),
        (slot(state="Expired"), ["expired", "Renew"]),
        (slot(state="Reclaimed"), ["reclaimed"]),
    ],
)
def test_claim_refuses(shown: Any, words: list[str], fake: FakeVendor, keyed: Volcengine) -> None:
    fake.answers(page(shown))
    with pytest.raises(PermanentError) as caught:
        keyed.claim(order(speakerId=ID), (), reserve=False)
    assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize(
    ("state", "allowed"),
    [("Success", True), ("Training", True), ("Active", False), ("Expired", False), ("Reclaimed", False)],
)
def test_claim_overwrites(state: str, allowed: bool, fake: FakeVendor, keyed: Volcengine) -> None:
    fake.answers(page(slot(state=state)))
    wanted = order(speakerId=ID, overwriteExisting=True)
    if allowed:
        assert keyed.claim(wanted, (), reserve=False).version == "V1/9/1761400817000@console"
    else:
        with pytest.raises(PermanentError):
            keyed.claim(wanted, (), reserve=False)


def test_claim_of_a_failed_slot(fake: FakeVendor, plain: Volcengine) -> None:
    fake.answers(status(3, version="", demo_audio=""))
    assert plain.claim(order(speakerId=ID), (), reserve=False).status is Status.FAILED
    for holds in ({"version": "V2", "demo_audio": ""}, {"version": ""}):
        fake.answers(status(3, **holds))
        with pytest.raises(PermanentError, match="overwriteExisting"):
            plain.claim(order(speakerId=ID), (), reserve=False)


def test_claim_without_keys(fake: FakeVendor, plain: Volcengine) -> None:
    fake.answers(status(0))
    assert plain.claim(order(speakerId=ID), (), reserve=False).voice_id == ID
    fake.answers(status(None, 1107))
    with pytest.raises(PermanentError, match="no such slot"):
        plain.claim(order(speakerId=ID), (), reserve=False)
    with pytest.raises(PermanentError, match=r"Give speakerId, or configure both volcengineAccessKey"):
        plain.claim(order(), (), reserve=False)


def test_claim_of_a_taken_slot(fake: FakeVendor, keyed: Volcengine) -> None:
    with pytest.raises(PermanentError, match="another resource"):
        keyed.claim(order(speakerId=ID), {ID}, reserve=False)


def test_free_slots(fake: FakeVendor, keyed: Volcengine) -> None:
    free = [slot(f"S_{number}", "Unknown", InstanceNO="Model_storage_a") for number in range(5)]
    spent = slot("S_spent", "Unknown", InstanceNO="Model_storage_b", AvailableTrainingTimes=0)
    rest = [slot("S_used"), slot("S_old", "Expired"), spent]
    taken: list[str] = []
    for _ in range(5):
        fake.answers(page(*rest, *free), page())
        chosen = keyed.claim(order(), taken, reserve=False)
        fake.answers(page(*reversed(free), *rest), page())
        assert keyed.claim(order(), taken, reserve=False) == chosen, "it depends on the order of the list"
        taken.append(chosen.voice_id)
    assert sorted(taken) == [f"S_{number}" for number in range(5)]
    assert [request.json["ResourceIDs"] for request in fake.requests] == [
        ["volc.megatts.voiceclone"],
        ["volc.dialog.voiceclone"],
    ]
    fake.answers(page(*rest, *free), page())
    with pytest.raises(PermanentError) as caught:
        keyed.claim(order(), taken, reserve=False)
    assert "8 slots: 2 in use, 1 expired, 5 taken by other resources of this program" in str(caught.value)
    others = set()
    for number in range(20):
        fake.answers(page(*free), page())
        others.add(keyed.claim(order(handle=f"handle-{number}"), (), reserve=False).voice_id)
    assert len(others) > 1, "voices made side by side must not all want the same slot"
    fake.answers(page())
    with pytest.raises(PermanentError, match="no slots at all"):
        keyed.claim(order(), (), reserve=False)


UNTRAINED: dict[str, Any] = {"state": "Unknown", "InstanceNO": None, "ModelTypeDetails": None}
REFUSED = Answer(
    {"ResponseMetadata": {"Error": {"Code": "InvalidParameter.ResourceIDs", "Message": "no"}}}, 400
)


@pytest.mark.parametrize(
    ("model", "wanted", "realtime", "chosen"),
    [
        ("ICL_1_0", [slot("S_1", **UNTRAINED)], [slot("S_2", **UNTRAINED)], "S_1"),
        ("ICL_2_0", [slot("S_1", **UNTRAINED)], [], "S_1"),
        # Whoever ignores the filter answers with all.
        ("ICL_1_0", [slot("S_1", **UNTRAINED)], [slot("S_1", **UNTRAINED)], None),
        # What the row itself says
        (
            "ICL_2_0",
            [slot("S_1", **{**UNTRAINED, "ResourceID": "seed-icl-2.0"})],
            [slot("S_1", **UNTRAINED)],
            "S_1",
        ),
        ("ICL_1_0", [slot("S_1", **{**UNTRAINED, "ResourceID": "seed-icl-2.0"})], [], None),
        (
            "ICL_1_0",
            [slot("S_1", **{**UNTRAINED, "ResourceID": "seed-icl-1.0"})],
            [slot("S_1", **UNTRAINED)],
            None,
        ),
        ("ICL_1_0", [slot("S_1", **{**UNTRAINED, "InstanceNO": "S2S_Model_storage_a"})], [], None),
    ],
)
def test_a_slot_of_another_service_is_not_used(
    model: str,
    wanted: list[Any],
    realtime: list[Any],
    chosen: str | None,
    fake: FakeVendor,
    keyed: Volcengine,
) -> None:
    fake.answers(page(*wanted), page(*realtime))
    if chosen is None:
        with pytest.raises(
            PermanentError, match=r"does not show which service the 1 free slots.*Give the speakerId"
        ):
            keyed.claim(order(modelType=model), (), reserve=False)
    else:
        assert keyed.claim(order(modelType=model), (), reserve=False).voice_id == chosen


def test_a_console_without_the_filter_cannot_tell(fake: FakeVendor, keyed: Volcengine) -> None:
    fake.answers(REFUSED, page(slot("S_1", **UNTRAINED)))
    with pytest.raises(PermanentError, match="does not show which service"):
        keyed.claim(order(), (), reserve=False)


def test_a_training_for_every_model_takes_any_slot_but_the_realtime_service_s(fake: FakeVendor) -> None:
    v3 = connect(fake, volcengineApiKey="key", volcengineAccessKey=AK, volcengineSecretKey=SK)
    both = [slot("S_1", **UNTRAINED), slot("S_2", **UNTRAINED)]
    fake.answers(page(*both), page(both[0]))
    assert v3.claim(order(), (), reserve=False).voice_id == "S_2"
    fake.answers(page(both[0]), page(both[0]))
    assert v3.claim(order(), (), reserve=False).voice_id == "S_1", "the filter is ignored"


@pytest.mark.parametrize("code", ["InvalidParameter.ResourceIDs", "OperationDenied.InvalidParameter"])
def test_a_training_for_every_model_needs_no_filter(code: str, fake: FakeVendor) -> None:
    v3 = connect(fake, volcengineApiKey="key", volcengineAccessKey=AK, volcengineSecretKey=SK)
    refused = Answer({"ResponseMetadata": {"Error": {"Code": code, "Message": "no"}}}, 400)
    of_realtime = slot("S_1", **{**UNTRAINED, "InstanceNO": "S2S_Model_storage_a"})
    fake.answers(page(of_realtime, slot("S_2", **UNTRAINED)), refused)
    assert v3.claim(order(), (), reserve=False).voice_id == "S_2"
    fake.answers(
        page(slot("S_2", **UNTRAINED)), Answer({"ResponseMetadata": {"Error": {"Code": "Forbidden"}}})
    )
    with pytest.raises(CredentialsError):
        v3.claim(order(), (), reserve=False)


def test_a_project_is_asked_in_the_newer_version(fake: FakeVendor) -> None:
    more = {"volcengineAccessKey": AK, "volcengineSecretKey": SK, "volcengineProject": "films"}
    project = connect(fake, **more)
    rows = page(slot("S_1", IsActivable="true", Version="v1"), AppID=None)
    fake.answers(rows)
    (seen,) = project.listing()
    assert seen.version == "V1/9/1761400817000@project"
    assert fake.last.query == {"Action": "BatchListMegaTTSTrainStatus", "Version": "2025-05-21"}
    assert fake.last.json == {"ProjectName": "films", "State": "", "PageNumber": 1, "PageSize": 100}
    assert "/cn-beijing/speech_saas_prod/request" in fake.last.headers["Authorization"]
    mandatory = {"ResponseMetadata": {"Error": {"Code": "MissingParameter.State", "Message": "State"}}}
    fake.answers(Answer(mandatory, 400), rows, page())
    assert [voice.voice_id for voice in project.listing()] == ["S_1"]
    states = ["", "Unknown", "Training", "Success", "Active", "Expired", "Reclaimed"]
    assert [request.json["State"] for request in fake.requests] == states
    fake.answers(rows, page())
    project.listing()
    assert [request.json["State"] for request in fake.requests] == states[1:]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))
    return tmp_path / "voiceclone" / "slots"


def test_a_slot_that_another_process_reserved_is_not_used(home: Path, fake: FakeVendor) -> None:
    """Two providers of one program, or two stacks at once."""
    free = [slot(f"S_{number}", state="Unknown", InstanceNO="Model_storage_a") for number in range(1, 4)]
    fake.answers(page(*free), page())
    keyed, beside = connect(fake, volcengineAccessKey=AK, volcengineSecretKey=SK), Reservations(home)
    assert beside.take("S_1")
    assert beside.take("S_2")
    assert keyed.claim(order(), (), reserve=True).voice_id == "S_3"
    assert not beside.take("S_3")


def test_a_preview_reserves_nothing(home: Path, fake: FakeVendor) -> None:
    fake.answers(page(slot("S_1", state="Unknown", InstanceNO="Model_storage_a")), page())
    keyed = connect(fake, volcengineAccessKey=AK, volcengineSecretKey=SK)
    assert keyed.claim(order(), (), reserve=False).voice_id == "S_1"
    assert Reservations(home).take("S_1")


def test_a_slot_that_the_program_names_is_used_whoever_reserved_it(home: Path, fake: FakeVendor) -> None:
    fake.answers(page(slot(ID, state="Unknown")))
    assert Reservations(home).take(ID)
    keyed = connect(fake, volcengineAccessKey=AK, volcengineSecretKey=SK)
    assert keyed.claim(order(speakerId=ID), (), reserve=True).voice_id == ID


@pytest.mark.parametrize(
    ("listed", "told", "wanted"),
    [
        ("Success", 1, Status.TRAINING),
        ("Success", 2, Status.READY),
        ("Success", 0, Status.READY),
        ("Unknown", 2, Status.READY),
        ("Unknown", 1, Status.TRAINING),
        ("Unknown", 0, Status.PENDING),
        ("Failed", 2, Status.READY),
        ("Training", 2, Status.TRAINING),
    ],
)
def test_the_voice_api_is_believed_where_the_console_lags(
    listed: str, told: int, wanted: Status, fake: FakeVendor, keyed: Volcengine
) -> None:
    fake.answers(page(slot(state=listed)), status(told))
    assert keyed.observe([ID])[ID].status is wanted
