"""PATCH meetings/{id}/ with an external_reference: set, changed, given up, and taken by another."""

import pytest

from functions.models import MeetingStatus
from tests.api.caller import MEETINGS, Api, a_body, faults
from tests.api.reading import page, timeline
from tests.values import a_meeting, put


def holder(api: Api, reference: str) -> list[str]:
    """Return the ids of the meetings that a caller finds by this reference."""
    return page(api, f"{MEETINGS}?external_reference={reference}")[0]


class TestChangeReference:
    def test_one_is_set_where_there_was_none(self, api: Api) -> None:
        meeting_id = api.make()

        answer = api.patch(meeting_id, {"external_reference": "ref-1"})

        assert answer.json["external_reference"] == "ref-1"
        assert answer.json["revision"] == 2
        assert holder(api, "ref-1") == [meeting_id]

    def test_once_it_is_set_no_other_meeting_can_have_it(self, api: Api) -> None:
        meeting_id = api.make()
        api.patch(meeting_id, {"external_reference": "ref-1"})

        answer = api.post(a_body(external_reference="ref-1", summary="Other"))

        assert answer.status == 409
        assert answer.json["code"] == "reference_taken"
        assert answer.json["existing_id"] == meeting_id

    def test_once_it_is_changed_the_old_one_is_free_and_the_new_one_is_not(self, api: Api) -> None:
        meeting_id = api.make(external_reference="ref-1")

        assert api.patch(meeting_id, {"external_reference": "ref-2"}).status == 200

        with_old = api.post(a_body(external_reference="ref-1", summary="Other"))
        with_new = api.post(a_body(external_reference="ref-2", summary="Other"))
        assert with_old.status == 202
        assert with_new.json["existing_id"] == meeting_id

    def test_null_gives_it_up(self, api: Api) -> None:
        meeting_id = api.make(external_reference="ref-1")

        answer = api.patch(meeting_id, {"external_reference": None})

        assert answer.json["external_reference"] is None
        other = api.make(external_reference="ref-1")
        assert other != meeting_id
        assert holder(api, "ref-1") == [other]

    def test_two_meetings_exchange_theirs_by_way_of_none(self, api: Api) -> None:
        one, other = api.make(external_reference="ref-1"), api.make(external_reference="ref-2")

        answers = [
            api.patch(one, {"external_reference": None}),
            api.patch(other, {"external_reference": "ref-1"}),
            api.patch(one, {"external_reference": "ref-2"}),
        ]

        assert [answer.status for answer in answers] == [200, 200, 200]
        assert (holder(api, "ref-1"), holder(api, "ref-2")) == ([other], [one])

    def test_its_own_in_another_spelling_changes_nothing(self, api: Api) -> None:
        meeting_id = api.make(external_reference="caf\u00e9")

        answer = api.patch(meeting_id, {"external_reference": " cafe\u0301 "})

        assert answer.status == 200
        assert answer.json["revision"] == 1

    def test_one_of_a_cancelled_meeting_is_free(self, api: Api) -> None:
        cancelled, meeting_id = api.make(external_reference="ref-1"), api.make()
        api.delete(cancelled)

        answer = api.patch(meeting_id, {"external_reference": "ref-1"})

        assert answer.status == 200
        assert answer.json["external_reference"] == "ref-1"

    def test_the_old_one_is_free_once_the_meeting_is_cancelled_under_another(
        self, api: Api
    ) -> None:
        meeting_id = api.make(external_reference="ref-1")
        api.patch(meeting_id, {"external_reference": "ref-2"})
        api.delete(meeting_id)

        assert api.post(a_body(external_reference="ref-1", summary="Other")).status == 202
        assert api.post(a_body(external_reference="ref-2", summary="Other")).status == 202


class TestTaken:
    @pytest.mark.parametrize("summary", ["Appointment", "Other"])
    def test_another_active_meetings_is_refused_whatever_its_content(
        self, api: Api, summary: str
    ) -> None:
        first, second = api.make(external_reference="ref-1"), api.make(summary=summary)
        before = api.get(f"{MEETINGS}{second}/").json

        answer = api.patch(second, {"external_reference": "ref-1", "description": "Text"})

        assert answer.status == 409
        assert answer.json["code"] == "reference_taken"
        assert answer.json["existing_id"] == first
        assert api.get(f"{MEETINGS}{second}/").json == before
        assert len(api.queue.names) == 2
        assert [entry["kind"] for entry in timeline(api, second)] == ["meeting.created"]

    def test_one_of_a_finished_meeting_stays_taken(self, api: Api) -> None:
        finished = a_meeting(status=MeetingStatus.FINISHED, external_reference="ref-1")
        put(api.store.kept, finished)

        answer = api.patch(api.make(), {"external_reference": "ref-1"})

        assert answer.status == 409
        assert answer.json["existing_id"] == finished.id

    def test_a_refusal_leaves_the_meetings_own_reference_to_it(self, api: Api) -> None:
        api.make(external_reference="ref-1")
        second = api.make(external_reference="ref-2")

        api.patch(second, {"external_reference": "ref-1"})

        answer = api.post(a_body(external_reference="ref-2", summary="Other"))
        assert answer.json["existing_id"] == second

    @pytest.mark.parametrize(
        ("reference", "code"),
        [
            ("", "empty"),
            (" ", "empty"),
            ("x" * 201, "too_long"),
            ("a\nb", "control_character"),
            ("a\u200bb", "invisible_character"),
            (["ref"], "wrong_type"),
            (False, "wrong_type"),
        ],
    )
    def test_one_that_is_none_is_refused(self, api: Api, reference: object, code: str) -> None:
        answer = api.patch(api.make(), {"external_reference": reference})

        assert faults(answer) == [("/external_reference", code)]
