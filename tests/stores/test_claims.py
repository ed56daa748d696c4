"""Idempotency-Keys are used in the commit of what the request does, or not at all."""

import pytest

from functions.errors import (
    ConcurrentChange,
    KeyTaken,
    MeetingNotFound,
    ReferenceTaken,
    Refused,
    UserNotFound,
)
from functions.models import EntryKind, new_user, user_id
from functions.ports import AnswerStore, MeetingStore, UserStore
from tests.stores.making import XOMA, a_claim, a_noted_meeting, an_admin, at_once, attempt
from tests.values import NOW, ORGANIZER, a_meeting, an_entry, put


class TestMeetings:
    def test_a_create_uses_the_key(self, store: MeetingStore, answers: AnswerStore) -> None:
        meeting, claim = a_meeting(), a_claim()

        store.create(meeting, an_entry(meeting), claim)

        assert store.get(meeting.id).meeting == meeting
        assert answers.find(claim.id, NOW) == (claim, None)

    def test_a_create_with_a_used_key_stores_nothing(
        self, store: MeetingStore, users: UserStore, answers: AnswerStore
    ) -> None:
        used = a_claim()
        answers.claim(used)
        meeting, entry = a_noted_meeting(external_reference="ref")

        with pytest.raises(KeyTaken):
            store.create(meeting, entry, used.replace(fingerprint="other"))

        with pytest.raises(MeetingNotFound):
            store.get(meeting.id)
        with pytest.raises(UserNotFound):
            users.get(user_id(ORGANIZER))
        assert store.find_active("ref") is None
        assert answers.find(used.id, NOW) == (used, None)

    def test_a_used_key_is_told_before_a_taken_reference(
        self, store: MeetingStore, answers: AnswerStore
    ) -> None:
        used = a_claim()
        first, second = (a_meeting(external_reference="ref") for _ in range(2))
        store.create(first, an_entry(first), used)

        with pytest.raises(KeyTaken):
            store.create(second, an_entry(second), used)

    def test_of_many_creates_with_one_key_one_is_stored(self, store: MeetingStore) -> None:
        claim = a_claim()
        meetings = [a_meeting(external_reference="ref") for _ in range(6)]

        outcomes = at_once(
            lambda meeting: attempt(store.create, meeting, an_entry(meeting), claim), meetings
        )

        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, KeyTaken) for outcome in outcomes) == 5
        assert store.find_active("ref") == meetings[outcomes.index(None)]

    def test_a_refused_create_leaves_the_key_unused(
        self, store: MeetingStore, answers: AnswerStore
    ) -> None:
        put(store, a_meeting(external_reference="ref"))
        refused, claim = a_meeting(external_reference="ref"), a_claim()

        with pytest.raises(ReferenceTaken):
            store.create(refused, an_entry(refused), claim)

        assert answers.find(claim.id, NOW) is None

    def test_a_save_uses_the_key(self, store: MeetingStore, answers: AnswerStore) -> None:
        meeting, claim = a_meeting(), a_claim()
        put(store, meeting)

        store.save(store.get(meeting.id), meeting.changed(NOW, summary="Once"), None, claim)

        assert store.get(meeting.id).meeting.summary == "Once"
        assert answers.find(claim.id, NOW) == (claim, None)

    def test_a_save_with_a_used_key_stores_nothing(
        self, store: MeetingStore, answers: AnswerStore
    ) -> None:
        used = a_claim()
        answers.claim(used)
        meeting, entry = a_noted_meeting(external_reference="old")
        store.create(meeting, entry)
        changed, noted = meeting.changed(NOW, external_reference="new").noting(
            EntryKind.MEETING_CHANGED, NOW, XOMA
        )

        with pytest.raises(KeyTaken):
            store.save(store.get(meeting.id), changed, noted, used)

        assert store.get(meeting.id).meeting == meeting
        assert store.find_active("old") == meeting
        assert store.find_active("new") is None
        assert store.journal(meeting.id, 10, None).items == (entry,)

    def test_a_used_key_is_told_before_another_write(self, store: MeetingStore) -> None:
        meeting, claim = a_meeting(), a_claim()
        put(store, meeting)
        read = store.get(meeting.id)
        store.save(read, meeting.changed(NOW, summary="Once"), None, claim)

        with pytest.raises(KeyTaken):
            store.save(read, meeting.changed(NOW, summary="Once"), None, claim)

    def test_a_refused_save_leaves_the_key_unused(
        self, store: MeetingStore, answers: AnswerStore
    ) -> None:
        meeting, claim = a_meeting(), a_claim()
        put(store, meeting)
        stale = store.get(meeting.id)
        store.save(stale, meeting.changed(NOW, summary="First"))

        with pytest.raises(ConcurrentChange):
            store.save(stale, meeting.changed(NOW, summary="Second"), None, claim)

        assert answers.find(claim.id, NOW) is None

    def test_a_save_refused_for_its_reference_leaves_the_key_unused(
        self, store: MeetingStore, answers: AnswerStore
    ) -> None:
        meeting, claim = a_meeting(), a_claim()
        put(store, meeting)
        put(store, a_meeting(external_reference="his"))

        with pytest.raises(ReferenceTaken):
            store.save(
                store.get(meeting.id), meeting.changed(NOW, external_reference="his"), None, claim
            )

        assert answers.find(claim.id, NOW) is None


class TestUsers:
    def test_each_write_uses_the_key(self, users: UserStore, answers: AnswerStore) -> None:
        claims = [a_claim() for _ in range(3)]
        user = new_user("one@clinica.com", NOW)

        users.create(user, claims[0])
        saved = users.save(users.get(user.id), user.replace(active=False), claims[1])
        assert saved is not None
        users.save(saved, None, claims[2])

        assert [answers.find(claim.id, NOW) for claim in claims] == [(c, None) for c in claims]

    def test_a_write_with_a_used_key_stores_nothing(
        self, users: UserStore, answers: AnswerStore
    ) -> None:
        used = a_claim()
        answers.claim(used)
        user, other = (new_user(f"{name}@clinica.com", NOW) for name in ("one", "two"))
        users.create(user)
        before = users.get(user.id)

        with pytest.raises(KeyTaken):
            users.create(other, used)
        with pytest.raises(KeyTaken):
            users.save(before, user.replace(active=False), used)
        with pytest.raises(KeyTaken):
            users.save(before, None, used)

        assert users.page(None, 10, None).items == (user,)

    def test_a_used_key_is_told_before_an_address_that_is_there(self, users: UserStore) -> None:
        user, claim = new_user("one@clinica.com", NOW), a_claim()
        users.create(user, claim)

        with pytest.raises(KeyTaken):
            users.create(user, claim)

    def test_a_refused_write_leaves_the_key_unused(
        self, users: UserStore, answers: AnswerStore
    ) -> None:
        admin, claim = an_admin(), a_claim()
        users.create(admin)

        with pytest.raises(ConcurrentChange):
            users.create(admin, claim)
        with pytest.raises(Refused):
            users.save(users.get(admin.id), None, claim)

        assert answers.find(claim.id, NOW) is None
