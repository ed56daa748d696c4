"""The queries of the listings."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from functions.api.fields import Bound, Count, Email, Flag, OneId, Reference
from functions.models import (
    CalendarState,
    MeetingQuery,
    MeetingStatus,
    Ordering,
    RecordingState,
    Role,
    UserRole,
    state_words,
)


class ListPage(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)

    page_size: Count = Field(20, ge=1, le=100)
    cursor: str | None = Field(
        None, description="From `next` of the page before; bound to its filters and ordering."
    )


class ListMeetings(ListPage):
    status: list[MeetingStatus] = Field([], description="One of these; may be repeated.")
    organizer_email: Email | None = None
    participant_email: Email | None = Field(None, description="The organizer's counts too.")
    external_reference: Reference | None = None
    scheduled_from: Bound | None = Field(None, description="Starts then or later.")
    scheduled_to: Bound | None = Field(None, description="Starts before.")
    has_recording: Flag | None = Field(None, description="Whether one is available.")
    calendar_state: CalendarState | None = None
    ordering: Ordering = Ordering.NEWEST

    @field_validator("scheduled_to")
    @classmethod
    def _after_from(cls, end: datetime, info: ValidationInfo) -> datetime:
        start = info.data.get("scheduled_from")
        if start is not None and end < start:
            raise PydanticCustomError("reversed_times", "It must not be before scheduled_from.")
        return end

    def query(self) -> MeetingQuery:
        return MeetingQuery(
            ordering=self.ordering,
            statuses=frozenset(self.status),
            organizer_email=self.organizer_email,
            participant_email=self.participant_email,
            external_reference=self.external_reference,
            calendar_state=self.calendar_state,
            recording_states=self._recording_states(),
            scheduled_from=self.scheduled_from,
            scheduled_to=self.scheduled_to,
        )

    def _recording_states(self) -> frozenset[str]:
        if self.has_recording is None:
            return frozenset()
        having = state_words(RecordingState.AVAILABLE)
        return having if self.has_recording else state_words() - having | {""}


class ListParticipants(ListPage):
    email: Email | None = None
    role: Role | None = None
    meeting: OneId | None = Field(None, description="The meeting's id.")

    def query(self) -> MeetingQuery:
        """Return the meetings whose participants these can be."""
        if self.role is Role.GUEST:
            return MeetingQuery(guest_email=self.email)
        if self.role is Role.ORGANIZER:
            return MeetingQuery(organizer_email=self.email)
        return MeetingQuery(participant_email=self.email)


class ListRecordings(ListPage):
    state: RecordingState | None = None
    meeting: OneId | None = Field(None, description="The meeting's id.")

    def query(self) -> MeetingQuery:
        """Return the meetings that have such a recording."""
        return MeetingQuery(recording_states=state_words(self.state))


class ListUsers(ListPage):
    email: Email | None = None
    role: Literal[UserRole.ADMIN, UserRole.SERVICE] | None = Field(
        None, description="All others are external."
    )
