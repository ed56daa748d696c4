"""meetings:batchCancel: each meeting is cancelled by itself, by the rules of a single one."""

from datetime import timedelta

from functions.models import MeetingStatus, UserRole
from tests.api.batch.batches import cancel, statuses
from tests.api.caller import MEETINGS
from tests.api.keyed import KeyedApi
from tests.values import a_meeting, put


class TestCancel:
    def test_each_is_cancelled_in_order_and_its_reference_free(self, api: KeyedApi) -> None:
        ids = [api.make(external_reference=f"appointment_{number}") for number in range(3)]
        api.time += timedelta(minutes=1)

        answer = cancel(api, *reversed(ids))

        assert statuses(answer.json) == [200] * 3
        cancelled = [result["meeting"] for result in answer.json["results"]]
        assert [meeting["id"] for meeting in cancelled] == ids[::-1]
        assert {meeting["status"] for meeting in cancelled} == {"CANCELLED"}
        assert cancelled == [api.get(f"{MEETINGS}{meeting_id}/").json for meeting_id in ids[::-1]]
        assert api.queue.names[3:] == [f"{meeting_id}-2" for meeting_id in ids[::-1]]
        assert api.store.database.references == {}

    def test_the_caller_and_the_reason_are_in_each_journal(self, api: KeyedApi) -> None:
        api.identify(UserRole.SERVICE, "xoma@clinica.com")
        ids = [api.make(), api.make()]
        api.identify(UserRole.SERVICE, "desk@clinica.com")

        cancel(api, *ids, reason="The doctor is ill.")

        for meeting in api.stored():
            last = api.store.database.journals[meeting.id][-1]
            assert (last.kind, last.by) == ("meeting.cancelled", "desk@clinica.com")
            assert last.details == {"reason": "The doctor is ill."}
            assert (meeting.cancelled_by, meeting.cancel_reason) == (
                "desk@clinica.com",
                "The doctor is ill.",
            )

    def test_what_is_not_there_finished_or_cancelled_has_its_own_result(
        self, api: KeyedApi
    ) -> None:
        finished = a_meeting(livemode=False, status=MeetingStatus.FINISHED)
        put(api.store.kept, finished)
        over, active = api.make(), api.make()
        before = api.delete(over).json

        answer = cancel(api, "f" * 32, finished.id, over, active)

        assert statuses(answer.json) == [404, 409, 200, 200]
        unknown, late, again, _ = answer.json["results"]
        assert unknown["problem"]["code"] == "meeting_not_found"
        assert late["problem"]["code"] == "invalid_transition"
        assert late["problem"]["meeting_status"] == "FINISHED"
        assert again["meeting"] == before

    def test_one_that_is_named_twice_is_cancelled_once(self, api: KeyedApi) -> None:
        meeting_id = api.make()

        answer = cancel(api, meeting_id, meeting_id)

        assert statuses(answer.json) == [200, 200]
        first, second = answer.json["results"]
        assert first["meeting"] == second["meeting"]
        assert first["meeting"]["revision"] == 2
        assert len(api.store.database.journals[meeting_id]) == 2
