"""participants/ and meetings/{id}/participants/: filters, and queries that are refused."""

import pytest

from functions.models import new_id
from tests.api.caller import MEETINGS, PARTICIPANTS, RECORDINGS, Api, faults
from tests.api.participants.clinic import ANA, EVA, KIM, LEO
from tests.api.parts import STRANGE_IDS, people
from tests.api.reading import pages_of


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", {"m1": [ANA, EVA, KIM], "m2": [ANA, EVA, LEO], "m3": [ANA]}),
            (f"email={EVA}", {"m1": [EVA], "m2": [EVA]}),
            ("email=EVA%40Home.Example", {"m1": [EVA], "m2": [EVA]}),
            (f"email={ANA}", {"m1": [ANA], "m2": [ANA], "m3": [ANA]}),
            ("role=organizer", {"m1": [ANA], "m2": [LEO], "m3": [ANA]}),
            ("role=guest", {"m1": [EVA, KIM], "m2": [ANA, EVA]}),
            ("meeting={m2}", {"m2": [ANA, EVA, LEO]}),
            (f"email={ANA}&role=organizer", {"m1": [ANA], "m3": [ANA]}),
            (f"email={ANA}&role=guest", {"m2": [ANA]}),
            (f"email={EVA}&role=organizer", {}),
            (f"email={EVA}&meeting={{m1}}", {"m1": [EVA]}),
            (f"email={EVA}&meeting={{m3}}", {}),
            ("role=guest&meeting={m2}", {"m2": [ANA, EVA]}),
            (f"email={ANA}&role=guest&meeting={{m2}}", {"m2": [ANA]}),
            (f"email={ANA}&role=guest&meeting={{m1}}", {}),
            ("email=nobody@home.example", {}),
        ],
    )
    def test_alone_and_together(
        self, api: Api, clinic: dict[str, str], query: str, expected: dict[str, list[str]]
    ) -> None:
        names = {meeting_id: name for name, meeting_id in clinic.items()}

        [results] = pages_of(api, f"{PARTICIPANTS}?page_size=100&{query.format(**clinic)}")

        shown: dict[str, list[str]] = {}
        for result in results:
            shown.setdefault(names[result["meeting"]], []).append(result["email"])
        assert {name: sorted(emails) for name, emails in shown.items()} == expected
        assert list(shown) == sorted(shown)

    def test_a_result_is_what_the_participant_is_by_itself(
        self, api: Api, clinic: dict[str, str]
    ) -> None:
        [result] = api.get(f"{PARTICIPANTS}?email={KIM}").json["results"]

        assert result == {
            "id": result["id"],
            "meeting": clinic["m1"],
            "email": KIM,
            "role": "guest",
            "kind": None,
        }
        assert api.get(f"{people(clinic['m1'])}{result['id']}/").json == result

    def test_a_meeting_that_is_not_there(self, api: Api) -> None:
        answer = api.get(f"{PARTICIPANTS}?meeting={new_id()}")

        assert (answer.status, answer.json["code"]) == (404, "meeting_not_found")


class TestBadQueries:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("role=patient", [("role", "unknown_value")]),
            ("role=", [("role", "unknown_value")]),
            ("role=guest&role=organizer", [("role", "repeated_parameter")]),
            ("email=x", [("email", "invalid_email")]),
            ("email=", [("email", "invalid_email")]),
            ("page_size=0", [("page_size", "out_of_range")]),
            ("page_size=101", [("page_size", "out_of_range")]),
            ("kind=staff", [("kind", "unknown_field")]),
            ("ordering=email", [("ordering", "unknown_field")]),
            ("cursor=x", [("cursor", "invalid_cursor")]),
            (
                "role=x&email=x&x=1",
                [("email", "invalid_email"), ("role", "unknown_value"), ("x", "unknown_field")],
            ),
            *((f"meeting={odd}", [("meeting", "invalid_id")]) for odd in ["", *STRANGE_IDS]),
        ],
    )
    def test_each_fault_is_named_by_its_parameter(
        self, api: Api, query: str, expected: list[tuple[str, str]]
    ) -> None:
        assert sorted(faults(api.get(f"{PARTICIPANTS}?{query}"))) == expected
        assert api.store.asked == []

    def test_an_unknown_parameter_is_told_those_that_there_are(self, api: Api) -> None:
        [fault] = api.get(f"{PARTICIPANTS}?kind=staff").json["errors"]

        assert fault["message"].endswith("there are: cursor, email, meeting, page_size, role.")

    @pytest.mark.parametrize(
        "query", ["email=ana@clinica.com", "email=x@home.example", "role=guest"]
    )
    @pytest.mark.parametrize("path", [PARTICIPANTS, RECORDINGS, MEETINGS])
    def test_a_cursor_fits_its_own_listing_and_filters_alone(
        self, api: Api, clinic: dict[str, str], query: str, path: str
    ) -> None:
        following = api.get(f"{PARTICIPANTS}?page_size=1&email={EVA}").json["next"]
        cursor = following.partition("cursor=")[2]
        filters = f"&{query}" if path == PARTICIPANTS else ""

        answer = api.get(f"{path}?page_size=1&cursor={cursor}{filters}")

        assert faults(answer) == [("cursor", "invalid_cursor")]

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ("page_size=0", "out_of_range"),
            ("email=x@y.es", "unknown_field"),
            ("cursor=x", "invalid_cursor"),
        ],
    )
    def test_a_meetings_own_list_takes_pages_alone(
        self, api: Api, clinic: dict[str, str], query: str, code: str
    ) -> None:
        answer = api.get(f"{people(clinic['m1'])}?{query}")

        assert faults(answer) == [(query.partition("=")[0], code)]
