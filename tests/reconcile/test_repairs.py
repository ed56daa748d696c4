"""Each kind of repair, what hinders it, and what it leaves alone."""

from datetime import timedelta

import pytest

from functions.mismatches import Finding, Mismatch
from functions.models import CalendarState, EntryKind, MeetingStatus
from functions.repairs import CHANGED_MEANWHILE, REPAIR_OTHERS_FIRST, REPAIRED, Outcome, Repairer
from tests.reconcile.clinic import Clinic, with_generation
from tests.values import GUEST, NOW, ORGANIZER

LATER = NOW + timedelta(days=9, minutes=30)


class TestLost:
    def test_a_reference_that_another_has_is_not_taken_from_it(self, clinic: Clinic) -> None:
        backup = clinic.database.copy()
        lost = clinic.make("appointment")
        clinic.database = backup
        again = clinic.make("appointment")

        assert clinic.repair(Mismatch.LOST) == [Outcome("reference_taken", again)]
        clinic.cancel(again)
        assert clinic.repair(Mismatch.LOST) == [REPAIRED]
        assert clinic.meeting(lost).external_reference == "appointment"
        clinic.assert_all_match()

    def test_a_room_that_is_still_being_made_is_waited_for(self, clinic: Clinic) -> None:
        clinic.make()
        backup = clinic.database.copy()
        clinic.double.script_conference("pending", polls=8)
        with pytest.raises(Exception, match="conference_pending"):
            clinic.make()
        clinic.database = backup

        assert clinic.repair(Mismatch.LOST) == [REPAIRED]
        assert clinic.report() == {}
        clinic.sync()

        clinic.assert_all_match()

    def test_the_next_request_for_a_room_is_not_one_that_google_has_seen(
        self, clinic: Clinic
    ) -> None:
        clinic.make()
        backup = clinic.database.copy()
        clinic.double.script_conference("failure", times=2)
        clinic.double.script_conference("pending", polls=5)
        with pytest.raises(Exception, match="conference_pending"):
            clinic.make()
        clinic.database = backup

        assert clinic.repair(Mismatch.LOST) == [REPAIRED]
        [lost] = [m for m in clinic.meetings().values() if m.meet_link is None]

        assert lost.calendar.conference_attempt == 2


class TestStale:
    def test_an_event_made_anew_is_the_meetings_from_then_on(self, clinic: Clinic) -> None:
        made = clinic.make()
        backup = clinic.database.copy()
        clinic.delete_by_hand(made)
        clinic.move(made, LATER)
        meeting = clinic.meeting(made)
        clinic.database = backup

        assert clinic.repair(Mismatch.STALE) == [REPAIRED]

        assert clinic.meeting(made).event_id == meeting.event_id == meeting.google_event_id
        assert clinic.meeting(made).meeting_code == meeting.meeting_code
        clinic.move(made, LATER + timedelta(days=1))
        clinic.assert_all_match()

    def test_the_journal_tells_what_was_taken_over(self, clinic: Clinic) -> None:
        made = clinic.make()
        backup = clinic.database.copy()
        clinic.change(made, summary="Check-up")
        clinic.database = backup

        clinic.repair(Mismatch.STALE)

        entry = clinic.database.meetings.journal(made, 100, None).items[-1]
        assert (entry.kind, entry.revision) == (EntryKind.MEETING_RECONCILED, 2)
        assert entry.details["summary"] == {"from": "Appointment", "to": "Check-up"}
        assert GUEST not in str(entry.details)

    def test_a_meeting_that_is_finished_stays_so(self, clinic: Clinic) -> None:
        made = clinic.make()
        stored = clinic.database.meetings.get(made)
        finished = stored.meeting.replace(status=MeetingStatus.FINISHED)
        backup = clinic.database.copy()
        backup.meetings.save(backup.meetings.get(made), finished)
        clinic.change(made, summary="Check-up")
        clinic.database = backup

        assert clinic.repair(Mismatch.STALE) == [Outcome("finished")]


class TestMissing:
    def test_an_event_that_is_there_again_is_left_alone(self, clinic: Clinic) -> None:
        made = clinic.make()
        clinic.delete_by_hand(made)
        [found] = clinic.find()
        assert isinstance(found, Finding)
        clinic.double.edit_event(ORGANIZER, found.event_id, status="confirmed")

        assert Repairer(clinic.reconciler).repair(found) == CHANGED_MEANWHILE
        assert not clinic.meeting(made).is_cancelled

    def test_nobody_is_told_again(self, clinic: Clinic) -> None:
        made = clinic.make()
        clinic.delete_by_hand(made)
        clinic.double.mail.clear()

        assert clinic.repair(Mismatch.MISSING) == [REPAIRED]
        clinic.sync()

        assert clinic.meeting(made).cancelled_by == "reconcile"
        assert clinic.double.mail == []
        clinic.assert_all_match()


