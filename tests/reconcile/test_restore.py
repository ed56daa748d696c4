"""Back up, go on working, restore, reconcile class by class: nothing is lost, nothing twice."""

from datetime import timedelta
from typing import Any

from functions.mismatches import Mismatch
from functions.models import EntryKind, GuestKind, Meeting, Notify
from functions.participants import add_guest, remove_guest
from functions.repairs import REPAIRED
from tests.reconcile.clinic import NEW_DOCTOR, XOMA, Clinic
from tests.values import GUEST, NOW

LATER = NOW + timedelta(days=9, minutes=30)
EXTERNAL = "medica@fuera.com"
KEPT = (
    "status",
    "livemode",
    "organizer_email",
    "participant_emails",
    "summary",
    "description",
    "scheduled_start",
    "scheduled_end",
    "time_zone",
    "external_reference",
    "notify",
    "google_event_id",
    "meet_link",
    "meeting_code",
)


def test_a_restored_backup_is_brought_up_to_google(any_clinic: Clinic) -> None:
    clinic = any_clinic
    same, moved, cancelled = clinic.make(), clinic.make("moved"), clinic.make("rebooked")
    visited, moved_and_cancelled = clinic.make(guest_emails=(GUEST, "b@x.com")), clinic.make()
    waiting = clinic.ask("waiting").meeting.id

    backup = clinic.database.copy()
    clinic.sync()
    clinic.move(moved, LATER)
    clinic.change(moved, summary="Check-up", description="Fasting", external_reference="moved-2")
    clinic.cancel(cancelled)
    add_guest(clinic.writer, visited, "c@x.com", GuestKind.COMPANION, XOMA)
    leaving = clinic.meeting(visited).participants[2]
    remove_guest(clinic.writer, visited, leaving.id, XOMA)
    clinic.sync()
    clinic.move(moved_and_cancelled, LATER)
    clinic.cancel(moved_and_cancelled)
    rebooked = clinic.make("rebooked", scheduled_start=LATER)
    external = clinic.make("external", organizer_email=EXTERNAL, description="By phone")
    silent = clinic.make("silent", organizer_email=NEW_DOCTOR, notify=Notify.NONE)
    clinic.assert_all_match()
    meetings, events, mail = clinic.meetings(), clinic.live(), list(clinic.double.mail)

    clinic.database, clinic.time = backup, NOW + timedelta(hours=1)
    restored = clinic.meetings()
    wrong = {
        Mismatch.MISSING: {cancelled, moved_and_cancelled},
        Mismatch.STALE: {moved, visited},
        Mismatch.LOST: {rebooked, external},
    }
    assert clinic.report() == wrong
    # Nobody who is stored knows of this doctor: an operator must.
    assert clinic.report(NEW_DOCTOR) == {Mismatch.LOST: {silent}}
    assert clinic.meetings() == restored

    for mismatch in list(wrong):
        outcomes = clinic.repair(mismatch)
        assert outcomes == [REPAIRED] * len(wrong.pop(mismatch))
        assert clinic.report() == wrong
    assert clinic.repair(Mismatch.LOST, NEW_DOCTOR) == [REPAIRED]
    assert clinic.report() == {}
    clinic.sync()

    assert {i: kept(m) for i, m in clinic.meetings().items()} == {
        i: kept(m) for i, m in meetings.items()
    }
    assert clinic.meeting(same) == restored[same]
    assert clinic.meeting(waiting).meet_link is not None
    assert clinic.meeting(visited).participants[:2] == restored[visited].participants[:2]
    # Nothing was written at Google: each event has the ETag that it had.
    assert clinic.live() == events
    assert clinic.double.mail == mail
    clinic.assert_all_match()
    assert clinic.report() == {}


class TestLifeAfterwards:
    def restore_with_lost(self, clinic: Clinic, **changes: Any) -> str:
        clinic.make("before")
        backup = clinic.database.copy()
        lost = clinic.make("lost", **changes)
        clinic.database = backup
        assert clinic.repair(Mismatch.LOST) == [REPAIRED]
        return lost

    def test_what_is_asked_for_again_is_the_adopted_meeting(self, any_clinic: Clinic) -> None:
        lost = self.restore_with_lost(any_clinic)

        again = any_clinic.ask("lost")

        assert (again.meeting.id, again.is_new) == (lost, False)

    def test_an_adopted_meeting_moves_with_one_mail(self, any_clinic: Clinic) -> None:
        lost = self.restore_with_lost(any_clinic)
        any_clinic.double.mail.clear()

        any_clinic.move(lost, LATER)

        event_id = any_clinic.meeting(lost).event_id
        assert any_clinic.double.mail == [(event_id, "update", GUEST)]
        any_clinic.assert_all_match()

    def test_the_adopted_meetings_journal_says_so(self, any_clinic: Clinic) -> None:
        lost = self.restore_with_lost(any_clinic)

        [entry] = any_clinic.database.meetings.journal(lost, 10, None).items

        assert (entry.kind, entry.by) == (EntryKind.MEETING_RECONCILED, "reconcile")
        assert entry.details["found"] == "lost"

    def test_the_adopted_meeting_is_looked_at_after_its_end(self, any_clinic: Clinic) -> None:
        lost = self.restore_with_lost(any_clinic)

        meeting = any_clinic.meeting(lost)

        assert meeting.recording_sync.due_at == meeting.scheduled_start + timedelta(minutes=5)


def kept(meeting: Meeting) -> dict[str, object]:
    """Return all that a restored and reconciled meeting must have as it was."""
    names = [*KEPT, "revision"] if not meeting.is_cancelled else ["status", "external_reference"]
    return {name: getattr(meeting, name) for name in names}
