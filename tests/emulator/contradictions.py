"""Where the sources disagree: the switches that turn the emulator to the other side, as data for other tests.

Each entry is one other side. A life of a voice that passes under the defaults should pass under each of
these too. The table in `docs/emulator.md` says what the sides are.
"""

from __future__ import annotations

from typing import NamedTuple

Value = bool | int | float | str


class Contradiction(NamedTuple):
    name: str
    """For a test's ID."""
    switches: dict[str, Value]
    """What `POST /_emulator/switches` takes."""
    vendor: str


CONTRADICTIONS = [
    Contradiction("status-in-words", {"volcengine_status_strings": True}, "volcengine"),
    Contradiction("status-bare", {"volcengine_status_bare": True}, "volcengine"),
    Contradiction("creaet-time", {"volcengine_creaet_time": True}, "volcengine"),
    Contradiction("success-message", {"volcengine_success_message": True}, "volcengine"),
    Contradiction("given-list-names", {"volcengine_given_names": True}, "volcengine"),
    Contradiction("version-stays", {"volcengine_version": "stays"}, "volcengine"),
    Contradiction("version-starts-at-1", {"volcengine_version": "starts-at-1"}, "volcengine"),
    Contradiction("version-in-steps-of-two", {"volcengine_version": "steps-of-two"}, "volcengine"),
    Contradiction("no-version", {"volcengine_version": "absent"}, "volcengine"),
    Contradiction("create-time-of-slot", {"volcengine_create_time": "slot"}, "volcengine"),
    Contradiction("no-create-time", {"volcengine_create_time": "absent"}, "volcengine"),
    Contradiction("first-training-free", {"volcengine_trainings_left": "first-free"}, "volcengine"),
    Contradiction("no-trainings-left", {"volcengine_trainings_left": "absent"}, "volcengine"),
    Contradiction("fifteen-trainings", {"trainings_per_voice": 15}, "volcengine"),
    Contradiction(
        "version-and-create-time-stay",
        {"volcengine_version": "stays", "volcengine_create_time": "slot"},
        "volcengine",
    ),
    Contradiction(
        "unknown-has-v1-and-create-time-stays",
        {"volcengine_version": "starts-at-1", "volcengine_create_time": "slot"},
        "volcengine",
    ),
    Contradiction(
        "list-sample-of-the-vendor",
        {
            "volcengine_version": "starts-at-1",
            "volcengine_create_time": "slot",
            "volcengine_trainings_left": "first-free",
        },
        "volcengine",
    ),
    Contradiction(
        "given-page-as-a-whole",
        {
            "volcengine_status_strings": True,
            "volcengine_status_bare": True,
            "volcengine_success_message": True,
            "volcengine_given_names": True,
            "volcengine_trainings_left": "absent",
            "volcengine_own_speakers": True,
        },
        "volcengine",
    ),
    Contradiction("own-speakers", {"volcengine_own_speakers": True}, "volcengine"),
    Contradiction("audio-of-20-mb", {"volcengine_audio_mb": 20}, "volcengine"),
    Contradiction("failed-does-not-count", {"volcengine_failed_bumps_version": False}, "volcengine"),
    Contradiction("failed-is-unknown", {"volcengine_list_failed_as": "Unknown"}, "volcengine"),
    Contradiction("failed-is-success", {"volcengine_list_failed_as": "Success"}, "volcengine"),
    Contradiction("list-offline", {"volcengine_list_offline": True}, "volcengine"),
    Contradiction("no-resource-filter", {"volcengine_resource_filter": False}, "volcengine"),
    Contradiction("activable-is-a-string", {"volcengine_activable_string": True}, "volcengine"),
    Contradiction("live-rows", {"volcengine_project_rows": "live"}, "volcengine"),
    Contradiction("mismatch-is-500", {"volcengine_mismatch_500": True}, "volcengine"),
    Contradiction("v1-takes-api-key", {"volcengine_v1_takes_api_key": True}, "volcengine"),
    Contradiction("v3-request-id", {"volcengine_v3_request_id": True}, "volcengine"),
    Contradiction("v3-code-zero", {"volcengine_v3_code": "zero"}, "volcengine"),
    Contradiction("v3-code-20000000", {"volcengine_v3_code": "20000000"}, "volcengine"),
    Contradiction("v3-model-4", {"volcengine_v3_model": 4}, "volcengine"),
    Contradiction("v3-failed-in-http-200", {"volcengine_v3_failed_200": True}, "volcengine"),
    Contradiction("v3-flat-gateway", {"volcengine_v3_flat_gateway": True}, "volcengine"),
    Contradiction("v3-unknown-is-500", {"volcengine_v3_unknown_500": True}, "volcengine"),
    Contradiction("v3-untrained-is-unknown", {"volcengine_v3_untrained_1107": True}, "volcengine"),
    Contradiction("v3-sentinel", {"volcengine_v3_sentinel": True}, "volcengine"),
    Contradiction("v3-short-demo-text", {"volcengine_v3_demo_text": 80}, "volcengine"),
    Contradiction("any-resource-id", {"volcengine_strict_resource_id": False}, "volcengine"),
    Contradiction("clone-answers-all", {"coze_clone_full_object": True}, "coze"),
    Contradiction("names-of-seven-bytes", {"coze_name_bytes_min": 7}, "coze"),
    Contradiction("no-state", {"coze_state_shown": False}, "coze"),
    Contradiction("wrong-token-is-401", {"coze_auth_status": 401}, "coze"),
    Contradiction("wrong-token-is-4100", {"coze_auth_code": 4100}, "coze"),
    Contradiction("refusals-in-http-200", {"coze_http_status": False}, "coze"),
    Contradiction("no-voice-left-is-4000", {"coze_no_voice_code": 4000}, "coze"),
    Contradiction("one-voice-included", {"coze_included": 1}, "coze"),
    Contradiction("model-id-alone", {"qiniu_create": "given"}, "qiniu"),
    Contradiction("no-model-id", {"qiniu_create": "current"}, "qiniu"),
    Contradiction("no-language-while-training", {"qiniu_training_language": False}, "qiniu"),
    Contradiction("demo-while-training", {"qiniu_training_demo": "always"}, "qiniu"),
    Contradiction("no-demo-while-training", {"qiniu_training_demo": "never"}, "qiniu"),
    Contradiction("former-name-in-reply", {"qiniu_put_former_name": True}, "qiniu"),
    Contradiction("random-default-name", {"qiniu_default_name": "random"}, "qiniu"),
    Contradiction("prefixed-ids", {"qiniu_ids": "prefixed"}, "qiniu"),
    Contradiction("no-msg", {"qiniu_msg": False}, "qiniu"),
    Contradiction("code-alone", {"qiniu_http_status": False}, "qiniu"),
    Contradiction("paid-slots", {"qiniu_paid": True}, "qiniu"),
    Contradiction(
        "given-page-of-qiniu",
        {
            "qiniu_create": "given",
            "qiniu_training_language": False,
            "qiniu_default_name": "random",
            "qiniu_ids": "prefixed",
        },
        "qiniu",
    ),
    Contradiction("page-of-1000", {"kling_max_page_size": 1000}, "kling"),
    Contradiction("delete-takes-time", {"kling_delete_seconds": 0.5}, "kling"),
    Contradiction("delete-answers-no-data", {"kling_delete_bare": True}, "kling"),
    Contradiction(
        "delete-task-is-shown", {"kling_delete_seconds": 0.5, "kling_delete_task_shown": True}, "kling"
    ),
    Contradiction("already-deleted", {"kling_already_deleted": True}, "kling"),
    Contradiction("deleted-stay", {"kling_keep_deleted": True}, "kling"),
    Contradiction(
        "deleted-stay-with-voices",
        {"kling_keep_deleted": True, "kling_deleted_keeps_result": True},
        "kling",
    ),
    Contradiction("not-found-is-1203", {"kling_not_found_1203": True}, "kling"),
    Contradiction("five-requests-a-second", {"kling_qps": 5}, "kling"),
    Contradiction("task-by-voice-id", {"kling_get_by_voice_id": True}, "kling"),
    Contradiction("succeeded", {"kling_succeeded": True}, "kling"),
    Contradiction("balance-deduction", {"kling_balance_deduction": True}, "kling"),
]
