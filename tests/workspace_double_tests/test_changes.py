"""An event is patched, replaced, deleted and changed by its owner's hand."""

from datetime import timedelta

from tests.workspace_double import WorkspaceDouble
from tests.workspace_double_tests.calendar_calls import (
    DOCTOR,
    EVENT_ID,
    NURSE,
    PATIENT,
    ROOM_REQUEST,
    Events,
    Refusal,
    attendees,
    times,
)
from tests.workspace_double_tests.conftest import Clock


class TestPatch:
    def test_objects_merge_arrays_are_replaced_null_removes(self, events: Events) -> None:
        events.insert(
            summary="Check-up",
            location="Room 3",
            attendees=attendees(PATIENT, NURSE),
            extendedProperties={"private": {"meeting": "m1", "revision": "1"}},
        )

        patched = events.patch(
            location=None,
            attendees=attendees(NURSE),
            extendedProperties={"private": {"revision": "2"}},
        )

        assert patched["summary"] == "Check-up"
        assert "location" not in patched
        assert [attendee["email"] for attendee in patched["attendees"]] == [NURSE]
        assert patched["extendedProperties"]["private"] == {"meeting": "m1", "revision": "2"}
        assert events.get() == patched

    def test_every_write_changes_etag_and_updated(self, events: Events, clock: Clock) -> None:
        inserted = events.insert()
        clock.instant += timedelta(minutes=1)

        patched = events.patch(summary="Later")

        assert patched["etag"] != inserted["etag"]
        assert patched["updated"] == "2026-03-02T12:01:00.000Z"
        assert patched["created"] == inserted["created"]

    def test_moving_raises_the_sequence_and_renaming_does_not(self, events: Events) -> None:
        events.insert()

        assert events.patch(summary="Check-up")["sequence"] == 0
        assert events.patch(**times(16))["sequence"] == 1

    def test_a_stale_if_match_is_refused(self, events: Events) -> None:
        etag = events.insert()["etag"]
        patched = events.patch(summary="first", etag=etag)

        with Refusal(412, "conditionNotMet"):
            events.patch(summary="second", etag=etag)
        with Refusal(412, "conditionNotMet"):
            events.delete(etag=etag)

        assert events.get() == patched
        events.delete(etag=patched["etag"])

    def test_google_keeps_its_own_fields(self, events: Events) -> None:
        etag = events.insert()["etag"]

        patched = events.patch(id="m00002", sequence=7, iCalUID="x")

        assert patched["id"] == EVENT_ID
        assert patched["iCalUID"] == f"{EVENT_ID}@google.com"
        assert patched["sequence"] == 0
        assert patched["etag"] != etag

    def test_rules_hold_for_patches_too(self, events: Events) -> None:
        events.insert()

        with Refusal(400, "timeRangeEmpty"):
            events.patch(end={"dateTime": "2026-03-05T14:00:00Z"})
        with Refusal(404, "notFound"):
            events.resource.patch(
                calendarId="primary",
                eventId="m99999",
                body={},
                conferenceDataVersion=1,
                sendUpdates="none",
            ).execute()

    def test_a_cancelled_event_is_not_patched(self, events: Events) -> None:
        events.insert()
        events.delete()

        with Refusal(403, "forbidden"):
            events.patch(summary="again")

    def test_cancelling_by_patch_is_a_deletion(
        self, double: WorkspaceDouble, events: Events
    ) -> None:
        events.insert(attendees=attendees(PATIENT))

        events.patch(status="cancelled")

        assert double.mail[-1] == (EVENT_ID, "cancel", PATIENT)
        with Refusal(410, "deleted"):
            events.delete()

    def test_update_replaces_the_whole_event(self, events: Events) -> None:
        inserted = events.insert(summary="Check-up", conferenceData=ROOM_REQUEST)

        updated = events.resource.update(
            calendarId="primary",
            eventId=EVENT_ID,
            body=times(16),
            conferenceDataVersion=1,
            sendUpdates="none",
        ).execute()

        assert "summary" not in updated
        assert "hangoutLink" not in updated
        assert updated["created"] == inserted["created"]

    def test_long_properties_are_cut_silently(self, events: Events) -> None:
        inserted = events.insert(
            extendedProperties={"private": {"k" * 45: "dropped", "k": "v" * 1025}}
        )

        assert inserted["extendedProperties"]["private"] == {"k": "v" * 1024}


class TestDelete:
    def test_a_deleted_event_is_cancelled_and_still_read(self, events: Events) -> None:
        events.insert(summary="Check-up")

        events.delete()

        assert events.get()["status"] == "cancelled"
        assert events.get()["summary"] == "Check-up"
        with Refusal(410, "deleted"):
            events.delete()

    def test_an_unknown_event(self, events: Events) -> None:
        with Refusal(404, "notFound"):
            events.delete(event_id="m99999")
        with Refusal(404, "notFound"):
            events.get("m99999")


class TestByHand:
    def test_the_owner_changes_an_event(self, double: WorkspaceDouble, events: Events) -> None:
        etag = events.insert(summary="Check-up", attendees=attendees(PATIENT))["etag"]
        double.mail.clear()

        double.edit_event(DOCTOR, EVENT_ID, summary="By hand")

        with Refusal(412, "conditionNotMet"):
            events.patch(summary="By machine", etag=etag)
        assert events.get()["summary"] == "By hand"
        assert double.event(DOCTOR, EVENT_ID)["summary"] == "By hand"
        assert double.mail == []
