"""The double and calls to it, as most of its tests need them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests

from tests.workspace_double import WorkspaceDouble
from tests.workspace_double.clients import calendar_client, drive_client, meet_client
from tests.workspace_double.double import DRIVE
from tests.workspace_double_tests.calendar_calls import DOCTOR, NURSE, ROOM_REQUEST, Events
from tests.workspace_double_tests.google_calls import COLLEAGUE, DriveFiles, Records, at
from tests.workspace_double_tests.raw_requests import Raw


class Clock:
    def __init__(self) -> None:
        self.instant = datetime(2026, 3, 2, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.instant


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def unjudged_double(clock: Clock) -> Iterator[WorkspaceDouble]:
    """A double whose violations are the test's own business."""
    with WorkspaceDouble(now=clock) as double:
        double.add_user(DOCTOR)
        yield double


@pytest.fixture
def double(unjudged_double: WorkspaceDouble) -> Iterator[WorkspaceDouble]:
    yield unjudged_double
    assert unjudged_double.violations == []


@pytest.fixture
def events(double: WorkspaceDouble) -> Iterator[Events]:
    with calendar_client(double, DOCTOR) as client:
        yield Events(client)


@pytest.fixture
def room(events: Events) -> str:
    """The code of a room that Calendar made for the doctor."""
    return str(events.insert(conferenceData=ROOM_REQUEST)["conferenceData"]["conferenceId"])


@pytest.fixture
def records(double: WorkspaceDouble) -> Iterator[Records]:
    """Meet as the doctor sees it."""
    with meet_client(double, DOCTOR) as client:
        yield Records(client)


@pytest.fixture
def files(double: WorkspaceDouble) -> Iterator[DriveFiles]:
    """Drive as the doctor sees it."""
    with drive_client(double, DOCTOR) as client:
        yield DriveFiles(client)


@pytest.fixture
def sharing(double: WorkspaceDouble) -> Iterator[DriveFiles]:
    """Drive as the doctor sees it, with the scope that shares."""
    with drive_client(double, DOCTOR, DRIVE) as client:
        yield DriveFiles(client)


@pytest.fixture
def file_id(double: WorkspaceDouble, room: str) -> str:
    """A recording's file that the doctor owns, in a clinic of three."""
    for user in (NURSE, COLLEAGUE):
        double.add_user(user)
    conference = double.hold_conference(room, at(9), at(10))
    return double.record(conference, at(9), at(10)).file.id


@pytest.fixture
def raw(unjudged_double: WorkspaceDouble) -> Iterator[Raw]:
    with requests.Session() as session:
        yield Raw(unjudged_double, session)
