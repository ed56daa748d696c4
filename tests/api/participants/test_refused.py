"""Changes of who takes part that are refused, and ids that nobody has."""

from typing import Any

import pytest

from functions.models import MeetingStatus, new_id
from tests.api.caller import Api, content
from tests.api.parts import STRANGE_IDS, found, invite, one, people
from tests.values import GUEST, ORGANIZER, a_meeting, put


class TestRefused:
    @pytest.mark.parametrize(
        ("method", "body"),
        [("DELETE", None), ("PATCH", {"email": "eva@home.example"}), ("PATCH", {"kind": "staff"})],
    )
    def test_the_organizer_stays(self, api: Api, method: str, body: Any) -> None:
        meeting_id = api.make()
        sent = {} if body is None else content(body)

        answer = api.send(method, one(api, meeting_id, ORGANIZER), **sent)

        assert (answer.status, answer.json["code"]) == (409, "organizer_required")
        assert found(api, meeting_id, ORGANIZER)["role"] == "organizer"
        assert api.queue.names == [f"{meeting_id}-1"]

    @pytest.mark.parametrize("status", [MeetingStatus.FINISHED, MeetingStatus.CANCELLED])
    def test_a_meeting_that_is_over_keeps_who_took_part(
        self, api: Api, status: MeetingStatus
    ) -> None:
        meeting = a_meeting(status=status)
        put(api.store.kept, meeting)
        url = f"{people(meeting.id)}{meeting.participants[1].id}/"

        answers = [
            invite(api, meeting.id, email="eva@home.example"),
            api.send("PATCH", url, **content({"email": "eva@home.example"})),
            api.send("PATCH", url, **content({"kind": "staff"})),
            api.send("DELETE", url),
        ]

        assert [(a.status, a.json["code"]) for a in answers] == [(409, "invalid_transition")] * 4
        assert {a.json["meeting_status"] for a in answers} == {status.value}
        assert api.stored() == (meeting,)
        assert api.queue.names == []

    @pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
    @pytest.mark.parametrize("participant_id", [*STRANGE_IDS, "f" * 32])
    def test_nobody_has_this_id(self, api: Api, method: str, participant_id: str) -> None:
        meeting_id = api.make()
        body = content({"kind": "staff"}) if method == "PATCH" else {}

        answer = api.send(method, f"{people(meeting_id)}{participant_id}/", **body)

        assert (answer.status, answer.json["code"]) == (404, "participant_not_found")

    def test_a_participant_of_another_meeting_is_not_of_this(self, api: Api) -> None:
        meeting_id = api.make()
        elsewhere = found(api, api.make(), GUEST)["id"]

        answer = api.send("DELETE", f"{people(meeting_id)}{elsewhere}/")

        assert answer.json["code"] == "participant_not_found"

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", ""),
            ("POST", ""),
            ("GET", f"{'f' * 32}/"),
            ("PATCH", f"{'f' * 32}/"),
            ("DELETE", f"{'f' * 32}/"),
        ],
    )
    @pytest.mark.parametrize("meeting_id", STRANGE_IDS)
    def test_a_strange_meeting_never_reaches_the_store(
        self, api: Api, method: str, path: str, meeting_id: str
    ) -> None:
        body = {"POST": content({"email": "eva@home.example"}), "PATCH": content({})}

        answer = api.send(method, f"{people(meeting_id)}{path}", **body.get(method, {}))

        assert (answer.status, answer.json["code"]) == (404, "meeting_not_found")
        assert api.store.asked == []

    def test_an_unknown_meeting(self, api: Api) -> None:
        meeting_id = new_id()

        answers = [
            api.get(people(meeting_id)),
            api.get(f"{people(meeting_id)}{new_id()}/"),
            invite(api, meeting_id, email="eva@home.example"),
            api.send("DELETE", f"{people(meeting_id)}{new_id()}/"),
        ]

        assert {(a.status, a.json["code"]) for a in answers} == {(404, "meeting_not_found")}
