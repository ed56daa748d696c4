"""The text of a plan: who is who, and nothing that is granted or destroyed goes unseen."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.deployment.plan_summary import summary

PROJECT = "clinic-production"


def function(name: str) -> tuple[str, dict[str, Any]]:
    service = {
        "available_cpu": "1",
        "available_memory": "512Mi",
        "environment_variables": {"THREADS": "1", "LOG_EXECUTION_ID": "true"},
        "ingress_settings": "ALLOW_INTERNAL_ONLY",
        "max_instance_count": 2,
        "max_instance_request_concurrency": 1,
        "min_instance_count": 0,
        "service_account_email": f"meet-{name}@{PROJECT}.iam.gserviceaccount.com",
        "timeout_seconds": 58,
    }
    return "google_cloudfunctions2_function", {
        "name": f"meet-{name}",
        "location": "europe-west1",
        "build_config": [{"entry_point": name, "runtime": "python311"}],
        "service_config": [service],
    }


def lines(
    *resources: tuple[str, dict[str, Any]], changes: Mapping[str, list[str]] | None = None
) -> list[str]:
    """Return the text of a plan with one function, two accounts, and these.

    `changes` are what happens to each address.
    """
    accounts = [("google_service_account", {"account_id": f"meet-{n}"}) for n in ("sweep", "build")]
    all_resources = [function("sweep"), *accounts, *resources]
    plan = {
        "variables": {"project_id": {"value": PROJECT}},
        "resource_changes": [
            {"address": address, "type": address.partition(".")[0], "change": {"actions": actions}}
            for address, actions in (changes or {}).items()
        ],
        "planned_values": {
            "root_module": {
                "resources": [{"type": kind, "values": values} for kind, values in all_resources]
            }
        },
    }
    return [line.strip() for line in summary(plan).splitlines()]


def member(name: str, project: str = PROJECT) -> str:
    return f"serviceAccount:{name}@{project}.iam.gserviceaccount.com"


@pytest.mark.parametrize(
    ("granted_to", "said"),
    [
        ({"member": member("meet-build")}, "account meet-build"),
        ({"member": member("meet-sweep", "elsewhere")}, member("meet-sweep", "elsewhere")),
        ({"member": "allUsers"}, "allUsers"),
        ({}, "(known after apply)"),
    ],
)
def test_a_grant_says_to_whom(granted_to: dict[str, Any], said: str) -> None:
    grant = {"role": "roles/run.invoker", "name": "meet-sweep", **granted_to}

    found = lines(("google_cloud_run_v2_service_iam_member", grant))

    assert f"{said}: roles/run.invoker on service meet-sweep" in found
    assert f"function sweep: ALLOW_INTERNAL_ONLY, invoked by {said}" in found


def test_a_grant_says_on_what_and_if_what() -> None:
    condition = [{"title": "one", "expression": 'resource.name == "a"'}]
    editor = {"role": "roles/editor", "member": member("meet-build")}
    signer = f"projects/{PROJECT}/serviceAccounts/meet-build@{PROJECT}.iam.gserviceaccount.com"

    found = lines(
        ("google_project_iam_member", {**editor, "project": PROJECT, "condition": condition}),
        ("google_service_account_iam_member", {**editor, "service_account_id": signer}),
        ("google_pubsub_topic_iam_member", {**editor, "topic": "new"}),
    )

    assert f'account meet-build: roles/editor on project {PROJECT} if resource.name == "a"' in found
    assert "account meet-build: roles/editor on account meet-build" in found
    assert "account meet-build: roles/editor on google_pubsub_topic_iam_member" in found


def test_the_rights_of_functions_are_a_table() -> None:
    def grant(who: str, role: str) -> tuple[str, dict[str, Any]]:
        return "google_cloud_tasks_queue_iam_member", {
            "name": "sync",
            "role": role,
            "member": member(f"meet-{who}"),
        }

    found = lines(function("api"), grant("sweep", "b"), grant("sweep", "a"), grant("api", "b"))

    begin = found.index("rights of the functions")
    assert found[begin + 1 : begin + 5] == [
        "api  sweep",
        "-    x      a on queue sync",
        "x    x      b on queue sync",
        "",
    ]
    assert found[found.index("other rights") + 1] == ""


def test_what_google_sets_by_itself_is_no_difference() -> None:
    found = lines()

    assert "THREADS" in found and "LOG_EXECUTION_ID" not in found


def test_what_has_no_line_of_its_own_is_counted() -> None:
    found = lines(("google_service_account_key", {}), ("google_service_account_key", {}))

    assert "google_service_account_key: 2" in found


def test_what_is_destroyed_or_made_anew_is_said() -> None:
    changes = {
        "google_firestore_database.meetings": ["delete"],
        'google_cloud_tasks_queue.queue["calendar"]': ["delete", "create"],
        "google_compute_managed_ssl_certificate.api": ["create", "delete"],
        "google_storage_bucket.source": ["update"],
        "google_storage_bucket_object.source": ["delete", "create"],
        "time_sleep.metrics_are_known": ["delete", "create"],
    }

    found = lines(changes=changes)

    assert found[: found.index("")] == [
        "destroyed",
        'google_cloud_tasks_queue.queue["calendar"] (replaced)',
        "google_compute_managed_ssl_certificate.api (replaced)",
        "google_firestore_database.meetings",
    ]


def test_the_code_that_goes_for_good_is_said() -> None:
    found = lines(changes={"google_storage_bucket_object.source": ["delete"]})

    assert found[1] == "google_storage_bucket_object.source"


@pytest.mark.parametrize(
    "kind", ["google_project_iam_policy", "google_cloud_run_v2_service_iam_binding"]
)
def test_what_takes_away_what_others_granted_is_refused(kind: str) -> None:
    with pytest.raises(SystemExit, match=f"^{kind}: it takes away"):
        lines((kind, {"policy_data": "{}"}))


def test_a_policy_that_is_only_read_is_not_refused() -> None:
    assert "google_iam_policy: 1" in lines(("google_iam_policy", {}))
