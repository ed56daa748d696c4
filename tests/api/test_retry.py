"""`POST meetings/{id}/retry/`: what failed is tried once more, and only that."""

from datetime import timedelta

from functions.models import OVERDUE_AFTER, DueKind
from tests.api.caller import MEETINGS, Answer, Api
from tests.api.reading import timeline
from tests.values import NOW


def retry(api: Api, meeting_id: str) -> Answer:
    return api.send("POST", f"{MEETINGS}{meeting_id}/retry/")


def a_failed_meeting(api: Api) -> str:
    meeting_id = api.make(external_reference="sim-fail-api_disabled-1")
    api.sync(meeting_id)
    assert api.get(f"{MEETINGS}{meeting_id}/").json["calendar"]["state"] == "FAILED"
    return meeting_id


def test_what_failed_is_pending_again_and_has_a_task_of_its_own(api: Api) -> None:
    meeting_id = a_failed_meeting(api)
    names = set(api.queue.names)

    answer = retry(api, meeting_id)

    assert answer.status == 200
    assert answer.json["calendar"]["state"] == "PENDING"
    assert answer.json["calendar"]["error"] is None
    assert answer.json["revision"] == 1
    assert len(set(api.queue.names) - names) == 1
    [due] = api.store.kept.due(DueKind.CALENDAR, NOW + OVERDUE_AFTER)
    assert due.meeting.id == meeting_id


def test_two_retries_within_a_second_have_a_task_each(api: Api) -> None:
    meeting_id = a_failed_meeting(api)
    retry(api, meeting_id)
    api.sync(meeting_id)
    names = set(api.queue.names)
    api.time += timedelta(milliseconds=5)

    retry(api, meeting_id)

    assert len(set(api.queue.names) - names) == 1


def test_a_failed_cancellation_is_retried_too(api: Api) -> None:
    meeting_id = a_failed_meeting(api)
    api.delete(meeting_id)
    api.sync(meeting_id)

    answer = retry(api, meeting_id)

    assert answer.json["status"] == "CANCELLED"
    assert answer.json["calendar"]["state"] == "PENDING"


def test_what_has_not_failed_is_not_retried(api: Api) -> None:
    pending, synced = api.make(), api.make()
    api.sync(synced)
    api.queue.names.clear()

    for meeting_id in (pending, synced):
        answer = retry(api, meeting_id)

        assert answer.status == 409
        assert answer.json["code"] == "nothing_to_retry"
    assert api.queue.names == []
    assert "meeting.retried" not in [entry["kind"] for entry in timeline(api, synced)]


def test_what_was_repaired_by_a_change_has_its_link_and_needs_no_retry(api: Api) -> None:
    meeting_id = a_failed_meeting(api)
    api.patch(meeting_id, {"external_reference": "ref-1"})
    api.sync(meeting_id)

    answer = retry(api, meeting_id)

    assert answer.json["code"] == "nothing_to_retry"
    assert api.get(f"{MEETINGS}{meeting_id}/").json["meet_link"]


def test_an_unknown_meeting_is_unknown(api: Api) -> None:
    assert retry(api, "f" * 32).status == 404


def test_a_change_that_changes_nothing_retries_nothing(api: Api) -> None:
    meeting_id = a_failed_meeting(api)

    answer = api.patch(meeting_id, {"summary": "Appointment"})

    assert answer.json["calendar"]["state"] == "FAILED"
