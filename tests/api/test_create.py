"""POST meetings/: the meeting, its link, and what is said where the link is not there."""

import threading

import pytest

from functions.errors import PermanentError, RetryableError
from functions.models import OVERDUE_AFTER, CalendarState, DueKind
from tests.api.caller import END, LINKS, MEETINGS, START, Api, a_body
from tests.values import GUEST, NOW, ORGANIZER


def deliver_in_a_thread(api: Api) -> None:
    """Sync each meeting as the queue does: elsewhere, while the caller waits."""
    api.queue.deliver = lambda meeting_id: threading.Thread(
        target=api.sync, args=(meeting_id,)
    ).start()


class TestCreate:
    def test_the_requirements_own_request_gets_its_link(self, api: Api) -> None:
        deliver_in_a_thread(api)

        answer = api.post(a_body(), prefer="wait=5")

        body = answer.json
        organizer, guest = body.pop("participants")
        assert answer.status == 201
        assert organizer == {
            "id": organizer["id"],
            "email": ORGANIZER,
            "role": "organizer",
            "kind": None,
        }
        assert guest == {"id": guest["id"], "email": GUEST, "role": "guest", "kind": None}
        assert body.pop("meet_link") == f"{LINKS}/{body.pop('meeting_code')}"
        assert len(body.pop("google_event_id")) == 40
        assert body == {
            "id": api.stored()[0].id,
            "status": "SCHEDULED",
            "livemode": False,
            "organizer_email": ORGANIZER,
            "participants_count": 2,
            "summary": "Appointment",
            "description": None,
            "scheduled_start": START,
            "scheduled_end": END,
            "time_zone": "UTC",
            "external_reference": "xoma_appointment_1234",
            "notify": "all",
            "revision": 1,
            "calendar": {
                "state": "SYNCED",
                "synced_revision": 1,
                "due_at": None,
                "attempts": 0,
                "error": None,
            },
            "recording_sync": {
                "state": "WAITING",
                "due_at": "2030-01-02T15:05:00Z",
                "attempts": 0,
                "reason": None,
            },
            "recording": None,
            "created_at": "2030-01-01T09:00:00Z",
            "updated_at": "2030-01-01T09:00:00Z",
            "created_by": "local@localhost",
            "cancelled_at": None,
            "cancelled_by": None,
            "cancel_reason": None,
        }

    def test_location_is_the_meetings_url(self, api: Api) -> None:
        answer = api.post(a_body())

        assert answer.headers["Location"] == f"http://localhost{MEETINGS}{answer.json['id']}/"
        assert api.get(answer.headers["Location"]).json == answer.json

    def test_location_is_https_where_the_front_end_says_so(self, api: Api) -> None:
        answer = api.post(a_body(), headers={"X-Forwarded-Proto": "https"})

        assert answer.headers["Location"].startswith(f"https://localhost{MEETINGS}")

    def test_each_meeting_has_one_task_named_by_its_revision(self, api: Api) -> None:
        meeting_id = api.post(a_body()).json["id"]

        assert api.queue.names == [f"{meeting_id}-1"]

    def test_optional_fields_are_kept(self, api: Api) -> None:
        fields = {
            "summary": "Revisión ñ 日本",
            "description": "línea\ndos\r\n\ttres",
            "time_zone": "Europe/Madrid",
            "notify": "external",
        }

        body = api.post(a_body(**fields)).json

        assert {name: body[name] for name in fields} == fields

    def test_times_come_back_in_utc_and_whole_seconds(self, api: Api) -> None:
        times = {
            "scheduled_start": "2030-01-02T16:00:00.75+01:00",
            "scheduled_end": "2030-01-02t15:00:00.5-01:00",
        }

        body = api.post(a_body(**times)).json

        assert (body["scheduled_start"], body["scheduled_end"]) == (START, END)

    def test_emails_come_back_trimmed_and_in_lower_case(self, api: Api) -> None:
        body = api.post(
            a_body(organizer_email=" Doctor@Clinica.COM ", invited_emails=["\tAna@ÑANDÚ.es"])
        ).json

        assert [participant["email"] for participant in body["participants"]] == [
            "doctor@clinica.com",
            "ana@xn--and-6ma2c.es",
        ]


