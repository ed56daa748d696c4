"""Each time a room fills is a conference; its record lasts 30 days and few people see it."""

from datetime import timedelta
from typing import Any

from tests.workspace_double import WorkspaceDouble, anonymous, signed_in
from tests.workspace_double.clients import meet_client
from tests.workspace_double.double import MEET_CREATED, MEET_READONLY
from tests.workspace_double_tests.calendar_calls import DOCTOR, NURSE
from tests.workspace_double_tests.google_calls import (
    COLLEAGUE,
    RECORD_DENIED,
    Denial,
    Records,
    at,
)


class TestRecord:
    def test_begins_and_ends_by_the_clock(
        self, double: WorkspaceDouble, records: Records, room: str, clock: Any
    ) -> None:
        conference = double.hold_conference(room, at(13), at(13, 45, 30))
        assert records.names() == []

        clock.instant = at(13)
        live = records.get(conference.name)
        clock.instant = at(13, 45, 30)
        ended = records.get(conference.name)

        assert live == {
            "name": conference.name,
            "startTime": "2026-03-02T13:00:00Z",
            "space": records.space(room)["name"],
        }
        assert ended == {
            **live,
            "endTime": "2026-03-02T13:45:30Z",
            "expireTime": "2026-04-01T13:45:30Z",
        }
        assert records.page() == {"conferenceRecords": [ended]}

    def test_may_be_ended_as_it_happens(
        self, double: WorkspaceDouble, records: Records, room: str, clock: Any
    ) -> None:
        conference = double.hold_conference(room, at(12) + timedelta(microseconds=1500))
        clock.instant = at(15)
        assert "endTime" not in records.get(conference.name)

        double.end_conference(conference)

        record = records.get(conference.name)
        assert record["startTime"] == "2026-03-02T12:00:00.001500Z"
        assert record["endTime"] == "2026-03-02T15:00:00Z"

    def test_vanishes_after_30_days(
        self, double: WorkspaceDouble, records: Records, room: str, clock: Any
    ) -> None:
        conference = double.hold_conference(room, at(13), at(14))

        clock.instant = at(14) + timedelta(days=30, seconds=-1)
        assert records.names() == [conference.name]
        clock.instant = at(14) + timedelta(days=30)

        assert records.page() == {}
        for call in (records.get, records.participants, records.recordings):
            with Denial(404, "NOT_FOUND", "Requested entity was not found."):
                call(conference.name)

    def test_that_never_was(self, records: Records) -> None:
        with Denial(404, "NOT_FOUND"):
            records.get("conferenceRecords/nobody")


class TestPages:
    def test_newest_first_and_25_by_default(
        self, double: WorkspaceDouble, records: Records, room: str, clock: Any
    ) -> None:
        held = [double.hold_conference(room, at(1, m), at(1, m, 30)).name for m in range(27)]

        first = records.page()
        second = records.page(pageToken=first["nextPageToken"])

        listed = [r["name"] for p in (first, second) for r in p["conferenceRecords"]]
        assert listed == held[::-1]
        assert len(first["conferenceRecords"]) == 25
        assert "nextPageToken" not in second

    def test_at_most_100_whatever_is_asked(
        self, double: WorkspaceDouble, records: Records, room: str
    ) -> None:
        for number in range(101):
            double.hold_conference(room, at(1) + timedelta(minutes=number), at(4))

        assert len(records.page(pageSize=1000)["conferenceRecords"]) == 100
        assert len(records.page(pageSize=0)["conferenceRecords"]) == 25
        with Denial(400, "INVALID_ARGUMENT"):
            records.page(pageSize=-1)

    def test_a_conference_between_two_pages_repeats_and_hides_nothing(
        self, double: WorkspaceDouble, records: Records, room: str
    ) -> None:
        held = [double.hold_conference(room, at(hour), at(hour, 30)).name for hour in range(4)]

        first = records.page(pageSize=2)
        double.hold_conference(room, at(9), at(10))
        second = records.page(pageSize=2, pageToken=first["nextPageToken"])

        listed = [r["name"] for p in (first, second) for r in p["conferenceRecords"]]
        assert listed == held[::-1]

    def test_a_token_is_of_one_list_and_one_caller(
        self, double: WorkspaceDouble, records: Records, room: str
    ) -> None:
        double.add_user(COLLEAGUE)
        for hour in (1, 2):
            double.hold_conference(room, at(hour), at(hour, 30))
        token = records.page(pageSize=1)["nextPageToken"]

        with Denial(400, "INVALID_ARGUMENT", "page token"):
            records.page(pageToken="somewhere")
        with Denial(400, "INVALID_ARGUMENT", "page token"):
            records.page("end_time IS NULL", pageToken=token)
        with meet_client(double, COLLEAGUE) as client, Denial(400, "INVALID_ARGUMENT"):
            Records(client).page(pageToken=token)


class TestVisibility:
    def test_the_owner_and_who_took_part_signed_in(
        self, double: WorkspaceDouble, room: str, clock: Any
    ) -> None:
        for user in (NURSE, COLLEAGUE):
            double.add_user(user)
        attendees = [
            signed_in(DOCTOR),
            signed_in(NURSE.upper(), (at(13, 10), at(13, 20))),
            anonymous("Colleague"),
        ]
        conference = double.hold_conference(room, at(13), at(14), attendees)

        clock.instant = at(13, 5)
        seen_early = self._seen(double, conference.name)
        clock.instant = at(15)
        seen_after = self._seen(double, conference.name)

        assert seen_early == {DOCTOR}
        assert seen_after == {DOCTOR, NURSE}

    def test_of_the_space_goes_with_the_record(
        self, double: WorkspaceDouble, records: Records, room: str
    ) -> None:
        double.add_user(NURSE)
        double.hold_conference(room, at(10), at(11), [signed_in(NURSE)])

        with meet_client(double, NURSE, MEET_READONLY) as client:
            assert Records(client).space(room) == records.space(room)

    def test_of_one_conference_is_not_of_the_next(self, double: WorkspaceDouble, room: str) -> None:
        double.add_user(NURSE)
        first = double.hold_conference(room, at(9), at(10), [signed_in(NURSE)])
        double.hold_conference(room, at(10), at(11))

        with meet_client(double, NURSE) as client:
            assert Records(client).names() == [first.name]

    def test_of_a_calendar_room_is_not_in_the_scope_for_spaces_of_the_app(
        self, double: WorkspaceDouble, room: str
    ) -> None:
        conference = double.hold_conference(room, at(9), at(10))

        with meet_client(double, DOCTOR, MEET_CREATED) as client:
            records = Records(client)
            own = records.spaces.create(body={}).execute()["meetingCode"]
            held = double.hold_conference(own, at(10), at(11))
            assert records.names() == [held.name]
            with Denial(403, "PERMISSION_DENIED", RECORD_DENIED):
                records.get(conference.name)

    def _seen(self, double: WorkspaceDouble, name: str) -> set[str]:
        seen = set()
        for user in (DOCTOR, NURSE, COLLEAGUE):
            with meet_client(double, user) as client:
                records = Records(client)
                if records.names() == [name]:
                    assert records.get(name)["name"] == name
                    seen.add(user)
                else:
                    with Denial(403, "PERMISSION_DENIED", RECORD_DENIED):
                        records.get(name)
        return seen
