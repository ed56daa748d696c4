"""What is remembered under an Idempotency-Key: what was done, whatever came after; no failure."""

from datetime import timedelta

import pytest

from functions.errors import PermanentError, RetryableError
from tests.api.caller import MEETINGS, USERS, a_body
from tests.api.keyed import Asked, KeyedApi, is_replayed, on_the_wire


def a_post(**changes: object) -> Asked:
    return Asked("POST", MEETINGS, 202, a_body(**changes))


class TestFailuresAreNotRemembered:
    def test_a_body_with_faults_is_corrected_under_its_key(self, api: KeyedApi) -> None:
        refused = api.ask(a_post(time_zone="Mars/Olympus"))

        answer = api.ask(a_post(time_zone="Europe/Madrid"))

        assert (refused.status_code, answer.status_code) == (400, 202)
        assert not is_replayed(answer)

    def test_what_was_not_there_is_there_later(self, api: KeyedApi) -> None:
        made = api.prepare("users.create")
        user_id = api.ask(made, None).get_json()["id"]
        change = Asked("PATCH", f"{USERS}{user_id}/", 200, {"role": "admin"})
        api.ask(Asked("DELETE", f"{USERS}{user_id}/", 204), None)
        refused = api.ask(change)
        api.ask(made, None)

        answer = api.ask(change)

        assert (refused.status_code, answer.status_code) == (404, 200)
        assert answer.get_json()["role"] == "admin"
        assert not is_replayed(answer)

    def test_a_reference_that_was_taken_is_free_later(self, api: KeyedApi) -> None:
        holder = api.ask(a_post(summary="Before"), None).get_json()["id"]
        refused = api.ask(a_post())
        api.delete(holder)

        answer = api.ask(a_post())

        assert (refused.status_code, answer.status_code) == (409, 202)
        assert not is_replayed(answer)

    def test_what_had_not_failed_is_retried_later(self, api: KeyedApi) -> None:
        meeting_id = api.make(external_reference="sim-fail-api_disabled-1")
        retry = Asked("POST", f"{MEETINGS}{meeting_id}/retry/", 200)
        refused = api.ask(retry)
        api.sync(meeting_id)

        answer = api.ask(retry)

        assert (refused.status_code, answer.status_code) == (409, 200)
        assert not is_replayed(answer)

    def test_a_precondition_that_did_not_hold_is_corrected(self, api: KeyedApi) -> None:
        asked = api.prepare("meetings.change")
        tag = api.get(asked.path).headers["ETag"]
        refused = api.ask(asked, **{"If-Match": '"7-x"'})

        answer = api.ask(asked, **{"If-Match": tag})

        assert (refused.status_code, answer.status_code) == (412, 200)
        assert not is_replayed(answer)

    @pytest.mark.parametrize("kind", [RetryableError, PermanentError])
    def test_a_store_that_was_away_is_back_later(
        self, api: KeyedApi, kind: type[RetryableError | PermanentError]
    ) -> None:
        api.store.write_error = kind("store_unavailable", "Firestore is not responding.")
        refused = api.ask(a_post())
        api.store.write_error = None

        answer = api.ask(a_post())

        assert (refused.status_code, answer.status_code) == (503, 202)
        assert not is_replayed(answer)
        assert len(api.stored()) == 1


