"""Whatever an external caller asks for, it is shown what an administrator is of its own."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from functions.models import (
    CalendarState,
    CalendarSync,
    Meeting,
    MeetingStatus,
    RecordingState,
    Role,
    UserRole,
)
from tests.api.accounts import BOSS
from tests.api.caller import MEETINGS, PARTICIPANTS, RECORDINGS, Api
from tests.api.callers.external import ANA, LEO, ME, a_meeting_of
from tests.api.contract import Contract
from tests.values import ORGANIZER

EMAILS = [ME, ANA, LEO, ORGANIZER]
MADE = st.fixed_dictionaries(
    {
        "people": st.lists(st.sampled_from(EMAILS), min_size=1, unique=True),
        "status": st.sampled_from(MeetingStatus),
        "state": st.sampled_from(CalendarState),
        "recording_state": st.sampled_from(RecordingState),
        "external_reference": st.sampled_from([None, "a", "b"]),
    }
)
ADDRESS = st.sampled_from(EMAILS)
ASKED = st.one_of(
    st.tuples(
        st.just(MEETINGS),
        st.fixed_dictionaries(
            {},
            optional={
                "organizer_email": ADDRESS,
                "participant_email": ADDRESS,
                "status": st.sampled_from(MeetingStatus),
                "calendar_state": st.sampled_from(CalendarState),
                "has_recording": st.sampled_from(["true", "false"]),
                "external_reference": st.sampled_from(["a", "b"]),
                "scheduled_from": st.just("2030-01-01T00:00:00Z"),
                "scheduled_to": st.just("2031-01-01T00:00:00Z"),
                "ordering": st.sampled_from(["scheduled_start", "-scheduled_start", "created_at"]),
            },
        ),
    ),
    st.tuples(
        st.just(PARTICIPANTS),
        st.fixed_dictionaries(
            {},
            optional={
                "email": ADDRESS,
                "role": st.sampled_from(Role),
                "meeting": st.integers(0, 5),
            },
        ),
    ),
    st.tuples(
        st.just(RECORDINGS),
        st.fixed_dictionaries(
            {}, optional={"state": st.sampled_from(RecordingState), "meeting": st.integers(0, 5)}
        ),
    ),
)


def as_guest(result: dict[str, Any], is_organizer: bool) -> list[dict[str, Any]]:
    """Return what is left of a result for a guest: no other guest, no reason, no error."""
    if is_organizer:
        return [result]
    if "participants" in result:
        participants = [p for p in result["participants"] if as_guest(p, False)]
        return [
            result
            | {
                "participants": participants,
                "participants_count": len(participants),
                "cancel_reason": None,
                "calendar": result["calendar"] | {"error": None},
            }
        ]
    is_another = result.get("role") == "guest" and result["email"] != ME
    return [] if is_another else [result]


class TestAnyFilter:
    @given(made=st.lists(MADE, min_size=1, max_size=6), asked=ASKED, page_size=st.integers(1, 4))
    @settings(max_examples=100, deadline=None)
    def test_it_shows_what_an_admin_is_shown_of_ones_own_meetings(
        self,
        contract: Contract,
        made: list[dict[str, Any]],
        asked: tuple[str, dict[str, Any]],
        page_size: int,
    ) -> None:
        api = Api(contract)
        api.identify(UserRole.ADMIN, BOSS)
        api.identify(UserRole.EXTERNAL, ME)
        meetings: list[Meeting] = []
        for values in made:
            organizer, *guests = values.pop("people")
            values["calendar"] = CalendarSync(state=values.pop("state"))
            values["external_reference"] = None if meetings else values["external_reference"]
            meetings.append(a_meeting_of(api, organizer, *guests, **values))
        mine = {meeting.id for meeting in meetings if ME in meeting.participant_emails}
        listing, filters = asked
        one = filters.get("meeting")
        if one is not None:
            filters = {**filters, "meeting": meetings[one % len(meetings)].id}
        query = "&".join(f"{key}={value}" for key, value in filters.items())
        url = f"{listing}?page_size={page_size}&{query}"

        as_admin = self.walk(api, BOSS, url)
        as_external = self.walk(api, ME, url)

        if self.is_out_of_sight(listing, filters):
            assert as_external == 400
        elif one is not None and filters["meeting"] not in mine:
            assert as_external == 404
        else:
            assert isinstance(as_admin, list)
            organized = {meeting.id for meeting in meetings if meeting.organizer_email == ME}
            assert as_external == [
                seen
                for result in as_admin
                if result.get("meeting", result["id"]) in mine
                for seen in as_guest(result, result.get("meeting", result["id"]) in organized)
            ]

    def walk(self, api: Api, email: str, url: str) -> Any:
        """Return all results, or the status where it is refused."""
        api.email = email
        results: list[Any] = []
        following: str | None = url
        while following is not None:
            answer = api.get(following)
            if answer.status != 200:
                return answer.status
            results += answer.json["results"]
            following = answer.json["next"]
        return results

    def is_out_of_sight(self, listing: str, filters: dict[str, Any]) -> bool:
        if listing == MEETINGS:
            named = filters.get("participant_email", ME)
            return named != ME and filters.get("organizer_email") != ME
        if listing == PARTICIPANTS and "meeting" not in filters:
            return filters.get("email", ME) != ME and filters.get("role") is not Role.ORGANIZER
        return False
