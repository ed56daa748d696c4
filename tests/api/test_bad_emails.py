"""POST meetings/: who can be invited."""

from typing import Any

import pytest

from tests.api.caller import Api, a_body
from tests.values import GUEST, ORGANIZER


class TestEmails:
    @pytest.mark.parametrize(
        "email",
        [
            "paciente",
            "@correo.com",
            "paciente@",
            "paciente@correo",
            "paciente@@correo.com",
            "paciente@correo..com",
            ".paciente@correo.com",
            "pac iente@correo.com",
            "paciente@correo.com,otro@correo.com",
            "Paciente <paciente@correo.com>",
            "mailto:paciente@correo.com",
            "paciente@[127.0.0.1]",
            "paciente@localhost",
            "ñandú@correo.com",
            '"a b"@correo.com',
            "paciente@-correo.com",
            "paciente@correo.com\x00",
        ],
    )
    def test_a_malformed_one(self, api: Api, email: str) -> None:
        assert api.refused(a_body(organizer_email=email)) == [("/organizer_email", "invalid_email")]
        assert api.refused(a_body(invited_emails=[GUEST, email])) == [
            ("/invited_emails/1", "invalid_email")
        ]

    @pytest.mark.parametrize("value", [None, 5, True, {}, [], [GUEST]])
    def test_something_else_among_them(self, api: Api, value: Any) -> None:
        code = "null" if value is None else "wrong_type"

        assert api.refused(a_body(invited_emails=[value])) == [("/invited_emails/0", code)]

    @pytest.mark.parametrize("again", [GUEST, GUEST.upper(), f" {GUEST}\n", "Paciente@Correo.com"])
    def test_a_repeated_one_whatever_its_case_and_space(self, api: Api, again: str) -> None:
        body = a_body(invited_emails=[GUEST, "otro@correo.com", again])

        assert api.refused(body) == [("/invited_emails/2", "repeated_email")]

    def test_a_repeated_one_written_in_two_alphabets(self, api: Api) -> None:
        body = a_body(invited_emails=["a@ñandú.es", "a@xn--and-6ma2c.es"])

        assert api.refused(body) == [("/invited_emails/1", "repeated_email")]

    @pytest.mark.parametrize("again", [ORGANIZER, f" {ORGANIZER.upper()} "])
    def test_the_organizer_among_the_guests(self, api: Api, again: str) -> None:
        body = a_body(invited_emails=[GUEST, again])

        assert api.refused(body) == [("/invited_emails/1", "organizer_invited")]

    def test_199_guests_are_taken_and_200_are_too_many(self, api: Api) -> None:
        guests = [f"guest{number}@correo.com" for number in range(200)]

        assert api.refused(a_body(invited_emails=guests)) == [("/invited_emails", "too_long")]
        assert api.post(a_body(invited_emails=guests[:199])).json["participants_count"] == 200

    def test_thousands_of_them_do_not_make_an_answer_of_megabytes(self, api: Api) -> None:
        found = api.refused(a_body(invited_emails=["a"] * 12_000))

        assert ("/invited_emails", "too_long") in found
        assert len(found) < 300