class TestWhatCameAfter:
    def test_a_start_that_has_passed_does_not_spoil_the_answer(self, api: KeyedApi) -> None:
        asked = a_post(scheduled_start="2030-01-01T10:00:00Z", scheduled_end="2030-01-01T11:00:00Z")
        first = api.ask(asked)
        api.time += timedelta(hours=2)

        again = api.ask(asked)

        assert first.status_code == 202
        assert on_the_wire(again) == on_the_wire(first)

    def test_a_move_to_a_start_that_has_passed_is_answered_again(self, api: KeyedApi) -> None:
        times = {"scheduled_start": "2030-01-01T10:00:00Z", "scheduled_end": "2030-01-01T11:00:00Z"}
        asked = Asked("PATCH", f"{MEETINGS}{api.make()}/", 200, times)
        first = api.ask(asked)
        api.time += timedelta(hours=2)

        again = api.ask(asked)

        assert first.status_code == 200
        assert on_the_wire(again) == on_the_wire(first)

    def test_a_change_is_not_made_again_over_anothers(self, api: KeyedApi) -> None:
        asked = api.prepare("meetings.change")
        first = api.ask(asked)
        api.ask(asked.with_body({"summary": "Of another"}), None)

        again = api.ask(asked)

        assert is_replayed(again)
        assert on_the_wire(again) == on_the_wire(first)
        [meeting] = api.stored()
        assert (meeting.summary, meeting.revision) == ("Of another", 3)

    def test_a_change_that_changed_nothing_is_not_made_later(self, api: KeyedApi) -> None:
        path = f"{MEETINGS}{api.make()}/"
        asked = Asked("PATCH", path, 200, {"summary": "Appointment"})
        first = api.ask(asked)
        api.ask(asked.with_body({"summary": "Of another"}), None)

        again = api.ask(asked)

        assert is_replayed(again)
        assert on_the_wire(again) == on_the_wire(first)
        [meeting] = api.stored()
        assert (meeting.summary, meeting.revision) == ("Of another", 2)

    def test_a_change_that_changes_nothing_writes_neither_journal_nor_task(
        self, api: KeyedApi
    ) -> None:
        meeting_id = api.make()
        before = api.effects(), list(api.queue.names)

        api.ask(Asked("PATCH", f"{MEETINGS}{meeting_id}/", 200, {"summary": "Appointment"}))

        assert (api.effects(), api.queue.names) == before

    def test_a_users_role_is_not_set_again_over_anothers(self, api: KeyedApi) -> None:
        asked = api.prepare("users.change").with_body({"role": "external"})
        first = api.ask(asked)
        api.ask(asked.with_body({"role": "service"}), None)

        again = api.ask(asked)

        assert (first.get_json()["role"], is_replayed(again)) == ("external", True)
        assert on_the_wire(again) == on_the_wire(first)
        assert api.get(asked.path).json["role"] == "service"

    def test_a_users_role_that_was_the_same_is_not_set_later(self, api: KeyedApi) -> None:
        asked = api.prepare("users.change").with_body({"role": "service"})
        first = api.ask(asked)
        api.ask(asked.with_body({"role": "external"}), None)

        again = api.ask(asked)

        assert is_replayed(again)
        assert on_the_wire(again) == on_the_wire(first)
        assert api.get(asked.path).json["role"] == "external"

    def test_a_user_made_anew_is_not_removed_by_the_old_request(self, api: KeyedApi) -> None:
        made = api.prepare("users.create")
        user_id = api.ask(made, None).get_json()["id"]
        asked = Asked("DELETE", f"{USERS}{user_id}/", 204)
        api.ask(asked)
        api.ask(made, None)

        again = api.ask(asked)

        assert (again.status_code, is_replayed(again)) == (204, True)
        assert api.get(f"{USERS}{user_id}/").status == 200

    def test_a_meeting_that_was_cancelled_is_not_made_again(self, api: KeyedApi) -> None:
        first = api.ask(a_post())
        api.delete(first.get_json()["id"])

        again = api.ask(a_post())

        assert on_the_wire(again) == on_the_wire(first)
        assert [meeting.is_cancelled for meeting in api.stored()] == [True]

    def test_a_link_that_came_since_is_not_in_the_answer(self, api: KeyedApi) -> None:
        first = api.ask(a_post())
        api.sync(first.get_json()["id"])

        again = api.ask(a_post(), Prefer="wait=5")

        assert again.get_json()["meet_link"] is None
        assert on_the_wire(again) == on_the_wire(first)


class TestAReferenceThatIsThere:
    def test_is_found_and_found_again(self, api: KeyedApi) -> None:
        existing = api.ask(a_post(), None).get_json()["id"]
        first = api.ask(a_post())
        done = api.everything()

        again = api.ask(a_post())

        assert (first.status_code, first.get_json()["id"]) == (200, existing)
        assert is_replayed(again)
        assert on_the_wire(again) == on_the_wire(first)
        assert api.everything() == done

    def test_is_not_made_anew_when_it_was_cancelled_between(self, api: KeyedApi) -> None:
        existing = api.ask(a_post(), None).get_json()["id"]
        first = api.ask(a_post())
        api.delete(existing)

        again = api.ask(a_post())

        assert on_the_wire(again) == on_the_wire(first)
        assert len(api.stored()) == 1

    def test_is_found_by_two_keys(self, api: KeyedApi) -> None:
        made = api.ask(a_post(), "one")

        found = api.ask(a_post(), "two")

        assert (made.status_code, found.status_code) == (202, 200)
        assert not is_replayed(found)
        assert found.get_json()["id"] == made.get_json()["id"]


class TestValidateOnly:
    @pytest.mark.parametrize("view", ["meetings.create", "meetings.change"])
    def test_uses_no_key(self, api: KeyedApi, view: str) -> None:
        asked = api.prepare(view)
        dry = Asked(asked.method, f"{asked.path}?validate_only=true", 204, asked.body)
        tried = api.ask(dry)

        answer = api.ask(asked)

        assert (tried.status_code, answer.status_code) == (204, asked.status)
        assert not is_replayed(answer)
