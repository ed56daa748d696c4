"""DELETE meetings/{id}/: the meeting is cancelled and stays readable."""

from datetime import timedelta

from tests.api.caller import MEETINGS, Api, a_body, content


class TestCancel:
    def test_the_meeting_is_cancelled_and_google_is_to_know(self, api: Api) -> None:
        meeting_id = api.make()
        before = api.get(f"{MEETINGS}{meeting_id}/").json
        api.time += timedelta(minutes=1)

        answer = api.delete(meeting_id)

        assert answer.status == 200
        assert answer.json == {
            **before,
            "status": "CANCELLED",
            "revision": 2,
            "updated_at": "2030-01-01T09:01:00Z",
            "cancelled_at": "2030-01-01T09:01:00Z",
            "cancelled_by": "local@localhost",
            "calendar": {**before["calendar"], "due_at": "2030-01-01T09:02:00Z"},
        }
        assert api.queue.names == [f"{meeting_id}-1", f"{meeting_id}-2"]

    def test_once_more_gives_the_same_answer_and_does_nothing(self, api: Api) -> None:
        meeting_id = api.make()
        first = api.delete(meeting_id)
        api.time += timedelta(minutes=1)

        again = api.delete(meeting_id)

        assert (again.status, again.json) == (first.status, first.json)
        assert len(api.queue.names) == 2

    def test_a_body_is_not_looked_at(self, api: Api) -> None:
        url = f"{MEETINGS}{api.make()}/"

        assert api.send("DELETE", url, **content("{nonsense")).status == 200

    def test_a_meeting_that_google_has_ends_cancelled_there_too(self, api: Api) -> None:
        api.queue.deliver = api.sync
        meeting_id = api.post(a_body(), prefer="wait=5").json["id"]

        api.delete(meeting_id)

        body = api.get(f"{MEETINGS}{meeting_id}/").json
        assert body["status"] == "CANCELLED"
        assert body["calendar"]["state"] == "SYNCED"
        assert body["calendar"]["synced_revision"] == 2
