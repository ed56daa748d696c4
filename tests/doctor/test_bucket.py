"""The bucket for copies: it is asked what the service may do in it, and nothing is written."""

import pytest

from functions.doctor import Check, CheckOutcome
from tests.cloud_storage_double.buckets import OBJECT_USER
from tests.doctor.clinic import BUCKET, ON_REQUEST, SCOPES, Clinic, outcomes

ASK = "storage.buckets.testIamPermissions"


def examine(clinic: Clinic) -> Check:
    """Return what came of the bucket, after looking that nothing else was hindered by it."""
    clinic.environ |= ON_REQUEST
    checks = clinic.examine_workspace()
    assert outcomes(checks, "ok") >= set(SCOPES)
    return checks["recording_bucket"]


def test_nothing_is_written(clinic: Clinic) -> None:
    assert examine(clinic).outcome is CheckOutcome.OK
    assert [call for call in clinic.storage.calls if call.startswith("storage.")] == [ASK]


def test_it_is_not_there(clinic: Clinic) -> None:
    clinic.storage.buckets.remove(BUCKET)

    check = examine(clinic)

    assert (check.outcome, check.code) == ("failed", "bucket_not_found")
    assert "Cloud Storage > Buckets" in (check.detail or "")


@pytest.mark.parametrize("permission", sorted(OBJECT_USER))
def test_a_permission_is_missing(clinic: Clinic, permission: str) -> None:
    clinic.bucket.granted.remove(permission)

    check = examine(clinic)

    assert (check.outcome, check.code) == ("failed", "bucket_forbidden")
    assert "roles/storage.objectUser" in (check.detail or "")


def test_none_is_granted(clinic: Clinic) -> None:
    clinic.bucket.granted.clear()

    assert examine(clinic).code == "bucket_forbidden"


@pytest.mark.parametrize(
    ("status", "reason", "code"),
    [
        (403, "forbidden", "bucket_forbidden"),
        (403, "accessNotConfigured", "api_disabled"),
        (503, "backendError", "google_unavailable"),
    ],
)
def test_google_refuses_to_tell(clinic: Clinic, status: int, reason: str, code: str) -> None:
    clinic.storage.faults.add(method=ASK, status=status, reason=reason)

    assert examine(clinic).code == code


def test_an_answer_that_is_not_googles(clinic: Clinic) -> None:
    clinic.storage.faults.add(method=ASK, malformed=True)

    assert examine(clinic).code == "google_unreadable"
