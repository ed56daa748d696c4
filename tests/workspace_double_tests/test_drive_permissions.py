"""A file is shared with one account at a time, silently if so wished, and for a while."""

from datetime import timedelta
from typing import Any

import pytest

from tests.workspace_double import WorkspaceDouble
from tests.workspace_double.clients import drive_client
from tests.workspace_double.double import DRIVE
from tests.workspace_double.mail import Mail
from tests.workspace_double_tests.calendar_calls import NURSE, PATIENT, Refusal
from tests.workspace_double_tests.google_calls import (
    COLLEAGUE,
    DriveFiles,
    at,
)


class TestCreate:
    def test_answers_with_four_fields_unless_others_are_asked_for(
        self, sharing: DriveFiles, file_id: str
    ) -> None:
        plain = sharing.share(file_id, emailAddress=NURSE)
        full = sharing.share(file_id, "id,emailAddress,role", emailAddress=COLLEAGUE)

        assert plain == {
            "kind": "drive#permission",
            "id": plain["id"],
            "type": "user",
            "role": "reader",
        }
        assert full == {"id": full["id"], "emailAddress": COLLEAGUE, "role": "reader"}
        assert plain["id"] != full["id"]
        assert sharing.readers(file_id) == {NURSE, COLLEAGUE}

    def test_again_for_the_same_account_changes_what_it_has(
        self, sharing: DriveFiles, file_id: str
    ) -> None:
        first = sharing.share(file_id, emailAddress=NURSE)
        raised = sharing.share(file_id, emailAddress=NURSE.upper(), role="writer")
        lowered = sharing.share(file_id, emailAddress=NURSE)

        assert first["id"] == raised["id"] == lowered["id"]
        assert lowered["role"] == "writer"
        assert len(sharing.shares(file_id)["permissions"]) == 2

    def test_tells_by_mail_unless_asked_not_to(
        self, double: WorkspaceDouble, sharing: DriveFiles, file_id: str
    ) -> None:
        double.mail.clear()
        sharing.share(file_id, emailAddress=NURSE)
        assert double.mail == []

        sharing.share(file_id, emailAddress=COLLEAGUE, notify=True)
        sharing.share(file_id, emailAddress=PATIENT, notify=None)

        assert double.mail == [
            Mail(file_id, "share", COLLEAGUE),
            Mail(file_id, "share", PATIENT),
        ]

    def test_silently_only_for_accounts_of_google(
        self, double: WorkspaceDouble, sharing: DriveFiles, file_id: str
    ) -> None:
        double.drive.without_account.add(PATIENT)

        with Refusal(400, "invalidSharingRequest", "no Google account"):
            sharing.share(file_id, emailAddress=PATIENT)
        sharing.share(file_id, emailAddress=PATIENT, notify=True)

        assert sharing.readers(file_id) == {PATIENT}

    def test_for_a_domain_or_for_anyone(
        self, double: WorkspaceDouble, sharing: DriveFiles, file_id: str
    ) -> None:
        domain = sharing.share(file_id, "*", type="domain", domain="clinic.example", notify=None)
        anyone = sharing.share(file_id, "*", type="anyone", notify=None)

        assert domain["domain"] == "clinic.example"
        assert anyone["id"] == "anyoneWithLink"
        with drive_client(double, COLLEAGUE) as client:
            assert DriveFiles(client).get(file_id)["id"] == file_id

    @pytest.mark.parametrize(
        ("parts", "status", "reason"),
        [
            ({}, 400, "invalid"),
            ({"emailAddress": NURSE, "domain": "clinic.example"}, 400, "invalid"),
            ({"type": "group"}, 400, "invalid"),
            ({"type": "domain", "notify": None}, 400, "invalid"),
            ({"type": "anyone", "emailAddress": NURSE, "notify": None}, 400, "invalid"),
            ({"type": "anyone", "notify": False}, 400, "invalid"),
            ({"emailAddress": NURSE, "role": "owner"}, 403, "forbidden"),
        ],
    )
    def test_refused(
        self,
        sharing: DriveFiles,
        file_id: str,
        parts: dict[str, Any],
        status: int,
        reason: str,
    ) -> None:
        with Refusal(status, reason):
            sharing.share(file_id, **parts)
        assert len(sharing.shares(file_id)["permissions"]) == 1

    def test_by_who_may_only_read(
        self, double: WorkspaceDouble, sharing: DriveFiles, file_id: str
    ) -> None:
        sharing.share(file_id, emailAddress=NURSE)
        sharing.share(file_id, emailAddress=COLLEAGUE, role="writer")

        with drive_client(double, NURSE, DRIVE) as client:
            with Refusal(403, "insufficientFilePermissions"):
                DriveFiles(client).share(file_id, emailAddress=PATIENT)
        with drive_client(double, COLLEAGUE, DRIVE) as client:
            DriveFiles(client).share(file_id, emailAddress=PATIENT)

        assert sharing.readers(file_id) == {NURSE, PATIENT}


class TestExpiration:
    def test_ends_the_access(
        self, double: WorkspaceDouble, sharing: DriveFiles, file_id: str, clock: Any
    ) -> None:
        sharing.share(file_id, emailAddress=NURSE, expirationTime="2026-03-03T12:00:00Z")

        with drive_client(double, NURSE) as client:
            clock.instant = at(23)
            assert DriveFiles(client).get(file_id)["id"] == file_id
            clock.instant = at(12) + timedelta(days=1)
            with Refusal(404, "notFound"):
                DriveFiles(client).get(file_id)
        assert sharing.readers(file_id) == set()

    @pytest.mark.parametrize(
        ("parts", "reason"),
        [
            (
                {"emailAddress": NURSE, "expirationTime": "2026-03-02T12:00:00Z"},
                "expirationDatesMustBeInTheFuture",
            ),
            (
                {"emailAddress": NURSE, "expirationTime": "2027-03-02T12:00:01Z"},
                "expirationDatesMustBeInTheFuture",
            ),
            (
                {"type": "anyone", "notify": None, "expirationTime": "2026-03-03T12:00:00Z"},
                "cannotSetExpirationOnAnyoneOrDomain",
            ),
        ],
    )
    def test_refused(
        self, sharing: DriveFiles, file_id: str, parts: dict[str, Any], reason: str
    ) -> None:
        with Refusal(403, reason):
            sharing.share(file_id, **parts)

    def test_up_to_a_year_ahead(self, sharing: DriveFiles, file_id: str) -> None:
        expires = "2027-03-02T12:00:00Z"

        shown = sharing.share(file_id, "expirationTime", emailAddress=NURSE, expirationTime=expires)

        assert shown == {"expirationTime": expires}


class TestList:
    def test_four_fields_unless_others_are_asked_for(
        self, sharing: DriveFiles, file_id: str
    ) -> None:
        plain = sharing.shares(file_id, None)

        (owner,) = plain["permissions"]
        assert set(plain) == {"kind", "permissions"}
        assert set(owner) == {"kind", "id", "type", "role"}
        assert owner["role"] == "owner"

    def test_pages(self, sharing: DriveFiles, file_id: str) -> None:
        for number in range(4):
            sharing.share(file_id, emailAddress=f"p{number}@mail.example")

        first = sharing.shares(file_id, pageSize=3)
        second = sharing.shares(file_id, pageSize=3, pageToken=first["nextPageToken"])

        ids = [p["id"] for page in (first, second) for p in page["permissions"]]
        assert len(set(ids)) == 5
        assert "nextPageToken" not in second
        assert len(sharing.shares(file_id)["permissions"]) == 5
        with Refusal(400, "invalid"):
            sharing.shares(file_id, pageToken="somewhere")
