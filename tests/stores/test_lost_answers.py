"""Firestore alone: its client repeats a commit whose answer was lost."""

import pytest
from google.api_core import exceptions
from google.cloud import firestore

from functions.errors import ReferenceTaken, RetryableError, UserNotFound
from functions.models import EntryKind, User, UserRole, new_user
from infra.firestore.database import client
from tests.stores.losing import losing_answers
from tests.stores.making import (
    XOMA,
    a_claim,
    a_noted_meeting,
    an_admin,
    an_answer,
    firestore_stores,
)
from tests.values import NOW, a_meeting, an_entry, put


class TestMeetings:
    def test_a_create_that_was_stored_is_not_taken_for_anothers(
        self, firestore_client: firestore.Client
    ) -> None:
        store = firestore_stores(losing_answers(firestore_client)).meetings
        meeting = a_meeting(external_reference="ref")

        put(store, meeting)

        assert store.get(meeting.id).meeting == meeting
        with pytest.raises(ReferenceTaken):
            put(
                firestore_stores(firestore_client).meetings,
                a_meeting(external_reference="ref"),
            )

    def test_a_create_that_was_stored_and_then_changed_by_another_is_ours_still(
        self, firestore_client: firestore.Client
    ) -> None:
        plain = firestore_stores(firestore_client).meetings
        meeting = a_meeting(external_reference="ref")

        def change() -> None:
            plain.save(plain.get(meeting.id), meeting.changed(NOW, summary="Changed"))

        losing = losing_answers(firestore_client, meanwhile=change)
        put(firestore_stores(losing).meetings, meeting)

        assert plain.get(meeting.id).meeting.summary == "Changed"

    def test_a_save_that_was_stored_is_not_taken_for_anothers(
        self, firestore_client: firestore.Client
    ) -> None:
        plain = firestore_stores(firestore_client).meetings
        meeting = a_meeting()
        put(plain, meeting)
        store = firestore_stores(losing_answers(firestore_client)).meetings

        saved = store.save(plain.get(meeting.id), meeting.changed(NOW, summary="Once"))
        plain.save(saved, saved.meeting.changed(NOW, summary="Twice"))

        assert plain.get(meeting.id).meeting.summary == "Twice"

    def test_an_answer_that_never_comes_is_looked_up(
        self, firestore_client: firestore.Client
    ) -> None:
        deadline = exceptions.DeadlineExceeded("lost")
        store = firestore_stores(losing_answers(firestore_client, deadline)).meetings
        meeting = a_meeting()

        put(store, meeting)

        assert store.get(meeting.id).meeting == meeting

    def test_an_emulator_that_is_away_is_unavailable(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", "127.0.0.1:9")
        made = client("nowhere", "(default)")

        with pytest.raises(RetryableError):
            firestore_stores(made).meetings.ping()
        made.close()

    def test_a_save_that_was_stored_and_then_changed_by_another_is_ours_still(
        self, firestore_client: firestore.Client
    ) -> None:
        plain = firestore_stores(firestore_client).meetings
        meeting, created = a_noted_meeting()
        plain.create(meeting, created)
        changed, entry = meeting.changed(NOW, summary="Ours").noting(
            EntryKind.MEETING_CHANGED, NOW, XOMA
        )

        def change() -> None:
            stored = plain.get(meeting.id)
            plain.save(stored, stored.meeting.changed(NOW, description="Another's"))

        losing = losing_answers(firestore_client, meanwhile=change)
        firestore_stores(losing).meetings.save(plain.get(meeting.id), changed, entry)

        assert plain.get(meeting.id).meeting.summary == "Ours"
        assert plain.get(meeting.id).meeting.description == "Another's"


LOST = [None, exceptions.DeadlineExceeded("lost"), exceptions.ServiceUnavailable("lost")]


@pytest.fixture(params=LOST, ids=["repeated", "too late", "unavailable"])
def losing(firestore_client: firestore.Client, request: pytest.FixtureRequest) -> firestore.Client:
    return losing_answers(firestore_client, request.param)


class TestClaims:
    def test_a_create_is_ours(
        self, firestore_client: firestore.Client, losing: firestore.Client
    ) -> None:
        meeting, claim = a_meeting(external_reference="ref"), a_claim()

        firestore_stores(losing).meetings.create(meeting, an_entry(meeting), claim)

        plain = firestore_stores(firestore_client)
        assert plain.meetings.find_active("ref") == meeting
        assert plain.answers.find(claim.id, NOW) == (claim, None)

    def test_a_save_is_ours(
        self, firestore_client: firestore.Client, losing: firestore.Client
    ) -> None:
        plain = firestore_stores(firestore_client)
        (meeting, created), claim = a_noted_meeting(), a_claim()
        plain.meetings.create(meeting, created)
        changed, entry = meeting.changed(NOW, external_reference="ref").noting(
            EntryKind.MEETING_CHANGED, NOW, XOMA
        )

        saved = firestore_stores(losing).meetings.save(
            plain.meetings.get(meeting.id), changed, entry, claim
        )

        assert plain.meetings.get(meeting.id) == saved
        assert plain.meetings.find_active("ref") == changed
        assert plain.meetings.journal(meeting.id, 10, None).items == (created, entry)
        assert plain.answers.find(claim.id, NOW) == (claim, None)

    def test_a_used_key_is_ours(
        self, firestore_client: firestore.Client, losing: firestore.Client
    ) -> None:
        claim = a_claim()

        firestore_stores(losing).answers.claim(claim)

        assert firestore_stores(firestore_client).answers.find(claim.id, NOW) == (claim, None)

    def test_a_kept_answer_is_ours(
        self, firestore_client: firestore.Client, losing: firestore.Client
    ) -> None:
        claim = a_claim()
        plain = firestore_stores(firestore_client).answers
        plain.claim(claim)

        kept = firestore_stores(losing).answers.keep(claim, an_answer(claim))

        assert kept == an_answer(claim)
        assert plain.find(claim.id, NOW) == (claim, an_answer(claim))


class TestUsers:
    def test_a_create_is_ours(
        self, firestore_client: firestore.Client, losing: firestore.Client
    ) -> None:
        user, claim = new_user("one@clinica.com", NOW), a_claim()

        firestore_stores(losing).users.create(user, claim)

        assert firestore_stores(firestore_client).users.get(user.id).user == user

    def test_a_save_is_ours(
        self, firestore_client: firestore.Client, losing: firestore.Client
    ) -> None:
        plain = firestore_stores(firestore_client).users
        admin = two_admins(firestore_client)

        saved = firestore_stores(losing).users.save(
            plain.get(admin.id), admin.replace(role=UserRole.SERVICE), a_claim()
        )

        assert plain.get(admin.id) == saved
        assert saved is not None
        assert saved.user.role is UserRole.SERVICE

    def test_a_deletion_is_ours(
        self, firestore_client: firestore.Client, losing: firestore.Client
    ) -> None:
        plain = firestore_stores(firestore_client).users
        admin = two_admins(firestore_client)

        assert firestore_stores(losing).users.save(plain.get(admin.id), None, a_claim()) is None

        with pytest.raises(UserNotFound):
            plain.get(admin.id)


def two_admins(firestore_client: firestore.Client) -> User:
    """Store two and return one of them."""
    users = firestore_stores(firestore_client).users
    for email in ("one@clinica.com", "two@clinica.com"):
        users.create(an_admin(email))
    return an_admin("one@clinica.com")
