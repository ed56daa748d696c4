"""What a caller may send of many meetings at once, and what comes of each."""

from pydantic import BaseModel, ConfigDict, Field, SkipValidation

from functions.api.fields import OneId, Text
from functions.api.schemas.meetings import CreateMeeting
from functions.api.schemas.problem import Problem
from functions.api.schemas.views import MeetingView

MAX_BATCH = 50


class BatchCreate(BaseModel):
    """Meetings to be made; each is checked by itself, and has a result of its own."""

    model_config = ConfigDict(
        extra="forbid",
        defer_build=True,
        json_schema_extra={
            "example": {
                "meetings": [
                    {
                        "organizer_email": "doctor@clinica.com",
                        "invited_emails": ["paciente@correo.com"],
                        "scheduled_start": "2030-12-01T15:00:00Z",
                        "scheduled_end": "2030-12-01T16:00:00Z",
                        "external_reference": "xoma_appointment_2001",
                    }
                ]
            }
        },
    )

    # As they come: each is checked when its turn is there.
    meetings: list[SkipValidation[CreateMeeting]] = Field(min_length=1, max_length=MAX_BATCH)


class BatchCancel(BaseModel):
    """Meetings to be cancelled, by their ids."""

    model_config = ConfigDict(
        extra="forbid",
        defer_build=True,
        json_schema_extra={
            "example": {
                "ids": ["5b3a0c0f6f6e4a7d9c1b2a3d4e5f6071"],
                "reason": "The doctor is ill.",
            }
        },
    )

    ids: list[OneId] = Field(min_length=1, max_length=MAX_BATCH)
    reason: Text | None = Field(
        None, description="Kept on the meeting; Google's mails leave it out."
    )


class BatchResult(BaseModel):
    """What came of one of them: the status that its own request would have had, and the body."""

    model_config = ConfigDict(defer_build=True)

    status: int
    meeting: MeetingView | None = None
    problem: Problem | None = None


class BatchResults(BaseModel):
    """One result for each, in the order of the request."""

    model_config = ConfigDict(defer_build=True)

    results: list[BatchResult]
