"""Lists of Meet are filtered by the grammar that its discovery document shows, and no other."""

import pytest

from tests.workspace_double import WorkspaceDouble, anonymous, phone
from tests.workspace_double_tests.calendar_calls import Events, room_request
from tests.workspace_double_tests.google_calls import Denial, Records, at


class TestOfRecords:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("", [3, 2, 1]),
            ('start_time>="2026-03-02T10:00:00.000Z"', [3, 2]),
            ('start_time > "2026-03-02T10:00:00Z"', [3]),
            ('start_time = "2026-03-02T10:00:00Z"', [2]),
            ('start_time <= "2026-03-02T10:00:00Z"', [2, 1]),
            ('start_time < "2026-03-02T10:00:00Z"', [1]),
            ('start_time<"2026-03-02T12:00:00+02:00"', [1]),
            ('start_time>="2026-03-02T10:00:00Z" AND start_time<="2026-03-02T10:30:00Z"', [2]),
            ('end_time <= "2026-03-02T10:30:00Z"', [2, 1]),
            ('end_time > "2026-03-02T00:00:00Z"', [2, 1]),
            ("end_time IS NULL", [3]),
            ('  end_time IS NULL  AND  start_time > "2026-03-02T11:00:00Z" ', []),
        ],
    )
    def test_by_time(
        self, double: WorkspaceDouble, records: Records, room: str, text: str, expected: list[int]
    ) -> None:
        held = [
            double.hold_conference(room, at(9), at(9, 30)),
            double.hold_conference(room, at(10), at(10, 30)),
            double.hold_conference(room, at(11), at(13)),
        ]

        names = records.names(text)

        assert names == [held[number - 1].name for number in expected]

    def test_by_space(
        self, double: WorkspaceDouble, records: Records, events: Events, room: str
    ) -> None:
        event = events.insert(id="m00002", conferenceData=room_request("r2"))
        other = event["conferenceData"]["conferenceId"]
        here = double.hold_conference(room, at(9), at(10)).name
        there = double.hold_conference(other, at(9), at(10)).name
        space = records.space(room)["name"]

        assert records.names(f'space.name = "{space}"') == [here]
        assert records.names(f'space.meeting_code = "{other.upper()}"') == [there]
        window = 'start_time > "2026-03-02T09:00:00Z"'
        assert records.names(f'space.name="{space}" AND {window}') == []
        # The alias is for spaces.get alone.
        assert records.names(f'space.name = "spaces/{room}"') == []

    @pytest.mark.parametrize(
        "text",
        [
            "start_time",
            "start_time IS",
            "start_time is null",
            "start_time=2026-03-02T10:00:00Z",
            "start_time='2026-03-02T10:00:00Z'",
            'start_time="2026-03-02T10:00:00"',
            'start_time="yesterday"',
            'start_time!="2026-03-02T10:00:00Z"',
            'startTime="2026-03-02T10:00:00Z"',
            'space="spaces/x"',
            'space.name>="spaces/x"',
            'space.name = "spaces/x',
            "space.name IS NULL",
            'space.name = "spaces/x" OR end_time IS NULL',
            'space.name = "spaces/x" and end_time IS NULL',
            'space.name = "spaces/x" end_time IS NULL',
            'space.name = "spaces/x" AND ',
            "(end_time IS NULL)",
            "AND",
        ],
    )
    def test_malformed_or_unknown(self, records: Records, text: str) -> None:
        with Denial(400, "INVALID_ARGUMENT", f"Invalid filter: {text}"):
            records.page(text)


class TestOfParticipants:
    def test_by_presence_and_by_time(
        self, double: WorkspaceDouble, records: Records, room: str
    ) -> None:
        here = anonymous("Ana", (at(10, 5), None))
        gone = phone("+57 ***", (at(10), at(10, 30)))
        conference = double.hold_conference(room, at(10), None, [here, gone])

        def names(text: str) -> list[str]:
            page = records.participants(conference.name, filter=text)
            return [
                next(iter(who[kind]["displayName"] for kind in who if kind.endswith("User")))
                for who in page.get("participants", [])
            ]

        assert names("latest_end_time IS NULL") == ["Ana"]
        assert names('latest_end_time <= "2026-03-02T10:30:00Z"') == ["+57 ***"]
        assert names('earliest_start_time > "2026-03-02T10:00:00Z"') == ["Ana"]
        with Denial(400, "INVALID_ARGUMENT"):
            names("end_time IS NULL")

    def test_sessions_have_fields_of_their_own(
        self, double: WorkspaceDouble, records: Records, room: str
    ) -> None:
        ana = anonymous("Ana", (at(10), at(10, 10)), (at(11), None))
        conference = double.hold_conference(room, at(10), None, [ana])
        (participant,) = records.participants(conference.name)["participants"]

        live = records.sessions(participant["name"], filter="end_time IS NULL")
        early = records.sessions(participant["name"], filter='start_time < "2026-03-02T10:30:00Z"')

        assert [s["startTime"] for s in live["participantSessions"]] == ["2026-03-02T11:00:00Z"]
        assert [s["endTime"] for s in early["participantSessions"]] == ["2026-03-02T10:10:00Z"]
        with Denial(400, "INVALID_ARGUMENT"):
            records.sessions(participant["name"], filter="latest_end_time IS NULL")
