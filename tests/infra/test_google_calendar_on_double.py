"""The real adapter on the Workspace double, which holds each request to Google's own contract."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from functions.errors import ChangedError, DuplicateError, GoneError, PermanentError
from functions.models import Conference
from infra.credentials import DelegatedCredentials
from infra.google_calendar import GoogleCalendar
from infra.google_connections import Mailboxes
from tests.infra.appointment import DELEGATE, DOMAINS, meeting
from tests.infra.google_cloud import GoogleCloud
from tests.workspace_double.double import CALENDAR_EVENTS, SERVICE_ACCOUNT, WorkspaceDouble


class FunctionOnGoogleCloud(GoogleCloud):
    """The metadata server is played here; what signs and what gives tokens is the double."""

    def __init__(self, double: WorkspaceDouble) -> None:
        super().__init__()
        self.token = double.source_credentials().token
        self.request = double.iam_request()

    def __call__(self, url: str, *args: Any, **kwargs: Any) -> Any:
        if url.startswith("https://"):
            return self.request(url, *args, **kwargs)
        if url.partition("?")[0].endswith("/token"):
            return self.json({"access_token": self.token, "expires_in": 3600})
        if "service-accounts" in url:
            return self.json({"email": SERVICE_ACCOUNT, "scopes": [], "aliases": ["default"]})
        return super().__call__(url, *args, **kwargs)


@pytest.fixture
def double() -> Iterator[WorkspaceDouble]:
    with WorkspaceDouble() as double:
        double.add_user("ana@clinic.example")
        double.add_user(DELEGATE)
        yield double
        assert double.violations == []


@pytest.fixture(params=["key file", "keyless"])
def calendar(
    request: pytest.FixtureRequest,
    double: WorkspaceDouble,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[GoogleCalendar]:
    if request.param == "key file":
        key_file = tmp_path / "key.json"
        key_file.write_text(json.dumps(double.service_account_key()))
        credentials = DelegatedCredentials(key_file=str(key_file))
    else:
        monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
        monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
        credentials = DelegatedCredentials(SERVICE_ACCOUNT, request=FunctionOnGoogleCloud(double))
    with closing(Mailboxes(credentials, DOMAINS, DELEGATE)) as mailboxes:
        yield GoogleCalendar(mailboxes, double.url)


class TestOnTheDouble:
    def test_insert_again_get_patch_delete(
        self, double: WorkspaceDouble, calendar: GoogleCalendar
    ) -> None:
        double.delegate(SERVICE_ACCOUNT, [CALENDAR_EVENTS])

        made = calendar.insert(meeting())
        with pytest.raises(DuplicateError):
            calendar.insert(meeting())
        found = calendar.get(meeting())
        patched = calendar.patch(meeting(summary="Moved", description=None, revision=4), found)
        with pytest.raises(ChangedError):
            calendar.patch(meeting(revision=5), found)
        calendar.delete(meeting())
        with pytest.raises(GoneError):
            calendar.delete(meeting())
        left = calendar.get(meeting())

        assert (made.meeting_id, made.revision, patched.revision) == ("m1", 3, 4)
        assert found.conference is patched.conference is Conference.SUCCESS
        assert found.meet_link == patched.meet_link
        assert found.meeting_code
        assert left.is_cancelled

    def test_the_delegate_invites_an_organizer_from_outside(
        self, double: WorkspaceDouble, calendar: GoogleCalendar
    ) -> None:
        double.delegate(SERVICE_ACCOUNT, [CALENDAR_EVENTS])

        made = calendar.insert(meeting("eva@home.example"))

        invited = {attendee["email"] for attendee in made.attendees}
        assert {"eva@home.example", "leo@home.example"} <= invited

    def test_without_delegation_somebody_must_mend_it(self, calendar: GoogleCalendar) -> None:
        with pytest.raises(PermanentError) as raised:
            calendar.insert(meeting())

        assert raised.value.code == "delegation_missing"

    def test_an_unknown_organizer_is_unusable(
        self, double: WorkspaceDouble, calendar: GoogleCalendar
    ) -> None:
        double.delegate(SERVICE_ACCOUNT, [CALENDAR_EVENTS])

        with pytest.raises(PermanentError) as raised:
            calendar.insert(meeting("nobody@clinic.example"))

        assert raised.value.code == "organizer_unusable"
