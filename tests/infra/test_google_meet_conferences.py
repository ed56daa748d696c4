"""The conferences of a room, and the recordings of each, as Meet tells of them."""

from datetime import timedelta

import pytest

from functions.errors import GoneError, PermanentError
from functions.models import ConferenceRecord, MeetRecording
from infra.google_meet import GoogleMeet
from tests.infra.clinic import EVA, Clinic, at
from tests.workspace_double import NEVER

LIST = "meet.conferenceRecords.list"
LIST_RECORDINGS = "meet.conferenceRecords.recordings.list"


class TestConferences:
    def listed(self, clinic: Clinic, meet: GoogleMeet) -> list[ConferenceRecord]:
        return list(meet.list_conferences(clinic.meeting(), at(-60), at(180)))

    def test_there_may_be_none(self, clinic: Clinic, meet: GoogleMeet) -> None:
        assert self.listed(clinic, meet) == []

    def test_a_room_that_filled_again_has_them_oldest_first_the_last_one_live(
        self, clinic: Clinic, meet: GoogleMeet
    ) -> None:
        again = clinic.hold(70, None)
        first = clinic.hold(-5, 60)

        assert self.listed(clinic, meet) == [
            ConferenceRecord(name=first.name, started_at=at(-5), ended_at=at(60)),
            ConferenceRecord(name=again.name, started_at=at(70)),
        ]

    def test_a_live_one_has_its_end_once_it_has_come(
        self, clinic: Clinic, meet: GoogleMeet
    ) -> None:
        clinic.hold(0, 60.5)
        clinic.clock.instant = at(60)

        assert [conference.ended_at for conference in self.listed(clinic, meet)] == [None]
        clinic.clock.instant = at(61)
        assert [conference.ended_at for conference in self.listed(clinic, meet)] == [at(60.5)]

    def test_only_those_that_started_between_are_told(
        self, clinic: Clinic, meet: GoogleMeet
    ) -> None:
        for start in (-61, -60, 180, 181):
            clinic.hold(start, start + 0.5)

        assert [conference.started_at for conference in self.listed(clinic, meet)] == [
            at(-60),
            at(180),
        ]

    def test_those_of_another_room_are_not_told(self, clinic: Clinic, meet: GoogleMeet) -> None:
        clinic.hold(0, 60, space=clinic.new_space(clinic.space.owner))

        assert self.listed(clinic, meet) == []

    def test_more_than_a_page_of_them_are_all_told(self, clinic: Clinic, meet: GoogleMeet) -> None:
        for minute in range(101):
            clinic.hold(minute, minute + 0.5)

        assert [c.started_at for c in self.listed(clinic, meet)] == [at(n) for n in range(101)]
        assert clinic.double.count(LIST) == 2

    def test_records_vanish_and_then_what_hangs_on_them_is_gone(
        self, clinic: Clinic, meet: GoogleMeet
    ) -> None:
        conference = clinic.hold(0, 60)
        clinic.clock.instant = at(60) + timedelta(days=30)

        assert self.listed(clinic, meet) == []
        with pytest.raises(GoneError):
            meet.list_recordings(clinic.meeting(), conference.name)
        with pytest.raises(GoneError):
            meet.list_attendees(clinic.meeting(), conference.name)

    def test_what_hangs_on_anothers_is_forbidden(self, clinic: Clinic, meet: GoogleMeet) -> None:
        conference = clinic.hold(0, 60, space=clinic.new_space(EVA))

        for listing in (meet.list_recordings, meet.list_attendees):
            with pytest.raises(PermanentError) as raised:
                listing(clinic.meeting(), conference.name)
            assert raised.value.code == "forbidden"


class TestRecordings:
    def test_there_may_be_none(self, clinic: Clinic, meet: GoogleMeet) -> None:
        assert meet.list_recordings(clinic.meeting(), clinic.hold(0, 60).name) == ()

    def test_it_is_told_as_it_runs_as_it_ended_and_as_its_file_is_made(
        self, clinic: Clinic, meet: GoogleMeet
    ) -> None:
        conference = clinic.hold(0, 60)
        recording = clinic.record(conference, 5, 55, ready_at=at(70))
        told: list[MeetRecording] = []
        for minute in (10, 56, 71):
            clinic.clock.instant = at(minute)
            told += meet.list_recordings(clinic.meeting(), conference.name)

        assert told == [
            MeetRecording(recording.name, is_generated=False, started_at=at(5)),
            MeetRecording(recording.name, is_generated=False, started_at=at(5), ended_at=at(55)),
            MeetRecording(
                recording.name,
                is_generated=True,
                drive_file_id=recording.file.id,
                url=recording.file.view_link,
                started_at=at(5),
                ended_at=at(55),
            ),
        ]

    def test_a_file_that_never_comes_is_never_told(self, clinic: Clinic, meet: GoogleMeet) -> None:
        conference = clinic.hold(0, 60)
        clinic.record(conference, 5, 55, ready_at=NEVER)
        clinic.clock.instant = at(60) + timedelta(days=29)

        (told,) = meet.list_recordings(clinic.meeting(), conference.name)

        assert (told.is_generated, told.drive_file_id) == (False, None)

    def test_a_file_that_was_deleted_is_still_told(self, clinic: Clinic, meet: GoogleMeet) -> None:
        conference = clinic.hold(0, 60)
        recording = clinic.record(conference, 5, 55)
        clinic.double.delete_file(recording.file.id)

        (told,) = meet.list_recordings(clinic.meeting(), conference.name)

        assert told.drive_file_id == recording.file.id

    def test_more_than_a_page_of_them_are_all_told_oldest_first(
        self, clinic: Clinic, meet: GoogleMeet
    ) -> None:
        conference = clinic.hold(0, 200)
        for minute in reversed(range(101)):
            clinic.record(conference, minute, minute + 0.5)

        told = meet.list_recordings(clinic.meeting(), conference.name)

        assert [recording.started_at for recording in told] == [at(n) for n in range(101)]
        assert clinic.double.count(LIST_RECORDINGS) == 2
