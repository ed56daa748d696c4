"""POST meetings/ with an external_reference that an active meeting has."""

from typing import Any

import pytest

from tests.api.caller import Api, a_body
from tests.values import GUEST


class TestSameReference:
    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"organizer_email": " DOCTOR@clinica.com"},
            {"invited_emails": ["B@x.com ", "a@X.com"]},
            {"scheduled_start": "2030-01-02T16:00:00+01:00"},
            {"external_reference": " xoma_appointment_1234 "},
        ],
    )
    def test_with_the_same_content_is_the_same_meeting(
        self, api: Api, changes: dict[str, Any]
    ) -> None:
        content = a_body(invited_emails=["a@x.com", "b@x.com"])
        first = api.post(content)

        again = api.post({**content, **changes})

        assert again.status == 200
        assert again.json == first.json
        assert again.headers["Location"] == first.headers["Location"]
        assert len(api.stored()) == 1
        assert len(api.queue.names) == 1

    @pytest.mark.parametrize(
        "changes",
        [
            {"organizer_email": "other@clinica.com"},
            {"invited_emails": ["other@correo.com"]},
            {"invited_emails": [GUEST, "other@correo.com"]},
            {"scheduled_end": "2030-01-02T16:00:01Z"},
            {"summary": "Other"},
            {"description": "Other"},
            {"time_zone": "Europe/Madrid"},
            {"notify": "none"},
        ],
    )
    def test_with_other_content_is_a_conflict_that_names_the_first(
        self, api: Api, changes: dict[str, Any]
    ) -> None:
        first = api.post(a_body()).json

        conflict = api.post(a_body(**changes))

        assert conflict.status == 409
        assert conflict.json["code"] == "reference_taken"
        assert conflict.json["existing_id"] == first["id"]
        assert len(api.stored()) == 1
        assert len(api.queue.names) == 1

    def test_is_the_same_in_either_way_to_write_an_accent(self, api: Api) -> None:
        first = api.post(a_body(external_reference="caf\u00e9"))
        second = api.post(a_body(external_reference="cafe\u0301"))

        assert (first.status, second.status) == (202, 200)
        assert second.json["id"] == first.json["id"]

    def test_is_free_again_after_a_cancellation(self, api: Api) -> None:
        first = api.post(a_body()).json
        api.delete(first["id"])

        second = api.post(a_body(summary="Other"))

        assert second.status == 202
        assert second.json["id"] != first["id"]

    def test_is_told_the_link_that_came_meanwhile(self, api: Api) -> None:
        first = api.post(a_body()).json
        api.sync(first["id"])

        again = api.post(a_body())

        assert again.status == 200
        assert again.json["meet_link"]
        assert "Retry-After" not in again.headers

    def test_no_reference_is_nobodys_reference(self, api: Api) -> None:
        assert api.make(external_reference=None) != api.make(external_reference=None)
