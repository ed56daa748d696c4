"""PATCH meetings/{id}/ that is refused, and what two at once do to one meeting."""

from collections.abc import Callable

import pytest

from functions.models import Claim, JournalEntry, Meeting, MeetingStatus, StoredMeeting
from tests.api.caller import MEETINGS, Api, faults
from tests.api.fakes import Store
from tests.api.reading import timeline
from tests.values import a_meeting, put

CHANGEABLE = {
    "scheduled_start",
    "scheduled_end",
    "time_zone",
    "summary",
    "description",
    "external_reference",
    "notify",
}


class RacedStore(Store):
    """Lets something else happen just before each save, as often as is said."""

    def __init__(self, store: Store, times: int, happen: Callable[[], object]) -> None:
        super().__init__()
        self.database = store.database
        self.kept = store.kept
        self.times = times
        self.happen = happen

    def save(
        self,
        stored: StoredMeeting,
        changed: Meeting,
        entry: JournalEntry | None = None,
        claim: Claim | None = None,
    ) -> StoredMeeting:
        if self.times > 0:
            self.times -= 1
            self.happen()
        return super().save(stored, changed, entry, claim)


def rename(store: Store, meeting_id: str, summary: str) -> None:
    """Change a meeting as another instance would."""
    stored = store.kept.get(meeting_id)
    store.kept.save(stored, stored.meeting.changed(stored.meeting.updated_at, summary=summary))


class TestImmutable:
    def test_every_other_field_of_the_answer_is_named_as_one_that_stays(self, api: Api) -> None:
        meeting_id = api.make()
        body = api.get(f"{MEETINGS}{meeting_id}/").json
        fixed = {name: value for name, value in body.items() if name not in CHANGEABLE}

        answer = api.patch(meeting_id, fixed)

        assert sorted(faults(answer)) == sorted((f"/{name}", "immutable") for name in fixed)
        assert api.get(f"{MEETINGS}{meeting_id}/").json == body

    def test_all_that_may_change_is_taken_as_it_was_read(self, api: Api) -> None:
        meeting_id = api.make(external_reference="ref-1", description="Text")
        body = api.get(f"{MEETINGS}{meeting_id}/").json

        answer = api.patch(meeting_id, {name: body[name] for name in CHANGEABLE})

        assert answer.status == 200
        assert answer.json == body


class TestOver:
    @pytest.mark.parametrize(
        "body", [{}, {"summary": "Appointment"}, {"summary": "Other"}, {"external_reference": "x"}]
    )
    def test_a_finished_meeting_changes_no_more(self, api: Api, body: dict[str, str]) -> None:
        meeting = a_meeting(status=MeetingStatus.FINISHED)
        put(api.store.kept, meeting)

        answer = api.patch(meeting.id, body)

        assert answer.status == 409
        assert answer.json["code"] == "invalid_transition"
        assert answer.json["meeting_status"] == "FINISHED"
        assert api.store.kept.get(meeting.id).meeting == meeting
        assert api.queue.names == []

    def test_a_fault_in_the_body_is_told_first(self, api: Api) -> None:
        meeting_id = api.make()
        api.delete(meeting_id)

        assert faults(api.patch(meeting_id, {"summary": ""})) == [("/summary", "empty")]


def raced(api: Api, times: int) -> str:
    """Store a meeting that another renames, so many times, whenever it is to be saved."""
    meeting = a_meeting()
    put(api.store.kept, meeting)
    kept = api.store
    api.store = RacedStore(kept, times, lambda: rename(kept, meeting.id, "Theirs"))
    return meeting.id


class TestRaces:
    def test_a_change_that_lost_a_race_is_made_on_what_won_it(self, api: Api) -> None:
        meeting_id = raced(api, 1)

        answer = api.patch(meeting_id, {"description": "Ours"})

        assert answer.status == 200
        assert (answer.json["summary"], answer.json["description"]) == ("Theirs", "Ours")
        assert answer.json["revision"] == 3
        [_, entry] = timeline(api, meeting_id)
        assert (entry["kind"], entry["revision"]) == ("meeting.changed", 3)
        assert entry["details"] == {"description": {"from": None, "to": "Ours"}}

    def test_a_change_that_its_winner_has_made_already_changes_nothing(self, api: Api) -> None:
        meeting_id = raced(api, 1)

        answer = api.patch(meeting_id, {"summary": "Theirs"})

        assert answer.status == 200
        assert answer.json["revision"] == 2
        assert len(timeline(api, meeting_id)) == 1

    def test_a_change_that_loses_every_race_is_refused_and_not_made(self, api: Api) -> None:
        meeting_id = raced(api, 9)

        answer = api.patch(meeting_id, {"description": "Ours"})

        assert answer.status == 409
        assert answer.json["code"] == "concurrent_change"
        assert api.store.kept.get(meeting_id).meeting.description is None
        assert api.queue.names == []
        assert len(timeline(api, meeting_id)) == 1

    def test_a_condition_is_held_against_what_won_the_race(self, api: Api) -> None:
        meeting_id = raced(api, 1)

        answer = api.patch(meeting_id, {"description": "Ours"}, headers={"If-Match": '"1-x"'})

        assert answer.status == 412
        assert api.store.kept.get(meeting_id).meeting.description is None
