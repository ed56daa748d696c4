"""What a caller may send of a meeting, and the rules that bind its fields together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from functions.api.fields import Email, Flag, Instant, Line, Reference, Text, TimeZone
from functions.api.schemas.patch import UNSET, patch_config, sent
from functions.errors import Fault, InvalidRequest
from functions.models import MAX_PARTICIPANTS, Meeting, Notify

MAX_GUESTS = MAX_PARTICIPANTS - 1
"""The organizer is a participant too."""

MAX_DURATION = timedelta(hours=24)


def check_span(start: datetime, end: datetime) -> None:
    """Raise PydanticCustomError unless the two make an appointment."""
    if end <= start:
        raise PydanticCustomError("reversed_times", "The end must be after the start.")
    if end - start > MAX_DURATION:
        raise PydanticCustomError("too_long", "A meeting can last at most 24 hours.")


@dataclass(frozen=True)
class Context:
    """What a body is held against: the time, and for a patch the meeting as it is stored."""

    now: datetime
    current: Meeting | None = None


def _after_start(end: datetime, info: ValidationInfo) -> datetime:
    current = cast(Context, info.context).current
    # A start that has a fault of its own is not in the data; one that was not sent is UNSET.
    start = info.data.get("scheduled_start", end)
    if start is UNSET and current is not None:
        start = current.scheduled_start
    if start is not end:
        check_span(start, end)
    return end


def _not_past(start: datetime, info: ValidationInfo) -> datetime:
    context = cast(Context, info.context)
    is_kept = context.current is not None and context.current.scheduled_start == start
    if start < context.now and not is_kept:
        raise PydanticCustomError("in_the_past", "The start must not be in the past.")
    return start


class CreateMeeting(BaseModel):
    """A meeting to be made."""

    model_config = ConfigDict(
        extra="forbid",
        defer_build=True,
        json_schema_extra={
            "example": {
                "organizer_email": "doctor@clinica.com",
                "invited_emails": ["paciente@correo.com"],
                "scheduled_start": "2030-12-01T15:00:00Z",
                "scheduled_end": "2030-12-01T16:00:00Z",
                "external_reference": "xoma_appointment_1234",
            }
        },
    )

    organizer_email: Email
    invited_emails: list[Email] = Field(
        min_length=1,
        max_length=MAX_GUESTS,
        description="No repeats, and not the organizer.",
        json_schema_extra={"uniqueItems": True},
    )
    scheduled_start: Instant = Field(description="With an offset; not in the past.")
    scheduled_end: Instant = Field(description="After the start, by 24 hours at most.")
    time_zone: TimeZone = Field("UTC", description="The IANA zone that the calendar shows.")
    summary: Line = Field(
        "Appointment", description="Seen in every guest's calendar and mail: keep it neutral."
    )
    description: Text | None = None
    external_reference: Reference | None = Field(
        None, description="The caller's own key, unique among meetings that are not cancelled."
    )
    notify: Notify = Field(Notify.ALL, description="Whom Google mails about the meeting.")

    @field_validator("invited_emails", mode="wrap")
    @classmethod
    def _guests(
        cls, value: Any, check: Callable[[Any], list[str]], info: ValidationInfo
    ) -> list[str]:
        faults: list[InitErrorDetails] = []
        try:
            emails = check(value)
        except ValidationError as error:
            faults += [_again(fault) for fault in error.errors()]
            emails = value[:MAX_GUESTS] if isinstance(value, list) else []
        faults += _uninvitable(emails, info.data.get("organizer_email"))
        if faults:
            raise ValidationError.from_exception_data(cls.__name__, faults)
        return emails

    _start_not_past = field_validator("scheduled_start")(_not_past)
    _end_after_start = field_validator("scheduled_end")(_after_start)


def _again(fault: Mapping[str, Any]) -> InitErrorDetails:
    """Return a fault that was found already in the form that pydantic takes."""
    return InitErrorDetails(
        type=PydanticCustomError(fault["type"], fault["msg"]),
        loc=fault["loc"],
        input=fault["input"],
    )


def _uninvitable(emails: list[Any], organizer: str | None) -> list[InitErrorDetails]:
    faults = []
    seen = set()
    for index, email in enumerate(emails):
        address = email.strip().lower() if isinstance(email, str) else None
        if address is not None and address == organizer:
            error = PydanticCustomError(
                "organizer_invited", "The organizer is already a participant."
            )
            faults.append(InitErrorDetails(type=error, loc=(index,), input=email))
        elif address is not None and address in seen:
            error = PydanticCustomError("repeated_email", "This address is already invited.")
            faults.append(InitErrorDetails(type=error, loc=(index,), input=email))
        seen.add(address)
    return faults


class ChangeMeeting(BaseModel):
    """A JSON merge patch (RFC 7396); null clears the description or the reference."""

    IMMUTABLE: ClassVar[frozenset[str]] = frozenset(Meeting.model_fields) | {
        "invited_emails",
        "participants_count",
        "recording",
    }

    model_config = patch_config(
        {"scheduled_start": "2030-12-01T17:00:00Z", "scheduled_end": "2030-12-01T18:00:00Z"}
    )

    scheduled_start: Instant = UNSET
    scheduled_end: Instant = UNSET
    time_zone: TimeZone = UNSET
    summary: Line = UNSET
    description: Text | None = UNSET
    external_reference: Reference | None = UNSET
    notify: Notify = UNSET

    _start_not_past = field_validator("scheduled_start")(_not_past)
    _end_after_start = field_validator("scheduled_end")(_after_start)

    def changes(self, current: Meeting) -> dict[str, Any]:
        """Return the fields that were sent; raises InvalidRequest for a start past the end kept."""
        changes = sent(self)
        if "scheduled_start" in changes and "scheduled_end" not in changes:
            try:
                check_span(self.scheduled_start, current.scheduled_end)
            except PydanticCustomError as error:
                fault = Fault("/scheduled_start", error.type, error.message())
                raise InvalidRequest([fault]) from None
        return changes


class CancelMeeting(BaseModel):
    """Why a meeting is cancelled, where anybody should know."""

    model_config = ConfigDict(
        extra="forbid",
        defer_build=True,
        json_schema_extra={"example": {"reason": "The doctor is ill."}},
    )

    reason: Text | None = Field(
        None, description="Kept on the meeting; Google's mails leave it out."
    )


class Options(BaseModel):
    """The query of a creation or a change."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    validate_only: Flag = Field(
        False, description="Check the request as if it were made, and answer 204 without making it."
    )
