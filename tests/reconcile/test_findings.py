"""What is wrong, and what only looks like it."""

from datetime import timedelta

from functions.mismatches import Finding, Mismatch
from functions.models import Notify, user_id
from functions.reconciling import Unread, Window
from infra.google_calendar import GoogleCalendar
from tests.reconcile.clinic import DELEGATE, NEW_DOCTOR, XOMA, Clinic, with_generation
from tests.values import NOW, ORGANIZER, a_meeting, put

LIST, GET = "calendar.events.list", "calendar.events.get"


class TestMissing:
    def test_an_event_that_nobody_has_made_yet_is_not(self, clinic: Clinic) -> None:
        clinic.ask()

        assert clinic.report() == {}

    def test_one_that_was_made_and_deleted_since_is(self, clinic: Clinic) -> None:
        asked = clinic.ask().meeting.id
        backup = clinic.database.copy()
        clinic.sync()
        clinic.cancel(asked)

        clinic.database = backup

        assert clinic.report() == {Mismatch.MISSING: {asked}}

    def test_one_outside_of_the_window_is_not(self, clinic: Clinic) -> None:
        moved = clinic.make()
        backup = clinic.database.copy()
        ends_at = clinic.meeting(moved).scheduled_start + timedelta(hours=1)
        clinic.move(moved, ends_at)

        clinic.database = backup

        assert clinic.report(ends_at=ends_at) == {Mismatch.STALE: {moved}}

    def test_one_that_was_made_anew_since_is_not(self, clinic: Clinic) -> None:
        made = clinic.make()
        backup = clinic.database.copy()
        ends_at = clinic.meeting(made).scheduled_start + timedelta(hours=1)
        clinic.delete_by_hand(made)
        clinic.move(made, ends_at)
        assert clinic.meeting(made).calendar.generation == 1

        clinic.database = backup

        assert clinic.report(ends_at=ends_at) == {Mismatch.STALE: {made}}

    def test_one_that_is_over_is_not(self, clinic: Clinic) -> None:
        made = clinic.make()
        clinic.delete_by_hand(made)

        clinic.time = clinic.meeting(made).scheduled_end

        assert clinic.report() == {}

    def test_one_of_the_mock_workspace_is_not(self, clinic: Clinic) -> None:
        put(clinic.database.meetings, a_meeting(livemode=False, google_event_id="simulated"))

        assert clinic.report() == {}


class TestLost:
    def test_one_that_is_over_is_found(self, clinic: Clinic) -> None:
        backup = clinic.database.copy()
        made = clinic.make(organizer_email=ORGANIZER)
        clinic.time = clinic.meeting(made).scheduled_end + timedelta(days=1)

        clinic.database = backup

        assert clinic.report(ORGANIZER) == {Mismatch.LOST: {made}}

    def test_a_copy_that_somebody_made_is_none(self, clinic: Clinic) -> None:
        made = clinic.meeting(clinic.make())

        # One whose id is none of the meeting's.
        clinic.calendar.insert(with_generation(made, 1000))

        assert clinic.report() == {}

    def test_another_installations_events_are_none(self, clinic: Clinic) -> None:
        other = GoogleCalendar(clinic.mailboxes, clinic.double.url, "clinic-staging")
        other.insert(a_meeting())

        assert clinic.report(ORGANIZER) == {}

    def test_of_the_delegates_mailbox_only_the_organizers_own(self, clinic: Clinic) -> None:
        backup = clinic.database.copy()
        theirs = clinic.make(organizer_email="una@fuera.com")
        clinic.make(organizer_email="otra@fuera.com")

        clinic.database = backup

        assert clinic.report("una@fuera.com") == {Mismatch.LOST: {theirs}}


class TestOrphan:
    def test_an_event_that_is_being_deleted_is_none(self, clinic: Clinic) -> None:
        made = clinic.make()

        clinic.scheduler.cancel(made, XOMA)

        assert clinic.report() == {}


class TestOver:
    def test_of_what_is_over_neither_orphans_nor_doubles_are_told_to_guests(
        self, clinic: Clinic
    ) -> None:
        meeting = clinic.meeting(clinic.make())
        clinic.calendar.insert(with_generation(meeting, 1))
        cancelled = clinic.meeting(clinic.make())
        clinic.cancel(cancelled.id)
        clinic.calendar.insert(with_generation(cancelled, 1))
        assert clinic.report() == {
            Mismatch.DOUBLE: {meeting.id},
            Mismatch.ORPHAN: {cancelled.id},
        }

        clinic.time = meeting.scheduled_end

        assert clinic.report() == {}


class TestUnread:
    def test_a_mailbox_that_is_unusable_hides_no_other(self, clinic: Clinic) -> None:
        lost_from = clinic.database.copy()
        lost = clinic.make()
        clinic.double.add_user(NEW_DOCTOR, suspended=True)

        clinic.database = lost_from
        found = clinic.find(ORGANIZER, NEW_DOCTOR)

        [unread] = [one for one in found if isinstance(one, Unread)]
        assert unread == Unread(user_id(NEW_DOCTOR), "organizer_unusable")
        assert [one.meeting_id for one in found if isinstance(one, Finding)] == [lost]

    def test_what_google_does_not_answer_at_once_is_asked_again(self, clinic: Clinic) -> None:
        clinic.make()
        clinic.double.faults.add(method=LIST, status=503, times=2)

        assert clinic.report(ORGANIZER) == {}
        assert clinic.double.count(LIST) == 3

    def test_a_mailbox_that_stays_silent_is_told(self, clinic: Clinic) -> None:
        clinic.make()
        clinic.double.faults.add(method=LIST, status=503, times=3)

        assert clinic.find(ORGANIZER) == [Unread(user_id(ORGANIZER), "google_unavailable")]

    def test_an_event_that_cannot_be_looked_for_is_not_missing(self, clinic: Clinic) -> None:
        made = clinic.make()
        clinic.delete_by_hand(made)
        clinic.double.faults.add(method=GET, status=503, times=3)

        assert clinic.find(ORGANIZER) == [Unread(user_id(ORGANIZER), "google_unavailable", made)]


class TestOrganizers:
    def test_are_all_users_and_all_who_have_a_meeting(self, clinic: Clinic) -> None:
        doctors = {f"d{number}@clinica.com" for number in range(250)}
        for number, doctor in enumerate(sorted(doctors)):
            start = NOW + timedelta(minutes=number)
            put(
                clinic.database.meetings,
                a_meeting(organizer_email=doctor, scheduled_start=start),
            )
        for doctor in doctors:
            if doctor != "d0@clinica.com":
                users = clinic.database.users
                users.save(users.get(user_id(doctor)), None)

        # Only one of them is left a user, whose meeting is before the window.
        window = Window(NOW + timedelta(seconds=1))

        assert clinic.reconciler.organizers(window) == doctors

    def test_of_one_mailbox_are_read_together(self, clinic: Clinic) -> None:
        for number in range(3):
            clinic.make(organizer_email=f"medica{number}@fuera.com", notify=Notify.NONE)

        assert clinic.report() == {}
        assert clinic.double.count(LIST) == 1
        assert clinic.calendar.owner_of("medica0@fuera.com") == DELEGATE
