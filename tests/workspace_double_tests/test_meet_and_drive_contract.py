"""A request to Meet or Drive that is not Google's own is caught and named."""

from typing import Any

import pytest

from tests.workspace_double import WorkspaceDouble
from tests.workspace_double.clients import drive_client, meet_client
from tests.workspace_double.discovery import load
from tests.workspace_double.double import DRIVE, MEET_CREATED, MEET_READONLY, MEET_SETTINGS
from tests.workspace_double_tests.calendar_calls import DOCTOR
from tests.workspace_double_tests.google_calls import token
from tests.workspace_double_tests.raw_requests import Raw

SCOPES = (MEET_CREATED, MEET_READONLY, MEET_SETTINGS, DRIVE)
RECORDS = "/v2/conferenceRecords"
SPACE = "/v2/spaces/A1B2"
FILE = "/drive/v3/files/1x"
SHARE = {"supportsAllDrives": "true"}
READER = {"type": "user", "role": "reader", "emailAddress": DOCTOR}


def send(raw: Raw, method: str, path: str, parameters: dict[str, str], body: Any = None) -> Any:
    headers = token(raw.double, *SCOPES)
    return raw.send(method, path, parameters, body, **headers)


class TestMeet:
    @pytest.mark.parametrize(
        ("path", "parameters", "problem"),
        [
            (RECORDS, {"page_size": "5"}, "unknown parameter 'page_size'"),
            (RECORDS, {"pageSize": "many"}, "expected int32"),
            (RECORDS, {"fields": "conference_records"}, "unknown field fields/conference_records"),
            (RECORDS, {"orderBy": "startTime"}, "unknown parameter 'orderBy'"),
            (RECORDS, {"alt": "media"}, "does not answer with it"),
            (RECORDS, {"alt": "proto"}, "does not answer with it"),
            (f"{RECORDS}/c/recordings", {"filter": "x"}, "unknown parameter 'filter'"),
            (f"{RECORDS}/c/participants", {"fields": "totalCount"}, "unknown field fields/total"),
            ("/v2/spaces/a/b", {}, "expected the pattern"),
            ("/v2/spaces", {}, "expected the pattern"),
            ("/v3/spaces/a", {}, "no such method"),
            (f"{RECORDS}/c/transcripts", {}, "the double does not play this method"),
        ],
    )
    def test_reads(self, raw: Raw, path: str, parameters: dict[str, str], problem: str) -> None:
        raw.assert_violates(send(raw, "GET", path, parameters), problem)

    @pytest.mark.parametrize(
        ("mask", "body", "problem"),
        [
            (None, {}, "missing updateMask"),
            ("config.recording", {}, "unknown field config.recording in updateMask"),
            ("config.accessType.x", {}, "unknown field config.accessType.x in updateMask"),
            ("config.access_type", {}, "unknown field config.access_type in updateMask"),
            ("config accessType", {}, "expected google-fieldmask"),
            ("meetingCode", {}, "meetingCode in updateMask is read-only"),
            ("config", {"accessType": "OPEN"}, "unknown field body.accessType"),
            ("config", {"config": {"accessType": "PUBLIC"}}, "expected one of"),
            ("config", {"config": {"accessType": True}}, "expected a string"),
            ("config", {"meetingUri": "x"}, "body.meetingUri is read-only"),
            ("config", {"config": {"artifactConfig": "ON"}}, "expected an object"),
        ],
    )
    def test_of_a_patch(
        self, raw: Raw, mask: str | None, body: dict[str, Any], problem: str
    ) -> None:
        parameters = {"updateMask": mask} if mask else {}

        raw.assert_violates(send(raw, "PATCH", SPACE, parameters, body), problem)

    def test_of_a_real_client(self, unjudged_double: WorkspaceDouble) -> None:
        with meet_client(unjudged_double, DOCTOR) as client:
            request = client.spaces().patch(name="spaces/x", body={"config": {}})
            with pytest.raises(Exception, match="missing updateMask"):
                request.execute()

        assert unjudged_double.violations == [
            "meet.spaces.patch: missing updateMask (found nothing)"
        ]


class TestDrive:
    @pytest.mark.parametrize(
        ("parameters", "problem"),
        [
            ({}, "missing supportsAllDrives=true"),
            ({"supportsAllDrives": "false"}, "missing supportsAllDrives=true (found false)"),
            ({**SHARE, "fields": "sizeBytes"}, "unknown field fields/sizeBytes"),
            ({**SHARE, "fields": "videoMediaMetadata(duration)"}, "videoMediaMetadata/duration"),
            ({**SHARE, "alt": "proto"}, "does not answer with it"),
            ({**SHARE, "alt": "video"}, "expected one of"),
            ({**SHARE, "q": "trashed=false"}, "unknown parameter 'q'"),
        ],
    )
    def test_of_a_file(self, raw: Raw, parameters: dict[str, str], problem: str) -> None:
        raw.assert_violates(send(raw, "GET", FILE, parameters), problem)

    @pytest.mark.parametrize(
        ("fields", "problem"),
        [
            ({"type": "person"}, "expected one of ['user', 'group', 'domain', 'anyone']"),
            ({"role": "viewer"}, "expected one of ['owner', 'organizer'"),
            ({"role": None}, "missing body.role"),
            ({"email": DOCTOR}, "unknown field body.email"),
            ({"expirationTime": "2026-03-03"}, "expected date-time"),
            ({"displayName": "Doctor"}, "body.displayName is read-only"),
            ({"deleted": True}, "body.deleted is read-only"),
        ],
    )
    def test_of_a_permission(self, raw: Raw, fields: dict[str, Any], problem: str) -> None:
        body = {**READER, **fields}

        raw.assert_violates(send(raw, "POST", f"{FILE}/permissions", SHARE, body), problem)

    def test_media_of_what_has_none(self, raw: Raw) -> None:
        parameters = {**SHARE, "alt": "media"}

        answer = send(raw, "GET", f"{FILE}/permissions", parameters)

        raw.assert_violates(answer, "does not answer with it")

    def test_a_list_is_not_played(self, raw: Raw) -> None:
        answer = send(raw, "GET", "/drive/v3/files", {})

        raw.assert_violates(answer, "the double does not play this method")

    def test_of_a_real_client(self, unjudged_double: WorkspaceDouble) -> None:
        with drive_client(unjudged_double, DOCTOR) as client:
            request = client.files().get(fileId="1x", supportsAllDrives=True, fields="duration")
            with pytest.raises(Exception, match="unknown field fields/duration"):
                request.execute()

        assert len(unjudged_double.violations) == 1


class TestMethods:
    @pytest.mark.parametrize(
        ("path", "method_id"),
        [
            ("v2/spaces/A1", "meet.spaces.get"),
            ("v2/spaces/A1/members/m", "meet.spaces.members.get"),
            ("v2/conferenceRecords/c", "meet.conferenceRecords.get"),
            ("v2/conferenceRecords/c/participants/p", "meet.conferenceRecords.participants.get"),
            ("v2/conferenceRecords/c/recordings/r", "meet.conferenceRecords.recordings.get"),
            (
                "v2/conferenceRecords/c/participants/p/participantSessions",
                "meet.conferenceRecords.participants.participantSessions.list",
            ),
        ],
    )
    def test_of_one_template_are_told_apart_by_the_pattern_of_the_name(
        self, path: str, method_id: str
    ) -> None:
        found = load("meet.v2").find("GET", path)

        assert found
        assert found[0].id == method_id
