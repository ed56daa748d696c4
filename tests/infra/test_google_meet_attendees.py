"""Who was in a conference: of which kind, and when they came and went."""

from functions.models import Attendee, AttendeeKind, Session
from infra.google_meet import MAX_SESSION_LISTS, GoogleMeet
from tests.infra.clinic import ANA, Clinic, at
from tests.workspace_double import Conference, anonymous, phone, signed_in
from tests.workspace_double.directory import user_id

LIST = "meet.conferenceRecords.participants.list"
LIST_SESSIONS = "meet.conferenceRecords.participants.participantSessions.list"


def stay(joined: float, left: float | None) -> Session:
    return Session(joined_at=at(joined), left_at=None if left is None else at(left))


class TestAttendees:
    def listed(
        self, clinic: Clinic, meet: GoogleMeet, conference: Conference
    ) -> tuple[Attendee, ...]:
        return meet.list_attendees(clinic.meeting(), conference.name)

    def test_of_every_kind_are_told_in_the_order_of_their_coming(
        self, clinic: Clinic, meet: GoogleMeet
    ) -> None:
        conference = clinic.hold(
            0,
            60,
            phone("+57 *** ** 12", (at(9), at(20))),
            anonymous("Leo", (at(6), at(60))),
            signed_in(ANA, (at(0), at(60)), display_name="Ana Díaz"),
        )

        assert self.listed(clinic, meet, conference) == (
            Attendee(
                display_name="Ana Díaz",
                kind=AttendeeKind.SIGNED_IN,
                user=f"users/{user_id(ANA)}",
                sessions=(stay(0, 60),),
            ),
            Attendee(display_name="Leo", kind=AttendeeKind.ANONYMOUS, sessions=(stay(6, 60),)),
            Attendee(
                display_name="+57 *** ** 12", kind=AttendeeKind.PHONE, sessions=(stay(9, 20),)
            ),
        )

    def test_each_stay_of_who_came_again_is_told_in_order(
        self, clinic: Clinic, meet: GoogleMeet
    ) -> None:
        stays = [(at(40), at(59)), (at(2), at(10)), (at(12), at(30))]
        conference = clinic.hold(0, 60, anonymous("Leo", *stays))

        (leo,) = self.listed(clinic, meet, conference)

        assert leo.sessions == (stay(2, 10), stay(12, 30), stay(40, 59))

    def test_two_that_look_the_same_are_two(self, clinic: Clinic, meet: GoogleMeet) -> None:
        conference = clinic.hold(0, 60, anonymous("Leo"), anonymous("Leo"))

        assert len(self.listed(clinic, meet, conference)) == 2

    def test_who_is_still_there_has_not_left(self, clinic: Clinic, meet: GoogleMeet) -> None:
        conference = clinic.hold(
            0,
            None,
            anonymous("Leo", (at(1), at(5)), (at(10), None)),
            anonymous("Eva", (at(2), at(3))),
        )

        leo, eva = self.listed(clinic, meet, conference)

        assert leo.sessions == (stay(1, 5), stay(10, None))
        assert eva.sessions == (stay(2, 3),)

    def test_more_stays_than_a_page_are_all_told(self, clinic: Clinic, meet: GoogleMeet) -> None:
        stays = [(at(n / 10), at(n / 10 + 0.05)) for n in range(251)]
        conference = clinic.hold(0, 60, anonymous("Leo", *stays))

        (leo,) = self.listed(clinic, meet, conference)

        assert [session.joined_at for session in leo.sessions] == [at(n / 10) for n in range(251)]
        assert clinic.double.count(LIST_SESSIONS) == 2

    def test_a_crowd_is_told_whole_the_last_to_come_from_first_to_last(
        self, clinic: Clinic, meet: GoogleMeet
    ) -> None:
        crowd = [
            anonymous(f"Guest {n}", (at(n / 10), at(30)), (at(40), at(50))) for n in range(251)
        ]
        conference = clinic.hold(0, 60, *reversed(crowd))

        told = self.listed(clinic, meet, conference)

        asked, rest = told[:MAX_SESSION_LISTS], told[MAX_SESSION_LISTS:]
        assert [who.display_name for who in told] == [f"Guest {n}" for n in range(251)]
        assert {who.sessions[1:] for who in asked} == {(stay(40, 50),)}
        assert [who.sessions for who in rest] == [(stay(n / 10, 50),) for n in range(50, 251)]
        assert clinic.double.count(LIST) == 2
        assert clinic.double.count(LIST_SESSIONS) == MAX_SESSION_LISTS
