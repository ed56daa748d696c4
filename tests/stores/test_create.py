"""A new meeting, with its reference and its organizer, in one commit."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from functions.errors import ConcurrentChange, MeetingNotFound, ReferenceTaken, UserNotFound
from functions.models import MeetingQuery, UserRole, user_id
from functions.ports import MeetingStore, UserStore
from tests.stores.making import an_admin, attempt
from tests.values import NOW, ORGANIZER, a_meeting, put


class TestCreate:
    def test_what_is_stored_is_what_was_given(self, store: MeetingStore) -> None:
        meeting = a_meeting(external_reference="ref/1 ñ", description="línea\ndos")

        put(store, meeting)

        assert store.get(meeting.id).meeting == meeting

    def test_an_active_reference_is_refused_and_nothing_is_stored(
        self, store: MeetingStore
    ) -> None:
        first, second = (a_meeting(external_reference="ref") for _ in range(2))
        put(store, first)

        with pytest.raises(ReferenceTaken) as taken:
            put(store, second)

        assert taken.value.existing_id == first.id
        with pytest.raises(MeetingNotFound):
            store.get(second.id)

    def test_meetings_without_a_reference_do_not_meet(self, store: MeetingStore) -> None:
        for _ in range(3):
            put(store, a_meeting())

        assert len(store.page(MeetingQuery(), 10, None).items) == 3

    def test_of_many_at_once_one_gets_the_reference(self, store: MeetingStore) -> None:
        meetings = [a_meeting(external_reference="ref") for _ in range(8)]

        with ThreadPoolExecutor(8) as pool:
            outcomes = list(pool.map(lambda meeting: attempt(put, store, meeting), meetings))

        assert outcomes.count(None) == 1
        winner = meetings[outcomes.index(None)]
        losers = [outcome for outcome in outcomes if outcome is not None]
        assert all(isinstance(o, ReferenceTaken | ConcurrentChange) for o in losers)
        assert [m.id for m in store.page(MeetingQuery(), 10, None).items] == [winner.id]


class TestOrganizer:
    def test_becomes_an_active_external_user(self, store: MeetingStore, users: UserStore) -> None:
        put(store, a_meeting())

        organizer = users.get(user_id(ORGANIZER)).user

        assert organizer.email == ORGANIZER
        assert organizer.role is UserRole.EXTERNAL
        assert organizer.active
        assert users.page(None, 10, None).items == (organizer,)

    def test_who_was_made_so_can_be_given_a_role(
        self, store: MeetingStore, users: UserStore
    ) -> None:
        put(store, a_meeting())
        made = users.get(user_id(ORGANIZER))

        users.save(made, made.user.replace(role=UserRole.SERVICE))
        put(store, a_meeting())

        [service] = users.page(UserRole.SERVICE, 10, None).items
        assert service.email == ORGANIZER

    @pytest.mark.parametrize("active", [True, False])
    def test_who_is_a_user_already_stays_as_he_is(
        self, store: MeetingStore, users: UserStore, active: bool
    ) -> None:
        admin = an_admin(ORGANIZER, active)
        users.create(admin)
        before = users.get(admin.id)

        put(store, a_meeting())

        assert users.get(admin.id) == before

    def test_a_user_read_before_can_be_saved_after(
        self, store: MeetingStore, users: UserStore
    ) -> None:
        admin = an_admin(ORGANIZER)
        users.create(admin)
        before = users.get(admin.id)

        put(store, a_meeting())
        users.save(before, admin.replace(updated_at=NOW.replace(year=2031)))

        assert users.get(admin.id).user.updated_at == NOW.replace(year=2031)

    def test_a_refused_meeting_makes_no_user(self, store: MeetingStore, users: UserStore) -> None:
        put(store, a_meeting(external_reference="ref"))
        refused = a_meeting(external_reference="ref", organizer_email="other@clinica.com")

        with pytest.raises(ReferenceTaken):
            put(store, refused)

        with pytest.raises(UserNotFound):
            users.get(user_id("other@clinica.com"))
