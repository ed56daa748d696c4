"""Who was in a conference, signed in, anonymous or by phone, and when they came and went."""

from datetime import timedelta
from typing import Any

from tests.workspace_double import Attendee, WorkspaceDouble, anonymous, phone, signed_in
from tests.workspace_double.clients import meet_client
from tests.workspace_double_tests.calendar_calls import DOCTOR, NURSE
from tests.workspace_double_tests.google_calls import (
    COLLEAGUE,
    RECORD_DENIED,
    Denial,
    Records,
    at,
)


def names_of(page: dict[str, Any]) -> list[str]:
    return [participant["name"] for participant in page["participants"]]


class TestParticipants:
    def test_of_every_kind_the_last_to_come_first(
        self, double: WorkspaceDouble, records: Records, room: str
    ) -> None:
        attendees = [
            signed_in(DOCTOR, (at(10), at(11)), display_name="Dr. House"),
            anonymous("Patient", (at(10, 5), at(10, 50))),
            phone("+57 ••• 12", (at(10, 9), at(10, 40))),
        ]
        conference = double.hold_conference(room, at(10), at(11), attendees)

        by_phone, guest, doctor = records.participants(conference.name)["participants"]

        assert doctor["signedinUser"]["displayName"] == "Dr. House"
        assert doctor["signedinUser"]["user"].removeprefix("users/").isdecimal()
        assert guest == {
            "name": guest["name"],
            "anonymousUser": {"displayName": "Patient"},
            "earliestStartTime": "2026-03-02T10:05:00Z",
            "latestEndTime": "2026-03-02T10:50:00Z",
        }
        assert by_phone["phoneUser"] == {"displayName": "+57 ••• 12"}
        got = records.resource.participants().get(name=guest["name"]).execute()
        assert got == guest

    def test_the_owner_is_alone_unless_others_are_told(
        self, double: WorkspaceDouble, records: Records, room: str
    ) -> None:
        alone = double.hold_conference(room, at(9), at(10))
        nobody = double.hold_conference(room, at(10), at(11), [])

        (owner,) = records.participants(alone.name)["participants"]

        assert owner["signedinUser"]["displayName"] == "Doctor"
        assert owner["earliestStartTime"] == "2026-03-02T09:00:00Z"
        assert owner["latestEndTime"] == "2026-03-02T10:00:00Z"
        assert records.participants(nobody.name) == {}

    def test_the_same_person_has_the_same_number_in_every_conference(
        self, double: WorkspaceDouble, records: Records, room: str
    ) -> None:
        held = [double.hold_conference(room, at(hour), at(hour, 30)) for hour in (9, 10)]
        nurse = double.hold_conference(room, at(11), at(12), [signed_in(NURSE)])

        users = [
            records.participants(conference.name)["participants"][0]["signedinUser"]["user"]
            for conference in (*held, nurse)
        ]

        assert users[0] == users[1] != users[2]

    def test_come_and_go_by_the_clock(
        self, double: WorkspaceDouble, records: Records, room: str, clock: Any
    ) -> None:
        guest = anonymous("Patient", (at(13, 5), at(13, 10)), (at(13, 20), None))
        conference = double.hold_conference(room, at(13), at(14), [guest])

        clock.instant = at(13)
        before = records.participants(conference.name)
        clock.instant = at(13, 10)
        (out,) = records.participants(conference.name)["participants"]
        clock.instant = at(13, 30)
        (back,) = records.participants(conference.name)["participants"]
        clock.instant = at(14)
        (after,) = records.participants(conference.name)["participants"]

        assert before == {}
        assert out["latestEndTime"] == "2026-03-02T13:10:00Z"
        assert "latestEndTime" not in back
        assert after["latestEndTime"] == "2026-03-02T14:00:00Z"
        assert after["earliestStartTime"] == "2026-03-02T13:05:00Z"

    def test_may_join_as_it_happens(
        self, double: WorkspaceDouble, records: Records, room: str
    ) -> None:
        conference = double.hold_conference(room, at(11))
        double.join(conference, anonymous("Patient", (at(11, 30), None)))

        guest, owner = records.participants(conference.name)["participants"]

        assert "anonymousUser" in guest
        assert "signedinUser" in owner

    def test_two_that_look_the_same_are_two(
        self, double: WorkspaceDouble, records: Records, room: str
    ) -> None:
        guests = [anonymous("Guest"), anonymous("Guest")]
        conference = double.hold_conference(room, at(10), at(11), guests)

        names = names_of(records.participants(conference.name))

        assert len(set(names)) == 2

    def test_pages(self, double: WorkspaceDouble, records: Records, room: str) -> None:
        crowd = [anonymous(f"{n}", (at(10) + timedelta(seconds=n), None)) for n in range(251)]
        conference = double.hold_conference(room, at(10), at(11), crowd)

        first = records.participants(conference.name)
        second = records.participants(conference.name, pageToken=first["nextPageToken"])
        most = records.participants(conference.name, pageSize=1000)

        assert [len(names_of(page)) for page in (first, second, most)] == [100, 100, 250]
        assert set(names_of(first)) & set(names_of(second)) == set()
        assert first["participants"][0]["earliestStartTime"] == "2026-03-02T10:04:10Z"

    def test_the_total_comes_only_when_asked_for(
        self, double: WorkspaceDouble, records: Records, room: str
    ) -> None:
        crowd: list[Attendee] = [anonymous(f"{n}") for n in range(3)]
        conference = double.hold_conference(room, at(10), at(11), crowd)

        plain = records.participants(conference.name, pageSize=1)
        asked = records.participants(
            conference.name, pageSize=1, fields="participants/name,totalSize,nextPageToken"
        )

        assert set(plain) == {"participants", "nextPageToken"}
        assert asked["totalSize"] == 3
        assert list(asked["participants"][0]) == ["name"]


