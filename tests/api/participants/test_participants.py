"""meetings/{id}/participants/: who is invited, changed and taken off."""

from typing import Any

import pytest

from functions.models import Participant
from tests.api.caller import MEETINGS, Api, content, faults
from tests.api.parts import found, invite, one, people, those
from tests.values import GUEST, ORGANIZER, a_meeting, put


def crowd(number: int) -> tuple[Participant, ...]:
    return those(ORGANIZER, *(f"guest{index}@correo.com" for index in range(number - 1)))


class TestAdd:
    def test_a_guest_takes_part_from_then_on(self, api: Api) -> None:
        meeting_id = api.make()

        answer = invite(api, meeting_id, email=" Eva@Home.Example ", kind="interpreter")

        assert answer.status == 201
        assert answer.json == {
            "id": answer.json["id"],
            "meeting": meeting_id,
            "email": "eva@home.example",
            "role": "guest",
            "kind": "interpreter",
        }
        assert answer.headers["Location"] == (
            f"http://localhost{people(meeting_id)}{answer.json['id']}/"
        )
        again = api.get(answer.headers["Location"])
        assert again.json == answer.json
        assert again.headers["ETag"] == answer.headers["ETag"]

    def test_it_is_a_new_revision_with_a_task(self, api: Api) -> None:
        meeting_id = api.make()
        api.sync(meeting_id)

        invite(api, meeting_id, email="eva@home.example")

        meeting = api.get(f"{MEETINGS}{meeting_id}/").json
        assert meeting["revision"] == 2
        assert meeting["calendar"]["state"] == "PENDING"
        assert meeting["participants_count"] == 3
        assert [p["email"] for p in meeting["participants"]] == [
            ORGANIZER,
            GUEST,
            "eva@home.example",
        ]
        assert api.queue.names == [f"{meeting_id}-1", f"{meeting_id}-2"]

    @pytest.mark.parametrize("kind", ["patient", "companion", "interpreter", "staff", None])
    def test_every_kind_and_none(self, api: Api, kind: str | None) -> None:
        answer = invite(api, api.make(), email="eva@home.example", kind=kind)

        assert answer.status == 201
        assert answer.json["kind"] == kind

    @pytest.mark.parametrize(
        "email", [GUEST, GUEST.upper(), f" {GUEST} ", ORGANIZER, "DOCTOR@clinica.com"]
    )
    def test_nobody_takes_part_twice(self, api: Api, email: str) -> None:
        meeting_id = api.make()

        answer = invite(api, meeting_id, email=email)

        assert (answer.status, answer.json["code"]) == (409, "participant_exists")
        assert api.queue.names == [f"{meeting_id}-1"]

    def test_the_two_hundredth_is_the_last(self, api: Api) -> None:
        meeting = a_meeting(participants=crowd(199))
        put(api.store.kept, meeting)

        last = invite(api, meeting.id, email="eva@home.example")
        more = invite(api, meeting.id, email="leo@home.example")

        assert last.status == 201
        assert (more.status, more.json["code"]) == (409, "too_many_participants")
        assert api.get(f"{MEETINGS}{meeting.id}/").json["participants_count"] == 200

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ({}, [("/email", "required")]),
            ({"email": None}, [("/email", "null")]),
            ({"email": 5}, [("/email", "wrong_type")]),
            ({"email": ""}, [("/email", "invalid_email")]),
            ({"email": "eva@home"}, [("/email", "invalid_email")]),
            ({"email": ["eva@home.example"]}, [("/email", "wrong_type")]),
            ({"email": "eva@home.example", "kind": "doctor"}, [("/kind", "unknown_value")]),
            ({"email": "eva@home.example", "kind": ""}, [("/kind", "unknown_value")]),
            ({"email": "eva@home.example", "kind": 5}, [("/kind", "unknown_value")]),
            ({"email": "eva@home.example", "role": "guest"}, [("/role", "unknown_field")]),
            ({"email": "eva@home.example", "id": "f" * 32}, [("/id", "unknown_field")]),
            (
                {"email": "x", "kind": "x"},
                [("/email", "invalid_email"), ("/kind", "unknown_value")],
            ),
        ],
    )
    def test_every_fault_is_named_and_nobody_is_invited(
        self, api: Api, body: dict[str, Any], expected: list[tuple[str, str]]
    ) -> None:
        meeting_id = api.make()
        api.store.asked.clear()

        assert faults(invite(api, meeting_id, **body)) == expected

        assert api.store.asked == []
        assert len(api.queue.names) == 1


