"""Add, change and remove who takes part: each change reaches Google with the meeting's `notify`."""

from collections.abc import Mapping
from typing import Any

from functions.errors import Refused
from functions.models import EntryKind, GuestKind, Meeting, Participant, Role, new_id
from functions.writing import Change, Intent, MeetingWriter, differences


def add_guest(
    writer: MeetingWriter, meeting_id: str, email: str, kind: GuestKind | None, intent: Intent
) -> tuple[Meeting, Participant]:
    """Invite a guest.

    Raises:
        MeetingNotFound, InvalidTransition: there is no such meeting, or it is over.
        Refused: the address takes part already, or there are too many.
    """
    guest = Participant(id=new_id(), email=email, role=Role.GUEST, kind=kind)

    def added(meeting: Meeting) -> Change:
        return Change(
            meeting.with_participants(writer.now(), (*meeting.participants, guest)),
            EntryKind.PARTICIPANT_ADDED,
            {"participant_id": guest.id, "email": email, "kind": kind},
            guest.id,
        )

    return writer.change(meeting_id, intent, added), guest


def change_guest(
    writer: MeetingWriter,
    meeting_id: str,
    participant_id: str,
    changes: Mapping[str, Any],
    intent: Intent,
) -> Meeting:
    """Change a guest's `email` or `kind`; one that changes nothing does nothing.

    Raises:
        MeetingNotFound, InvalidTransition: there is no such meeting, or it is over.
        Refused: no such participant, the organizer, or an address that takes part already.
    """

    def changed(meeting: Meeting) -> Change | None:
        before = _guest(meeting, participant_id)
        after = before.replace(**changes)
        participants = tuple(after if p.id == participant_id else p for p in meeting.participants)
        result = meeting.with_participants(writer.now(), participants)
        if after == before:
            return None
        if after.email == before.email:
            # What kind of guest it is does not reach Google, nor anybody's mail.
            result = meeting.replace(participants=participants, updated_at=writer.now())
        return Change(
            result,
            EntryKind.PARTICIPANT_CHANGED,
            {"participant_id": participant_id, **differences(before, after, changes)},
        )

    return writer.change(meeting_id, intent, changed)


def remove_guest(
    writer: MeetingWriter, meeting_id: str, participant_id: str, intent: Intent
) -> Meeting:
    """Take a guest off the meeting.

    Raises:
        MeetingNotFound, InvalidTransition: there is no such meeting, or it is over.
        Refused: no such participant, or the organizer.
    """

    def removed(meeting: Meeting) -> Change:
        guest = _guest(meeting, participant_id)
        others = tuple(p for p in meeting.participants if p.id != participant_id)
        return Change(
            meeting.with_participants(writer.now(), others),
            EntryKind.PARTICIPANT_REMOVED,
            {"participant_id": participant_id, "email": guest.email},
        )

    return writer.change(meeting_id, intent, removed)


def _guest(meeting: Meeting, participant_id: str) -> Participant:
    participant = meeting.get_participant(participant_id)
    if participant.role is Role.ORGANIZER:
        raise Refused("organizer_required")
    return participant