class TestWithoutALink:
    def test_who_waits_in_vain_is_told_to_come_back(self, api: Api) -> None:
        answer = api.post(a_body(), prefer="wait=1")

        assert answer.status == 202
        assert answer.json["meet_link"] is None
        assert answer.json["calendar"]["state"] == "PENDING"
        assert answer.headers["Location"].endswith(f"/{answer.json['id']}/")
        assert int(answer.headers["Retry-After"]) >= 1

    def test_who_does_not_wait_is_answered_without_a_look(self, api: Api) -> None:
        answer = api.post(a_body(), prefer="respond-async")

        assert answer.status == 202
        assert answer.headers["Retry-After"] == "1"
        assert api.store.asked == ["create"]

    def test_a_202_that_google_has_put_off_for_hours_says_for_how_long(self, api: Api) -> None:
        api.queue.deliver = api.sync
        body = a_body(external_reference="sim-fail-use_limit_exceeded-1")
        api.post(body)

        answer = api.post(body, headers={"Idempotency-Key": "again"})

        assert int(answer.headers["Retry-After"]) > 3600

    def test_a_final_no_from_google_is_told_and_nobody_is_sent_to_come_back(self, api: Api) -> None:
        deliver_in_a_thread(api)

        answer = api.post(
            a_body(external_reference="sim-fail-delegation_missing-1"), prefer="wait=5"
        )

        assert answer.status == 202
        assert answer.json["meet_link"] is None
        assert answer.json["calendar"]["state"] == "FAILED"
        assert answer.json["calendar"]["error"]["code"] == "delegation_missing"
        assert len(answer.json["calendar"]["error"]["detail"]) > 20
        assert "Retry-After" not in answer.headers
        assert answer.headers["Location"]

    @pytest.mark.parametrize(
        "error", [RetryableError("queue_unavailable", "away"), PermanentError("queue_refuses", "")]
    )
    def test_a_queue_that_fails_costs_the_caller_nothing(
        self, api: Api, error: RetryableError | PermanentError
    ) -> None:
        api.queue.error = error

        # Nothing is on its way, so nothing is waited for.
        answer = api.post(a_body(), prefer="wait=30")

        assert api.store.asked == ["create"]
        [meeting] = api.stored()
        assert answer.status == 202
        assert answer.json["id"] == meeting.id
        assert meeting.calendar.state is CalendarState.PENDING
        assert meeting.calendar.due_at == NOW + OVERDUE_AFTER
        assert [
            due.meeting for due in api.store.kept.due(DueKind.CALENDAR, NOW + OVERDUE_AFTER)
        ] == [meeting]


class TestPrefer:
    @pytest.mark.parametrize(
        ("prefer", "applied"),
        [
            ("wait=0", "wait=0"),
            ("WAIT=0", "wait=0"),
            ("return=minimal, wait=0", "wait=0"),
            ("wait=0, respond-async", "wait=0"),
            ("respond-async, wait=0", "wait=0"),
            ("respond-async", "respond-async"),
            ("Respond-Async, handling=lenient", "respond-async"),
        ],
    )
    def test_what_is_preferred_is_done_and_said(self, api: Api, prefer: str, applied: str) -> None:
        answer = api.post(a_body(), prefer=prefer)

        assert answer.status == 202
        assert answer.headers["Preference-Applied"] == applied

    @pytest.mark.parametrize(
        "prefer", ["wait", "wait=", "wait=-1", "wait=x", "wait=1.5", ";;,,=", "later", "wait=0 0"]
    )
    def test_what_is_not_understood_is_ignored(self, api: Api, prefer: str) -> None:
        deliver_in_a_thread(api)

        answer = api.post(a_body(), prefer=prefer)

        assert answer.status == 201
        assert "Preference-Applied" not in answer.headers

    def test_nobody_waits_longer_than_half_a_minute(self, api: Api) -> None:
        deliver_in_a_thread(api)

        answer = api.post(a_body(), prefer="wait=3600")

        assert answer.headers["Preference-Applied"] == "wait=30"