class TestChange:
    def test_another_address_is_another_guest_to_google(self, api: Api) -> None:
        meeting_id = api.make()
        before = found(api, meeting_id, GUEST)
        url = one(api, meeting_id, GUEST)

        answer = api.send("PATCH", url, **content({"email": "Eva@Home.Example"}))

        assert answer.status == 200
        assert answer.json == {**before, "email": "eva@home.example"}
        assert api.get(url).json == answer.json
        assert api.get(f"{MEETINGS}{meeting_id}/").json["revision"] == 2
        assert api.queue.names == [f"{meeting_id}-1", f"{meeting_id}-2"]

    def test_the_kind_is_no_matter_of_googles(self, api: Api) -> None:
        meeting_id = api.make()
        api.sync(meeting_id)
        url = one(api, meeting_id, GUEST)

        answer = api.send("PATCH", url, **content({"kind": "patient"}))

        assert answer.json["kind"] == "patient"
        assert api.get(url).json["kind"] == "patient"
        meeting = api.get(f"{MEETINGS}{meeting_id}/").json
        assert (meeting["revision"], meeting["calendar"]["state"]) == (1, "SYNCED")
        assert api.queue.names == [f"{meeting_id}-1"]

    def test_null_clears_the_kind(self, api: Api) -> None:
        meeting_id = api.make()
        url = one(api, meeting_id, GUEST)
        api.send("PATCH", url, **content({"kind": "patient"}))

        assert api.send("PATCH", url, **content({"kind": None})).json["kind"] is None
        assert api.get(url).json["kind"] is None

    @pytest.mark.parametrize("body", [{}, {"email": GUEST.upper()}, {"kind": None}])
    def test_what_changes_nothing_does_nothing(self, api: Api, body: dict[str, Any]) -> None:
        meeting_id = api.make()
        url = one(api, meeting_id, GUEST)
        before = api.get(f"{MEETINGS}{meeting_id}/").json
        api.store.asked.clear()

        assert api.send("PATCH", url, **content(body)).status == 200

        assert api.store.asked == ["get"]
        assert api.get(f"{MEETINGS}{meeting_id}/").json == before
        assert api.queue.names == [f"{meeting_id}-1"]

    @pytest.mark.parametrize("email", [ORGANIZER, "DOCTOR@Clinica.com", "Eva@home.example"])
    def test_an_address_that_takes_part_already(self, api: Api, email: str) -> None:
        meeting_id = api.make()
        invite(api, meeting_id, email="eva@home.example")

        answer = api.send("PATCH", one(api, meeting_id, GUEST), **content({"email": email}))

        assert (answer.status, answer.json["code"]) == (409, "participant_exists")
        assert found(api, meeting_id, GUEST)["email"] == GUEST

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ({"email": None}, [("/email", "null")]),
            ({"email": "x"}, [("/email", "invalid_email")]),
            ({"kind": "doctor"}, [("/kind", "unknown_value")]),
            ({"role": "organizer"}, [("/role", "immutable")]),
            ({"id": "f" * 32}, [("/id", "immutable")]),
            ({"meeting": "f" * 32}, [("/meeting", "immutable")]),
            ({"name": "Eva"}, [("/name", "unknown_field")]),
        ],
    )
    def test_every_fault_is_named_and_nothing_changes(
        self, api: Api, body: dict[str, Any], expected: list[tuple[str, str]]
    ) -> None:
        meeting_id = api.make()
        before = found(api, meeting_id, GUEST)

        assert faults(api.send("PATCH", one(api, meeting_id, GUEST), **content(body))) == expected

        assert found(api, meeting_id, GUEST) == before


class TestRemove:
    def test_a_guest_takes_part_no_more(self, api: Api) -> None:
        meeting_id = api.make()
        url = one(api, meeting_id, GUEST)

        answer = api.send("DELETE", url)

        assert answer.status == 204
        assert api.get(url).json["code"] == "participant_not_found"
        assert api.send("DELETE", url).json["code"] == "participant_not_found"
        meeting = api.get(f"{MEETINGS}{meeting_id}/").json
        assert (meeting["participants_count"], meeting["revision"]) == (1, 2)
        assert api.queue.names == [f"{meeting_id}-1", f"{meeting_id}-2"]

    def test_whoever_was_taken_off_can_be_invited_again(self, api: Api) -> None:
        meeting_id = api.make()
        before = found(api, meeting_id, GUEST)
        api.send("DELETE", one(api, meeting_id, GUEST))

        again = invite(api, meeting_id, email=GUEST)

        assert again.status == 201
        assert again.json["id"] != before["id"]
