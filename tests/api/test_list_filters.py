"""GET meetings/ with filters: each alone, several together, and how their values may be written."""

import pytest

from tests.api.caller import MEETINGS, Api, faults
from tests.api.clinic import Clinic
from tests.api.reading import page, walk

ALL = ["cancelled", "recorded", "finished", "scheduled", "failed", "new"]


@pytest.fixture
def clinic(api: Api) -> Clinic:
    return Clinic(api)


def found(clinic: Clinic, query: str) -> list[str]:
    return clinic.names(page(clinic.api, f"{MEETINGS}?{query}")[0])


class TestOneFilter:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", ALL),
            ("status=CREATED", ["failed", "new"]),
            ("status=SCHEDULED", ["scheduled"]),
            ("status=FINISHED", ["recorded", "finished"]),
            ("status=CANCELLED", ["cancelled"]),
            ("status=FINISHED&status=CANCELLED", ["cancelled", "recorded", "finished"]),
            ("status=CANCELLED&status=CANCELLED", ["cancelled"]),
            ("status=CREATED&status=SCHEDULED&status=FINISHED&status=CANCELLED", ALL),
            ("organizer_email=ana@clinica.com", ["recorded", "scheduled", "failed"]),
            ("organizer_email=leo%2B1@correo.com", []),
            ("participant_email=ana@clinica.com", ["recorded", "scheduled", "failed"]),
            ("participant_email=leo%2B1@correo.com", ["recorded", "scheduled", "failed"]),
            ("participant_email=paciente@correo.com", ["cancelled", "finished", "new"]),
            ("participant_email=nobody@correo.com", []),
            ("external_reference=ref%201", ["cancelled", "new"]),
            ("external_reference=ref", []),
            ("has_recording=true", ["recorded", "finished"]),
            ("has_recording=false", ["cancelled", "scheduled", "failed", "new"]),
            ("calendar_state=PENDING", ["cancelled", "new"]),
            ("calendar_state=SYNCED", ["recorded", "finished", "scheduled"]),
            ("calendar_state=FAILED", ["failed"]),
            ("scheduled_from=2030-02-04T10:00:00Z", ["cancelled", "scheduled", "new"]),
            ("scheduled_from=2030-02-04T10:00:01Z", ["new"]),
            ("scheduled_to=2030-02-02T10:00:00Z", ["failed"]),
            ("scheduled_to=2030-02-02T10:00:01Z", ["finished", "failed"]),
        ],
    )
    def test_finds_what_fits_it_the_newest_first(
        self, clinic: Clinic, query: str, expected: list[str]
    ) -> None:
        assert found(clinic, query) == expected


class TestSeveralFilters:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("status=CREATED&calendar_state=PENDING", ["new"]),
            ("status=CREATED&status=CANCELLED&calendar_state=PENDING", ["cancelled", "new"]),
            ("external_reference=ref%201&status=CANCELLED", ["cancelled"]),
            ("organizer_email=ana@clinica.com&has_recording=true", ["recorded"]),
            ("organizer_email=ana@clinica.com&participant_email=paciente@correo.com", []),
            (
                "organizer_email=ana@clinica.com&participant_email=leo%2B1@correo.com"
                "&has_recording=false",
                ["scheduled", "failed"],
            ),
            (
                "scheduled_from=2030-02-02T10:00:00Z&scheduled_to=2030-02-04T10:00:00Z",
                ["recorded", "finished"],
            ),
            ("scheduled_from=2030-02-04T10:00:00Z&scheduled_to=2030-02-04T10:00:00Z", []),
            ("calendar_state=SYNCED&has_recording=false&status=SCHEDULED", ["scheduled"]),
            ("calendar_state=FAILED&has_recording=true", []),
        ],
    )
    def test_find_what_fits_all_of_them(
        self, clinic: Clinic, query: str, expected: list[str]
    ) -> None:
        assert found(clinic, query) == expected

    @pytest.mark.parametrize("ordering", ["scheduled_start", "-scheduled_start", "created_at"])
    def test_all_at_once_are_one_look_at_the_store(self, clinic: Clinic, ordering: str) -> None:
        query = (
            "status=FINISHED&status=SCHEDULED&organizer_email=ana@clinica.com"
            "&participant_email=leo%2B1@correo.com&has_recording=true&calendar_state=SYNCED"
            "&scheduled_from=2030-02-01T00:00:00Z&scheduled_to=2030-02-28T00:00:00Z&page_size=1"
        )

        assert found(clinic, f"{query}&ordering={ordering}") == ["recorded"]
        assert clinic.api.store.asked == ["page"]

    def test_a_walk_stays_within_them(self, clinic: Clinic) -> None:
        query = "status=CREATED&status=CANCELLED&participant_email=paciente@correo.com&page_size=1"

        walked = walk(clinic.api, f"{MEETINGS}?{query}")

        assert clinic.names(walked) == ["cancelled", "new"]
        assert clinic.api.store.asked == ["page", "page"]


class TestWaysToWrite:
    @pytest.mark.parametrize("parameter", ["organizer_email", "participant_email"])
    @pytest.mark.parametrize(
        "email", ["ANA@CLINICA.COM", "%20ana@clinica.com%20", "Ana%40Clinica.com"]
    )
    def test_an_address_in_any_case_and_within_space(
        self, clinic: Clinic, parameter: str, email: str
    ) -> None:
        assert found(clinic, f"{parameter}={email}") == ["recorded", "scheduled", "failed"]

    @pytest.mark.parametrize("reference", ["ref+1", "%20ref%201%20"])
    def test_a_reference_within_space(self, clinic: Clinic, reference: str) -> None:
        assert found(clinic, f"external_reference={reference}") == ["cancelled", "new"]

    def test_an_accent_of_a_reference_in_either_way(self, api: Api) -> None:
        meeting_id = api.make(external_reference="caf\u00e9")

        assert page(api, f"{MEETINGS}?external_reference=cafe%CC%81")[0] == [meeting_id]

    @pytest.mark.parametrize(
        "time",
        [
            "2030-02-05T10:00:00Z",
            "2030-02-05t10:00:00z",
            "2030-02-05T10:00:00.0Z",
            "2030-02-05T12:00:00%2B02:00",
            "2030-02-05T05:00:00-05:00",
        ],
    )
    def test_a_time_with_any_offset(self, clinic: Clinic, time: str) -> None:
        assert found(clinic, f"scheduled_from={time}") == ["new"]

    def test_an_end_before_the_start_is_a_fault(self, api: Api) -> None:
        answer = api.get(
            f"{MEETINGS}?scheduled_from=2030-02-05T00:00:00Z&scheduled_to=2030-02-01T00:00:00Z"
        )

        assert faults(answer) == [("scheduled_to", "reversed_times")]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("scheduled_from=2030-02-05T10:00:00.5Z", []),
            ("scheduled_from=2030-02-05T09:59:59.5Z", ["new"]),
            ("scheduled_from=2030-02-05T10:00:00Z&scheduled_to=2030-02-05T10:00:00.5Z", ["new"]),
        ],
    )
    def test_a_fraction_of_a_second_counts(
        self, clinic: Clinic, query: str, expected: list[str]
    ) -> None:
        assert found(clinic, query) == expected

    def test_a_plus_that_is_not_encoded_is_a_space_and_no_time(self, api: Api) -> None:
        answer = api.get(f"{MEETINGS}?scheduled_from=2030-02-05T12:00:00+02:00")

        assert [fault["code"] for fault in answer.json["errors"]] == ["invalid_time"]