class TestSessions:
    def test_the_last_first(self, double: WorkspaceDouble, records: Records, room: str) -> None:
        guest = anonymous("Patient", (at(11), None), (at(10), at(10, 20)))
        conference = double.hold_conference(room, at(10), None, [guest])
        (participant,) = names_of(records.participants(conference.name))

        second, first = records.sessions(participant)["participantSessions"]

        assert (first["startTime"], first["endTime"]) == (
            "2026-03-02T10:00:00Z",
            "2026-03-02T10:20:00Z",
        )
        assert second["startTime"] == "2026-03-02T11:00:00Z"
        assert "endTime" not in second
        resource = records.resource.participants().participantSessions()
        assert resource.get(name=first["name"]).execute() == first

    def test_pages(self, double: WorkspaceDouble, records: Records, room: str) -> None:
        sessions = [(at(10, m, s), at(10, m, s + 1)) for m in range(34) for s in (0, 10, 20)]
        guest = anonymous("Patient", *sessions)
        conference = double.hold_conference(room, at(10), at(11), [guest])
        (participant,) = names_of(records.participants(conference.name))

        first = records.sessions(participant)
        second = records.sessions(participant, pageToken=first["nextPageToken"])

        assert len(first["participantSessions"]) == 100
        assert len(second["participantSessions"]) == 2
        assert "nextPageToken" not in second


class TestRefusals:
    def test_of_what_is_not_there(
        self, double: WorkspaceDouble, records: Records, room: str
    ) -> None:
        conference = double.hold_conference(room, at(10), at(11))
        nobody = f"{conference.name}/participants/1"

        with Denial(404, "NOT_FOUND"):
            records.resource.participants().get(name=nobody).execute()
        with Denial(404, "NOT_FOUND"):
            records.sessions(nobody)

    def test_of_who_was_not_there(self, double: WorkspaceDouble, room: str) -> None:
        double.add_user(COLLEAGUE)
        conference = double.hold_conference(room, at(10), at(11))

        with meet_client(double, COLLEAGUE) as client:
            with Denial(403, "PERMISSION_DENIED", RECORD_DENIED):
                Records(client).participants(conference.name)
            with Denial(403, "PERMISSION_DENIED", RECORD_DENIED):
                Records(client).recordings(conference.name)