class TestOrphan:
    @pytest.mark.parametrize("generation", [0, 1])
    def test_is_deleted_and_its_guests_are_told(self, clinic: Clinic, generation: int) -> None:
        made = clinic.make()
        clinic.cancel(made)
        stored = clinic.database.meetings.get(made)
        # As a deletion that had failed, or an insert that came late, leaves it.
        orphan = with_generation(stored.meeting, 1)
        clinic.calendar.insert(orphan)
        if generation == 1:
            clinic.database.meetings.save(stored, orphan)
        clinic.double.mail.clear()
        assert clinic.report() == {Mismatch.ORPHAN: {made}}

        assert clinic.repair(Mismatch.ORPHAN) == [REPAIRED]
        assert clinic.meeting(made).calendar.state is CalendarState.PENDING
        assert clinic.report() == {}
        clinic.sync()

        assert clinic.double.mail == [(orphan.event_id, "cancel", GUEST)]
        clinic.assert_all_match()


class TestDouble:
    def test_only_the_other_event_is_deleted(self, clinic: Clinic) -> None:
        meeting = clinic.meeting(clinic.make())
        double = with_generation(meeting, 1)
        clinic.calendar.insert(double)
        clinic.double.mail.clear()
        assert clinic.report() == {Mismatch.DOUBLE: {meeting.id}}

        assert clinic.repair(Mismatch.DOUBLE) == [REPAIRED]

        assert clinic.double.mail == [(double.event_id, "cancel", GUEST)]
        assert clinic.report() == {}
        clinic.assert_all_match()
        entry = clinic.database.meetings.journal(meeting.id, 100, None).items[-1]
        assert [(c.method, c.outcome) for c in entry.google_calls] == [("events.delete", "ok")]

    def test_the_newest_stays_once_it_is_the_meetings(self, clinic: Clinic) -> None:
        meeting = clinic.meeting(clinic.make())
        newest = with_generation(meeting, 1).replace(revision=2, summary="Newest")
        clinic.calendar.insert(newest)

        assert clinic.repair(Mismatch.DOUBLE) == [REPAIR_OTHERS_FIRST]
        assert clinic.repair(Mismatch.STALE) == [REPAIRED]
        assert clinic.repair(Mismatch.DOUBLE) == [REPAIRED]

        assert clinic.meeting(meeting.id).event_id == newest.event_id
        clinic.assert_all_match()

    def test_of_a_lost_meeting_waits_for_it(self, clinic: Clinic) -> None:
        clinic.make()
        backup = clinic.database.copy()
        lost = clinic.meeting(clinic.make())
        clinic.calendar.insert(with_generation(lost, 1))
        clinic.database = backup

        assert clinic.repair(Mismatch.DOUBLE) == [REPAIR_OTHERS_FIRST]
        assert clinic.repair(Mismatch.LOST) == [REPAIRED]
        assert clinic.repair(Mismatch.DOUBLE) == [REPAIRED]

        clinic.assert_all_match()

    def test_one_that_google_will_not_delete_is_told(self, clinic: Clinic) -> None:
        meeting = clinic.meeting(clinic.make())
        clinic.calendar.insert(with_generation(meeting, 1))
        clinic.double.faults.add(
            method="calendar.events.delete", status=403, reason="quotaExceeded"
        )

        [outcome] = clinic.repair(Mismatch.DOUBLE)

        assert outcome.code == "use_limit_exceeded"
        assert clinic.repair(Mismatch.DOUBLE) == [REPAIRED]


class TestTwice:
    @pytest.mark.parametrize("mismatch", [Mismatch.LOST, Mismatch.STALE, Mismatch.MISSING])
    def test_what_another_has_repaired_is_left_alone(
        self, any_clinic: Clinic, mismatch: Mismatch
    ) -> None:
        clinic = any_clinic
        made = clinic.make()
        backup = clinic.database.copy()
        clinic.change(made, summary="Check-up")
        clinic.cancel(clinic.make())
        if mismatch is Mismatch.MISSING:
            clinic.cancel(made)
        if mismatch is Mismatch.LOST:
            clinic.make()
        clinic.database = backup
        [found] = [
            one for one in clinic.find() if isinstance(one, Finding) and one.mismatch is mismatch
        ]
        repairer = Repairer(clinic.reconciler)

        assert repairer.repair(found) == REPAIRED
        before = clinic.meetings()
        assert repairer.repair(found) == CHANGED_MEANWHILE

        assert clinic.meetings() == before
