"""Who takes part, of one meeting and across meetings: parse, call, answer."""

from collections.abc import Callable

from flask import Response, request, url_for

from functions.api import etags, parts
from functions.api.access import check_id, get_meeting
from functions.api.idempotency import once
from functions.api.operations import Answer, operation
from functions.api.responses import json_page, no_content, resource
from functions.api.schemas.listings import ListPage, ListParticipants
from functions.api.schemas.participants import AddParticipant, ChangeParticipant
from functions.api.schemas.patch import sent
from functions.api.schemas.views import MeetingParticipantView, ParticipantList
from functions.api.services import Services
from functions.api.validation import parse_body, parse_query
from functions.json_body import read_object
from functions.models import Claim, Meeting, Participant
from functions.participants import add_guest, change_guest, remove_guest
from functions.writing import Intent

CHANGES = ("meeting_not_found", "participant_not_found", "invalid_transition")


@operation(
    "listParticipants",
    "List participants of all meetings, those of the newest meeting first",
    query=ListParticipants,
    answers={200: Answer("One page; it can be shorter than asked for.", ParticipantList)},
    problems=("meeting_not_found",),
)
def list_all(services: Callable[[], Services]) -> Response:
    asked = parse_query(ListParticipants, request.args)

    def fitting(meeting: Meeting) -> list[Participant]:
        return [
            participant
            for participant in meeting.participants
            if asked.email in (None, participant.email) and asked.role in (None, participant.role)
        ]

    results, following = parts.list_parts(services(), asked, asked.query(), asked.meeting, fitting)
    views = [_view(meeting, participant) for meeting, participant in results]
    return json_page(ParticipantList.model_construct(results=views, next=following))


@operation(
    "listMeetingParticipants",
    "List a meeting's participants",
    query=ListPage,
    answers={200: Answer("One page.", ParticipantList)},
    problems=("meeting_not_found",),
)
def list_of_meeting(services: Callable[[], Services], meeting_id: str) -> Response:
    check_id(meeting_id)
    asked = parse_query(ListPage, request.args)
    results, following = parts.list_parts(
        services(), asked, None, meeting_id, lambda meeting: meeting.participants
    )
    views = [_view(meeting, participant) for meeting, participant in results]
    return json_page(ParticipantList.model_construct(results=views, next=following))


@operation(
    "addMeetingParticipant",
    "Invite a guest",
    body=AddParticipant,
    answers={
        201: Answer(
            "The participant; Google invites as the meeting's `notify` says.",
            MeetingParticipantView,
            headers=("Location", "ETag"),
        )
    },
    problems=(
        "meeting_not_found",
        "invalid_transition",
        "participant_exists",
        "participant_not_found",
        "too_many_participants",
    ),
)
def add(services: Callable[[], Services], meeting_id: str) -> Response:
    check_id(meeting_id)
    body = read_object(request)
    wanted = parse_body(AddParticipant, body)
    needed = services()

    def act(intent: Intent) -> Response:
        return _created(*add_guest(needed.writer, meeting_id, wanted.email, wanted.kind, intent))

    def recall(claim: Claim) -> Response:
        meeting = get_meeting(needed, meeting_id)
        return _created(meeting, meeting.get_participant(claim.resource))

    return once(needed, body, act, recall)


@operation(
    "getMeetingParticipant",
    "Read one participant",
    answers={200: Answer("The participant.", MeetingParticipantView)},
    problems=("meeting_not_found", "participant_not_found"),
    is_conditional=True,
)
def read(services: Callable[[], Services], meeting_id: str, participant_id: str) -> Response:
    check_id(meeting_id)
    meeting = get_meeting(services(), meeting_id)
    return resource(_view(meeting, meeting.get_participant(participant_id)))


@operation(
    "changeMeetingParticipant",
    "Change a guest's address or kind",
    body=ChangeParticipant,
    body_media_type="application/merge-patch+json",
    answers={200: Answer("The participant.", MeetingParticipantView)},
    problems=(*CHANGES, "organizer_required", "participant_exists"),
    is_conditional=True,
)
def change(services: Callable[[], Services], meeting_id: str, participant_id: str) -> Response:
    check_id(meeting_id)
    body = read_object(request)
    changes = sent(parse_body(ChangeParticipant, body, None, ChangeParticipant.IMMUTABLE))
    needed = services()
    check = _precondition(participant_id)

    def act(intent: Intent) -> Response:
        meeting = change_guest(needed.writer, meeting_id, participant_id, changes, intent)
        return resource(_view(meeting, meeting.get_participant(participant_id)))

    return once(needed, body, act, lambda _: read(services, meeting_id, participant_id), check)


@operation(
    "removeMeetingParticipant",
    "Take a guest off a meeting",
    answers={204: Answer("The guest takes part no more.")},
    problems=(*CHANGES, "organizer_required"),
    is_conditional=True,
)
def remove(services: Callable[[], Services], meeting_id: str, participant_id: str) -> Response:
    check_id(meeting_id)
    needed = services()
    check = _precondition(participant_id)

    def act(intent: Intent) -> Response:
        remove_guest(needed.writer, meeting_id, participant_id, intent)
        return no_content()

    return once(needed, {}, act, lambda _: no_content(), check)


def _precondition(participant_id: str) -> Callable[[Meeting], None]:
    return etags.check_tag(lambda meeting: _view(meeting, meeting.get_participant(participant_id)))


def _created(meeting: Meeting, participant: Participant) -> Response:
    location = url_for(
        "participants.read",
        meeting_id=meeting.id,
        participant_id=participant.id,
        _external=True,
    )
    return resource(_view(meeting, participant), 201, location=location)


def _view(meeting: Meeting, participant: Participant) -> MeetingParticipantView:
    return MeetingParticipantView(meeting=meeting.id, **participant.model_dump())
