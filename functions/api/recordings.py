"""Recordings, of one meeting and across meetings: parse, call, answer."""

from collections.abc import Callable

from flask import Response, request, url_for

from functions import recordings
from functions.api import auth, etags, parts
from functions.api.access import check_id, get_meeting
from functions.api.idempotency import once
from functions.api.operations import Answer, operation
from functions.api.responses import json_page, no_content, resource
from functions.api.schemas.listings import ListPage, ListRecordings
from functions.api.schemas.patch import sent
from functions.api.schemas.recordings import ChangeRecording, RegisterRecording
from functions.api.schemas.views import MeetingRecordingView, RecordingList
from functions.api.services import Services
from functions.api.validation import parse_body, parse_query
from functions.json_body import read_object
from functions.models import Claim, Meeting, Recording
from functions.writing import Intent

ABSENT = ("recording_pending", "recording_absent", "recording_failed")


@operation(
    "listRecordings",
    "List recordings of all meetings, those of the newest meeting first",
    query=ListRecordings,
    answers={200: Answer("One page.", RecordingList)},
    problems=("meeting_not_found",),
)
def list_all(services: Callable[[], Services]) -> Response:
    asked = parse_query(ListRecordings, request.args)
    results, following = parts.list_parts(
        services(),
        asked,
        asked.query(),
        asked.meeting,
        lambda meeting: [r for r in meeting.recordings if asked.state in (None, r.state)],
    )
    views = [_view(meeting, recording) for meeting, recording in results]
    return json_page(RecordingList.model_construct(results=views, next=following))


@operation(
    "listMeetingRecordings",
    "List a meeting's recordings",
    query=ListPage,
    answers={200: Answer("One page.", RecordingList)},
    problems=("meeting_not_found",),
)
def list_of_meeting(services: Callable[[], Services], meeting_id: str) -> Response:
    check_id(meeting_id)
    asked = parse_query(ListPage, request.args)
    results, following = parts.list_parts(
        services(), asked, None, meeting_id, lambda meeting: meeting.recordings
    )
    views = [_view(meeting, recording) for meeting, recording in results]
    return json_page(RecordingList.model_construct(results=views, next=following))


@operation(
    "getNewestRecording",
    "Read a meeting's newest recording that is available",
    answers={200: Answer("The recording.", MeetingRecordingView)},
    problems=("meeting_not_found", *ABSENT),
    is_conditional=True,
)
def newest(services: Callable[[], Services], meeting_id: str) -> Response:
    check_id(meeting_id)
    meeting = get_meeting(services(), meeting_id)
    return resource(_view(meeting, recordings.newest_available(meeting)))


@operation(
    "registerMeetingRecording",
    "Register a recording that an operator knows of",
    body=RegisterRecording,
    answers={201: Answer("The recording.", MeetingRecordingView, headers=("Location", "ETag"))},
    problems=(
        "meeting_not_found",
        "recording_exists",
        "recording_not_found",
        "too_many_recordings",
    ),
)
def register(services: Callable[[], Services], meeting_id: str) -> Response:
    check_id(meeting_id)
    body = read_object(request)
    needed = services()
    recording = parse_body(RegisterRecording, body).recording(needed.now(), auth.caller().email)

    def act(intent: Intent) -> Response:
        return _created(
            recordings.register(needed.writer, meeting_id, recording, intent), recording
        )

    def recall(claim: Claim) -> Response:
        meeting = get_meeting(needed, meeting_id)
        return _created(meeting, meeting.get_recording(claim.resource))

    return once(needed, body, act, recall)


@operation(
    "getMeetingRecording",
    "Read one recording",
    answers={200: Answer("The recording.", MeetingRecordingView)},
    problems=("meeting_not_found", "recording_not_found"),
    is_conditional=True,
)
def read(services: Callable[[], Services], meeting_id: str, recording_id: str) -> Response:
    check_id(meeting_id)
    meeting = get_meeting(services(), meeting_id)
    return resource(_view(meeting, meeting.get_recording(recording_id)))


@operation(
    "changeMeetingRecording",
    "Change what is known of a recording",
    body=ChangeRecording,
    body_media_type="application/merge-patch+json",
    answers={200: Answer("The recording.", MeetingRecordingView)},
    problems=("meeting_not_found", "recording_not_found"),
    is_conditional=True,
)
def change(services: Callable[[], Services], meeting_id: str, recording_id: str) -> Response:
    check_id(meeting_id)
    body = read_object(request)
    changes = sent(parse_body(ChangeRecording, body, None, ChangeRecording.IMMUTABLE))
    needed = services()
    check = _precondition(recording_id)

    def act(intent: Intent) -> Response:
        meeting = recordings.change(needed.writer, meeting_id, recording_id, changes, intent)
        return resource(_view(meeting, meeting.get_recording(recording_id)))

    return once(needed, body, act, lambda _: read(services, meeting_id, recording_id), check)


@operation(
    "removeMeetingRecording",
    "Forget a recording; its file stays where it is",
    answers={204: Answer("The recording is forgotten.")},
    problems=("meeting_not_found", "recording_not_found"),
    is_conditional=True,
)
def remove(services: Callable[[], Services], meeting_id: str, recording_id: str) -> Response:
    check_id(meeting_id)
    needed = services()
    check = _precondition(recording_id)

    def act(intent: Intent) -> Response:
        recordings.remove(needed.writer, meeting_id, recording_id, intent)
        return no_content()

    return once(needed, {}, act, lambda _: no_content(), check)


def _precondition(recording_id: str) -> Callable[[Meeting], None]:
    return etags.check_tag(lambda meeting: _view(meeting, meeting.get_recording(recording_id)))


def _created(meeting: Meeting, recording: Recording) -> Response:
    location = url_for(
        "recordings.read", meeting_id=meeting.id, recording_id=recording.id, _external=True
    )
    return resource(_view(meeting, recording), 201, location=location)


def _view(meeting: Meeting, recording: Recording) -> MeetingRecordingView:
    return MeetingRecordingView(
        meeting=meeting.id, available=recording.available, **recording.model_dump()
    )
